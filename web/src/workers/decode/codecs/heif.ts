/** HEIC by libheif, compiled to WebAssembly (the npm package libheif-js). Its interface is that of the C library, handles and all. */
import { checkSize, codecBytes, codecModule, Undecoded, type Codec, type Coded } from "./codec";

type Handle = object;
/** Most calls answer with a result or an error, which alone has a code. */
interface Problem {
  code: unknown;
  message: string;
}
interface DecodedImage {
  image: Handle;
  channels: { width: number; height: number; stride: number; data: Uint8Array }[];
}

interface Libheif {
  heif_error_code: { heif_error_Ok: unknown };
  heif_colorspace: { heif_colorspace_RGB: unknown };
  heif_chroma: { heif_chroma_interleaved_RGBA: unknown };
  heif_context_alloc(): Handle;
  heif_context_free(context: Handle): void;
  heif_context_read_from_memory(context: Handle, bytes: Uint8Array): Problem;
  heif_js_context_get_primary_image_handle(context: Handle): Handle | Problem;
  heif_image_handle_release(image: Handle): void;
  heif_image_handle_get_width(image: Handle): number;
  heif_image_handle_get_height(image: Handle): number;
  heif_js_decode_image2(image: Handle, colours: unknown, chroma: unknown): DecodedImage | Problem;
  heif_image_release(image: Handle): void;
}

type MakeLibheif = (options: { wasmBinary: Uint8Array; print: () => void; printErr: () => void }) => Libheif;

export async function loadHeif(): Promise<Codec> {
  const [make, wasmBinary] = await Promise.all([codecModule<MakeLibheif>("libheif.js"), codecBytes("libheif.wasm")]);
  // This build is ready as soon as it is made.
  const library = make({ wasmBinary, print: () => undefined, printErr: () => undefined });
  return { turns: true, decode: (bytes) => decode(library, bytes) };
}

function isProblem(answer: object): answer is Problem {
  return "code" in answer && answer.code !== undefined;
}

function decode(library: Libheif, bytes: Uint8Array): Coded {
  const context = library.heif_context_alloc();
  try {
    const read = library.heif_context_read_from_memory(context, bytes);
    if (read.code !== library.heif_error_code.heif_error_Ok) throw new Undecoded(read.message);
    const main = library.heif_js_context_get_primary_image_handle(context);
    if (isProblem(main)) throw new Undecoded(main.message);
    try {
      checkSize(library.heif_image_handle_get_width(main), library.heif_image_handle_get_height(main));
      return pixelsOf(library, main);
    } finally {
      library.heif_image_handle_release(main);
    }
  } finally {
    library.heif_context_free(context);
  }
}

function pixelsOf(library: Libheif, main: Handle): Coded {
  const found = library.heif_js_decode_image2(main, library.heif_colorspace.heif_colorspace_RGB, library.heif_chroma.heif_chroma_interleaved_RGBA);
  if (isProblem(found)) throw new Undecoded(found.message);
  try {
    const plane = found.channels[0];
    if (!plane) throw new Undecoded("It has no colours.");
    const { width, height, stride } = plane;
    checkSize(width, height);
    // The plane is a view of the library's memory, its rows padded.
    const data = new Uint8ClampedArray(width * height * 4);
    for (let y = 0; y < height; y++) data.set(plane.data.subarray(y * stride, y * stride + width * 4), y * width * 4);
    return { width, height, data };
  } finally {
    library.heif_image_release(found.image);
  }
}
