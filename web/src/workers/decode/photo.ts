/** From the bytes of a photo to upright RGB pixels of moderate size and a thumbnail. */
import type { Decoded, DecodeOrder } from "../../messages";
import { appliesOrientation, turn } from "./orientation";
import { pixelSize, thumbSize, upright, type Size } from "./sizes";

/** A decoded picture that can be drawn, of the size as drawn; not yet turned where the browser does not do that. */
interface Picture extends Size {
  image: VideoFrame | ImageBitmap;
  close(): void;
}

const THUMB_QUALITY = 0.8;

/**
 * Decode, turn upright, and scale.
 *
 * Throws an Error of the browser's where the bytes cannot be decoded; the page then asks Python.
 */
export async function toPhoto(bytes: Uint8Array<ArrayBuffer>, order: DecodeOrder): Promise<Decoded> {
  const begun = performance.now();
  const turned = order.orientation <= 1 || (await appliesOrientation(order.mime));
  const picture = await open(bytes, order);
  try {
    const orientation = turned ? 1 : order.orientation;
    const shown = upright(picture, orientation);
    const size = pixelSize(shown, order.minSide);
    const canvas = draw(picture, orientation, size);
    const pixels = rgb(canvas);
    const decoded = performance.now();
    const small = thumbSize(shown, order.thumbSide);
    // From the pixels, which are larger and just as sharp.
    const thumb = await jpeg(canvas, small);
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

/** The header's size, upright; the decoded size where the header does not tell. */
function fullSize(order: DecodeOrder, shown: Size): Size {
  if (order.width <= 0 || order.height <= 0) return { width: shown.width, height: shown.height };
  return upright({ width: order.width, height: order.height }, order.orientation);
}

async function open(bytes: Uint8Array<ArrayBuffer>, order: DecodeOrder): Promise<Picture> {
  // JPEG alone can be decoded at an eighth to seven eighths of its size, for a third of the time.
  if (order.mime === "image/jpeg" && order.width > 0 && (await hasImageDecoder(order.mime))) {
    try {
      return await openScaled(bytes, order);
    } catch {
      // Some files that WebCodecs refuses are shown by the page's own decoder.
    }
  }
  return openBitmap(bytes, order);
}

const decoderKnown = new Map<string, Promise<boolean>>();

function hasImageDecoder(mime: string): Promise<boolean> {
  if (typeof ImageDecoder === "undefined") return Promise.resolve(false);
  let known = decoderKnown.get(mime);
  if (!known) {
    known = ImageDecoder.isTypeSupported(mime);
    decoderKnown.set(mime, known);
  }
  return known;
}

async function openScaled(bytes: Uint8Array<ArrayBuffer>, order: DecodeOrder): Promise<Picture> {
  const full = { width: order.width, height: order.height };
  const wanted = pixelSize(full, order.minSide);
  const enough = Math.min(order.minSide, full.width, full.height);
  const picture = await frame(bytes, order.mime, wanted);
  // The decoder takes the nearest eighth, which may fall short for narrow photos.
  if (Math.min(picture.width, picture.height) >= enough) return picture;
  picture.close();
  return frame(bytes, order.mime, { width: Math.min(full.width, wanted.width * 2), height: Math.min(full.height, wanted.height * 2) });
}

async function frame(bytes: Uint8Array<ArrayBuffer>, mime: string, wanted: Size): Promise<Picture> {
  const decoder = new ImageDecoder({
    data: bytes, type: mime, preferAnimation: false, desiredWidth: wanted.width, desiredHeight: wanted.height,
  });
  try {
    const { image } = await decoder.decode({ frameIndex: 0 });
    return { image, width: image.displayWidth, height: image.displayHeight, close: () => image.close() };
  } finally {
    decoder.close();
  }
}

async function openBitmap(bytes: Uint8Array<ArrayBuffer>, order: DecodeOrder): Promise<Picture> {
  const blob = new Blob([bytes], { type: order.mime });
  const known = order.width > 0 && order.height > 0;
  const turned = order.orientation <= 1 || (await appliesOrientation(order.mime));
  const full = turned ? upright(order, order.orientation) : order;
  const size = known ? pixelSize(full, order.minSide) : null;
  const smaller = size !== null && size.width < full.width;
  const image = await createImageBitmap(
    blob, smaller ? { resizeWidth: size.width, resizeHeight: size.height, resizeQuality: "high" } : {},
  );
  return { image, width: image.width, height: image.height, close: () => image.close() };
}

/** Draw upright and scaled, on white. */
function draw(picture: Picture, orientation: number, size: Size): OffscreenCanvas {
  const { canvas, context } = blank(size);
  const stored = upright(size, orientation);
  context.setTransform(...turn(orientation, stored.width, stored.height));
  context.drawImage(picture.image, 0, 0, stored.width, stored.height);
  return canvas;
}

function blank(size: Size): { canvas: OffscreenCanvas; context: OffscreenCanvasRenderingContext2D } {
  const canvas = new OffscreenCanvas(size.width, size.height);
  const context = canvas.getContext("2d", { alpha: false, willReadFrequently: true });
  if (!context) throw new Error("This browser gives no canvas to draw on; close other tabs and try again.");
  context.fillStyle = "#fff";
  context.fillRect(0, 0, size.width, size.height);
  context.imageSmoothingQuality = "high";
  return { canvas, context };
}

/** The canvas without its fourth channel. */
function rgb(canvas: OffscreenCanvas): Uint8Array<ArrayBuffer> {
  const context = canvas.getContext("2d");
  if (!context) throw new Error("This browser gives no canvas to draw on; close other tabs and try again.");
  const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
  const pixels = new Uint8Array((data.length / 4) * 3);
  for (let from = 0, to = 0; from < data.length; from += 4, to += 3) {
    pixels[to] = data[from]!;
    pixels[to + 1] = data[from + 1]!;
    pixels[to + 2] = data[from + 2]!;
  }
  return pixels;
}

async function jpeg(source: OffscreenCanvas, size: Size): Promise<Uint8Array<ArrayBuffer>> {
  const { canvas, context } = blank(size);
  context.drawImage(source, 0, 0, size.width, size.height);
  const blob = await canvas.convertToBlob({ type: "image/jpeg", quality: THUMB_QUALITY });
  return new Uint8Array(await blob.arrayBuffer());
}
