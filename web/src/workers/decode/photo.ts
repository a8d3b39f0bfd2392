/** From the bytes of a photo to upright RGB pixels of moderate size and a thumbnail. */
import type { Decoded, DecodeOrder, Shown } from "../../messages";
import { drawn, encoded, imageOf, jpeg, rgb } from "./canvas";
import { decodeWithCodec, hasCodec, needsCodec } from "./codecs";
import type { Coded } from "./codecs/codec";
import { bitmapsAreTurned, framesAreTurned } from "./orientation";
import { leastEighth, pixelSize, sparing, thumbSize, upright, viewSize, type Size } from "./sizes";

/** The file's bytes, read again where a decoder has taken them. */
type Source = () => Promise<Uint8Array<ArrayBuffer>>;

/** A decoded picture. */
interface Picture extends Size {
  source: ImageData | ImageBitmap;
  /** EXIF orientation that is still to be applied. */
  orientation: number;
  close(): void;
}

/**
 * Decode, turn upright, and scale.
 *
 * Throws an Error of the browser's where the bytes cannot be decoded; the page then asks Python.
 */
export async function toPhoto(source: Source, order: DecodeOrder): Promise<Decoded> {
  const begun = performance.now();
  const picture = await open(source, order);
  try {
    const shown = upright(picture, picture.orientation);
    const size = sparing(shown, pixelSize(shown, order.minSide));
    const ready = asItIs(picture, size);
    const canvas = ready && order.thumbSide === 0 ? null : drawn(picture.source, picture, picture.orientation, size);
    const pixels = rgb(ready ?? imageOf(canvas!));
    const decoded = performance.now();
    const small = thumbSize(shown, order.thumbSide);
    // From the pixels, which are larger and just as sharp.
    const thumb = canvas && order.thumbSide > 0 ? await jpeg(canvas, small) : new Uint8Array();
    const full = fullSize(order, shown);
    return {
      pixels, width: size.width, height: size.height,
      photoWidth: full.width, photoHeight: full.height,
      thumb, thumbWidth: small.width, thumbHeight: small.height,
      ms: { decode: decoded - begun, thumb: performance.now() - decoded },
    };
  } finally {
    picture.close();
  }
}

const FULL_QUALITY = 0.9;

/** A photo in full, upright, as a JPEG; only for kinds that have a codec, since others go to Python where the browser fails. */
export async function toFull(bytes: Uint8Array<ArrayBuffer>, order: DecodeOrder): Promise<Shown> {
  if (!hasCodec(order.mime)) throw new Error(`There is no codec for ${order.mime}.`);
  const picture = await openCoded(bytes, order, viewSize);
  try {
    const size = upright({ width: picture.width, height: picture.height }, picture.orientation);
    const canvas = drawn(picture.source, picture, picture.orientation, size);
    return { jpeg: await encoded(canvas, FULL_QUALITY), ...size };
  } finally {
    picture.close();
  }
}

/** The pixels of a picture that needs neither turning nor scaling. */
function asItIs({ source, orientation, width, height }: Picture, size: Size): ImageData | null {
  return source instanceof ImageData && orientation === 1 && width === size.width && height === size.height ? source : null;
}

/** The header's size, upright; the decoded size where the header does not tell. */
function fullSize(order: DecodeOrder, shown: Size): Size {
  if (order.width <= 0 || order.height <= 0) return { width: shown.width, height: shown.height };
  return upright({ width: order.width, height: order.height }, order.orientation);
}

async function open(source: Source, order: DecodeOrder): Promise<Picture> {
  // JPEG alone can be decoded at an eighth to seven eighths of its size, for a third of the time. In full it is not decoded so: the
  // frame would come in YUV, whose colours are less fine than those of a bitmap, which is what Pillow sees to the last bit.
  const wanted = order.mime === "image/jpeg" && order.width > 0 ? leastEighth(order, order.minSide, order.thumbSide) : null;
  if (wanted && wanted.width < order.width && (await hasImageDecoder(order.mime))) {
    try {
      return await openFrame(await source(), order, wanted);
    } catch {
      // Some files that WebCodecs refuses are shown by the page's own decoder.
    }
  }
  if (!(await needsCodec(order.mime))) {
    try {
      return await openBitmap(await source(), order);
    } catch (problem) {
      // A browser that shows most HEIC photos may still lack the rarer kinds.
      if (!hasCodec(order.mime)) throw problem;
    }
  }
  return openCoded(await source(), order, (photo) => pixelSize(photo, order.minSide));
}

