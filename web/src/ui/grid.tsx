/**
 * The grid of photos: justified rows under months, of which only those near the window are in the page, whatever the
 * size of the library. Arrow keys walk from photo to photo; Tab reaches one of them; Enter follows its link.
 */
import type { ComponentChildren } from "preact";
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import type { Grid } from "../state";
import { toggleFavourites } from "./favourite";
import { GridRow } from "./grid-row";
import { GridWindow } from "./grid-window";
import type { Layout, Step } from "./layout";
import { justify, lastAtMost, neighbour, rowOf } from "./layout";
import { watchLongPress } from "./long-press";
import type { Groups } from "./months";
import { format, route } from "./router";
import { Scrubber } from "./scrubber";
import { selectAll, selected, selecting, selectThrough, toggleSelected } from "./selection";
import { stepIds } from "./viewing";
import { counted, px } from "./words";

export interface PhotoGridProps {
  columns: Grid;
  groups: Groups;
  /** What stands beside the headings, by the keys of the groups. */
  notes?: ReadonlyMap<number, string>;
  /** Name under which the scroll position is kept. */
  memory: string;
  /** Scrolls away above the photos. */
  head?: ComponentChildren;
  /** Stands below the photos. */
  tail?: ComponentChildren;
}

const GAP = 4;
const HEADING = 48;
const GROUP_GAP = 12;
/** A library shorter than this many windows needs no scrubber. */
const SCRUBBER_FROM = 2.5;

const STEPS: Record<string, Step> = {
  ArrowLeft: "left", ArrowRight: "right", ArrowUp: "up", ArrowDown: "down",
  PageUp: "page-up", PageDown: "page-down", Home: "first", End: "last",
};

/** Three photos or so a row on a phone, six or seven on a desk. */
function wantedRowHeight(width: number): number {
  return width < 700 ? Math.max(88, width / 3.3) : Math.min(248, 196 + (width - 700) * 0.03);
}

interface Shape {
  width: number;
  height: number;
}

