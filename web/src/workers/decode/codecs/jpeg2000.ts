/** JPEG 2000 by OpenJPEG, compiled to WebAssembly (the npm package @cornerstonejs/codec-openjpeg). */
import type { Size } from "../sizes";
import { checkSize, codecBytes, codecModule, Undecoded, type Codec, type Coded } from "./codec";

interface Decoder {
  /** Room for the file's bytes, inside the library's memory. */
  getEncodedBuffer(bytes: number): Uint8Array;
  /** Leaves out this many of the highest resolutions, each of which doubles width and height. */
  decodeSubResolution(left: number, layer: number): void;
  /** Of the whole picture, whatever was left out. */
  getFrameInfo(): { width: number; height: number; bitsPerSample: number; componentCount: number; isSigned: boolean };
  /** Samples of a pixel beside each other, of one or two bytes; a view of the library's memory. */
  getDecodedBuffer(): Uint8Array;
  getColorSpace(): number;
  delete(): void;
}

interface OpenJpeg {
  J2KDecoder: new () => Decoder;
}

type MakeOpenJpeg = (options: { wasmBinary: Uint8Array; print: () => void; printErr: () => void }) => Promise<OpenJpeg>;

/** OPJ_CLRSPC_SYCC in openjpeg.h: luma and two colour differences. */
const YCC = 3;
/** Encoders make five halvings; more than this leave no picture. */
const MOST_LEFT = 5;

export async function loadJpeg2000(): Promise<Codec> {
  const [make, wasmBinary] = await Promise.all([codecModule<MakeOpenJpeg>("openjpeg.js"), codecBytes("openjpeg.wasm")]);
  const library = await make({ wasmBinary, print: () => undefined, printErr: () => undefined });
  return { turns: false, decode: (bytes, photo, least) => decode(library, bytes, photo, least) };
}

function decode(library: OpenJpeg, bytes: Uint8Array, photo: Size, least: Size): Coded {
  const left = halvings(photo, least);
  const small = left > 0 ? tryDecode(library, bytes, left) : null;
  // Pictures with fewer resolutions have nothing to leave out.
  const picture = small ?? tryDecode(library, bytes, 0);
  if (!picture) throw new Undecoded("OpenJPEG cannot decode it.");
  return picture;
}

/** How often a photo can be halved before it is smaller than wanted. */
export function halvings(photo: Size, least: Size): number {
  let left = 0;
  while (left < MOST_LEFT && photo.width >> (left + 1) >= least.width && photo.height >> (left + 1) >= least.height) left++;
  return left;
}

function tryDecode(library: OpenJpeg, bytes: Uint8Array, left: number): Coded | null {
  const decoder = new library.J2KDecoder();
  try {
    decoder.getEncodedBuffer(bytes.length).set(bytes);
    decoder.decodeSubResolution(left, 0);
    const { width: fullWidth, height: fullHeight, bitsPerSample, componentCount, isSigned } = decoder.getFrameInfo();
    checkSize(fullWidth, fullHeight);
    const width = Math.ceil(fullWidth / 2 ** left);
    const height = Math.ceil(fullHeight / 2 ** left);
    const samples = decoder.getDecodedBuffer();
    const sampleBytes = bitsPerSample > 8 ? 2 : 1;
    if (isSigned || samples.length !== width * height * componentCount * sampleBytes) return null;
    const values = sampleBytes === 2 ? new Uint16Array(samples.slice().buffer) : samples;
    return { width, height, data: toRgba(values, componentCount, bitsPerSample, decoder.getColorSpace() === YCC) };
  } catch (problem) {
    // Addresses of the library's own exceptions; anything else means that the library itself fell over.
    if (typeof problem === "number" || problem instanceof Undecoded) return null;
    throw problem;
  } finally {
    decoder.delete();
  }
}

/** Grey, or red, green and blue; with alpha where there is one component more. */
export function toRgba(values: ArrayLike<number>, components: number, bits: number, ycc: boolean): Uint8ClampedArray<ArrayBuffer> {
  const pixels = values.length / components;
  const data = new Uint8ClampedArray(pixels * 4);
  const scale = 255 / (2 ** bits - 1);
  const coloured = components >= 3;
  for (let from = 0, to = 0; to < data.length; from += components, to += 4) {
    const first = values[from]! * scale;
    const second = coloured ? values[from + 1]! * scale : first;
    const third = coloured ? values[from + 2]! * scale : first;
    data[to] = ycc ? first + 1.402 * (third - 127.5) : first;
    data[to + 1] = ycc ? first - 0.344136 * (second - 127.5) - 0.714136 * (third - 127.5) : second;
    data[to + 2] = ycc ? first + 1.772 * (second - 127.5) : third;
    data[to + 3] = components === 2 || components === 4 ? values[from + components - 1]! * scale : 255;
  }
  return data;
}
