/** The verbs about model packs: those at hand, taking one in, and letting one go. */
import type { PackEntry, Shoebox } from "./contract";
import { theEngine } from "./engine";
import { DEFAULT_PACK } from "./pack-files";
import { packWork, settings } from "./state";
import { deletePack, readPack, readPacks } from "./storage/packs";
import type { StoredPack } from "./storage/packs";

/** The pack that the app is built with, in words. */
const OWN: Omit<PackEntry, "inUse"> = {
  id: DEFAULT_PACK, title: "Shoebox", version: "", licence: "Apache-2.0", terms: "", bytes: 0, builtIn: true,
};

function entry({ id, title, version, licence, terms, bytes }: Omit<StoredPack, "files">): PackEntry {
  return { id, title, version, licence, terms, bytes, builtIn: false, inUse: settings.peek().pack === id };
}

/** The packs that were put into the app when it was built, besides its own; none where the list is not at hand. */
async function builtIn(): Promise<PackEntry[]> {
  const answer = await fetch(new URL("models/packs.json", document.baseURI)).catch(() => null);
  if (!answer?.ok) return [];
  const listed = (await answer.json()) as Omit<PackEntry, "builtIn" | "inUse">[];
  return listed.map((pack) => ({ ...pack, title: pack.title || pack.id, builtIn: true, inUse: settings.peek().pack === pack.id }));
}

/** Can this pack be chosen? It was dropped in, or it came with the app. */
export async function isAtHand(pack: string): Promise<boolean> {
  if (pack === DEFAULT_PACK || (await readPack(pack))) return true;
  const found = await fetch(new URL(`models/${encodeURIComponent(pack)}/pack.toml`, document.baseURI)).catch(() => null);
  return found?.ok ?? false;
}

export const packVerbs: Pick<Shoebox, "addPack" | "packs" | "removePack" | "packWork"> = {
  async addPack(file) {
    const engine = theEngine();
    await engine.ready;
    if (!(file instanceof Blob)) throw new Error("Give “addPack” a .pack file.");
    return entry(await engine.library.keepPack(file));
  },

  async packs() {
    const [built, stored] = await Promise.all([builtIn(), readPacks()]);
    const kept = stored.map(entry);
    // What was dropped in stands in the place of what came with the app under the same name.
    const others = built.filter(({ id }) => !kept.some((pack) => pack.id === id));
    return [{ ...OWN, inUse: settings.peek().pack === DEFAULT_PACK }, ...others, ...kept];
  },

  async removePack(id) {
    if (settings.peek().pack === id) throw new Error("This model pack is in use. Choose another one first.");
    if (!(await readPack(id))) throw new Error(`There is no model pack “${id}” that could be removed.`);
    if (packWork.peek().pack === id) await theEngine().packs.cancel();
    await deletePack(id);
  },

  async packWork() {
    return { ...packWork.peek() };
  },
};
