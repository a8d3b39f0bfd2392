/** Model packs that were dropped in, and what the next one says about photos until all of them have been looked at. */
import type { Staged } from "../messages";
import { GENERATION, settle } from "./library";
import { readSettings } from "./meta";
import { open } from "./schema";

/** A pack as it is kept; the files are stretches of the `.pack` file that it came in. */
export interface StoredPack {
  /** What it understands; left out by versions of Shoebox that took no face packs. */
  kind?: "photos" | "faces";
  id: string;
  version: string;
  title: string;
  licence: string;
  /** What else there is to know about the licence; may be empty. */
  terms: string;
  bytes: number;
  files: Record<string, Blob>;
}

export async function readPack(id: string): Promise<StoredPack | undefined> {
  return (await open()).get("packs", id);
}

export async function readPacks(): Promise<StoredPack[]> {
  return (await open()).getAll("packs");
}

export async function writePack(pack: StoredPack): Promise<void> {
  const transaction = (await open()).transaction("packs", "readwrite", { durability: "strict" });
  await settle([transaction.store.put(pack, pack.id)], transaction.done);
}

export async function deletePack(id: string): Promise<void> {
  await (await open()).delete("packs", id);
}

/** What has been stored of the next pack. */
export async function readNext(): Promise<{ keys: number[]; runs: Uint8Array<ArrayBuffer>[] }> {
  const { store } = (await open()).transaction("next");
  const [keys, runs] = await Promise.all([store.getAllKeys(), store.getAll()]);
  return { keys, runs };
}

export async function addNext(run: Uint8Array<ArrayBuffer>): Promise<void> {
  await (await open()).add("next", run);
}

export async function dropNext(keys: number[]): Promise<void> {
  const transaction = (await open()).transaction("next", "readwrite");
  await settle(keys.map((key) => transaction.store.delete(key)), transaction.done);
}

/** Forget the next pack and all that was stored of it. */
export async function forgetNext(): Promise<void> {
  const transaction = (await open()).transaction(["next", "meta"], "readwrite");
  await settle([transaction.objectStore("next").clear(), transaction.objectStore("meta").delete("next-pack")], transaction.done);
}

/** The step itself: the new vectors, the choice of the pack, and nothing left to do, in one transaction. */
export async function changeOver(staged: Staged[], pack: string): Promise<void> {
  const settings = { ...(await readSettings()), pack };
  const transaction = (await open()).transaction(["journal", "next", "meta"], "readwrite", { durability: "strict" });
  const journal = transaction.objectStore("journal");
  const meta = transaction.objectStore("meta");
  const generation = ((await meta.get(GENERATION)) as number | undefined ?? 0) + 1;
  await settle(
    [
      ...staged.map(({ batch, journal: bytes }) => journal.put(bytes, batch)),
      transaction.objectStore("next").clear(), meta.delete("next-pack"),
      meta.put(settings, "settings"), meta.put(generation, GENERATION),
    ],
    transaction.done,
  );
}
