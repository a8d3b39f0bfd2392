/**
 * The second pass: photos that are searchable already are looked at for faces, behind everything else.
 *
 * [Note: Behind everything else] Nothing begins while photos are being added, and what is under way ends first; the same button
 * pauses both. Each batch is stored by itself, so a reload costs only what was in flight. One tab at a time does this.
 */
import type { FaceWork } from "../contract";
import { splitIds, type Library } from "../client";
import type { FaceNetwork, NetworkSources } from "../messages";
import { faceWork, NO_FACE_WORK, peopleVersion, settings } from "../state";
import { dropPending } from "../storage/pending";
import { isQuota } from "../storage/library";
import { FULL } from "../storage/quota";
import { askToRead, readRoot } from "../storage/roots";
import { WorkerLost } from "../worker-handle";
import type { Additions } from "./additions";
import { openFacePack } from "./face-pack";
import { FaceKeeping } from "./face-keeping";
import { seePhoto } from "./face-photo";
import { Stale } from "./findings-keeping";
import type { LibraryLock } from "./lock";
import { heldCopies, Originals, releaseCopies } from "./originals";
import { Pace } from "./pace";

/** Pixels of up to 1,600 x 1,200 take 5.8 MB a photo. */
const BATCH = 4;
/** One in each lane of the networks. */
const BATCHES_IN_FLIGHT = 2;
const MOST_ATTEMPTS = 3;
const NAMES_AT_ONCE = 256;
const TELL_EVERY = 200;
/** Longer than the page offers to bring removed photos back. */
const TIDY_MS = 60_000;
const NO_LIBRARY = "Shoebox stopped working inside the browser. Reload the page: looking for faces goes on where it was.";
const CLOSED = "Their folder can be read once you allow it again.";
const GONE = "Their files are not at hand: add their folder again, and they are looked at.";

interface Ready {
  id: string;
  pixels: Uint8Array<ArrayBuffer>;
  width: number;
  height: number;
}

export class FacePass {
  private queue: string[] = [];
  private names = new Map<string, string[]>();
  private attempts = new Map<string, number>();
  private waiting = new Set<string>();
  /** Of these, those whose file seemed to be at hand and was not: not tried again until something has changed. */
  private lost = new Set<string>();
  private missed: string[] = [];
  private ready: Ready[] = [];
  private preparing = 0;
  private inFlight = 0;
  private total = 0;
  private left = 0;
  private originals = new Originals();
  private networks: Promise<void> | null = null;
  /** The pack that this pass looks with; empty while it has not begun. */
  private pack = "";
  /** People are as another pack sees them; see [Note: Beside] in py/shoebox/faces/gallery.py. */
  private beside = false;
  private phase: "off" | "starting" | "working" | "grouping" | "done" = "off";
  private blockedBy = "";
  private running = false;
  /** Something changed while a round was being finished: look again. */
  private again = false;
  private opened = false;
  private letGo: (() => void) | null = null;
  private giveUp = new AbortController();
  private tidyTimer = 0;
  private readonly pace = new Pace();
  private readonly keeping: FaceKeeping;
  private tellTimer = 0;

  constructor(
    private readonly library: Library,
    lock: LibraryLock,
    private readonly additions: Additions,
    stored: (generation: number) => void,
  ) {
    this.keeping = new FaceKeeping(library, lock, stored);
  }

  /** The library is loaded: begin, if the person wants it. */
  open(): void {
    this.opened = true;
    this.poke();
    this.tidySoon(0);
  }

  /** The library was loaded anew, since another tab has changed it: perhaps faces were turned off there, or deleted. */
  reloaded(): void {
    this.keeping.reloaded();
    this.poke();
  }

  /** Photos came or left, or files that were waited for are at hand. */
  lookAgain(): void {
    this.again = true;
    this.follow();
  }

  /** Photos left; their faces follow, unless the person takes that back at once. */
  tidySoon(after = TIDY_MS): void {
    clearTimeout(this.tidyTimer);
    this.tidyTimer = window.setTimeout(() => void this.keeping.tidy().catch((error: unknown) => console.error(error)), after);
  }

  /** Settings changed, photos were added, someone paused or went on. */
  poke(): void {
    if (!this.opened) return;
    if (!settings.peek().faces) void this.close().catch((error: unknown) => console.error(error));
    else if (this.pack !== "" && this.pack !== settings.peek().facePack) {
      // Another pack was chosen: from the beginning, with that one.
      void this.close().then(() => this.poke()).catch((error: unknown) => console.error(error));
    } else {
      this.again = true;
      this.blockedBy = "";
      this.step();
    }
    this.tell();
  }

  /** The additions changed: maybe it is this pass's turn, or no longer so. */
  follow(): void {
    if (this.opened) this.step();
    this.tell();
  }

