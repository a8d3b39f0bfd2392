/** Storing what was read: each batch in one transaction, all folded now and then. */
import type { Library } from "../client";
import { textVersion } from "../state";
import { commitTexts } from "../storage/texts";
import type { LibraryLock } from "./lock";
import { releaseCopies } from "./originals";

/** The library was loaded anew in between: what was staged is gone. */
export class Stale extends Error {}

export class TextKeeping {
  /** How often the library was loaded anew. */
  private loads = 0;

  constructor(
    private readonly library: Library,
    private readonly lock: LibraryLock,
    private readonly stored: (generation: number) => void,
  ) {}

  /** What is staged from here on belongs to the library as it is now. */
  get load(): number {
    return this.loads;
  }

  reloaded(): void {
    this.loads += 1;
    textVersion.value += 1;
  }

  /** Store what was staged after so many loads; the copies of files under these names are no longer needed for reading. */
  async keep(load: number, batch: number, staged: Parameters<typeof commitTexts>[0], names: string[] = []): Promise<void> {
    await this.lock.with(async () => {
      // Taking the lock may have loaded the library anew.
      if (load !== this.loads) throw new Stale();
      try {
        const generation = await commitTexts(staged, releaseCopies("text", names));
        await this.library.call("text_settle", { batch, stored: true });
        this.stored(generation);
      } catch (error) {
        await this.library.call("text_settle", { batch, stored: false }).catch(() => undefined);
        throw error;
      }
    });
    textVersion.value += 1;
  }

  /** Gather what was stored batch by batch, and let go of the text of photos that have left. */
  async fold(tidy = false): Promise<void> {
    await this.lock.with(async () => {
      const folded = await this.library.call("text_fold", { tidy });
      if (folded) await this.keep(this.loads, folded.batch, folded);
    });
  }

  /** Let go of the text of photos that have left, where there is any. */
  async tidy(): Promise<void> {
    if ((await this.library.call("stats", {})).texts > 0) await this.fold(true);
  }
}
