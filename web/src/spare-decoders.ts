/** Decoders for single pictures beside the library's own work: one that a person looks at, one that is compared with. */
import type { Library } from "./client";
import { DecodePool, type PhotoInPool } from "./indexing/decode-pool";
import { FallbackDecoder } from "./indexing/fallback-decoder";
import type { Judgement } from "./messages";

const pool = new DecodePool(1);
export const fallback = new FallbackDecoder();

type Order = Extract<Judgement, { action: "decode" }>;

/** Do something with a file in a decode worker, once Python has said what it is; null where it is no photo that can be decoded. */
export async function withPhoto<T>(
  file: Blob, name: string, library: Library, work: (photo: PhotoInPool, order: Order) => Promise<T>,
): Promise<T | null> {
  const photo = await pool.enter(file.size, true);
  try {
    const { head } = await photo.read(file);
    let order = await library.call("judge", { name, head, whole: file.size <= head.byteLength }, [head.buffer]);
    if (order.action === "whole") {
      const bytes = await photo.whole();
      order = await library.call("judge", { name, head: bytes, whole: true }, [bytes.buffer]);
    }
    return order.action === "decode" ? await work(photo, order) : null;
  } finally {
    photo.release();
  }
}
