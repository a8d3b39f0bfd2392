/**
 * A pass over photos that can be searched already: their files are opened again, decoded larger, and looked at.
 *
 * [Note: Behind everything else] Nothing begins while photos are being added, and what is under way ends first; the same button
 * pauses both. Each batch is stored by itself, so a reload costs only what was in flight. One tab at a time does this.
 */
import { splitIds, type Library } from "../client";
import type { FindingsStaged } from "../messages";
import { whyStopped } from "../storage/library";
import type { Additions } from "./additions";
import { Stale, type FindingsKeeping } from "./findings-keeping";
import { LookFiles } from "./look-files";
import { lookThrough, type LookBatch } from "./look-lanes";
import { lookWork, type LookWork, type Standing } from "./look-work";
import { OneTab } from "./one-tab";
import type { Looker } from "./originals";
import { Pace } from "./pace";
import { Turns } from "./turns";

const TELL_EVERY = 200;
/** Longer than the page offers to bring removed photos back. */
const TIDY_MS = 60_000;

/** What is particular to a pass. */
export interface LookKind {
  looker: Looker;
  /** What the shorter side of the photos should be at least. */
  minSide: number;
  /** Said when Python is gone, and of photos whose files are. */
  noLibrary: string;
  gone: string;
}

export abstract class LookPass<Held extends string, Keeping extends FindingsKeeping = FindingsKeeping> {
  private readonly files: LookFiles;
  private total = 0;
  private left = 0;
  private networks: Promise<void> | null = null;
  private phase: "off" | "starting" | "working" | "done" = "off";
  private blockedBy = "";
  /** What is under way; null while nothing is. */
  private running: Promise<void> | null = null;
  private closing: Promise<void> | null = null;
  /** Something changed meanwhile: there may be more to do. */
  private again = false;
  private opened = false;
  private tidyTimer = 0;
  private tellTimer = 0;
  private readonly pace = new Pace();
  private readonly turns = new Turns(() => this.mayWork);
  private readonly oneTab: OneTab;

  constructor(
    protected readonly library: Library,
    private readonly additions: Additions,
    protected readonly keeping: Keeping,
    private readonly kind: LookKind,
  ) {
    this.files = new LookFiles(library, kind.looker, kind.minSide);
    this.oneTab = new OneTab(`shoebox-${kind.looker}`);
  }

  /** Does the person want it? */
  protected abstract get wanted(): boolean;
  /** What this pass waits for, if it does. */
  protected abstract get held(): Held | null;
  protected abstract todo(): Promise<{ ids: string; total: number }>;
  protected abstract openNetworks(): Promise<void>;
  protected abstract closeNetworks(): Promise<void>;
  protected abstract look(batch: LookBatch): Promise<FindingsStaged | { batch: null }>;
  /** Null where it is off. */
  protected abstract show(work: LookWork<Held> | null): void;

  /** The library is loaded: begin, if the person wants it. */
  open(): void {
    this.opened = true;
    this.poke();
    this.tidySoon(0);
  }

  /** The library was loaded anew, since another tab has changed it: perhaps this was turned off there, or deleted. */
  reloaded(): void {
    this.keeping.reloaded();
    this.poke();
  }

  /** Photos came or left, or files that were waited for are at hand. */
  lookAgain(): void {
    this.again = true;
    this.start();
  }

  /** Photos left; what was found in them follows, unless the person takes that back at once. */
  tidySoon(after = TIDY_MS): void {
    clearTimeout(this.tidyTimer);
    this.tidyTimer = window.setTimeout(() => void this.keeping.tidy().catch((error: unknown) => console.error(error)), after);
  }

  /** Settings changed, photos were added, someone paused or went on. */
  poke(): void {
    if (!this.opened) return;
    if (!this.wanted || this.outdated) void this.close().catch((error: unknown) => console.error(error));
    if (this.wanted) {
      this.blockedBy = "";
      this.lookAgain();
    }
    this.follow();
  }

  /** Something that this pass waits for changed: maybe it is its turn. */
  follow(): void {
    this.turns.wake();
    this.tell();
  }

  /** After a click: ask for the folders that wait. */
  async allowFolders(): Promise<void> {
    await this.files.askForFolders();
    this.poke();
  }

  /** Stop, and answer when nothing is under way any more. */
  close(): Promise<void> {
    this.closing ??= this.shut().finally(() => {
      this.closing = null;
      // Turned on again meanwhile.
      if (this.again) this.start();
    });
    return this.closing;
  }

