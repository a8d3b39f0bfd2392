/**
 * Photos that another model pack has looked at, since they came with a saved library or are of an earlier version of Shoebox, are
 * looked at again from their thumbnails, behind everything else: words find them then. See py/shoebox/library/renewal.py.
 */
import type { Library } from "../client";
import { NO_RENEWAL, packWork, renewal, settings } from "../state";
import { whyStopped } from "../storage/library";
import type { Additions } from "./additions";
import type { LibraryLock } from "./lock";
import { alone } from "./one-tab";

/** One tab does this. */
const LOCK = "shoebox-renewal";

export class RenewalPass {
  private opened = false;
  private running = false;
  private ended: Promise<void> = Promise.resolve();
  /** There may be something to do. */
  private again = true;
  /** There is something to do, which has to wait. */
  private waits = false;
  private giveUp = new AbortController();

  constructor(
    private readonly library: Library,
    private readonly lock: LibraryLock,
    private readonly additions: Additions,
    private readonly stored: (generation: number) => void,
  ) {}

  /** The library is loaded, or may be worked on again. */
  open(): void {
    this.opened = true;
    this.lookAgain();
  }

  /** Photos came, or what stood in the way is gone. */
  lookAgain(): void {
    this.again = true;
    this.follow();
  }

  /** Perhaps it is this pass's turn now. */
  follow(): void {
    if (!this.opened || this.running || this.additions.standing === "busy") return;
    if (!this.again && !(this.waits && this.free)) return;
    this.running = true;
    this.ended = this.round().catch((error: unknown) => {
      if (this.giveUp.signal.aborted) return;
      console.error(error);
      renewal.value = { ...renewal.peek(), phase: "blocked", reason: whyStopped(error) };
    }).finally(() => {
      this.running = false;
      this.follow();
    });
  }

  /** Stop, and answer when nothing is under way any more. */
  async close(): Promise<void> {
    this.opened = false;
    this.giveUp.abort();
    await this.ended;
    this.giveUp = new AbortController();
    renewal.value = NO_RENEWAL;
  }

  /** Not while photos are added or everything is paused, and not for a pack that another one is about to follow. */
  private get free(): boolean {
    return this.opened && this.additions.standing === "free" && packWork.peek().phase === "idle";
  }

  private get held(): "paused" | "waiting" {
    return this.additions.standing === "paused" ? "paused" : "waiting";
  }

  private async round(): Promise<void> {
    this.again = false;
    this.waits = false;
    await this.library.call("renew_begin", {});
    const { left, waiting } = await this.library.call("renew_step", {});
    renewal.value = { ...NO_RENEWAL, phase: left > 0 ? this.held : "idle", left, waiting };
    if (left > 0 && this.free) await alone(LOCK, this.giveUp.signal, () => this.work());
    else this.waits = left > 0;
  }

  private async work(): Promise<void> {
    for (;;) {
      if (!this.free) {
        this.waits = true;
        renewal.value = { ...renewal.peek(), phase: this.held };
        return;
      }
      const { left, waiting, generation } = await this.lock.with(() => this.library.renew(settings.peek().tags));
      renewal.value = { ...NO_RENEWAL, phase: left > 0 ? "working" : "idle", left, waiting };
      if (generation !== null) this.stored(generation);
      if (left === 0) return;
    }
  }
}
