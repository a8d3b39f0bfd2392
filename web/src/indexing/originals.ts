/** The files behind the photos, as far as they can still be opened: those of this visit, and those of folders that may be read. */
import { settings } from "../state";
import { mayRead, readRoot } from "../storage/roots";
import type { Found } from "./scan";

const files = new Map<string, File | FileSystemFileHandle>();
/** Who looks at files again after the photos are searchable. */
export type Looker = "faces" | "text";

/**
 * Keys in `pending` of copies of files that came without a handle, and who has still to look at them: the photo is searchable, but
 * after a reload the copy would be all that is left of the file.
 */
const held = new Map<string, { key: number; lookers: Set<Looker> }>();

/** Does anybody want to look at files again? */
export function anyLooker(): boolean {
  return wanted().length > 0;
}

/** Keep a copy for those who want to look at files again. */
export function holdCopy(name: string, key: number): void {
  held.set(name, { key, lookers: new Set(wanted()) });
}

/** Someone has no more need of the copies under these names (of all, if left out); the keys of those that nobody needs any more. */
export function releaseCopies(looker: Looker, names: Iterable<string> = [...held.keys()]): number[] {
  const keys: number[] = [];
  for (const name of names) {
    const copy = held.get(name);
    copy?.lookers.delete(looker);
    if (!copy || copy.lookers.size > 0) continue;
    keys.push(copy.key);
    held.delete(name);
  }
  return keys;
}

/** The names of the copies that someone has still to look at. */
export function heldCopies(looker: Looker): string[] {
  return [...held].filter(([, { lookers }]) => lookers.has(looker)).map(([name]) => name);
}

function wanted(): Looker[] {
  const { faces, text } = settings.peek();
  return [...(faces ? ["faces" as const] : []), ...(text ? ["text" as const] : [])];
}

export function rememberOriginal({ name, file, handle }: Found): void {
  const source = handle ?? file;
  if (source) files.set(name, source);
}

export function forgetOriginals(): void {
  files.clear();
  held.clear();
}

/** The file under one of these names, or null. */
export function findOriginal(names: string[]): Promise<Blob | null> {
  return new Originals().find(names);
}

/** The same for many photos: which folders may be read is asked once. */
export class Originals {
  /** Folders that were wanted and may not be read until the person allows it. */
  readonly closed = new Set<string>();
  private readonly roots = new Map<string, Promise<FileSystemDirectoryHandle | null>>();

  async find(names: string[]): Promise<Blob | null> {
    for (const name of names) {
      const found = (await ofThisVisit(name)) ?? (await inFolder(name, (top) => this.root(top)));
      if (found) return found;
    }
    return null;
  }

  /** Is one of them likely to be found? Files themselves are not looked at. */
  async has(names: string[]): Promise<boolean> {
    for (const name of names) {
      if (files.has(name)) return true;
      const [top, file] = name.split("/");
      if (top && file && (await this.root(top))) return true;
    }
    return false;
  }

  private root(top: string): Promise<FileSystemDirectoryHandle | null> {
    let root = this.roots.get(top);
    if (!root) {
      root = readRoot(top).then(async (known) => {
        if (!known) return null;
        if (await mayRead(known.handle)) return known.handle;
        this.closed.add(top);
        return null;
      });
      this.roots.set(top, root);
    }
    return root;
  }
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

async function inFolder(name: string, rootOf: (top: string) => Promise<FileSystemDirectoryHandle | null>): Promise<Blob | null> {
  const [top, ...folders] = name.split("/");
  const file = folders.pop();
  if (!top || !file) return null;
  try {
    let folder = await rootOf(top);
    if (!folder) return null;
    for (const part of folders) folder = await folder.getDirectoryHandle(part);
    return await (await folder.getFileHandle(file)).getFile();
  } catch {
    return null;
  }
}
