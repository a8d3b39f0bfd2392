import assert from "node:assert/strict";
import { test } from "node:test";
import type { Tensor } from "../src/messages";
import { FULL_BATCH, pieces, rows, rowsFrom, stacked, withRows } from "../src/workers/inference/batches";

/** So many rows of two numbers, no two alike. */
function made(count: number): Tensor[] {
  return [{ name: "pixels", type: "float32", dims: [count, 2], data: Float32Array.from({ length: count * 2 }, (_, at) => at + 1) }];
}

test("a graphics processor sees two shapes, whatever it is asked for, and every photo once", () => {
  for (let count = 0; count <= 5 * FULL_BATCH; count += 1) {
    const found = pieces(count);
    assert.ok(found.every(({ size }) => size === 1 || size === FULL_BATCH));
    assert.deepEqual(found.flatMap(({ from, count: many }) => Array.from({ length: many }, (_, at) => from + at)), Array.from({ length: count }, (_, at) => at));
    assert.ok(found.reduce((sum, { size }) => sum + size, 0) < count + FULL_BATCH / 2 + 1);
  }
});

test("a batch that is cut up, filled up and put together again is what it was", () => {
  for (const count of [1, 3, 4, 7, 8, 9, 11, 12, 16, 21]) {
    const whole = made(count);
    const parts = pieces(count).map(({ from, count: many, size }) => withRows(withRows(rowsFrom(whole, from, many), size), many));
    assert.deepEqual(stacked(parts), whole);
    assert.equal(rows(stacked(parts)), count);
  }
});

test("what a batch is filled up with is nothing", () => {
  const [filled] = withRows(made(1), 3);
  assert.deepEqual([...filled!.data], [1, 2, 0, 0, 0, 0]);
});
