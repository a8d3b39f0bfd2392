/** Drawing: turned, scaled, on white; and reading pixels and JPEGs back. */
import { turn } from "./orientation";
import { upright, type Size } from "./sizes";

const THUMB_QUALITY = 0.8;
const NO_CANVAS = "This browser gives no canvas to draw on; close other tabs and try again.";

interface Sheet {
  canvas: OffscreenCanvas;
  context: OffscreenCanvasRenderingContext2D;
}

function sheet(size: Size): Sheet {
  const canvas = new OffscreenCanvas(size.width, size.height);
  const context = canvas.getContext("2d", { alpha: false, willReadFrequently: true });
  if (!context) throw new Error(NO_CANVAS);
  return { canvas, context };
}

/** Pixels on a canvas, as they are. */
function staged(pixels: ImageData): OffscreenCanvas {
  const { canvas, context } = sheet(pixels);
  context.putImageData(pixels, 0, 0);
  return canvas;
}

/** A picture of `stored` size, turned upright and scaled to `size`; what is transparent becomes white. */
export function drawn(picture: ImageData | ImageBitmap, stored: Size, orientation: number, size: Size): OffscreenCanvas {
  const same = stored.width === size.width && stored.height === size.height;
  const source = picture instanceof ImageData ? staged(picture) : picture;
  if (source instanceof OffscreenCanvas && orientation === 1 && same) return source;
  const { canvas, context } = sheet(size);
  context.fillStyle = "#fff";
  context.fillRect(0, 0, size.width, size.height);
  context.imageSmoothingQuality = "high";
  const lying = upright(size, orientation);
  context.setTransform(...turn(orientation, lying.width, lying.height));
  context.drawImage(source, 0, 0, lying.width, lying.height);
  return canvas;
}

export function imageOf(canvas: OffscreenCanvas): ImageData {
  const context = canvas.getContext("2d");
  if (!context) throw new Error(NO_CANVAS);
  return context.getImageData(0, 0, canvas.width, canvas.height);
}

/** Pixels without their fourth channel. */
export function rgb({ data }: ImageData): Uint8Array<ArrayBuffer> {
  const pixels = new Uint8Array((data.length / 4) * 3);
  for (let from = 0, to = 0; from < data.length; from += 4, to += 3) {
    pixels[to] = data[from]!;
    pixels[to + 1] = data[from + 1]!;
    pixels[to + 2] = data[from + 2]!;
  }
  return pixels;
}

export async function jpeg(source: OffscreenCanvas, size: Size): Promise<Uint8Array<ArrayBuffer>> {
  const { canvas, context } = sheet(size);
  context.imageSmoothingQuality = "high";
  context.drawImage(source, 0, 0, size.width, size.height);
  return encoded(canvas, THUMB_QUALITY);
}

/** The canvas as a JPEG; quality from 0 to 1. */
export async function encoded(canvas: OffscreenCanvas, quality: number): Promise<Uint8Array<ArrayBuffer>> {
  const blob = await canvas.convertToBlob({ type: "image/jpeg", quality });
  return new Uint8Array(await blob.arrayBuffer());
}
