/**
 * Changing over to another model pack, behind everything else: the next pack looks at all thumbnails while the present one goes on
 * answering; then it takes its place in one step, and the page is loaded anew with it.
 *
 * [Note: From thumbnails] They are here for every photo, also where its file is not at hand; and the networks see photos no
 * larger than they are. What comes of that was measured: docs/packs.md.
 */
import type { Library } from "../client";
import type { PackWork } from "../contract";
import { NO_PACK_WORK, packWork, settings } from "../state";
import { whyStopped } from "../storage/library";
import { readNextPack, writeNextPack } from "../storage/meta";
import { forgetNext } from "../storage/packs";
import type { LibraryLock } from "./lock";
import { alone } from "./one-tab";
import { quiet } from "./quiet";

/** One tab does this; the others wait until it has, or is closed. */
const LOCK = "shoebox-packs";

function tell(work: Partial<PackWork>): void {
  packWork.value = { ...packWork.peek(), reason: "", ...work };
}

export class PackPass {
  private wanted: string | null = null;
  private running: Promise<void> = Promise.resolve();
  private giveUp = new AbortController();

  constructor(
    private readonly library: Library,
    private readonly lock: LibraryLock,
    /** The library is another one now: to be told to other tabs, and loaded anew. */
    private readonly changedOver: () => Promise<void>,
  ) {}

  /** Go on with what was begun before the page was loaded. */
  async open(): Promise<void> {
    const pack = await readNextPack();
    if (pack !== undefined && pack !== settings.peek().pack) this.start(pack);
  }

  /** Change over to a pack, in the place of one that was begun with, if any. */
  async begin(pack: string): Promise<void> {
    if (this.wanted === pack) {
      // What was stored before it was blocked still counts.
      if (packWork.peek().phase === "blocked") this.start(pack);
      return;
    }
    await this.cancel();
    await writeNextPack(pack);
    this.start(pack);
  }

  /** Stay with the present pack; what the other one has seen is forgotten. */
  async cancel(): Promise<void> {
    this.wanted = null;
    this.giveUp.abort();
    await this.running;
    await forgetNext();
    packWork.value = NO_PACK_WORK;
  }

  private start(pack: string): void {
    this.wanted = pack;
    this.giveUp = new AbortController();
    tell({ phase: "starting", pack, done: 0, total: 0 });
    this.running = alone(LOCK, this.giveUp.signal, () => this.work(pack)).catch((error: unknown) => {
      if (this.wanted !== pack) return;
      console.error(error);
      tell({ phase: "blocked", reason: whyStopped(error) });
    });
  }

  private async work(pack: string): Promise<void> {
    // Another tab may have come to the end, or have given up, while this one waited.
    if (this.wanted !== pack || (await readNextPack()) !== pack) return;
    try {
      await this.library.beginNext(pack);
      while (this.wanted === pack) {
        await quiet(() => tell({ phase: "waiting" }), this.giveUp.signal);
        if (!(await this.step())) {
          await this.finish(pack);
          return;
        }
      }
    } finally {
      await this.library.endNext();
    }
  }

  private async step(): Promise<boolean> {
    const { left, done, total } = await this.library.stepNext(settings.peek().tags);
    tell({ phase: "working", done, total });
    return left;
  }

  private async finish(pack: string): Promise<void> {
    await this.lock.with(async () => {
      // Photos may have come from another tab while this one waited for the lock.
      while (await this.step()) if (this.wanted !== pack) return;
      tell({ phase: "changing" });
      await this.library.finishNext(pack);
    });
    await this.changedOver();
  }
}
