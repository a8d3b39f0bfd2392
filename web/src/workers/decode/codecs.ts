/**
 * Codecs for what few browsers decode: HEIC and JPEG 2000. Each is a file of its own that is fetched when the first such photo comes,
 * and never before; the service worker keeps it from then on.
 */
import { Undecoded, type Codec, type Coded } from "./codecs/codec";
import { loadHeif } from "./codecs/heif";
import { loadJpeg2000 } from "./codecs/jpeg2000";
import type { Size } from "./sizes";

/** The codec's files are not on this device and cannot be fetched now. The message is for people. */
export class CodecMissing extends Error {
  override name = "CodecMissing";
}

interface Kind {
  format: string;
  load: () => Promise<Codec>;
  /** A picture of 16 x 16 pixels: a browser that shows it needs no codec. */
  probe: string;
}

const KINDS: Record<string, Kind> = {
  "image/heic": {
    format: "HEIC", load: loadHeif,
    probe: "AAAAHGZ0eXBoZWl4AAAAAG1pZjFoZWl4bWlhZgAAAXZtZXRhAAAAAAAAACFoZGxyAAAAAAAAAABwaWN0AAAAAAAAAAAAAAAAAAAAACJpbG9jAAAAAERAAAEAAQAAAAABmgABAAAAAAAAABoAAAAjaWluZgAAAAAAAQAAABVpbmZlAgAAAAABAABodmMxAAAAAA5waXRtAAAAAAABAAAA9mlwcnAAAADWaXBjbwAAAHFodmNDAQQIAAAAn/gAAAAAHvAA/Pz4+AAADwNgAAEAF0ABDAH//wQIAAADAJ/4AAADAAAeugJAYQABACZCAQEECAAAAwCf+AAAAwAAHsCCBBZbqrprmwIAAAMAMgAAAwACEGIAAQAGRAHBc8GJAAAAE2NvbHJuY2x4AAEADQAGgAAAABRpc3BlAAAAAAAAAEAAAABAAAAAKGNsYXAAAAAQAAAAAQAAABAAAAAB////0AAAAAL////QAAAAAgAAAA5waXhpAAAAAAEIAAAAGGlwbWEAAAAAAAAAAQABBYECAwWEAAAAIm1kYXQAAAAWKAGuCCRtuOBr0zWyQStQpn9mwJUBEQ==",
  },
  "image/jp2": {
    format: "JPEG 2000", load: loadJpeg2000,
    probe: "AAAADGpQICANCocKAAAAFGZ0eXBqcDIgAAAAAGpwMiAAAAAtanAyaAAAABZpaGRyAAAAEAAAABAAAQcHAAAAAAAPY29scgEAAAAAABEAAACBanAyY/9P/1EAKQAAAAAAEAAAABAAAAAAAAAAAAAAABAAAAAQAAAAAAAAAAAAAQcBAf9SAAwAAAABAAAEBAAB/1wABEBA/2QAJQABQ3JlYXRlZCBieSBPcGVuSlBFRyB2ZXJzaW9uIDIuNS40/5AACgAAAAAADwAB/5OA/9k=",
  },
};

const native = new Map<string, Promise<boolean>>();
const loaded = new Map<string, Promise<Codec>>();

export function hasCodec(mime: string): boolean {
  return mime in KINDS;
}

/** Does this kind of picture need a codec in this browser? It is asked once. */
export function needsCodec(mime: string): Promise<boolean> {
  const kind = KINDS[mime];
  if (!kind) return Promise.resolve(false);
  let shown = native.get(mime);
  if (!shown) {
    const bytes = Uint8Array.from(atob(kind.probe), (letter) => letter.charCodeAt(0));
    shown = createImageBitmap(new Blob([bytes], { type: mime })).then((bitmap) => {
      bitmap.close();
      return true;
    }, () => false);
    native.set(mime, shown);
  }
  return shown.then((yes) => !yes);
}

/** Fetch the codec of a kind that needs one. Rejects with `CodecMissing`. */
export function codecOf(mime: string): Promise<Codec> {
  let codec = loaded.get(mime);
  if (!codec) {
    const { format, load } = KINDS[mime]!;
    codec = load().catch((problem: unknown) => {
      loaded.delete(mime);
      console.warn(problem);
      throw new CodecMissing(
        `${format} photos need a part of Shoebox that is not on this device yet. Connect to the network once, and add the photo again.`,
      );
    });
    loaded.set(mime, codec);
  }
  return codec;
}

/** Decode with a codec. One that stumbles is let go of, since its memory may be in disorder; the next photo gets a new one. */
export async function decodeWithCodec(mime: string, bytes: Uint8Array<ArrayBuffer>, photo: Size, least: Size): Promise<Coded & { turned: boolean }> {
  const codec = await codecOf(mime);
  try {
    return { ...codec.decode(bytes, photo, least), turned: codec.turns };
  } catch (problem) {
    if (!(problem instanceof Undecoded)) loaded.delete(mime);
    throw problem;
  }
}
