/** What the passes behind adding found in photos (faces, text), as Python's bytes: some photos each. Written with the library's lock held. */
import type { FindingsStaged } from "../messages";
import { GENERATION, settle } from "./library";
import { open } from "./schema";

/** The stores that hold such lists. */
export type FindingsStore = "faces" | "texts";

/** Store what Python has staged, and let go of the kept files of photos that are done: all of it or nothing. Answers the new generation. */
export async function commitFindings(
  store: FindingsStore, { put, delete: gone }: Pick<FindingsStaged, "put" | "delete">, done: number[] = [],
): Promise<number> {
  const transaction = (await open()).transaction([store, "pending", "meta"], "readwrite", { durability: "relaxed" });
  const lists = transaction.objectStore(store);
  const pending = transaction.objectStore("pending");
  const meta = transaction.objectStore("meta");
  const generation = ((await meta.get(GENERATION)) as number | undefined ?? 0) + 1;
  const requests: Promise<unknown>[] = [meta.put(generation, GENERATION)];
  for (const [key, bytes] of put) requests.push(lists.put(bytes, key));
  for (const key of gone) requests.push(lists.delete(key));
  for (const key of done) requests.push(pending.delete(key));
  await settle(requests, transaction.done);
  return generation;
}

/** All that is stored in one of them, for `verify`. */
export async function readFindings(store: FindingsStore): Promise<Uint8Array<ArrayBuffer>[]> {
  return (await open()).getAll(store);
}
