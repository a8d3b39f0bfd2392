/** The outlines of countries as tooling/outlines.py packs them. */

/** Land meets the sea; two countries meet; the map ends, and nothing is to be drawn. */
export type ArcKind = "coast" | "border" | "unseen";

const KINDS: readonly ArcKind[] = ["coast", "border", "unseen"];

/** An edge of land: `first` and `last` point into `points`; the box around it from 0 to 1 over the map. */
export interface Arc {
  first: number;
  last: number;
  west: number;
  north: number;
  east: number;
  south: number;
  kind: ArcKind;
}

export interface Ring {
  /** Numbers of arcs; ~n is arc n backwards. */
  arcs: Int32Array;
  west: number;
  north: number;
  east: number;
  south: number;
}

export interface Outlines {
  /** x and y by turns, 0 to 1 over the map. */
  points: Float32Array;
  arcs: Arc[];
  rings: Ring[];
}

const HEAD = 16;

export function readOutlines(bytes: ArrayBuffer): Outlines {
  const [arcCount = 0, ringCount = 0, memberCount = 0, bits = 0] = new Uint32Array(bytes, 0, 4);
  let at = HEAD;
  const take = <T>(make: new (buffer: ArrayBuffer, offset: number, length: number) => T, size: number, length: number): T => {
    const found = new make(bytes, at, length);
    at += size * length;
    return found;
  };
  const sizes = take(Uint32Array, 4, arcCount);
  const ofRing = take(Uint32Array, 4, ringCount);
  const members = take(Int32Array, 4, memberCount);
  const starts = take(Int32Array, 4, 2 * arcCount);
  const pointCount = sizes.reduce((sum, size) => sum + size, 0);
  const steps = take(Int16Array, 2, 2 * pointCount);
  const kinds = take(Uint8Array, 1, arcCount);

  const grid = 2 ** bits;
  const points = new Float32Array(2 * pointCount);
  const arcs: Arc[] = [];
  let point = 0;
  for (let arc = 0; arc < arcCount; arc += 1) {
    const first = point;
    let x = starts[2 * arc]!;
    let y = starts[2 * arc + 1]!;
    let [west, north, east, south] = [x, y, x, y];
    for (const end = first + sizes[arc]!; point < end; point += 1) {
      x += steps[2 * point]!;
      y += steps[2 * point + 1]!;
      points[2 * point] = x / grid;
      points[2 * point + 1] = y / grid;
      west = Math.min(west, x);
      east = Math.max(east, x);
      north = Math.min(north, y);
      south = Math.max(south, y);
    }
    arcs.push({ first, last: point - 1, west: west / grid, north: north / grid, east: east / grid, south: south / grid, kind: KINDS[kinds[arc]!]! });
  }

  const rings: Ring[] = [];
  let member = 0;
  for (const count of ofRing) {
    const own = members.subarray(member, member + count);
    member += count;
    const around = Array.from(own, (arc) => arcs[arc < 0 ? ~arc : arc]!);
    rings.push({
      arcs: own,
      west: Math.min(...around.map(({ west }) => west)), north: Math.min(...around.map(({ north }) => north)),
      east: Math.max(...around.map(({ east }) => east)), south: Math.max(...around.map(({ south }) => south)),
    });
  }
  return { points, arcs, rings };
}
