/** Grey pictures squashed to a square as Pillow's `resize(..., BOX)` does it, to the last bit: every library is compared alike,
 *  whoever shrank its thumbnails (Resample.c of Pillow: whole pixels whose middle lies in the box, first along rows, then along columns). */

const PRECISION = 22;
const HALF = 1 << (PRECISION - 1);

/** One row or column: which of `length` pixels make each of `side`. */
function boxes(length: number, side: number): { first: Int32Array; count: Int32Array; weight: Int32Array } {
  const scale = length / side;
  const reach = Math.max(scale, 1) / 2;
  const first = new Int32Array(side), count = new Int32Array(side), weight = new Int32Array(side);
  for (let place = 0; place < side; place += 1) {
    const middle = (place + 0.5) * scale;
    const low = Math.max(0, Math.trunc(middle - reach + 0.5));
    first[place] = low;
    count[place] = Math.min(length, Math.trunc(middle + reach + 0.5)) - low;
    weight[place] = Math.trunc(0.5 + (1 << PRECISION) / count[place]!);
  }
  return { first, count, weight };
}

/** `values` of `width` x `height`, rows from the top; answers `side` x `side`. */
export function boxShrunk(values: Uint8Array, width: number, height: number, side: number): Uint8Array<ArrayBuffer> {
  const across = boxes(width, side), down = boxes(height, side);
  const rows = new Uint8Array(side * height);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < side; x += 1) {
      const from = y * width + across.first[x]!;
      let sum = 0;
      for (let at = from; at < from + across.count[x]!; at += 1) sum += values[at]!;
      rows[y * side + x] = (sum * across.weight[x]! + HALF) / (1 << PRECISION);
    }
  }
  const shrunk = new Uint8Array(side * side);
  for (let y = 0; y < side; y += 1) {
    const from = down.first[y]!, until = from + down.count[y]!, weight = down.weight[y]!;
    for (let x = 0; x < side; x += 1) {
      let sum = 0;
      for (let at = from; at < until; at += 1) sum += rows[at * side + x]!;
      shrunk[y * side + x] = (sum * weight + HALF) / (1 << PRECISION);
    }
  }
  return shrunk;
}
