import assert from "node:assert/strict";
import { test } from "node:test";
import { boxShrunk } from "../src/workers/decode/box-shrink";

// Drawn at random; what Pillow 12's Image.resize((4, 4), Image.Resampling.BOX) makes of it stands below.
const PICTURE = Uint8Array.of(255, 228, 34, 121, 243, 189, 6, 131, 102, 168, 82, 193, 187, 150, 81, 243, 205, 24, 236, 8, 246);
const BY_PILLOW = [242, 78, 243, 98, 117, 125, 193, 169, 117, 125, 193, 169, 162, 115, 236, 127];

test("a picture is squashed as Pillow does it, shrunk along rows and stretched along columns", () => {
  assert.deepEqual([...boxShrunk(PICTURE, 7, 3, 4)], BY_PILLOW);
});

test("a picture of the right size stays as it is", () => {
  const square = PICTURE.slice(0, 16);
  assert.deepEqual(boxShrunk(square, 4, 4, 4), square);
});

test("one value stays one value at every size", () => {
  for (const [width, height] of [[1, 1], [200, 150], [133, 400], [3, 999]] as const) {
    const blank = new Uint8Array(width * height).fill(255);
    assert.ok(boxShrunk(blank, width, height, 128).every((value) => value === 255), `${width} x ${height}`);
  }
});
