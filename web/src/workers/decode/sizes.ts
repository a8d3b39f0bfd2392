/** How large pixels and thumbnails are made. */

export interface Size {
  width: number;
  height: number;
}

/** About this long side: the network's square is 224 px, and JPEG can be decoded straight to an eighth of 4,000. */
const LONG_SIDE = 512;
/** An eighth more than an eighth, and rounding. */
const LITTLE_LARGER = 1.3;
/** Photos of at most this long side are decoded as they are: scaling costs more than it saves, and differs from browser to browser. */
const AS_IT_IS = Math.floor(LONG_SIDE * LITTLE_LARGER);
/** No canvas of ours is longer, whatever the shape of the photo. */
const LONGEST_SIDE = 4096;

function scaled(photo: Size, scale: number): Size {
  return { width: Math.max(1, Math.round(photo.width * scale)), height: Math.max(1, Math.round(photo.height * scale)) };
}

/** Long side about 512 px, short side at least `minSide` (panoramas), never larger than the photo. */
export function pixelSize(photo: Size, minSide: number): Size {
  const long = Math.max(photo.width, photo.height);
  if (long <= AS_IT_IS) return { width: photo.width, height: photo.height };
  const short = Math.min(photo.width, photo.height);
  const scale = Math.min(1, Math.max(LONG_SIDE / long, minSide / short));
  const bounded = Math.min(scale, LONGEST_SIDE / long);
  return scaled(photo, bounded);
}

/** The least multiple of an eighth of a photo whose short side is at least `minSide` and whose long side `thumbSide`, or all of it. */
export function leastEighth(photo: Size, minSide: number, thumbSide: number): Size {
  const long = Math.max(photo.width, photo.height);
  if (long <= AS_IT_IS) return { width: photo.width, height: photo.height };
  const short = Math.min(photo.width, photo.height);
  const eighths = Math.min(8, Math.max(1, Math.ceil((8 * minSide) / short), Math.ceil((8 * thumbSide) / long)));
  return { width: Math.ceil((photo.width * eighths) / 8), height: Math.ceil((photo.height * eighths) / 8) };
}

/** `size` for a picture that is there already; what is little larger stays as it is, since scaling costs more than it saves. */
export function sparing(there: Size, size: Size): Size {
  return there.width <= size.width * LITTLE_LARGER && there.width <= LONGEST_SIDE && there.height <= LONGEST_SIDE ? there : size;
}

/** Pixels of a photo in full; py/shoebox/photo/decode.py says why so many. */
const MOST_PIXELS = 24_000_000;

/** As large as a photo is shown in full. */
export function viewSize(photo: Size): Size {
  const scale = Math.min(1, Math.sqrt(MOST_PIXELS / (photo.width * photo.height)));
  return { width: Math.max(1, Math.floor(photo.width * scale)), height: Math.max(1, Math.floor(photo.height * scale)) };
}

/** Long side at most `side`, never larger than the photo. */
export function thumbSize(photo: Size, side: number): Size {
  return scaled(photo, Math.min(1, side / Math.max(photo.width, photo.height)));
}

/** Orientations 5 to 8 lie on their side. */
export function upright(size: Size, orientation: number): Size {
  return orientation >= 5 ? { width: size.height, height: size.width } : size;
}
