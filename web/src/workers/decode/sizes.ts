/** How large pixels and thumbnails are made. */

export interface Size {
  width: number;
  height: number;
}

/** About this long side: the network's square is 192 px, and JPEG can be decoded straight to an eighth of 4,000. */
const LONG_SIDE = 512;
/** No canvas of ours is longer, whatever the shape of the photo. */
const LONGEST_SIDE = 4096;

function scaled(photo: Size, scale: number): Size {
  return { width: Math.max(1, Math.round(photo.width * scale)), height: Math.max(1, Math.round(photo.height * scale)) };
}

/** Long side about 512 px, short side at least `minSide` (panoramas), never larger than the photo. */
export function pixelSize(photo: Size, minSide: number): Size {
  const long = Math.max(photo.width, photo.height);
  const short = Math.min(photo.width, photo.height);
  const scale = Math.min(1, Math.max(LONG_SIDE / long, minSide / short));
  const bounded = Math.min(scale, LONGEST_SIDE / long);
  return scaled(photo, bounded);
}

/** Long side at most `side`, never larger than the photo. */
export function thumbSize(photo: Size, side: number): Size {
  return scaled(photo, Math.min(1, side / Math.max(photo.width, photo.height)));
}

/** Orientations 5 to 8 lie on their side. */
export function upright(size: Size, orientation: number): Size {
  return orientation >= 5 ? { width: size.height, height: size.width } : size;
}
