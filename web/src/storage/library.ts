/** The library's bytes: read in a few large pieces, written in one transaction with all that belongs to them. */
import { ahead } from "../ahead";
import { open, type FailureRow, type Thumb } from "./schema";
import { DUPLICATES } from "./meta";
import { FULL } from "./quota";
import { SNAPSHOT } from "./snapshot";
import type { Compaction, Staged } from "../messages";

/** Blocks of about 1,024 photos; this many are read in one request. */
const BLOCKS_AT_ONCE = 16;
const JOURNAL_AT_ONCE = 256;

/** Counts the changes to the library, so that another tab can tell that its own copy is old. */
export const GENERATION = "generation";

/** Pieces of the library that are read before they are wanted: about 120 MB. */
const PIECES_AHEAD = 8;

/** Values under their keys. */
interface Piece {
  keys: number[];
  values: Uint8Array<ArrayBuffer>[];
}

/** What is stored beside the blocks. */
export interface StoredLibrary {
  /** How many blocks there are. */
  blocks: number;
  journal: Uint8Array<ArrayBuffer>[];
  faces: Uint8Array<ArrayBuffer>[];
  faceKeys: number[];
  texts: Uint8Array<ArrayBuffer>[];
  textKeys: number[];
  generation: number;
}

/** Everything that belongs to one change of the library. */
export interface Commit {
  staged: Staged[];
  thumbs?: [id: string, thumb: Thumb][];
  /** Photos that left: their thumbnails go. */
  removed?: string[];
  /** Keys of pending entries that are done. */
  done?: number[];
  failed?: FailureRow[];
  /** Names whose failures no longer stand. */
  recovered?: string[];
}

/** All of a store, a few values at a time. */
async function* read(store: "blocks" | "journal" | "faces" | "texts", atOnce: number): AsyncGenerator<Piece> {
  const db = await open();
  let range: IDBKeyRange | null = null;
  for (;;) {
    const transaction = db.transaction(store);
    const [values, keys]: [Uint8Array<ArrayBuffer>[], number[]] = await Promise.all([
      transaction.store.getAll(range, atOnce), transaction.store.getAllKeys(range, atOnce),
    ]);
    yield { keys, values };
    const last = keys.at(-1);
    if (last === undefined || keys.length < atOnce) return;
    range = IDBKeyRange.lowerBound(last, true);
  }
}

async function readAll(store: "journal" | "faces" | "texts", atOnce: number): Promise<Piece> {
  const all: Piece = { keys: [], values: [] };
  for await (const { keys, values } of read(store, atOnce)) {
    all.keys.push(...keys);
    all.values.push(...values);
  }
  return all;
}

/**
 * The blocks, a few at a time. Reading begins at once and stays a little ahead of whoever takes them, but not more: a large library
 * need not be in memory as a whole before Python has it.
 */
export function readBlocks(): AsyncGenerator<Piece> {
  return ahead(read("blocks", BLOCKS_AT_ONCE), PIECES_AHEAD);
}

/** What is stored beside the blocks. Called inside the Python worker, so that nothing large passes through the page's thread. */
export async function readLibrary(): Promise<StoredLibrary> {
  const generation = await readGeneration();
  const [blocks, journal, faces, texts] = await Promise.all([
    (await open()).count("blocks"), readAll("journal", JOURNAL_AT_ONCE), readAll("faces", BLOCKS_AT_ONCE), readAll("texts", BLOCKS_AT_ONCE),
  ]);
  return { blocks, journal: journal.values, faces: faces.values, faceKeys: faces.keys, texts: texts.values, textKeys: texts.keys, generation };
}

export async function readGeneration(): Promise<number> {
  return ((await (await open()).get("meta", GENERATION)) as number | undefined) ?? 0;
}

/**
 * Write a change: all of it or nothing. Answers the new generation.
 *
 * Durability stays relaxed: what is lost with the power is only work that is done again.
 */
