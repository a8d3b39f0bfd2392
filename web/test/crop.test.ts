import assert from "node:assert/strict";
import { test } from "node:test";
import type { Box, Size } from "../src/ui/people/crop";
import { boxPlace, imagePlace, squareAround } from "../src/ui/people/crop";

const PHOTO: Size = [4000, 3000];
const FACES: Box[] = [[1800, 1200, 300, 380], [0, 0, 90, 110], [3950, 2900, 100, 140], [-40, 500, 200, 260], [0, 0, 4000, 3000], [1999, 1499, 1, 1]];

test("the square around a face lies within its photo, wherever the face is", () => {
  for (const face of FACES) {
    const { x, y, side } = squareAround(face, PHOTO);
    assert.ok(side > 0 && x >= 0 && y >= 0 && x + side <= PHOTO[0] + 1e-9 && y + side <= PHOTO[1] + 1e-9, String(face));
  }
});

test("a face that is away from the border stands whole in its square, with room around it", () => {
  const [x, y, width, height] = FACES[0]!;
  const square = squareAround(FACES[0]!, PHOTO);
  assert.ok(square.x < x && square.y < y && square.x + square.side > x + width && square.y + square.side > y + height);
});

test("the image stands so that the window begins at the square and ends with it", () => {
  for (const face of FACES) {
    const square = squareAround(face, PHOTO);
    const { left, top, width, height } = imagePlace(square, PHOTO);
    const shownAt = (along: number, start: number, length: number, whole: number): number => start + (along / whole) * length;
    assert.ok(Math.abs(shownAt(square.x, left, width, PHOTO[0])) < 1e-9);
    assert.ok(Math.abs(shownAt(square.x + square.side, left, width, PHOTO[0]) - 1) < 1e-9);
    assert.ok(Math.abs(shownAt(square.y + square.side, top, height, PHOTO[1]) - 1) < 1e-9);
  }
});

test("a box beyond the border is drawn as far as the photo goes", () => {
  assert.deepEqual(boxPlace([-40, 500, 200, 260], PHOTO), { left: 0, top: 500 / 3000, width: 160 / 4000, height: 260 / 3000 });
  assert.deepEqual(boxPlace([3900, 2900, 400, 400], PHOTO), { left: 3900 / 4000, top: 2900 / 3000, width: 100 / 4000, height: 100 / 3000 });
});
