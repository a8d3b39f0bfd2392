import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { Pace } from "../src/indexing/pace";

/** A pace, and its clock. */
function begun(): { pace: Pace; pass: (ms: number) => void } {
  let now = 1000;
  mock.method(performance, "now", () => now);
  const pace = new Pace();
  pace.begin();
  return { pace, pass: (ms) => { now += ms; } };
}

test("the first photos, which wait for networks, tell no pace", () => {
  const { pace, pass } = begun();
  pass(4000);
  pace.count(8);
  assert.equal(pace.photosPerSecond, 0);
  assert.equal(pace.secondsLeft(100), null);
  pass(6000);
  assert.equal(pace.photosPerSecond, 0.8);
});

test("after a few batches the pace is known", () => {
  const { pace, pass } = begun();
  for (let batch = 0; batch < 3; batch += 1) {
    pass(500);
    pace.count(8);
  }
  assert.equal(pace.photosPerSecond, 16);
  assert.equal(pace.secondsLeft(32), 2);
});

test("only the last half minute counts", () => {
  const { pace, pass } = begun();
  pace.count(300);
  pass(20_000);
  pace.count(30);
  pass(11_000);
  assert.equal(pace.photosPerSecond, 1);
  pass(30_000);
  assert.equal(pace.photosPerSecond, 0);
  assert.equal(pace.secondsLeft(5), null);
});
