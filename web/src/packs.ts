/** The verbs about model packs: those at hand, taking one in, and letting one go. */
import type { PackEntry, Shoebox } from "./contract";
import { theEngine } from "./engine";
import { DEFAULT_FACE_PACK, DEFAULT_PACK } from "./pack-files";
import { packWork, renewal, settings } from "./state";
import { deletePack, readPack, readPacks } from "./storage/packs";
import type { StoredPack } from "./storage/packs";

/** The packs that the app is built with, in words. */
const OWN: Omit<PackEntry, "inUse">[] = [
  { kind: "photos", id: DEFAULT_PACK, title: "Shoebox", version: "", licence: "Apache-2.0", terms: "", bytes: 0, builtIn: true },
  { kind: "faces", id: DEFAULT_FACE_PACK, title: "face-api", version: "", licence: "MIT", terms: "", bytes: 0, builtIn: true },
];

function inUse({ kind, id }: Pick<PackEntry, "kind" | "id">): boolean {
  const { pack, facePack } = settings.peek();
  return id === (kind === "faces" ? facePack : pack);
}

function entry({ kind = "photos", id, title, version, licence, terms, bytes }: Omit<StoredPack, "files">): PackEntry {
  return { kind, id, title, version, licence, terms, bytes, builtIn: false, inUse: inUse({ kind, id }) };
}

/** The packs that were put into the app when it was built, besides its own; none where the list is not at hand. */
async function builtIn(): Promise<PackEntry[]> {
  const answer = await fetch(new URL("models/packs.json", document.baseURI)).catch(() => null);
  if (!answer?.ok) return [];
  const listed = (await answer.json()) as Omit<PackEntry, "builtIn" | "inUse">[];
  return listed.map((pack) => ({ ...pack, title: pack.title || pack.id, builtIn: true, inUse: inUse(pack) }));
}

/** All packs that can be chosen: they were dropped in, or came with the app. */
async function atHand(): Promise<PackEntry[]> {
  const [built, stored] = await Promise.all([builtIn(), readPacks()]);
  const kept = stored.map(entry);
  // What was dropped in stands in the place of what came with the app under the same name.
  const others = built.filter(({ id }) => !kept.some((pack) => pack.id === id));
  return [...OWN.map((pack) => ({ ...pack, inUse: inUse(pack) })), ...others, ...kept];
}

/** Can this pack be chosen? */
export async function isAtHand(kind: PackEntry["kind"], id: string): Promise<boolean> {
  return (await atHand()).some((pack) => pack.kind === kind && pack.id === id);
}

export const packVerbs: Pick<Shoebox, "addPack" | "packs" | "removePack" | "packWork" | "renewalWork"> = {
  async addPack(file) {
    const engine = theEngine();
    await engine.ready;
    if (!(file instanceof Blob)) throw new Error("Give “addPack” a .pack file.");
    return entry(await engine.library.keepPack(file));
  },

  packs: atHand,

  async removePack(id) {
    const { pack, facePack } = settings.peek();
    if (id === pack || id === facePack) throw new Error("This model pack is in use. Choose another one first.");
    if (!(await readPack(id))) throw new Error(`There is no model pack “${id}” that could be removed.`);
    if (packWork.peek().pack === id) await theEngine().packs.cancel();
    await deletePack(id);
  },

  async packWork() {
    return { ...packWork.peek() };
  },

  async renewalWork() {
    return { ...renewal.peek() };
  },
};
