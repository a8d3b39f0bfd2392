/** The files behind photos that are to be looked at again: which of them are at hand, and their pixels. */
import type { Library } from "../client";
import { dropPending } from "../storage/pending";
import { askToRead, readRoot } from "../storage/roots";
import { WorkerLost } from "../worker-handle";
import { seePhoto, type Seen } from "./look-photo";
import { heldCopies, Originals, releaseCopies, type Looker } from "./originals";
import type { Tools } from "./prepare";

const MOST_ATTEMPTS = 3;
const NAMES_AT_ONCE = 256;

export class LookFiles {
  private readonly names = new Map<string, string[]>();
  private readonly attempts = new Map<string, number>();
  private readonly lacking = new Set<string>();
  private originals = new Originals();

  /** `minSide`: what the shorter side of the pixels should be at least. */
  constructor(private readonly library: Library, private readonly looker: Looker, private readonly minSide: number) {}

  /** How many photos wait for their files. */
  get waiting(): number {
    return this.lacking.size;
  }

  /** Folders that can be read once the person allows it. */
  get folders(): string[] {
    return [...this.originals.closed];
  }

  namesOf(ids: string[]): string[] {
    return ids.flatMap((id) => this.names.get(id) ?? []);
  }

  /** Those of some photos whose files are at hand; the others wait. Copies of files that none of these needs are let go of. */
  async begin(todo: string[]): Promise<string[]> {
    this.clear();
    const found: string[] = [];
    for (let start = 0; start < todo.length; start += NAMES_AT_ONCE) {
      const ids = todo.slice(start, start + NAMES_AT_ONCE);
      const names = await this.library.call("faces_names", { ids });
      for (const [index, id] of ids.entries()) {
        this.names.set(id, names[index]!);
        if (await this.originals.has(names[index]!)) found.push(id);
        else this.lacking.add(id);
      }
    }
    // Photos were looked at meanwhile, or have left.
    const wanted = new Set(this.namesOf(todo));
    await dropPending(releaseCopies(this.looker, heldCopies(this.looker).filter((name) => !wanted.has(name))));
    return found;
  }

  /** The pixels of a photo, as far as they can be had; null where its worker was lost, which may have been another photo's fault. */
  async see(id: string, tools: Tools): Promise<Seen | null> {
    const attempt = (this.attempts.get(id) ?? 0) + 1;
    this.attempts.set(id, attempt);
    try {
      const seen = await seePhoto(id, this.names.get(id) ?? [], attempt > 1, this.originals, tools, this.minSide);
      if (seen.kind === "waits") this.lacking.add(id);
      return seen;
    } catch (error) {
      if (!this.library.alive || !(error instanceof WorkerLost)) throw error;
      return attempt < MOST_ATTEMPTS ? null : { kind: "missed" };
    }
  }

  /** After a click: ask for the folders that wait. */
  async askForFolders(): Promise<void> {
    for (const name of this.originals.closed) {
      const root = await readRoot(name);
      if (root) await askToRead(root.handle);
    }
  }

  /** Nobody wants to look any more. */
  async close(): Promise<void> {
    this.clear();
    await dropPending(releaseCopies(this.looker));
  }

  private clear(): void {
    this.names.clear();
    this.attempts.clear();
    this.lacking.clear();
    this.originals = new Originals();
  }
}
