/** Storing what a pass found: each batch in one transaction, all folded now and then. */
import type { Library } from "../client";
import type { FindingsStaged } from "../messages";
import { commitFindings, type FindingsStore } from "../storage/findings";
import type { LibraryLock } from "./lock";
import { releaseCopies, type Looker } from "./originals";

/** Where the findings of each pass lie; `stats` counts them under the same name. */
const STORES: Record<Looker, FindingsStore> = { faces: "faces", text: "texts" };

/** The library was loaded anew in between: what was staged is gone. */
export class Stale extends Error {}

export class FindingsKeeping {
  /** How often the library was loaded anew. */
  private loads = 0;

  /** `looker` says whose findings these are; its verbs in Python begin so. */
  constructor(
    protected readonly library: Library,
    protected readonly lock: LibraryLock,
    protected readonly stored: (generation: number) => void,
    private readonly looker: Looker,
  ) {}

  /** What is staged from here on belongs to the library as it is now. */
  get load(): number {
    return this.loads;
  }

  reloaded(): void {
    this.loads += 1;
    this.changed();
  }

  /** Store what was staged after so many loads; the copies of files under these names are no longer needed by this pass. */
  async keep(load: number, batch: number, staged: Pick<FindingsStaged, "put" | "delete">, names: string[] = []): Promise<void> {
    const settle = (stored: boolean): Promise<unknown> => this.library.call(`${this.looker}_settle`, { batch, stored });
    await this.lock.with(async () => {
      // Taking the lock may have loaded the library anew.
      if (load !== this.loads) throw new Stale();
      try {
        const generation = await commitFindings(STORES[this.looker], staged, releaseCopies(this.looker, names));
        await settle(true);
        this.stored(generation);
      } catch (error) {
        await settle(false).catch(() => undefined);
        throw error;
      }
    });
    this.changed();
  }

  /** Gather what was stored batch by batch, and let go of what was found in photos that have left. */
  async fold(tidy = false): Promise<void> {
    await this.lock.with(async () => {
      const folded = await this.library.call(`${this.looker}_fold`, { tidy });
      if (folded) await this.keep(this.loads, folded.batch, folded);
    });
  }

  /** Let go of what was found in photos that have left, where there is anything. */
  async tidy(): Promise<void> {
    if ((await this.library.call("stats", {}))[STORES[this.looker]] > 0) await this.fold(true);
  }

  /** Other things may be known than before. */
  protected changed(): void {}
}