  /** After a click: ask for the folders that wait. */
  async allowFolders(): Promise<void> {
    for (const name of this.originals.closed) {
      const root = await readRoot(name);
      if (root) await askToRead(root.handle);
    }
    this.poke();
  }

  /** After a click: people are as the chosen pack sees them, also where files were not at hand for it. */
  async changeNow(): Promise<void> {
    if (this.phase !== "done") return;
    await this.changeOver();
    this.poke();
  }

  /** Stop, and answer when nothing is under way any more. */
  async close(): Promise<void> {
    this.queue = [];
    this.ready = [];
    this.missed = [];
    this.again = false;
    this.giveUp.abort();
    while (this.preparing > 0 || this.inFlight > 0 || this.running) await new Promise((resolve) => setTimeout(resolve, 20));
    this.giveUp = new AbortController();
    // What could not be stored meanwhile was put back.
    this.queue = [];
    this.missed = [];
    this.ready = [];
    this.waiting.clear();
    this.lost.clear();
    this.originals = new Originals();
    this.letGo?.();
    this.letGo = null;
    await dropPending(releaseCopies("faces"));
    if (this.networks) {
      this.networks = null;
      await this.library.useFaces(null);
    }
    this.phase = "off";
    this.pack = "";
    this.beside = false;
    this.tell();
  }

  private get wanted(): boolean {
    return settings.peek().faces && this.additions.standing === "free" && this.blockedBy === "";
  }

  private get underWay(): boolean {
    return this.preparing > 0 || this.ready.length > 0 || this.inFlight > 0;
  }

  /** Start whatever may start. Called whenever something ends, or may begin again. */
  private step(): void {
    if (!this.wanted) return;
    while (this.queue.length > 0 && this.preparing + this.ready.length < 2 * BATCH) this.prepare(this.queue.shift()!);
    while (this.canSend()) this.send();
    if (this.queue.length === 0 && !this.underWay && !this.running && (this.again || this.phase === "working")) void this.round();
  }

  /** All that was queued is done: put people together, and see what there is to do now. */
  private async round(): Promise<void> {
    this.running = true;
    try {
      if (this.phase === "working") {
        this.phase = "grouping";
        this.tell();
        await this.keeping.group(true);
      }
      if (this.again) this.lost.clear();
      this.again = false;
      await this.begin();
    } catch (error) {
      if (!this.giveUp.signal.aborted) this.block(error);
    } finally {
      this.running = false;
      this.tell();
    }
    this.step();
  }

  /** Find out what is to do. */
  private async begin(): Promise<void> {
    if (this.phase === "off") this.phase = "starting";
    this.tell();
    await this.alone();
    this.pack = settings.peek().facePack;
    const { ids, total, beside } = await this.library.call("faces_todo", { pack: this.pack });
    this.beside = beside;
    const todo = splitIds(ids);
    this.total = total;
    this.left = todo.length;
    const known = this.phase === "starting" || this.phase === "done";
    this.originals = new Originals();
    this.waiting.clear();
    this.names.clear();
    this.attempts.clear();
    const reachable = await this.reachable(todo);
    // Copies of photos that were looked at meanwhile, or have left.
    const wanted = new Set([...this.names.values()].flat());
    await dropPending(releaseCopies("faces", heldCopies("faces").filter((name) => !wanted.has(name))));
    if (reachable.length > 0 && settings.peek().faces) {
      this.networks ??= this.openNetworks();
      await this.networks.catch((error: unknown) => {
        this.networks = null;
        throw error;
      });
      if (known) this.pace.begin();
      this.phase = "working";
      this.queue = reachable;
    } else {
      if (this.waiting.size === 0 && settings.peek().faces) await this.changeOver();
      this.phase = settings.peek().faces ? "done" : "off";
      await this.rest();
    }
  }

  /** All is seen: what this pack has seen beside another one counts from now on. */
  private async changeOver(): Promise<void> {
    if (!this.beside) return;
    const { load } = this.keeping;
    const staged = await this.library.call("faces_change", { pack: this.pack });
    if (!staged) return;
    await this.keeping.keep(load, staged.batch, staged);
    this.beside = false;
    await this.keeping.group(true);
    peopleVersion.value += 1;
  }

  /** Those whose files are at hand; the others wait. */
  private async reachable(todo: string[]): Promise<string[]> {
    const found: string[] = [];
    for (let start = 0; start < todo.length; start += NAMES_AT_ONCE) {
      const ids = todo.slice(start, start + NAMES_AT_ONCE);
      const names = await this.library.call("faces_names", { ids });
      for (const [index, id] of ids.entries()) {
        this.names.set(id, names[index]!);
        if (!this.lost.has(id) && (await this.originals.has(names[index]!))) found.push(id);
        else this.waiting.add(id);
      }
    }
    return found;
  }