  /** Is what is under way no longer what the person wants? Then it begins anew. */
  protected get outdated(): boolean {
    return false;
  }

  /** Is all done that could be done? */
  protected get finished(): boolean {
    return this.phase === "done";
  }

  /** What holds up any pass. */
  protected get standing(): Standing | null {
    const { standing } = this.additions;
    return standing === "free" ? null : standing === "busy" ? "after-photos" : standing;
  }

  /** Is it this pass's turn? */
  protected get mayWork(): boolean {
    return this.standing === null;
  }

  /** A batch was stored. */
  protected async stored(): Promise<void> {}

  /** Photos were looked at, and none is left of those whose files are at hand. */
  protected async looked(): Promise<void> {}

  /** All photos are seen that there are. */
  protected async seenAll(): Promise<void> {}

  /** It was turned off, or begins anew. */
  protected closed(): void {}

  protected tell(): void {
    if (this.tellTimer) return;
    this.tellTimer = window.setTimeout(() => {
      this.tellTimer = 0;
      this.show(this.describe());
    }, TELL_EVERY);
  }

  private async shut(): Promise<void> {
    this.again = false;
    this.turns.stop();
    this.tell();
    await this.running;
    this.oneTab.release();
    await this.files.close();
    if (this.networks) {
      this.networks = null;
      await this.closeNetworks();
    }
    this.closed();
    this.phase = "off";
    this.tell();
  }

  private start(): void {
    if (!this.opened || this.running || this.closing || this.blockedBy !== "" || !this.wanted) return;
    this.turns.begin();
    this.running = this.rounds().catch((error: unknown) => this.fail(error)).finally(() => {
      this.running = null;
      this.tell();
      if (this.again) this.start();
    });
  }

  private async rounds(): Promise<void> {
    // What is wanted after the end is for the next start.
    while (this.again && !this.turns.signal.aborted) {
      this.again = false;
      await this.round();
    }
  }

  /** Find out what is to do, and do it. */
  private async round(): Promise<void> {
    if (this.phase === "off") this.phase = "starting";
    this.tell();
    await this.turns.take();
    await this.oneTab.take(this.turns.signal);
    await this.turns.take();
    const { ids, total } = await this.todo();
    const todo = splitIds(ids);
    this.total = total;
    this.left = todo.length;
    const atHand = await this.files.begin(todo);
    if (atHand.length > 0) {
      await this.turns.take();
      this.networks ??= this.openNetworks();
      await this.networks.catch((error: unknown) => {
        this.networks = null;
        throw error;
      });
      if (this.phase !== "working") this.pace.begin();
      this.phase = "working";
      await lookThrough(atHand, {
        turns: this.turns,
        see: (id) => this.files.see(id, this.additions.tools),
        send: (batch) => this.send(batch),
        fail: (error) => this.fail(error),
      });
      await this.looked();
    }
    // With more to do, the next round sees to that.
    if (this.files.waiting === 0 && !this.again) await this.seenAll();
    this.phase = "done";
    this.oneTab.release();
    await this.keeping.fold();
  }

  private async send(batch: LookBatch): Promise<void> {
    const ids = [...batch.photos.map(({ id }) => id), ...batch.missed];
    const { load } = this.keeping;
    const staged = await this.look(batch);
    try {
      if (staged.batch !== null) await this.keeping.keep(load, staged.batch, staged, this.files.namesOf(ids));
    } catch (error) {
      if (!(error instanceof Stale)) throw error;
      // The library was loaded anew in between: they are looked at again.
      this.again = true;
      return;
    }
    this.left = Math.max(0, this.left - ids.length);
    this.pace.count(ids.length);
    await this.stored();
    this.tell();
  }

  /** End what is under way, and say why. */
  private fail(error: unknown): void {
    if (this.turns.signal.aborted) return;
    console.error(error);
    if (!this.library.alive) this.blockedBy = this.kind.noLibrary;
    else this.blockedBy = whyStopped(error);
    this.turns.stop();
    this.tell();
  }

  private describe(): LookWork<Held> | null {
    if (this.phase === "off") return null;
    const { total, left, files, pace } = this;
    const phase = this.blockedBy ? "blocked" : this.phase === "done" ? "done" : this.held ?? this.phase;
    return lookWork({ phase, reason: this.blockedBy, total, left, files, pace, gone: this.kind.gone });
  }
}
