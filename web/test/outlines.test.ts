import assert from "node:assert/strict";
import { test } from "node:test";
import { readOutlines } from "../src/ui/map/outlines";

/** Two squares side by side, as tooling/outlines.py packs them: arc 0 is the border between them, backwards in the second ring. */
function squares(): ArrayBuffer {
  const arcs = [[[4, 4], [4, 8]], [[4, 8], [2, 8], [2, 4], [4, 4]], [[4, 4], [6, 4], [6, 8], [4, 8]]];
  const points = arcs.flatMap((arc) => arc.map(([x, y], place) => (place === 0 ? [0, 0] : [x! - arc[place - 1]![0]!, y! - arc[place - 1]![1]!])));
  const parts = [
    Uint32Array.of(3, 2, 4, 4), Uint32Array.from(arcs, (arc) => arc.length), Uint32Array.of(2, 2), Int32Array.of(0, 1, ~0, 2),
    Int32Array.from(arcs.flatMap(([start]) => start!)), Int16Array.from(points.flat()), Uint8Array.of(1, 0, 2),
  ];
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.byteLength, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(new Uint8Array(part.buffer), at);
    at += part.byteLength;
  }
  return bytes.buffer;
}

test("points, boxes, kinds and rings are read as they were packed", () => {
  const { points, arcs, rings } = readOutlines(squares());
  assert.deepEqual(arcs.map(({ kind }) => kind), ["border", "coast", "unseen"]);
  const [border, west] = arcs;
  assert.deepEqual([...points.subarray(2 * border!.first, 2 * border!.last + 2)], [0.25, 0.25, 0.25, 0.5]);
  assert.deepEqual([west!.west, west!.north, west!.east, west!.south], [0.125, 0.25, 0.25, 0.5]);
  assert.deepEqual(rings.map((ring) => [...ring.arcs]), [[0, 1], [-1, 2]]);
  assert.deepEqual([rings[1]!.west, rings[1]!.north, rings[1]!.east, rings[1]!.south], [0.25, 0.25, 0.375, 0.5]);
});
