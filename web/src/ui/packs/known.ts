/** Which model packs there are, and what the page does with them; a refusal ends as a sentence in `packProblem`. */
import { signal } from "@preact/signals";
import type { PackEntry } from "../../contract";
import { shoebox } from "../../shoebox";
import { announce } from "../announce";
import { sentence } from "../words";

export const packs = signal<PackEntry[]>([]);
/** Why the last attempt came to nothing; empty where it did not. */
export const packProblem = signal("");
/** A file is being checked. */
export const checking = signal(false);

const PACK_FILE = /\.pack$/i;

export function isPackFile(file: File): boolean {
  return PACK_FILE.test(file.name);
}

export async function refreshPacks(): Promise<void> {
  packs.value = await shoebox.packs();
}

async function tried(work: () => Promise<void>): Promise<void> {
  packProblem.value = "";
  try {
    await work();
  } catch (error) {
    packProblem.value = sentence(error);
  }
  await refreshPacks();
}

export function addPackFile(file: Blob): Promise<void> {
  return tried(async () => {
    checking.value = true;
    try {
      const { title } = await shoebox.addPack(file);
      announce(`${title} can be used now`);
    } finally {
      checking.value = false;
    }
  });
}

export const usePack = (id: string): Promise<void> => tried(async () => void (await shoebox.configure({ pack: id })));
export const useFacePack = (id: string): Promise<void> => tried(async () => void (await shoebox.configure({ facePack: id })));
export const removePack = (id: string): Promise<void> => tried(() => shoebox.removePack(id));
/** Stay with the pack that is in use. */
export const stayWithPack = (): Promise<void> =>
  tried(async () => void (await shoebox.configure({ pack: (await shoebox.settings()).pack })));
