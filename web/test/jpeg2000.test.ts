/** What the JPEG 2000 codec leaves to us: how much to decode, and samples as colours. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { halvings, toRgba } from "../src/workers/decode/codecs/jpeg2000";

const size = (width: number, height: number) => ({ width, height });

test("a photo is halved as long as it stays as large as wanted", () => {
  assert.equal(halvings(size(4000, 3000), size(512, 384)), 2);
  assert.equal(halvings(size(1024, 768), size(512, 384)), 1);
  assert.equal(halvings(size(1023, 768), size(512, 384)), 0);
  assert.equal(halvings(size(300, 200), size(300, 200)), 0);
  assert.equal(halvings(size(0, 0), size(0, 0)), 5);
  assert.equal(halvings(size(60_000, 60_000), size(1, 1)), 5);
});

test("grey, colours and alpha of any depth become RGBA", () => {
  assert.deepEqual([...toRgba([0, 255], 1, 8, false)], [0, 0, 0, 255, 255, 255, 255, 255]);
  assert.deepEqual([...toRgba([65_535, 0, 32_768], 3, 16, false)], [255, 0, 128, 255]);
  assert.deepEqual([...toRgba([15, 0, 15, 0], 4, 4, false)], [255, 0, 255, 0]);
  assert.deepEqual([...toRgba([100, 50], 2, 8, false)], [100, 100, 100, 50]);
});

test("luma and colour differences become colours", () => {
  const [red, green, blue] = toRgba([76, 85, 255], 3, 8, true);
  assert.ok(red! > 250 && green! < 5 && blue! < 5, `${red} ${green} ${blue}`);
  assert.deepEqual([...toRgba([51, 127.5, 127.5], 3, 8, true)], [51, 51, 51, 255]);
});
