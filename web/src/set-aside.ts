/**
 * Moving files out of the way, into a folder beside the photos, and back.
 *
 * Each file is copied, the copy is read back, and only then is the file taken from its place; nothing is ever replaced. What cannot
 * be moved stays where it is, with a sentence that says why.
 */
import type { Failure } from "./contract";
import { theEngine } from "./engine";
import { scanDirectory } from "./indexing/scan";
import type { SetAside } from "./messages";
import { sha256 } from "./sha256";
import { readRoot } from "./storage/roots";

export interface Move {
  name: string;
  to: string;
  /** sha256 of its bytes, in hexadecimal. */
  hash: string;
}

export interface Moved {
  moved: Move[];
  failed: Failure[];
}

type Roots = Map<string, FileSystemDirectoryHandle>;

const NOT_HERE = "It is not where it was any more.";
const ANOTHER = "Another file lies there now.";
const TAKEN = "There is a file of that name where it should go.";
const NOT_WRITTEN = "It could not be copied whole; perhaps the disk is full.";

function topOf(name: string): string {
  return name.includes("/") ? name.slice(0, name.indexOf("/")) : "";
}

/** The folders that these files came with, where all of them are known and this browser can write. */
async function rootsOf(names: readonly string[]): Promise<Roots | null> {
  if (typeof FileSystemFileHandle === "undefined" || !("createWritable" in FileSystemFileHandle.prototype)) return null;
  const roots: Roots = new Map();
  for (const top of new Set(names.map(topOf))) {
    const root = top ? await readRoot(top) : undefined;
    if (!root) return null;
    roots.set(top, root.handle);
  }
  return roots;
}

/** Where these files would go; rejects with a sentence where that would leave nothing of a group. */
export function planMoves(names: string[]): Promise<SetAside> {
  return theEngine().library.call("set_aside", { names });
}

/** Can these files be moved from here? Else only a list or a script helps. */
export async function canMove(names: readonly string[]): Promise<boolean> {
  return (await rootsOf(names)) !== null;
}

async function mayWrite(root: FileSystemDirectoryHandle): Promise<boolean> {
  if (!root.requestPermission || !root.queryPermission) return true;
  if ((await root.queryPermission({ mode: "readwrite" })) === "granted") return true;
  return (await root.requestPermission({ mode: "readwrite" })) === "granted";
}

async function folderOf(roots: Roots, name: string, create: boolean): Promise<[FileSystemDirectoryHandle, string]> {
  const [top = "", ...parts] = name.split("/");
  const file = parts.pop()!;
  let folder = roots.get(top)!;
  for (const part of parts) folder = await folder.getDirectoryHandle(part, { create });
  return [folder, file];
}

async function hashOf(file: Blob): Promise<string> {
  return sha256(await file.arrayBuffer());
}

async function exists(folder: FileSystemDirectoryHandle, name: string): Promise<boolean> {
  return folder.getFileHandle(name).then(() => true, () => false);
}

/** Move one file; throws a sentence where that cannot be, and then the file is where it was. */
async function move(roots: Roots, { name, to, hash }: Move): Promise<void> {
  const here = await folderOf(roots, name, false).catch(() => null);
  const file = here && (await here[0].getFileHandle(here[1]).then((handle) => handle.getFile(), () => null));
  if (!here || !file) throw new Error(NOT_HERE);
  if ((await hashOf(file)) !== hash) throw new Error(ANOTHER);
  const [folder, target] = await folderOf(roots, to, true);
  if (await exists(folder, target)) throw new Error(TAKEN);
  try {
    const copy = await folder.getFileHandle(target, { create: true });
    const writable = await copy.createWritable();
    await file.stream().pipeTo(writable);
    if ((await hashOf(await copy.getFile())) !== hash) throw new Error(NOT_WRITTEN);
  } catch {
    await folder.removeEntry(target).catch(() => undefined);
    throw new Error(NOT_WRITTEN);
  }
  await here[0].removeEntry(here[1]);
}

/** Move files, and let the library see where they are now. Needs a click just before: the browser asks whether it may write. */
export async function moveFiles(moves: readonly Move[], onProgress: (done: number) => void = () => undefined): Promise<Moved> {
  const roots = await rootsOf(moves.map(({ name }) => name));
  if (!roots) throw new Error("These files cannot be moved from here. Use the list or the script.");
  for (const root of roots.values()) {
    if (!(await mayWrite(root))) throw new Error(`The browser may not change the folder “${root.name}”. Nothing was moved.`);
  }
  const answer: Moved = { moved: [], failed: [] };
  for (const each of moves) {
    try {
      await move(roots, each);
      answer.moved.push(each);
    } catch (error) {
      answer.failed.push({ name: each.name, reason: error instanceof Error ? error.message : String(error) });
    }
    onProgress(answer.moved.length + answer.failed.length);
  }
  for (const root of roots.values()) await theEngine().additions.add(scanDirectory(root));
  return answer;
}

/** Move files back to where they were. */
export function moveBack(moved: readonly Move[]): Promise<Moved> {
  return moveFiles(moved.map(({ name, to, hash }) => ({ name: to, to: name, hash })));
}
