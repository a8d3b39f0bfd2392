import assert from "node:assert/strict";
import { test } from "node:test";
import type { Layout } from "../src/ui/layout";
import { cellAspect, justify, lastAtMost, lineOf, neighbour, rowBoxes, rowOf, rowsBetween } from "../src/ui/layout";

const OPTIONS = { width: 1000, rowHeight: 200, gap: 4, headingHeight: 48, groupGap: 12 };

function aspects(count: number, seed = 1): Float32Array {
  let state = seed;
  return Float32Array.from({ length: count }, () => {
    state = (state * 1664525 + 1013904223) >>> 0;
    return [1.5, 0.667, 1.333, 1, 1.778, 5, 0.2][state % 7]!;
  });
}

function lay(count: number, starts = [0], headed = starts.map(() => true)): { layout: Layout; column: Float32Array } {
  const column = aspects(count);
  return { layout: justify(column, Int32Array.from(starts), headed, OPTIONS), column };
}

test("every photo stands in exactly one row", () => {
  const { layout } = lay(500, [0, 120, 121, 400]);
  assert.equal(layout.rowFirst[0], 0);
  assert.equal(layout.rowFirst.at(-1), 500);
  for (let row = 0; row < layout.rowTop.length; row += 1) assert.ok(layout.rowFirst[row + 1]! > layout.rowFirst[row]!);
});

test("full rows end at the right edge, in whole pixels, with gaps between", () => {
  const { layout, column } = lay(300);
  for (let row = 0; row < layout.rowTop.length; row += 1) {
    const boxes = rowBoxes(layout, column, row);
    boxes.slice(1).forEach((box, at) => {
      const before = boxes[at]!;
      assert.ok(Math.abs(box.left - before.left - before.width - OPTIONS.gap) <= 1);
    });
    const last = boxes.at(-1)!;
    if (layout.rowFull[row]) assert.equal(last.left + last.width, OPTIONS.width);
    else assert.ok(last.left + last.width <= OPTIONS.width);
  }
});

test("rows are about as high as wanted, and panoramas do not own the grid", () => {
  const { layout } = lay(2000);
  const heights = [...layout.rowHeight];
  assert.ok(Math.max(...heights) < 2 * OPTIONS.rowHeight);
  assert.ok(Math.min(...heights) > OPTIONS.rowHeight / 2);
  assert.equal(cellAspect(Number.NaN), 1);
  assert.ok(cellAspect(40) < 4);
});

test("a group starts a row of its own, below its heading", () => {
  const { layout } = lay(100, [0, 40], [true, true]);
  const row = layout.groupRow[1]!;
  assert.equal(layout.rowFirst[row], 40);
  assert.equal(layout.rowTop[row], layout.groupTop[1]! + OPTIONS.headingHeight);
});

test("groups of a few photos share a line, each below its own heading", () => {
  const column = Float32Array.from({ length: 9 }, () => 1.5);
  const layout = justify(column, Int32Array.of(0, 1, 2, 3), [true, true, true, true], OPTIONS);
  assert.deepEqual([...layout.groupTop].slice(0, 3), [0, 0, 0]);
  assert.deepEqual([...layout.groupLeft], [0, 324, 648, 0]);
  assert.ok(layout.groupTop[3]! >= layout.groupHeight[0]!);
  assert.deepEqual(rowsBetween(layout, 100, 150), { from: 0, to: 3 });
  assert.deepEqual(lineOf(layout, 1), { from: 0, to: 3 });
  assert.equal(rowOf(layout, neighbour(layout, column, 2, "down", 800)), 3);
  assert.equal(neighbour(layout, column, 3, "up", 800), 0);
  assert.equal(neighbour(layout, column, 2, "up", 800), 2);
});

test("a group without a heading leaves no room for one; an empty library is flat", () => {
  assert.equal(lay(10, [0], [false]).layout.rowTop[0], 0);
  const { layout } = lay(0, []);
  assert.equal(layout.height, 0);
  assert.deepEqual(rowsBetween(layout, 0, 900), { from: 0, to: 0 });
});

test("the rows between two heights are those that touch them", () => {
  const { layout } = lay(1000);
  const { from, to } = rowsBetween(layout, 3000, 4000);
  for (let row = 0; row < layout.rowTop.length; row += 1) {
    const touches = layout.rowTop[row]! <= 4000 && layout.rowTop[row]! + layout.rowHeight[row]! + OPTIONS.gap > 3000;
    assert.equal(row >= from && row < to, touches, `row ${row}`);
  }
});

test("the search for a place in a column", () => {
  const column = Float64Array.of(0, 10, 20);
  assert.deepEqual([-1, 0, 9, 10, 25].map((value) => lastAtMost(column, value)), [0, 0, 0, 1, 2]);
});

test("left and right walk, up and down stay near the middle, Home and End go to the ends", () => {
  const { layout, column } = lay(400);
  assert.equal(neighbour(layout, column, 0, "left", 800), 0);
  assert.equal(neighbour(layout, column, 5, "right", 800), 6);
  assert.equal(neighbour(layout, column, 7, "first", 800), 0);
  assert.equal(neighbour(layout, column, 7, "last", 800), 399);
  const below = neighbour(layout, column, 1, "down", 800);
  assert.equal(rowOf(layout, below), rowOf(layout, 1) + 1);
  assert.equal(neighbour(layout, column, 1, "up", 800), 1);
  assert.equal(neighbour(layout, column, 399, "down", 800), 399);
  const paged = neighbour(layout, column, 1, "page-down", 800);
  assert.ok(layout.rowTop[rowOf(layout, paged)]! <= 800 && rowOf(layout, paged) >= 3);
});
