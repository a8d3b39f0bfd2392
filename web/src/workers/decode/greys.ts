/** Stored thumbnails in grey, small, for comparing photos: py/shoebox/duplicates/prints.py says what for. */
import type { Greys } from "../../messages";
import { readThumbnails } from "../../storage/thumbnails";
import type { Thumb } from "../../storage/schema";
import { boxShrunk } from "./box-shrink";
import { imageOf, drawn } from "./canvas";

/** JPEGs are decoded to half their size at a fraction of the cost. */
const HALF = 2;
const MIME = "image/jpeg";
/** The weights of luma in JPEG (ITU-R BT.601), in 65,536ths, as Pillow has them. */
const RED = 19595, GREEN = 38470, BLUE = 7471, HALF_STEP = 0x8000;

interface Grey {
  values: Uint8Array<ArrayBuffer>;
  size: [width: number, height: number];
}

/** At half their size, or squashed to a square of so many pixels. Of photos without a thumbnail that can be decoded there is nothing. */
export async function greysOf(ids: string[], side: number | null): Promise<Greys> {
  const thumbs = await readThumbnails(ids);
  const made = await Promise.all(thumbs.map(([, thumb]) => greyOf(thumb).then((grey) => squashed(grey, side)).catch(() => null)));
  const found = thumbs.flatMap(([id], place) => (made[place] ? [{ id, ...made[place] }] : []));
  return { ids: found.map(({ id }) => id), values: found.map(({ values }) => values), sizes: found.map(({ size }) => size) };
}

function squashed({ values, size: [width, height] }: Grey, side: number | null): Grey {
  return side === null ? { values, size: [width, height] } : { values: boxShrunk(values, width, height, side), size: [side, side] };
}

async function greyOf({ bytes, width, height }: Thumb): Promise<Grey> {
  const half = { width: Math.max(1, Math.ceil(width / HALF)), height: Math.max(1, Math.ceil(height / HALF)) };
  if (typeof ImageDecoder === "undefined") {
    const bitmap = await createImageBitmap(new Blob([bytes], { type: MIME }));
    const { data } = imageOf(drawn(bitmap, bitmap, 1, half));
    bitmap.close();
    return { values: grey(data, RED, BLUE), size: [half.width, half.height] };
  }
  const decoder = new ImageDecoder({ data: bytes, type: MIME, preferAnimation: false, desiredWidth: half.width, desiredHeight: half.height });
  try {
    const { image } = await decoder.decode({ frameIndex: 0 });
    try {
      return await greyOfFrame(image);
    } finally {
      image.close();
    }
  } finally {
    decoder.close();
  }
}

/** Copied as it lies in memory: to ask for another order of colours would cost as much as decoding. */
async function greyOfFrame(image: VideoFrame): Promise<Grey> {
  const blueFirst = image.format === "BGRX" || image.format === "BGRA";
  const options: VideoFrameCopyToOptions = blueFirst ? {} : { format: "RGBA", colorSpace: "srgb" };
  const { width, height } = image.visibleRect ?? { width: image.codedWidth, height: image.codedHeight };
  const pixels = new Uint8Array(image.allocationSize(options));
  await image.copyTo(pixels, options);
  return { values: blueFirst ? grey(pixels, BLUE, RED) : grey(pixels, RED, BLUE), size: [width, height] };
}

/** Of four bytes a pixel. */
function grey(pixels: Uint8Array | Uint8ClampedArray, first: number, third: number): Uint8Array<ArrayBuffer> {
  const values = new Uint8Array(pixels.length >> 2);
  for (let from = 0, to = 0; to < values.length; from += 4, to += 1) {
    values[to] = (first * pixels[from]! + GREEN * pixels[from + 1]! + third * pixels[from + 2]! + HALF_STEP) >> 16;
  }
  return values;
}
