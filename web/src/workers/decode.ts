/** A member of the decode pool: reads a file, hashes it, and turns it into pixels and a thumbnail; or turns thumbnails grey. */
import * as Comlink from "comlink";
import type { DecodeService } from "../messages";
import { sha256 } from "../sha256";
import { codecOf, needsCodec } from "./decode/codecs";
import { greysOf } from "./decode/greys";
import { toFull, toPhoto } from "./decode/photo";

/** What Python looks at to tell formats and facts. */
const HEAD_BYTES = 256 * 1024;

interface Kept {
  file: Blob;
  /** Empty once they were handed over: decoders get bytes without a copy, and who comes after them reads the file again. */
  bytes: Uint8Array<ArrayBuffer>;
}

const kept = new Map<number, Kept>();

async function read(file: Blob): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await file.arrayBuffer());
}

async function bytesOf(photo: number): Promise<Uint8Array<ArrayBuffer>> {
  const one = kept.get(photo);
  if (!one) throw new Error("The photo was set aside before it was decoded. Add it again.");
  if (one.bytes.byteLength < one.file.size) one.bytes = await read(one.file);
  return one.bytes;
}

const service: DecodeService = {
  async head(file) {
    const head = await read(file.slice(0, HEAD_BYTES));
    return Comlink.transfer(head, [head.buffer]);
  },

  async read(photo, file) {
    const bytes = await read(file);
    const hash = await sha256(bytes);
    kept.set(photo, { file, bytes });
    const head = bytes.slice(0, HEAD_BYTES);
    return Comlink.transfer({ hash, head }, [head.buffer]);
  },

  async take(photo) {
    const bytes = await bytesOf(photo);
    kept.delete(photo);
    return Comlink.transfer(bytes, [bytes.buffer]);
  },

  async whole(photo) {
    const bytes = (await bytesOf(photo)).slice();
    return Comlink.transfer(bytes, [bytes.buffer]);
  },

  async decode(photo, order) {
    const decoded = await toPhoto(() => bytesOf(photo), order);
    kept.delete(photo);
    return Comlink.transfer(decoded, [decoded.pixels.buffer, decoded.thumb.buffer]);
  },

  async ready(mime) {
    if (await needsCodec(mime)) await codecOf(mime);
  },

  async show(photo, order) {
    const shown = await toFull(await bytesOf(photo), order);
    return Comlink.transfer(shown, [shown.jpeg.buffer]);
  },

  drop(photo) {
    kept.delete(photo);
  },

  async greys(ids, side) {
    const found = await greysOf(ids, side);
    return Comlink.transfer(found, found.values.map((values) => values.buffer));
  },
};

Comlink.expose(service);
