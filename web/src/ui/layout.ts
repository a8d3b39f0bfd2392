/**
 * Justified rows: where every photo stands, as typed arrays, so that 100,000 photos lay out in a few milliseconds.
 *
 * Photos come as one column of aspect ratios, cut into groups (months, or "likely" and "less likely").
 * A group may have a heading above its first row. Rows are filled greedily until they are about as high as wanted,
 * then stretched to the full width; the last row of a group keeps its natural width unless it is nearly full.
 * Groups of a few photos share a line, side by side, so that a small library is not mostly white space.
 */

export interface LayoutOptions {
  /** Width of the canvas in CSS pixels. */
  width: number;
  /** Wanted height of a row in CSS pixels. */
  rowHeight: number;
  /** Space between photos, both ways, in CSS pixels. */
  gap: number;
  /** Height of a group's heading in CSS pixels. */
  headingHeight: number;
  /** Space below each group in CSS pixels. */
  groupGap: number;
}

export interface Layout {
  width: number;
  height: number;
  gap: number;
  /** Top of each row, from the top of the canvas. */
  rowTop: Float64Array;
  rowHeight: Float32Array;
  /** First photo of each row; one more entry at the end holds the number of photos. */
  rowFirst: Int32Array;
  /** 1 where the row fills the width. */
  rowFull: Uint8Array;
  /** Where each group stands (with its heading, where it has one). Groups on one line have the same top. */
  groupTop: Float64Array;
  groupHeight: Float64Array;
  groupLeft: Float64Array;
  groupWidth: Float64Array;
  /** First row of each group; one more entry holds the number of rows. */
  groupRow: Int32Array;
}

/** Panoramas and till receipts are cropped in the grid to these ratios, so that one photo cannot own a row. */
const NARROWEST = 0.45;
const WIDEST = 3.2;
/** A last row this close to full is stretched rather than left ragged. */
const NEARLY_FULL = 1.2;
/** Space between groups that share a line, and the least width of one, which its heading needs (half a phone does too). */
const BESIDE = 24;
const LEAST_WIDTH = 236;

export function cellAspect(aspect: number): number {
  if (!(aspect > 0)) return 1;
  return aspect < NARROWEST ? NARROWEST : aspect > WIDEST ? WIDEST : aspect;
}

/**
 * Lay out photos of the given aspect ratios.
 *
 * @param aspects width over height of each photo
 * @param groupStart index of the first photo of each group, ascending; empty groups are allowed
 * @param headed whether each group has a heading
 */
export function justify(aspects: Float32Array, groupStart: Int32Array, headed: boolean[], options: LayoutOptions): Layout {
  const { width, gap, headingHeight, groupGap } = options;
  const wanted = Math.round(options.rowHeight);
  const count = aspects.length;
  const groups = groupStart.length;
  const rowTop = new Float64Array(count);
  const rowHeight = new Float32Array(count);
  const rowFirst = new Int32Array(count + 1);
  const rowFull = new Uint8Array(count);
  const groupTop = new Float64Array(groups);
  const groupHeight = new Float64Array(groups);
  const groupLeft = new Float64Array(groups);
  const groupWidth = new Float64Array(groups);
  const groupRow = new Int32Array(groups + 1);
  let row = 0;
  let top = 0;
  /** Right edge of the line that the last group left open; the full width where it left none. */
  let taken = width;
  for (let group = 0; group < groups; group += 1) {
    const end = group + 1 < groups ? groupStart[group + 1]! : count;
    let first = groupStart[group]!;
    const heading = headed[group] ? headingHeight : 0;
    const short = heading > 0 ? shortWidth(aspects, first, end, options) : width;
    groupRow[group] = row;
    if (short < width) {
      // All of it in one row of the wanted height, on the open line if there is room.
      const beside = taken + BESIDE + short <= width;
      const left = beside ? taken + BESIDE : 0;
      groupHeight[group] = heading + wanted + gap;
      groupTop[group] = beside ? groupTop[group - 1]! : top;
      groupLeft[group] = left;
      groupWidth[group] = short;
      rowTop[row] = groupTop[group]! + heading;
      rowHeight[row] = wanted;
      rowFirst[row] = first;
      row += 1;
      if (!beside) top += groupHeight[group]! + groupGap;
      taken = left + short;
      continue;
    }
    taken = width;
    groupTop[group] = top;
    groupWidth[group] = width;
    top += heading;
    while (first < end) {
      let sum = 0;
      let height = Infinity;
      let next = first;
      while (next < end) {
        const wider = sum + cellAspect(aspects[next]!);
        const lower = (width - gap * (next - first)) / wider;
        if (lower <= wanted && next > first && height - wanted < wanted - lower) break;
        sum = wider;
        height = lower;
        next += 1;
        if (lower <= wanted) break;
      }
      const full = next < end || height <= wanted * NEARLY_FULL;
      const pixels = Math.max(1, Math.round(full ? height : wanted));
      rowTop[row] = top;
      rowHeight[row] = pixels;
      rowFirst[row] = first;
      rowFull[row] = full ? 1 : 0;
      row += 1;
      top += pixels + gap;
      first = next;
    }
    groupHeight[group] = top - groupTop[group]!;
    top += groupGap;
  }
  rowFirst[row] = count;
  groupRow[groups] = row;
  return {
    width, height: top, gap,
    rowTop: rowTop.subarray(0, row), rowHeight: rowHeight.subarray(0, row),
    rowFirst: rowFirst.subarray(0, row + 1), rowFull: rowFull.subarray(0, row),
    groupTop, groupHeight, groupLeft, groupWidth, groupRow,
  };
}

