/** What was read in photos, as Python's bytes: some photos each. Written with the library's lock held. */
import type { TextsStaged } from "../messages";
import { GENERATION, settle } from "./library";
import { open } from "./schema";

/** Store what Python has staged, and let go of the kept files of photos that are done: all of it or nothing. Answers the new generation. */
export async function commitTexts({ put, delete: gone }: Pick<TextsStaged, "put" | "delete">, done: number[] = []): Promise<number> {
  const transaction = (await open()).transaction(["texts", "pending", "meta"], "readwrite", { durability: "relaxed" });
  const texts = transaction.objectStore("texts");
  const pending = transaction.objectStore("pending");
  const meta = transaction.objectStore("meta");
  const generation = ((await meta.get(GENERATION)) as number | undefined ?? 0) + 1;
  const requests: Promise<unknown>[] = [meta.put(generation, GENERATION)];
  for (const [key, bytes] of put) requests.push(texts.put(bytes, key));
  for (const key of gone) requests.push(texts.delete(key));
  for (const key of done) requests.push(pending.delete(key));
  await settle(requests, transaction.done);
  return generation;
}

/** All that is stored of text, for `verify`. */
export async function readTexts(): Promise<Uint8Array<ArrayBuffer>[]> {
  return (await open()).getAll("texts");
}

/** Delete all text. Answers the new generation. */
export async function eraseTexts(): Promise<number> {
  const transaction = (await open()).transaction(["texts", "meta"], "readwrite", { durability: "strict" });
  const meta = transaction.objectStore("meta");
  const generation = ((await meta.get(GENERATION)) as number | undefined ?? 0) + 1;
  await settle([transaction.objectStore("texts").clear(), meta.put(generation, GENERATION)], transaction.done);
  return generation;
}
