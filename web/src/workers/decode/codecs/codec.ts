/** What a codec is, and what all of them need. */
import type { Size } from "../sizes";

/** A picture as a codec gives it: RGBA, alpha not multiplied in. It may be smaller than the photo. */
export interface Coded extends Size {
  data: Uint8ClampedArray<ArrayBuffer>;
}

export interface Codec {
  /** Does it turn pictures upright as it decodes? */
  readonly turns: boolean;
  /** The picture, at least as large as `least` where the photo is. Throws `Undecoded` for bytes that it cannot decode. */
  decode(bytes: Uint8Array<ArrayBuffer>, photo: Size, least: Size): Coded;
}

/** The bytes are damaged, or of a kind that the codec does not know. */
export class Undecoded extends Error {
  override name = "Undecoded";
}

/** More pixels than this are not decoded, whatever a file's header said; the same in py/shoebox/photo/limits.py. */
const MOST_PIXELS = 128_000_000;

export function checkSize(width: number, height: number): void {
  if (!(width > 0 && height > 0 && width * height <= MOST_PIXELS)) throw new Undecoded(`It has ${width} x ${height} pixels.`);
}

/** Where a file of the codecs lies, seen from a worker. */
export function codecFile(name: string): string {
  return new URL(`../codecs/${name}`, self.location.href).href;
}

/** A module of the codecs, as its package made it. */
export async function codecModule<T>(name: string): Promise<T> {
  return ((await import(codecFile(name))) as { default: T }).default;
}

export async function codecBytes(name: string): Promise<Uint8Array<ArrayBuffer>> {
  const answer = await fetch(codecFile(name));
  if (!answer.ok) throw new Error(`${name}: ${answer.status}`);
  return new Uint8Array(await answer.arrayBuffer());
}