/** Width of a group that fits into one row with room to spare; the full width where it does not. */
function shortWidth(aspects: Float32Array, first: number, end: number, { width, rowHeight, gap }: LayoutOptions): number {
  let natural = -gap;
  for (let index = first; index < end; index += 1) {
    natural += cellAspect(aspects[index]!) * rowHeight + gap;
    if (natural * NEARLY_FULL >= width) return width;
  }
  const least = Math.min(LEAST_WIDTH, Math.floor((width - BESIDE) / 2));
  return Math.min(width - 1, Math.max(least, Math.ceil(natural)));
}

export interface Box {
  left: number;
  width: number;
}

/** Where the photos of one row stand; whole pixels, and a full row ends exactly at the right edge. */
export function rowBoxes(layout: Layout, aspects: Float32Array, row: number): Box[] {
  const first = layout.rowFirst[row]!;
  const end = layout.rowFirst[row + 1]!;
  let sum = 0;
  for (let index = first; index < end; index += 1) sum += cellAspect(aspects[index]!);
  const free = layout.width - layout.gap * (end - first - 1);
  const scale = layout.rowFull[row] ? free / sum : Math.min(layout.rowHeight[row]!, free / sum);
  const boxes: Box[] = [];
  let edge = 0;
  for (let index = first; index < end; index += 1) {
    const far = edge + cellAspect(aspects[index]!) * scale;
    const left = Math.round(edge);
    boxes.push({ left, width: Math.max(1, Math.round(far) - left) });
    edge = far + layout.gap;
  }
  return boxes;
}

/** Last position in an ascending column whose value is at most `value`; 0 where there is none. */
export function lastAtMost(column: Float64Array | Int32Array, value: number): number {
  let low = 0;
  let high = column.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (column[middle]! <= value) low = middle;
    else high = middle - 1;
  }
  return low;
}

export function rowOf(layout: Layout, index: number): number {
  return Math.min(lastAtMost(layout.rowFirst, index), layout.rowTop.length - 1);
}

export interface Span {
  /** First and one past the last. */
  from: number;
  to: number;
}

/** Rows that touch the strip between two heights of the canvas. */
export function rowsBetween(layout: Layout, top: number, bottom: number): Span {
  if (layout.rowTop.length === 0 || bottom <= 0 || top >= layout.height) return { from: 0, to: 0 };
  return { from: lineOf(layout, lastAtMost(layout.rowTop, top)).from, to: lastAtMost(layout.rowTop, bottom) + 1 };
}

/** The rows that stand side by side with a row. */
export function lineOf(layout: Layout, row: number): Span {
  const { rowTop } = layout;
  let from = row;
  let to = row + 1;
  while (from > 0 && rowTop[from - 1] === rowTop[row]) from -= 1;
  while (to < rowTop.length && rowTop[to] === rowTop[row]) to += 1;
  return { from, to };
}

/** Middles of the photos of a row, from the left edge of the canvas. */
function middles(layout: Layout, aspects: Float32Array, row: number): number[] {
  const left = layout.groupLeft[lastAtMost(layout.groupRow.subarray(0, -1), row)]!;
  return rowBoxes(layout, aspects, row).map((box) => left + box.left + box.width / 2);
}

export type Step = "left" | "right" | "up" | "down" | "page-up" | "page-down" | "first" | "last";

/** The photo that a key leads to from the photo at `index`. */
export function neighbour(layout: Layout, aspects: Float32Array, index: number, step: Step, pageHeight: number): number {
  const count = aspects.length;
  if (count === 0) return 0;
  switch (step) {
    case "left": return Math.max(0, index - 1);
    case "right": return Math.min(count - 1, index + 1);
    case "first": return 0;
    case "last": return count - 1;
    case "up":
    case "down":
    case "page-up":
    case "page-down": return across(layout, aspects, index, step, pageHeight);
  }
}

function across(layout: Layout, aspects: Float32Array, index: number, step: "up" | "down" | "page-up" | "page-down", pageHeight: number): number {
  const row = rowOf(layout, index);
  const own = lineOf(layout, row);
  const down = step === "down" || step === "page-down";
  let target = down ? own.to : own.from - 1;
  if (target < 0 || target >= layout.rowTop.length) return index;
  if (step === "page-up" || step === "page-down") {
    const paged = lastAtMost(layout.rowTop, layout.rowTop[row]! + (down ? pageHeight : -pageHeight));
    target = down ? Math.max(target, paged) : Math.min(target, paged);
  }
  const middle = middles(layout, aspects, row)[index - layout.rowFirst[row]!]!;
  const line = lineOf(layout, target);
  let best = layout.rowFirst[line.from]!;
  let distance = Infinity;
  for (let there = line.from; there < line.to; there += 1) {
    middles(layout, aspects, there).forEach((other, at) => {
      if (Math.abs(other - middle) >= distance) return;
      distance = Math.abs(other - middle);
      best = layout.rowFirst[there]! + at;
    });
  }
  return best;
}
