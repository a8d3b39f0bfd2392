/** Storing what the second pass found: each batch in one transaction, people when they change, all folded now and then. */
import type { Library } from "../client";
import { peopleVersion } from "../state";
import { commitFaces, commitGroups } from "../storage/faces";
import type { LibraryLock } from "./lock";
import { releaseCopies } from "./originals";

/** The library was loaded anew in between: what was staged is gone. */
export class Stale extends Error {}

export class FaceKeeping {
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
  }

  /** Store what was staged after so many loads; the copies of files under these names are no longer needed. */
  async keep(load: number, batch: number, staged: Parameters<typeof commitFaces>[0], names: string[] = []): Promise<void> {
    await this.lock.with(async () => {
      // Taking the lock may have loaded the library anew.
      if (load !== this.loads) throw new Stale();
      try {
        const generation = await commitFaces(staged, releaseCopies("faces", names));
        await this.library.call("faces_settle", { batch, stored: true });
        this.stored(generation);
      } catch (error) {
        await this.library.call("faces_settle", { batch, stored: false }).catch(() => undefined);
        throw error;
      }
    });
  }

  /** Let people be put together, if there is enough that is new; `all`: whatever is new. */
  async group(all: boolean): Promise<void> {
    const load = this.loads;
    const { groups } = await this.library.call("faces_group", { all });
    if (!groups) return;
    await this.lock.with(async () => {
      if (load === this.loads) this.stored(await commitGroups(groups));
    });
    peopleVersion.value += 1;
  }

  /** Gather what was stored batch by batch, and let go of faces whose photos have left. */
  async fold(tidy = false): Promise<void> {
    await this.lock.with(async () => {
      const folded = await this.library.call("faces_fold", { tidy });
      if (folded) await this.keep(this.loads, folded.batch, folded);
    });
  }

  /** Let go of faces whose photos have left, where there are any. */
  async tidy(): Promise<void> {
    if ((await this.library.call("stats", {})).faces > 0) await this.fold(true);
  }
}
