/** The files behind the photos, as far as they can still be opened: those of this visit, and those of folders that may be read. */
import { mayRead, readRoot } from "../storage/roots";
import type { Found } from "./scan";

const files = new Map<string, File | FileSystemFileHandle>();

export function rememberOriginal({ name, file, handle }: Found): void {
  const source = handle ?? file;
  if (source) files.set(name, source);
}

export function forgetOriginals(): void {
  files.clear();
}

/** The file under one of these names, or null. */
export async function findOriginal(names: string[]): Promise<Blob | null> {
  for (const name of names) {
    const found = (await ofThisVisit(name)) ?? (await inFolder(name));
    if (found) return found;
  }
  return null;
}

async function ofThisVisit(name: string): Promise<Blob | null> {
  const source = files.get(name);
  if (!source) return null;
  try {
    const file = source instanceof File ? source : await source.getFile();
    // A file that was deleted or changed meanwhile can no longer be read.
    await file.slice(0, 1).arrayBuffer();
    return file;
  } catch {
    return null;
  }
}

async function inFolder(name: string): Promise<Blob | null> {
  const [top, ...folders] = name.split("/");
  const file = folders.pop();
  if (!top || !file) return null;
  try {
    const root = await readRoot(top);
    if (!root || !(await mayRead(root.handle))) return null;
    let folder = root.handle;
    for (const part of folders) folder = await folder.getDirectoryHandle(part);
    return await (await folder.getFileHandle(file)).getFile();
  } catch {
    return null;
  }
}
