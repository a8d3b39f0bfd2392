/** Model packs in the Python worker: checking a `.pack` file, and letting the next pack look at photos. */
import { DEFAULT_FACE_PACK, readSmallFiles } from "../../pack-files";
import { addNext, changeOver, deletePack, dropNext, readNext, readPack, writePack, type StoredPack } from "../../storage/packs";
import { readNextPack, readSettings } from "../../storage/meta";
import { readThumbnails } from "../../storage/thumbnails";
import type { NextStep, Staged } from "../../messages";
import { demand, type Ask } from "./copies";

interface Checked {
  kind: "photos" | "faces";
  pack: string;
  version: string;
  title: string;
  licence: string;
  terms: string;
  files: { name: string; start: number; size: number }[];
}

const RESERVED = new Set(["default", "faces", "text", DEFAULT_FACE_PACK]);
/** Runs of the next pack that are staged at once: 64 of 16 photos each fill a block. */
const RUNS_AT_ONCE = 64;

/** Check a `.pack` file and keep it; a pack of the same id gives way to it. */
export async function keepPack(ask: Ask, file: Blob): Promise<Omit<StoredPack, "files">> {
  const reader = new FileReaderSync();
  // Python reads what it needs of the file, piece by piece: a pack may be larger than its memory.
  const read = (start: number, length: number) => new Uint8Array(reader.readAsArrayBuffer(file.slice(start, start + length)));
  const { kind, pack, version, title, licence, terms, files } = await demand<Checked>(ask, "pack_check", { file: { size: file.size, read } });
  if (RESERVED.has(pack)) throw new Error(`A model pack cannot be called “${pack}”: that name belongs to the app itself.`);
  const before = await readPack(pack);
  if (before && (before.kind ?? "photos") !== kind) {
    throw new Error(`There is another model pack called “${pack}” here, of another kind. Remove it first, and then add this file.`);
  }
  const chosen = await readSettings();
  if (chosen.pack === pack || chosen.facePack === pack || (await readNextPack()) === pack) {
    throw new Error(`The model pack “${title}” is in use. Choose another one first, and then add this file.`);
  }
  const parts = files.map(({ name, start, size }) => [name, file.slice(start, start + size)] as const);
  const facts = { kind, id: pack, version, title, licence, terms, bytes: file.size };
  await writePack({ ...facts, files: Object.fromEntries(parts) });
  try {
    // A browser may take a file into its keeping and then not give it out again.
    const kept = (await readPack(pack))!;
    for (const [name, part] of parts) if (kept.files[name]?.size !== part.size) throw new Error(`${name} was not kept.`);
  } catch (error) {
    await deletePack(pack);
    throw error;
  }
  return facts;
}

/** Let another pack begin, or go on; answers the files of its networks. */
export async function beginNext(ask: Ask, pack: string): Promise<{ image: string; text: string }> {
  const answer = await demand<{ image: string; text: string }>(ask, "switch_begin", { files: await readSmallFiles(pack) });
  const { keys, runs } = await readNext();
  const { usable } = await demand<{ usable: boolean[] }>(ask, "switch_recall", { stored: runs });
  await dropNext(keys.filter((_, index) => !usable[index]));
  return answer;
}

/** Let it look at some photos. */
export async function stepNext(ask: Ask, tags: boolean): Promise<NextStep> {
  const step = await demand<NextStep & { ids: string[] }>(ask, "switch_step");
  const { ids, ...told } = step;
  if (ids.length === 0) return { ...told, left: false };
  const found = await readThumbnails(ids);
  const args = { ids: found.map(([id]) => id), thumbnails: found.map(([, { bytes }]) => bytes), tags };
  const { bytes } = await demand<{ bytes: Uint8Array<ArrayBuffer> | null }>(ask, "switch_take", args);
  if (bytes) await addNext(bytes);
  return { ...told, left: true };
}

/** All have been looked at: make it so. Called with the library's lock held; the library is to be loaded anew then. */
export async function finishNext(ask: Ask, pack: string): Promise<void> {
  const { runs } = await readNext();
  const staged: Staged[] = [];
  try {
    for (let low = 0; low < runs.length; low += RUNS_AT_ONCE) {
      const answer = await demand<{ staged: Staged[] }>(ask, "switch_finish", { stored: runs.slice(low, low + RUNS_AT_ONCE) });
      staged.push(...answer.staged);
    }
    await changeOver(staged, pack);
  } catch (error) {
    for (const { batch } of staged) await ask("reject", { batch });
    throw error;
  }
}
