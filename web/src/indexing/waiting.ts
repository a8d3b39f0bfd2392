/** What an earlier visit left waiting: the photos that may be read now, and the folders that the browser must be asked for first. */
import { readPending } from "../storage/pending";
import { askToRead, mayRead, readRoots } from "../storage/roots";
import { breathe, type Found } from "./scan";

export interface Left {
  photos: (Found & { key: number })[];
  /** Names of folders that the browser asks for again. */
  folders: string[];
}

export async function readLeft(): Promise<Left> {
  const roots = await rootHandles();
  const readable = new Map<string, boolean>();
  const folders = new Set<string>();
  const photos: Left["photos"] = [];
  for await (const rows of readPending()) {
    for (const [key, { name, size, mtime, root, handle, file }] of rows) {
      if (handle && root !== undefined) {
        const folder = roots.get(root);
        if (!readable.has(root)) readable.set(root, folder !== undefined && (await mayRead(folder)));
        if (!readable.get(root)) {
          folders.add(root);
          continue;
        }
      }
      photos.push({ key, name, size, mtime, ...(root === undefined ? {} : { root }), ...(handle ? { handle } : {}), ...(file ? { file } : {}) });
    }
    await breathe();
  }
  return { photos, folders: [...folders] };
}

/** After a click: ask for folders. */
export async function askForFolders(names: readonly string[]): Promise<void> {
  const roots = await rootHandles();
  for (const name of names) {
    const handle = roots.get(name);
    if (handle) await askToRead(handle);
  }
}

/** What waits of these folders now. */
export async function keysUnder(folders: readonly string[]): Promise<number[]> {
  const keys: number[] = [];
  if (folders.length === 0) return keys;
  for await (const rows of readPending()) {
    for (const [key, { root, handle }] of rows) if (handle && root !== undefined && folders.includes(root)) keys.push(key);
  }
  return keys;
}

async function rootHandles(): Promise<Map<string, FileSystemDirectoryHandle>> {
  return new Map((await readRoots()).map((root) => [root.name, root.handle]));
}
