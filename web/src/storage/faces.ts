/** What is particular to faces among the findings: under one key which faces are whose. Written with the library's lock held. */
import { commitFindings } from "./findings";
import { GENERATION, settle } from "./library";
import { open } from "./schema";

/** Where the page keeps which faces are whose. */
const GROUPS = 0;

export function commitGroups(groups: Uint8Array<ArrayBuffer>): Promise<number> {
  return commitFindings("faces", { put: [[GROUPS, groups]], delete: [] });
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