export async function commit(change: Commit): Promise<number> {
  const db = await open();
  const transaction = db.transaction(["journal", "thumbs", "pending", "failures", "meta"], "readwrite", { durability: "relaxed" });
  const journal = transaction.objectStore("journal");
  const thumbs = transaction.objectStore("thumbs");
  const pending = transaction.objectStore("pending");
  const failures = transaction.objectStore("failures");
  const meta = transaction.objectStore("meta");
  const generation = ((await meta.get(GENERATION)) as number | undefined ?? 0) + 1;
  const requests: Promise<unknown>[] = [meta.put(generation, GENERATION)];
  try {
    for (const { batch, journal: bytes } of change.staged) requests.push(journal.put(bytes, batch));
    for (const [id, thumb] of change.thumbs ?? []) requests.push(thumbs.put(thumb, id));
    for (const id of change.removed ?? []) requests.push(thumbs.delete(id));
    for (const key of change.done ?? []) requests.push(pending.delete(key));
    for (const name of change.recovered ?? []) requests.push(failures.delete(name));
    for (const row of change.failed ?? []) requests.push(failures.put(row, row.name));
  } catch (error) {
    // What cannot even be asked for (a value that cannot be stored) must not leave the rest to be written.
    transaction.abort();
    await settle(requests, transaction.done).catch(() => undefined);
    throw error;
  }
  await settle(requests, transaction.done);
  return generation;
}

/** Apply what Python's `compact` answered. */
export async function applyCompaction(compaction: Compaction): Promise<number> {
  const db = await open();
  const transaction = db.transaction(["blocks", "journal", "meta"], "readwrite", { durability: "relaxed" });
  const blocks = transaction.objectStore("blocks");
  const meta = transaction.objectStore("meta");
  const generation = ((await meta.get(GENERATION)) as number | undefined ?? 0) + 1;
  const requests: Promise<unknown>[] = [
    meta.put(generation, GENERATION),
    transaction.objectStore("journal").delete(IDBKeyRange.upperBound(compaction.clearJournal)),
  ];
  for (const key of compaction.delete) requests.push(blocks.delete(key));
  for (const [key, bytes] of compaction.put) requests.push(blocks.put(bytes, key));
  await settle(requests, transaction.done);
  return generation;
}

/** Delete photos, thumbnails, faces, text, what was said about them, failures, folders and waiting work; settings stay. */
export async function eraseLibrary(): Promise<number> {
  const db = await open();
  const stores = ["blocks", "journal", "thumbs", "pending", "failures", "roots", "statements", "faces", "texts", "next"] as const;
  const transaction = db.transaction([...stores, "meta" as const], "readwrite", { durability: "strict" });
  const meta = transaction.objectStore("meta");
  const generation = ((await meta.get(GENERATION)) as number | undefined ?? 0) + 1;
  await settle(
    [...stores.map((store) => transaction.objectStore(store).clear()), meta.delete(SNAPSHOT), meta.delete(DUPLICATES), meta.put(generation, GENERATION)],
    transaction.done,
  );
  return generation;
}

/** How many thumbnails there are, for `verify`. */
export async function thumbIds(): Promise<string[]> {
  return (await open()).getAllKeys("thumbs");
}

/** Wait for the transaction; the reason of a failure is that of the request that caused it. */
export async function settle(requests: Promise<unknown>[], done: Promise<void>): Promise<void> {
  const finished = done.then(() => null, (error: unknown) => error ?? new Error("The browser gave up writing."));
  const failed = (await Promise.allSettled(requests)).find((result) => result.status === "rejected");
  const aborted = await finished;
  if (aborted !== null) throw failed?.status === "rejected" && isQuota(failed.reason) ? failed.reason : aborted;
}

/** What to tell a person of work that has stopped: that the device is full, or what the error says. */
export function whyStopped(error: unknown): string {
  return isQuota(error) ? FULL : error instanceof Error ? error.message : String(error);
}

/** Is this the browser's way of saying that the disk, or our share of it, is full? */
export function isQuota(error: unknown): boolean {
  return error instanceof DOMException && error.name === "QuotaExceededError";
}
