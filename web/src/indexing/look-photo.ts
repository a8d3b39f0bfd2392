/** One photo on its way to be looked at again: from its id to pixels that are large enough for what is looked for. */
import type { Library } from "../client";
import type { Decoded, FaceOrder } from "../messages";
import { TooSlow, WorkerLost } from "../worker-handle";
import { isCodecMissing, type PhotoInPool } from "./decode-pool";
import { Undecodable } from "./fallback-decoder";
import type { Originals } from "./originals";
import type { Tools } from "./prepare";

/** Python always makes a thumbnail; nobody looks at this one. */
const LEAST_THUMB = 16;

/** `waits`: its file is not at hand; `missed`: nobody can decode it at this size. */
export type Seen = { kind: "waits" } | { kind: "missed" } | { kind: "ready"; pixels: Uint8Array<ArrayBuffer>; width: number; height: number };

type Order = Extract<FaceOrder, { action: "decode" }>;

/** Rejects with `WorkerLost` where another photo took the worker down: try again. `minSide`: what the shorter side should be at least. */
export async function seePhoto(
  id: string, names: string[], alone: boolean, originals: Originals, tools: Tools, minSide: number,
): Promise<Seen> {
  const file = await originals.find(names);
  if (!file) return { kind: "waits" };
  const photo = await tools.pool.enter(file.size, alone);
  try {
    let read: { hash: string; head: Uint8Array<ArrayBuffer> };
    try {
      read = await photo.read(file);
    } catch (error) {
      if (error instanceof WorkerLost) throw error;
      return { kind: "waits" };
    }
    const order = await askOrder(id, read, file.size, photo, tools.library);
    if (order === null) return { kind: "waits" };
    const { pixels, width, height } = await decode(photo, order, names[0] ?? "", tools, minSide);
    return { kind: "ready", pixels, width, height };
  } catch (error) {
    if (error instanceof Unseen) return { kind: "missed" };
    if (isCodecMissing(error)) return { kind: "waits" };
    throw error;
  } finally {
    photo.release();
  }
}

/** This photo cannot be decoded. */
class Unseen extends Error {}

/** How to decode the file; null where it is another photo by now. */
async function askOrder(
  id: string, { hash, head }: { hash: string; head: Uint8Array<ArrayBuffer> }, size: number, photo: PhotoInPool, library: Library,
): Promise<Order | null> {
  let order = await library.call("faces_order", { id, hash, head, whole: size <= head.byteLength }, [head.buffer]);
  if (order.action === "whole") {
    const bytes = await photo.whole();
    order = await library.call("faces_order", { id, hash, head: bytes, whole: true }, [bytes.buffer]);
  }
  return order.action === "decode" ? order : null;
}

async function decode(photo: PhotoInPool, order: Order, name: string, { fallback }: Tools, minSide: number): Promise<Decoded> {
  const { mime, orientation, width, height, displayP3 } = order;
  try {
    if (order.decoder === "browser") {
      try {
        return await photo.decode({ mime, orientation, width, height, displayP3, minSide, thumbSide: 0 });
      } catch (error) {
        if (error instanceof TooSlow || error instanceof WorkerLost || !order.fallback) throw error;
      }
    }
    const data = await photo.take();
    return await fallback.decode({ data, name, orientation, minSide, thumbSide: LEAST_THUMB });
  } catch (error) {
    if (error instanceof WorkerLost || isCodecMissing(error)) throw error;
    if (error instanceof TooSlow || error instanceof Undecodable) throw new Unseen();
    // What the browser's decoder throws for bytes that it does not like.
    console.warn(error);
    throw new Unseen();
  }
}