/** By a codec, scaled to what `fit` makes of a photo's size. */
async function openCoded(bytes: Uint8Array<ArrayBuffer>, order: DecodeOrder, fit: (photo: Size) => Size): Promise<Picture> {
  const photo = { width: order.width, height: order.height };
  const coded = await decodeWithCodec(order.mime, bytes, photo, fit(photo));
  const { width, height } = fit(coded);
  const smaller = width < coded.width;
  const source = await createImageBitmap(
    coloured(coded, order.displayP3), smaller ? { resizeWidth: width, resizeHeight: height, resizeQuality: "high" } : {},
  );
  return { source, width: source.width, height: source.height, orientation: coded.turned ? 1 : order.orientation, close: () => source.close() };
}

/** Pixels with what their numbers mean. */
function coloured({ data, width, height }: Coded, displayP3: boolean): ImageData {
  try {
    return new ImageData(data, width, height, { colorSpace: displayP3 ? "display-p3" : "srgb" });
  } catch {
    // A browser without wide colours shows them a little paler.
    return new ImageData(data, width, height);
  }
}

const known = new Map<string, Promise<boolean>>();

function hasImageDecoder(mime: string): Promise<boolean> {
  if (typeof ImageDecoder === "undefined") return Promise.resolve(false);
  let answer = known.get(mime);
  if (!answer) {
    answer = ImageDecoder.isTypeSupported(mime);
    known.set(mime, answer);
  }
  return answer;
}

/**
 * A JPEG, decoded straight to the least eighth of its size that is enough; asked for anything else, Chromium takes the eighth below.
 *
 * [Note: Frames are copied, not drawn] Chromium keeps every frame that is drawn on a canvas in a cache of shared memory, 0.75 MB
 * each, up to half a gigabyte. Copied frames leave nothing behind; they come as they are stored, so turning them is left to us.
 *
 * The bytes are the decoder's afterwards.
 */
async function openFrame(bytes: Uint8Array<ArrayBuffer>, order: DecodeOrder, wanted: Size): Promise<Picture> {
  const decoder = new ImageDecoder({
    data: bytes, transfer: [bytes.buffer], type: order.mime, preferAnimation: false, desiredWidth: wanted.width, desiredHeight: wanted.height,
  });
  try {
    const { image } = await decoder.decode({ frameIndex: 0 });
    try {
      const rect = image.visibleRect ?? { width: image.codedWidth, height: image.codedHeight };
      const size = { width: rect.width, height: rect.height };
      const pixels = new Uint8ClampedArray(size.width * size.height * 4);
      await image.copyTo(pixels, { format: "RGBA", colorSpace: "srgb" });
      const turned = order.orientation <= 1 || (await framesAreTurned(order.mime));
      const source = new ImageData(pixels, size.width, size.height);
      return { ...size, source, orientation: turned ? 1 : order.orientation, close: () => undefined };
    } finally {
      image.close();
    }
  } finally {
    decoder.close();
  }
}

async function openBitmap(bytes: Uint8Array<ArrayBuffer>, order: DecodeOrder): Promise<Picture> {
  const blob = new Blob([bytes], { type: order.mime });
  const turned = order.orientation <= 1 || (await bitmapsAreTurned(order.mime));
  const full = turned ? upright(order, order.orientation) : { width: order.width, height: order.height };
  const size = full.width > 0 && full.height > 0 ? pixelSize(full, order.minSide) : null;
  const smaller = size !== null && size.width < full.width;
  const source = await createImageBitmap(
    blob, smaller ? { resizeWidth: size.width, resizeHeight: size.height, resizeQuality: "high" } : {},
  );
  return { source, width: source.width, height: source.height, orientation: turned ? 1 : order.orientation, close: () => source.close() };
}
