/** Folders that the person gave: their handles outlive a reload, though the permission may have to be asked for again. */
import { open, type RootRow } from "./schema";

export async function keepRoot(name: string, handle: FileSystemDirectoryHandle): Promise<void> {
  await (await open()).put("roots", { name, handle }, name);
}

export async function readRoots(): Promise<RootRow[]> {
  return (await open()).getAll("roots");
}

export async function readRoot(name: string): Promise<RootRow | undefined> {
  return (await open()).get("roots", name);
}

/** May the folder be read right now, without asking the person? */
export async function mayRead(handle: FileSystemDirectoryHandle): Promise<boolean> {
  // Browsers without the question (Safari, Firefox) only hold folders of their own, which can always be read.
  if (!handle.queryPermission) return true;
  return (await handle.queryPermission({ mode: "read" })) === "granted";
}

/** Ask the person; needs a click just before. */
export async function askToRead(handle: FileSystemDirectoryHandle): Promise<boolean> {
  if (!handle.requestPermission) return true;
  return (await handle.requestPermission({ mode: "read" })) === "granted";
}
