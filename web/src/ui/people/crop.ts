/** The arithmetic of showing a part of a photo: where an image must stand so that a square window shows one face. */

/** x, y, width, height in pixels of the upright photo. */
export type Box = readonly [x: number, y: number, width: number, height: number];

/** Width and height of the upright photo in pixels. */
export type Size = readonly [width: number, height: number];

/** A square of a photo, in its pixels. */
export interface Square {
  x: number;
  y: number;
  side: number;
}

/** Place of something within something else, in parts of the latter's width and height. */
export interface Place {
  left: number;
  top: number;
  width: number;
  height: number;
}

/** Sides of the square in sides of the face: hair, ears and chin belong to how a face is known. */
const ROOM = 1.7;
/** A face's middle stands this part of its height above the middle of the head with hair. */
const RAISED = 0.06;

function held(start: number, length: number, whole: number): number {
  return Math.max(0, Math.min(start, whole - length));
}

/** The square around a face: with some room, and within the photo as far as that goes. */
export function squareAround([x, y, width, height]: Box, [wide, high]: Size): Square {
  const side = Math.min(Math.max(width, height) * ROOM, wide, high);
  const left = x + width / 2 - side / 2;
  const top = y + height * (0.5 - RAISED) - side / 2;
  return { x: held(left, side, wide), y: held(top, side, high), side };
}

/** Where the whole image stands relative to a window that shows only the square. */
export function imagePlace({ x, y, side }: Square, [wide, high]: Size): Place {
  return { left: -x / side, top: -y / side, width: wide / side, height: high / side };
}

/** Where a face stands on its photo. A box may reach beyond the photo's border; what is outside is cut off. */
export function boxPlace([x, y, width, height]: Box, [wide, high]: Size): Place {
  const left = Math.max(0, x);
  const top = Math.max(0, y);
  const right = Math.min(wide, x + width);
  const bottom = Math.min(high, y + height);
  return { left: left / wide, top: top / high, width: Math.max(0, right - left) / wide, height: Math.max(0, bottom - top) / high };
}

/** Styles for a place. */
export function percent({ left, top, width, height }: Place): { left: string; top: string; width: string; height: string } {
  const written = (part: number): string => `${(part * 100).toFixed(3)}%`;
  return { left: written(left), top: written(top), width: written(width), height: written(height) };
}
