/** Finding the files: dropped, picked or handed over; in pieces, so that the page stays responsive with 100,000 of them. */
import type { Entry } from "../messages";

/** A file that was found. It has a handle where it can be opened again after a reload, else the file itself. */
export interface Found extends Entry {
  file?: File;
  handle?: FileSystemFileHandle;
  /** Name of the top folder; absent for loose files. */
  root?: string;
}

/** A file that could not even be opened. */
export interface Unopened {
  name: string;
  reason: string;
}

/** A top folder that was scanned in full. */
export interface Root {
  name: string;
  /** Known for certain to be this very folder: a handle says so, a dropped folder's name does not. */
  handle?: FileSystemDirectoryHandle;
}

export type Piece = { found: Found[]; unopened: Unopened[] };

/** Answers pieces, and at the end the folders that were seen whole. */
export type Scan = AsyncGenerator<Piece, Root[]>;

const PIECE = 500;
const OPENED_AT_ONCE = 32;
const GONE = "The file could not be opened: it was moved, or the browser may not read it. Add it again.";

/** What operating systems and photo programs leave in folders; nobody thinks of them as files. */
const SYSTEM_FILES = new Set(["thumbs.db", "ehthumbs.db", "ehthumbs_vista.db", "desktop.ini", "icon\r", "folder.htt", "albumartsmall.jpg"]);
const SYSTEM_FOLDERS = new Set(["__macosx", "@eadir", "$recycle.bin", "system volume information", "lost+found", "#recycle"]);
/** Where Shoebox itself puts what the person has set aside (py/shoebox/duplicates/leaving.py): nobody wants to find it again. */
const SET_ASIDE = "set aside by shoebox";

/** Is any part of this path hidden or the system's own? */
export function isHidden(path: string): boolean {
  const parts = path.toLowerCase().split("/");
  const file = parts.pop() ?? "";
  return file.startsWith(".") || SYSTEM_FILES.has(file) || parts.some((folder) => folder.startsWith(".") || folder === SET_ASIDE || SYSTEM_FOLDERS.has(folder));
}

function pathOf(file: File): string {
  return file.webkitRelativePath || file.name;
}

function rootOf(path: string): string | undefined {
  const slash = path.indexOf("/");
  return slash > 0 ? path.slice(0, slash) : undefined;
}

function describe(file: File, name: string): Found {
  const root = rootOf(name);
  return { name, size: file.size, mtime: file.lastModified, file, ...(root === undefined ? {} : { root }) };
}

/** Give the page a turn. */
export function breathe(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve));
}

/** Files from an input, or from a script. */
export async function* scanFiles(files: Iterable<File>): Scan {
  const roots = new Set<string>();
  let found: Found[] = [];
  for (const file of files) {
    const name = pathOf(file);
    if (isHidden(name)) continue;
    const one = describe(file, name);
    if (one.root !== undefined) roots.add(one.root);
    found.push(one);
    if (found.length >= PIECE) {
      yield { found, unopened: [] };
      found = [];
      await breathe();
    }
  }
  yield { found, unopened: [] };
  return [...roots].map((name) => ({ name }));
}

/** A folder that the person opened. */
export async function* scanDirectory(directory: FileSystemDirectoryHandle): Scan {
  let handles: [string, FileSystemFileHandle][] = [];
  const open = async (): Promise<Piece> => {
    const piece: Piece = { found: [], unopened: [] };
    for (let start = 0; start < handles.length; start += OPENED_AT_ONCE) {
      await Promise.all(handles.slice(start, start + OPENED_AT_ONCE).map(async ([name, handle]) => {
        try {
          const { size, lastModified } = await handle.getFile();
          piece.found.push({ name, size, mtime: lastModified, handle, root: directory.name });
        } catch {
          piece.unopened.push({ name, reason: GONE });
        }
      }));
    }
    handles = [];
    return piece;
  };
  for await (const pair of walk(directory, directory.name)) {
    handles.push(pair);
    if (handles.length >= PIECE) yield await open();
  }
  yield await open();
  return [{ name: directory.name, handle: directory }];
}

async function* walk(directory: FileSystemDirectoryHandle, path: string): AsyncGenerator<[string, FileSystemFileHandle]> {
  const folders: [string, FileSystemDirectoryHandle][] = [];
  for await (const handle of directory.values()) {
    const name = `${path}/${handle.name}`;
    if (isHidden(handle.kind === "directory" ? `${handle.name}/x` : handle.name)) continue;
    if (handle.kind === "directory") folders.push([name, handle as FileSystemDirectoryHandle]);
    else yield [name, handle as FileSystemFileHandle];
  }
  for (const [name, folder] of folders) yield* walk(folder, name);
}

/** What was dropped. Its items die with the event, so all of them are taken hold of before anything is awaited. */
export function scanDrop(transfer: DataTransfer): Scan {
  const held = Array.from(transfer.items).filter(({ kind }) => kind === "file").map((item) => ({
    handle: item.getAsFileSystemHandle?.().catch(() => null) ?? Promise.resolve(null),
    entry: item.webkitGetAsEntry?.() ?? null,
    file: item.getAsFile(),
  }));
  return scanHeld(held);
}

interface Held {
  handle: Promise<FileSystemHandle | null>;
  entry: FileSystemEntry | null;
  file: File | null;
}

async function* scanHeld(held: Held[]): Scan {
  const roots: Root[] = [];
  const loose: File[] = [];
  for (const { handle, entry, file } of held) {
    const taken = await handle;
    if (taken?.kind === "directory") roots.push(...(yield* scanDirectory(taken as FileSystemDirectoryHandle)));
    else if (entry?.isDirectory) roots.push(...(yield* scanEntry(entry as FileSystemDirectoryEntry)));
    else if (file) loose.push(file);
  }
  if (loose.length > 0) yield* scanFiles(loose);
  return roots;
}

/** A dropped folder in browsers without handles. */
async function* scanEntry(directory: FileSystemDirectoryEntry): Scan {
  const folders = [directory];
  let piece: Piece = { found: [], unopened: [] };
  for (let folder = folders.shift(); folder; folder = folders.shift()) {
    const reader = folder.createReader();
    for (;;) {
      const entries = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject)).catch(() => []);
      if (entries.length === 0) break;
      for (const entry of entries) {
        const name = entry.fullPath.replace(/^\//, "");
        if (isHidden(entry.isDirectory ? `${entry.name}/x` : entry.name)) continue;
        if (entry.isDirectory) folders.push(entry as FileSystemDirectoryEntry);
        else {
          const file = await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject)).catch(() => null);
          if (file) piece.found.push(describe(file, name));
          else piece.unopened.push({ name, reason: GONE });
        }
      }
      if (piece.found.length >= PIECE) {
        yield piece;
        piece = { found: [], unopened: [] };
      }
    }
  }
  yield piece;
  return [{ name: directory.name }];
}
