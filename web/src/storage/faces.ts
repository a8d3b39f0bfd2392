/** Faces as Python's bytes: some photos each, and under one key which faces are whose. Written with the library's lock held. */
import type { FacesStaged } from "../messages";
import { GENERATION, settle } from "./library";
import { open } from "./schema";

/** Where the page keeps which faces are whose. */
const GROUPS = 0;

/** Store what Python has staged, and let go of the kept files of photos that are done: all of it or nothing. Answers the new generation. */
export async function commitFaces({ put, delete: gone }: Pick<FacesStaged, "put" | "delete">, done: number[] = []): Promise<number> {
  const transaction = (await open()).transaction(["faces", "pending", "meta"], "readwrite", { durability: "relaxed" });
  const faces = transaction.objectStore("faces");
  const pending = transaction.objectStore("pending");
  const meta = transaction.objectStore("meta");
  const generation = ((await meta.get(GENERATION)) as number | undefined ?? 0) + 1;
  const requests: Promise<unknown>[] = [meta.put(generation, GENERATION)];
  for (const [key, bytes] of put) requests.push(faces.put(bytes, key));
  for (const key of gone) requests.push(faces.delete(key));
  for (const key of done) requests.push(pending.delete(key));
  await settle(requests, transaction.done);
  return generation;
}

export function commitGroups(groups: Uint8Array<ArrayBuffer>): Promise<number> {
  return commitFaces({ put: [[GROUPS, groups]], delete: [] });
}

/** All that is stored about faces, for `verify`. */
export async function readFaces(): Promise<Uint8Array<ArrayBuffer>[]> {
  return (await open()).getAll("faces");
}

/**
 * Delete all faces, and put runs of statements that say nothing about people in the place of others. Answers the new generation and
 * the keys of the new runs, or null if there is a run that is not `known`: another tab has said something.
 */
export async function eraseFaces(
  put: Uint8Array<ArrayBuffer>[], gone: number[], known: ReadonlySet<number>,
): Promise<{ generation: number; keys: number[] } | null> {
  const transaction = (await open()).transaction(["faces", "statements", "meta"], "readwrite", { durability: "strict" });
  const statements = transaction.objectStore("statements");
  const meta = transaction.objectStore("meta");
  if ((await statements.getAllKeys()).some((key) => !known.has(key))) return null;
  const generation = ((await meta.get(GENERATION)) as number | undefined ?? 0) + 1;
  const added = put.map((run) => statements.add(run));
  await settle(
    [...added, ...gone.map((key) => statements.delete(key)), transaction.objectStore("faces").clear(), meta.put(generation, GENERATION)],
    transaction.done,
  );
  return { generation, keys: await Promise.all(added) };
}
