/** One photo from file to pixels: read, hash, ask Python what it is, decode. */
import { stagedOf, type Decoded, type Staged, type Verdict } from "../messages";
import type { Library } from "../client";
import { LibraryError } from "../client";
import { TooSlow, WorkerLost } from "../worker-handle";
import { isCodecMissing, type DecodePool, type PhotoInPool } from "./decode-pool";
import { Undecodable, type FallbackDecoder } from "./fallback-decoder";
import type { Item } from "./job";

export type Prepared =
  | { kind: "skip"; outcome: "unchanged" | "duplicates"; staged: Staged[] }
  | { kind: "fail"; reason: string; permanent: boolean; others: string[] }
  | { kind: "ready"; ticket: number; decoded: Decoded };

const MIN_SIDE = 224;
const THUMB_SIDE = 400;
/** Larger files are asked what they are by their first bytes, before all of them are read: most are videos. */
const LOOK_FIRST_FROM = 32 * 1024 * 1024;
/** A file must fit into memory whole to be hashed. */
const LARGEST_FILE = 1024 * 1024 * 1024;

const UNREADABLE = "The file could not be read: it was moved or changed, or the browser may no longer open it. Add it again.";
const TOO_SLOW = "Opening this photo took longer than 20 seconds, so it was left out.";
const TOO_BIG = "The file is larger than 1 GB, more than a browser can open at once.";

type Order = Extract<Verdict, { action: "decode" }>;

export interface Tools {
  library: Library;
  pool: DecodePool;
  fallback: FallbackDecoder;
}

const failed = (reason: string, permanent: boolean): Prepared => ({ kind: "fail", reason, permanent, others: [] });

/** Rejects with `WorkerLost` where another photo took the worker down: try again. */
export async function prepare(item: Item, tools: Tools): Promise<Prepared> {
  let file: File;
  try {
    file = item.file ?? (await openHandle(item));
  } catch {
    return failed(UNREADABLE, false);
  }
  if (file.size > LARGEST_FILE) return failed(TOO_BIG, true);
  const photo = await tools.pool.enter(file.size, item.attempts > 1);
  try {
    const early = file.size >= LOOK_FIRST_FROM ? await lookFirst(photo, file, item, tools) : null;
    return early ?? (await readAndDecode(photo, file, item, tools));
  } catch (error) {
    if (error instanceof WorkerLost) throw error;
    if (error instanceof TooSlow) return failed(TOO_SLOW, false);
    if (error instanceof LibraryError) return failed(error.message, false);
    return failed(UNREADABLE, false);
  } finally {
    photo.release();
  }
}

async function openHandle(item: Item): Promise<File> {
  if (!item.handle) throw new Error(UNREADABLE);
  const file = await item.handle.getFile();
  // After a reload the file may be another than the one that was scanned.
  item.size = file.size;
  item.mtime = file.lastModified;
  return file;
}

/** Judge a large file by its head alone; null where it is worth reading. */
async function lookFirst(photo: PhotoInPool, file: File, item: Item, { library }: Tools): Promise<Prepared | null> {
  const head = await photo.head(file);
  // A hash that no other file has, since this one's is not known yet.
  const hash = Array.from(crypto.getRandomValues(new Uint8Array(32)), (byte) => byte.toString(16).padStart(2, "0")).join("");
  const verdict = await library.call("inspect", { entry: entryOf(item, hash), head, whole: false }, [head.buffer]);
  if (verdict.action === "fail") return failed(verdict.reason, verdict.permanent);
  if (verdict.action === "decode") await library.call("abandon", { tickets: [verdict.ticket] });
  return null;
}

function entryOf({ name, size, mtime }: Item, hash: string): { name: string; size: number; mtime: number; hash: string } {
  return { name, size, mtime, hash };
}

async function readAndDecode(photo: PhotoInPool, file: File, item: Item, tools: Tools): Promise<Prepared> {
  const { library } = tools;
  const { hash, head } = await photo.read(file);
  const entry = entryOf(item, hash);
  const all = file.size <= head.byteLength;
  let verdict = await library.call("inspect", { entry, head, whole: all }, [head.buffer]);
  if (verdict.action === "whole") {
    const bytes = await photo.whole();
    verdict = await library.call("inspect", { entry, head: bytes, whole: true }, [bytes.buffer]);
  }
  switch (verdict.action) {
    case "skip": {
      return { kind: "skip", outcome: verdict.kind === "duplicate" ? "duplicates" : "unchanged", staged: stagedOf(verdict) };
    }
    case "fail":
      return failed(verdict.reason, verdict.permanent);
    case "whole":
      return failed(UNREADABLE, false);
    case "decode":
      return decode(photo, verdict, item, tools);
  }
}

/** Decode, or give the ticket back. */
async function decode(photo: PhotoInPool, order: Order, item: Item, tools: Tools): Promise<Prepared> {
  try {
    return { kind: "ready", ticket: order.ticket, decoded: await decoded(photo, order, item, tools) };
  } catch (error) {
    const { names } = await tools.library.call("abandon", { tickets: [order.ticket] });
    if (error instanceof WorkerLost) throw error;
    const others = names.filter((name) => name !== item.name);
    if (error instanceof TooSlow) return { kind: "fail", reason: TOO_SLOW, permanent: false, others };
    if (isCodecMissing(error)) return { kind: "fail", reason: error.message, permanent: false, others };
    if (error instanceof Undecodable) return { kind: "fail", reason: error.message, permanent: error.permanent, others };
    return { kind: "fail", reason: order.reason, permanent: order.permanent, others };
  }
}

async function decoded(photo: PhotoInPool, order: Order, item: Item, { fallback }: Tools): Promise<Decoded> {
  const { mime, orientation, width, height, displayP3 } = order;
  if (order.decoder === "browser") {
    try {
      return await photo.decode({ mime, orientation, width, height, displayP3, minSide: MIN_SIDE, thumbSide: THUMB_SIDE });
    } catch (error) {
      if (error instanceof TooSlow || error instanceof WorkerLost || !order.fallback) throw error;
    }
  }
  const data = await photo.take();
  return fallback.decode({ data, name: item.name, orientation, minSide: MIN_SIDE, thumbSide: THUMB_SIDE });
}