  private async openNetworks(): Promise<void> {
    const { manifest, source } = await openFacePack(this.pack);
    const { networks, neighbours } = await this.library.call("faces_begin", { manifest });
    const sources: NetworkSources = { neighbours: { bytes: neighbours } };
    for (const { network, file, sha256 } of networks) sources[network satisfies FaceNetwork] = source(file, sha256);
    await this.library.useFaces(sources);
  }

  private prepare(id: string): void {
    this.preparing += 1;
    const attempt = (this.attempts.get(id) ?? 0) + 1;
    this.attempts.set(id, attempt);
    void this.see(id, attempt).catch((error: unknown) => {
      if (!this.library.alive) this.block(new Error(NO_LIBRARY));
      else if (!(error instanceof WorkerLost)) this.block(error);
      else if (attempt >= MOST_ATTEMPTS) this.missed.push(id);
      else this.queue.push(id);
    }).finally(() => {
      this.preparing -= 1;
      this.step();
    });
  }

  private async see(id: string, attempt: number): Promise<void> {
    const { tools } = this.additions;
    const seen = await seePhoto(id, this.names.get(id) ?? [], attempt > 1, this.originals, tools);
    if (seen.kind === "waits") {
      this.waiting.add(id);
      this.lost.add(id);
    } else if (seen.kind === "missed") this.missed.push(id);
    else this.ready.push({ id, pixels: seen.pixels, width: seen.width, height: seen.height });
  }

  private canSend(): boolean {
    if (this.inFlight >= BATCHES_IN_FLIGHT) return false;
    const last = this.preparing === 0 && this.queue.length === 0;
    return this.ready.length >= BATCH || (last && this.ready.length + this.missed.length > 0);
  }

  private send(): void {
    const batch = this.ready.splice(0, BATCH);
    const missed = this.missed.splice(0);
    this.inFlight += 1;
    void this.look(batch, missed).catch((error: unknown) => {
      // What could not be stored is looked at again.
      this.queue.push(...batch.map(({ id }) => id), ...missed);
      if (!(error instanceof Stale)) this.block(error);
    }).finally(() => {
      this.inFlight -= 1;
      this.step();
    });
  }

  private async look(batch: Ready[], missed: string[]): Promise<void> {
    const photos = batch.map(({ id, width, height }) => ({ id, width, height }));
    const pixels = batch.map((one) => one.pixels);
    const { load } = this.keeping;
    const staged = await this.library.call("faces_look", { photos, pixels, missed }, pixels.map(({ buffer }) => buffer));
    const names = [...photos.map(({ id }) => id), ...missed].flatMap((id) => this.names.get(id) ?? []);
    if (staged.batch !== null) await this.keeping.keep(load, staged.batch, staged, names);
    const count = batch.length + missed.length;
    this.left = Math.max(0, this.left - count);
    this.pace.count(count);
    await this.keeping.group(false);
    this.tell();
  }

  /** Only one tab looks for faces; this waits until it is this one. */
  private async alone(): Promise<void> {
    if (this.letGo || !navigator.locks) return;
    await new Promise<void>((resolve, reject) => {
      navigator.locks.request("shoebox-faces", { signal: this.giveUp.signal }, () => new Promise<void>((free) => {
        this.letGo = free;
        resolve();
      })).catch(reject);
    });
  }

  /** Nothing is left to do: other tabs may. */
  private async rest(): Promise<void> {
    this.letGo?.();
    this.letGo = null;
    await this.keeping.fold();
  }

  private block(error: unknown): void {
    console.error(error);
    this.blockedBy = isQuota(error) ? FULL : error instanceof Error ? error.message : String(error);
    this.tell();
  }

  private tell(): void {
    if (this.tellTimer) return;
    this.tellTimer = window.setTimeout(() => {
      this.tellTimer = 0;
      faceWork.value = this.describe();
    }, TELL_EVERY);
  }

  private describe(): FaceWork {
    if (this.phase === "off") return NO_FACE_WORK;
    const { standing } = this.additions;
    const held: FaceWork["phase"] | null = standing === "free" || this.phase === "done" ? null : standing === "busy" ? "after-photos" : standing;
    const phase = this.blockedBy ? "blocked" : held ?? this.phase;
    const working = phase === "working";
    const folders = [...this.originals.closed];
    return {
      phase, reason: this.blockedBy,
      done: this.total - this.left, total: this.total,
      waiting: this.waiting.size,
      waitingReason: this.waiting.size === 0 ? "" : folders.length > 0 ? CLOSED : GONE,
      folders,
      photosPerSecond: working ? this.pace.photosPerSecond : 0,
      secondsLeft: working ? this.pace.secondsLeft(this.left - this.waiting.size) : null,
      beside: this.beside,
    };
  }
}