export function PhotoGrid({ columns, groups, notes, memory, head, tail }: PhotoGridProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLDivElement>(null);
  const [shape, setShape] = useState<Shape>({ width: 0, height: 0 });
  const [sight, setSight] = useState<GridWindow | null>(null);
  const [currentId, setCurrentId] = useState<string | null>(null);
  const focusWanted = useRef(false);
  const { base, photo } = route.value;

  useLayoutEffect(() => {
    const made = new GridWindow(scroller.current!, canvas.current!, memory);
    const measure = () => setShape({ width: canvas.current!.clientWidth, height: scroller.current!.clientHeight });
    let frame = 0;
    // Not within the notice itself: what is drawn for the new size changes the size of the canvas, which the browser calls a loop.
    const watcher = new ResizeObserver(() => {
      cancelAnimationFrame(frame);
      frame = requestAnimationFrame(measure);
    });
    watcher.observe(scroller.current!);
    watcher.observe(canvas.current!);
    measure();
    setSight(made);
    return () => {
      cancelAnimationFrame(frame);
      watcher.disconnect();
      made.stop();
    };
  }, [memory]);

  const layout = useMemo<Layout | null>(() => (shape.width === 0 ? null : justify(columns.aspect, groups.starts, groups.titles.map(Boolean), {
    width: shape.width, rowHeight: wantedRowHeight(shape.width), gap: GAP, headingHeight: HEADING, groupGap: GROUP_GAP,
  })), [columns, groups, shape.width]);

  useLayoutEffect(() => {
    if (sight && layout) sight.show(layout, columns.ids);
  }, [sight, layout, shape.height]);

  useEffect(() => { stepIds.value = columns.ids; }, [columns]);

  const known = useMemo(() => (currentId === null ? -1 : columns.ids.indexOf(currentId)), [columns, currentId]);
  const rows = sight?.rows.value ?? { from: 0, to: 0 };
  const drawable = layout !== null && layout.rowTop.length > 0 && rows.to <= layout.rowTop.length;
  const knownRow = drawable && known >= 0 ? rowOf(layout, known) : -1;
  // Tab must lead somewhere even after the current photo has been scrolled out of the page.
  const held = knownRow >= 0 && (focusWanted.current || canvas.current!.contains(document.activeElement));
  const current = knownRow >= rows.from && knownRow < rows.to || held ? known : sight?.firstVisible() ?? 0;

  useLayoutEffect(() => {
    if (!focusWanted.current) return;
    const tile = canvas.current!.querySelector<HTMLElement>(`[data-id="${CSS.escape(columns.ids[current] ?? "")}"]`);
    if (!tile) return;
    focusWanted.current = false;
    tile.focus({ preventScroll: true });
  });

  // When the viewer closes, the grid shows the photo it had come to, and the keyboard goes on from there.
  const lastPhoto = useRef<string | null>(null);
  useEffect(() => {
    const closed = photo === null ? lastPhoto.current : null;
    lastPhoto.current = photo;
    const index = closed === null ? -1 : columns.ids.indexOf(closed);
    if (closed === null || index < 0 || !sight) return;
    if (!sight.isVisible(index)) sight.reveal(index, HEADING);
    focusWanted.current = true;
    setCurrentId(closed);
    canvas.current!.querySelector<HTMLElement>(`[data-id="${CSS.escape(closed)}"]`)?.focus({ preventScroll: true });
  }, [photo]);

  useEffect(() => watchLongPress(canvas.current!, (target) => {
    const id = idAt(target);
    if (id) toggleSelected(id);
  }), []);

  const press = (event: KeyboardEvent) => {
    const modified = event.ctrlKey || event.metaKey;
    const id = columns.ids[current];
    if (event.altKey || !layout || !sight || id === undefined) return;
    if (modified ? event.key === "a" : event.key === "x" || event.key === "f") {
      event.preventDefault();
      if (event.key === "a") selectAll(columns.ids);
      else if (event.key === "x") toggleSelected(id);
      else void toggleFavourites(selecting.peek() ? [...selected.peek()] : [id]);
      return;
    }
    const step = STEPS[event.key];
    if (!step || modified) return;
    event.preventDefault();
    const target = neighbour(layout, columns.aspect, current, step, shape.height - HEADING);
    focusWanted.current = true;
    setCurrentId(columns.ids[target] ?? null);
    sight.reveal(target, HEADING);
  };
  /** A click on a tick selects; so does one on a photo while others are selected. Enter, a click without a pointer, opens. */
  const click = (event: MouseEvent) => {
    const id = idAt(event.target);
    const ticked = event.target instanceof Element && event.target.closest(".tick") !== null;
    if (!id || !(ticked || (selecting.peek() && event.detail > 0))) return;
    event.preventDefault();
    if (event.shiftKey) selectThrough(id, columns.ids);
    else toggleSelected(id);
  };
  const focused = (event: FocusEvent) => {
    const id = event.target instanceof HTMLElement ? event.target.dataset["id"] : undefined;
    if (id) setCurrentId(id);
  };

  const tall = layout !== null && layout.height > shape.height * SCRUBBER_FROM && groups.titles.length > 1 && groups.years.some(Boolean);
  const addressTail = format({ base, photo: "" }).slice("#/photo/".length);
  return (
    <div class="grid-frame" data-scrubber={tall} data-selecting={selecting.value}>
      <div ref={scroller} class="scroller" data-testid="grid" onScroll={sight?.onScroll} tabIndex={-1}>
        {head}
        <div ref={canvas} class="canvas" style={{ height: px(layout?.height ?? 0) }} onKeyDown={press} onClick={click} onFocusIn={focused}>
          {drawable && drawnGroups(layout, rows, held ? knownRow : -1).map(({ group, drawn }) => {
            const top = layout.groupTop[group]!;
            const title = groups.titles[group]!;
            const end = groups.starts[group + 1] ?? columns.ids.length;
            const size = counted(end - groups.starts[group]!, "photo");
            const note = notes?.get(groups.keys[group]!) ?? "";
            return (
              <section key={groups.keys[group]} class="group" aria-label={title || "Photos"} style={groupPlace(layout, group)}>
                {title && <h2 class="group-title">{title}{note && <span class="group-note">{note}</span>}<span class="group-size">{size}</span></h2>}
                <div role="grid" aria-multiselectable={true} aria-label={title ? `${title}, ${size}` : size} aria-rowcount={layout.groupRow[group + 1]! - layout.groupRow[group]!}>
                  {drawn.map((row) => (
                    <GridRow
                      key={layout.rowFirst[row]} layout={layout} columns={columns} row={row} top={layout.rowTop[row]! - top}
                      number={row - layout.groupRow[group]! + 1} addressTail={addressTail}
                      current={current >= layout.rowFirst[row]! && current < layout.rowFirst[row + 1]! ? current : -1}
                    />
                  ))}
                </div>
              </section>
            );
          })}
        </div>
        {tail}
      </div>
      {tall && sight && (
        <Scrubber
          layout={layout} groups={groups} notes={notes} scrolled={sight.scrolled} height={shape.height}
          onMove={(fraction) => sight.scrollToFraction(fraction)} onGroup={(group) => sight.scrollTo(layout.groupTop[group]!)}
        />
      )}
    </div>
  );
}

/** The photo whose cell something stands in. */
function idAt(target: EventTarget | null): string | undefined {
  const cell = target instanceof Element ? target.closest(".cell") : null;
  return cell?.querySelector<HTMLElement>("[data-id]")?.dataset["id"];
}

function groupPlace(layout: Layout, group: number): { top: string; left: string; width: string; height: string } {
  return {
    top: px(layout.groupTop[group]!), left: px(layout.groupLeft[group]!),
    width: px(layout.groupWidth[group]!), height: px(layout.groupHeight[group]!),
  };
}

interface DrawnGroup {
  group: number;
  drawn: number[];
}

/** The rows to draw, gathered by group; `extra` is a row outside the window that must stay because it has the focus. */
function drawnGroups(layout: Layout, rows: { from: number; to: number }, extra: number): DrawnGroup[] {
  const wanted: number[] = [];
  if (extra >= 0 && extra < rows.from) wanted.push(extra);
  for (let row = rows.from; row < rows.to; row += 1) wanted.push(row);
  if (extra >= rows.to) wanted.push(extra);
  const gathered: DrawnGroup[] = [];
  for (const row of wanted) {
    const group = lastAtMost(layout.groupRow.subarray(0, -1), row);
    const last = gathered.at(-1);
    if (last && last.group === group) last.drawn.push(row);
    else gathered.push({ group, drawn: [row] });
  }
  return gathered;
}
