import assert from "node:assert/strict";
import { test } from "node:test";
import { clamped, closest, fitted, WHOLE, zoomedAt } from "../src/ui/zoom";

const STAGE = { width: 1000, height: 800 };
const PHOTO = { width: 4000, height: 2000 };

test("a photo is fitted whole into the stage", () => {
  assert.deepEqual(fitted(PHOTO, STAGE), { width: 1000, height: 500 });
  assert.deepEqual(fitted({ width: 0, height: 0 }, STAGE), { width: 0, height: 0 });
});

test("what lies under the pointer stays under it", () => {
  const view = zoomedAt({ scale: 2, x: 30, y: -20 }, 1.5, 100, 50);
  assert.equal((100 - view.x) / view.scale, (100 - 30) / 2);
  assert.equal((50 - view.y) / view.scale, (50 + 20) / 2);
});

test("a photo is never lost from sight, nor smaller than whole, nor absurdly close", () => {
  assert.deepEqual(clamped({ scale: 0.3, x: 500, y: 9 }, PHOTO, STAGE), WHOLE);
  assert.deepEqual(clamped({ scale: 2, x: 9999, y: 9999 }, PHOTO, STAGE), { scale: 2, x: 500, y: 100 });
  assert.equal(clamped({ scale: 99, x: 0, y: 0 }, PHOTO, STAGE).scale, closest(PHOTO, STAGE));
  assert.equal(closest(PHOTO, STAGE), 8);
});
