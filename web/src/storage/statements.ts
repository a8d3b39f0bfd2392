/**
 * What the person said, as runs of Python's bytes. Written with strict durability: a photo can be indexed again, a name that was
 * typed cannot. Several tabs may write at once, so nothing here needs the library's lock.
 */
import { settle } from "./library";
import { open } from "./schema";

export interface StoredStatements {
  keys: number[];
  runs: Uint8Array<ArrayBuffer>[];
}

/** All runs, or those whose keys are not in `without`. */
export async function readStatements(without?: ReadonlySet<number>): Promise<StoredStatements> {
  const { store } = (await open()).transaction("statements");
  const keys = (await store.getAllKeys()).filter((key) => !without?.has(key));
  const runs = await Promise.all(keys.map((key) => store.get(key)));
  return { keys, runs: runs.map((run) => run!) };
}

/** Keep a run and answer its key. */
export async function appendStatements(run: Uint8Array<ArrayBuffer>): Promise<number> {
  const transaction = (await open()).transaction("statements", "readwrite", { durability: "strict" });
  const request = transaction.store.add(run);
  await settle([request], transaction.done);
  return request;
}

/** Put some runs in the place of others; answers the new keys, or null if another tab has done away with one of the others. */
export async function replaceStatements(put: Uint8Array<ArrayBuffer>[], gone: number[]): Promise<number[] | null> {
  const transaction = (await open()).transaction("statements", "readwrite", { durability: "strict" });
  const { store } = transaction;
  const there = new Set(await store.getAllKeys());
  if (gone.some((key) => !there.has(key))) return null;
  const added = put.map((run) => store.add(run));
  await settle([...added, ...gone.map((key) => store.delete(key))], transaction.done);
  return Promise.all(added);
}
