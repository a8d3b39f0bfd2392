/** A member of the decode pool: reads a file, hashes it, and turns it into pixels and a thumbnail. */
import * as Comlink from "comlink";
import type { DecodeService } from "../messages";
import { toPhoto } from "./decode/photo";

/** What Python looks at to tell formats and facts. */
const HEAD_BYTES = 256 * 1024;

const kept = new Map<number, Uint8Array<ArrayBuffer>>();

function bytesOf(photo: number): Uint8Array<ArrayBuffer> {
  const bytes = kept.get(photo);
  if (!bytes) throw new Error("The photo was set aside before it was decoded. Add it again.");
  return bytes;
}

async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

const service: DecodeService = {
  async head(file) {
    const head = new Uint8Array(await file.slice(0, HEAD_BYTES).arrayBuffer());
    return Comlink.transfer(head, [head.buffer]);
  },

  async read(photo, file) {
    const bytes = new Uint8Array(await file.arrayBuffer());
    const hash = await sha256(bytes);
    kept.set(photo, bytes);
    const head = bytes.slice(0, HEAD_BYTES);
    return Comlink.transfer({ hash, head }, [head.buffer]);
  },

  take(photo) {
    const bytes = bytesOf(photo);
    kept.delete(photo);
    return Comlink.transfer(bytes, [bytes.buffer]);
  },

  whole(photo) {
    const bytes = bytesOf(photo).slice();
    return Comlink.transfer(bytes, [bytes.buffer]);
  },

  async decode(photo, order) {
    const decoded = await toPhoto(bytesOf(photo), order);
    kept.delete(photo);
    return Comlink.transfer(decoded, [decoded.pixels.buffer, decoded.thumb.buffer]);
  },

  drop(photo) {
    kept.delete(photo);
  },
};

Comlink.expose(service);
