/**
 * The pass that reads what is written in photos, behind everything else: behind adding, and behind looking for faces. Each batch is
 * stored by itself, so a reload costs only what was in flight. One tab at a time does this.
 */
import type { TextWork } from "../contract";
import { splitIds, type Library } from "../client";
import type { NetworkSources, TextNetwork } from "../messages";
import { fetchBytes } from "../pack-files";
import { faceWork, NO_TEXT_WORK, settings, textWork } from "../state";
import { isQuota } from "../storage/library";
import { dropPending } from "../storage/pending";
import { FULL } from "../storage/quota";
import { askToRead, readRoot } from "../storage/roots";
import { WorkerLost } from "../worker-handle";
import type { Additions } from "./additions";
import { seePhoto } from "./face-photo";
import { Stale } from "./findings-keeping";
import type { LibraryLock } from "./lock";
import { heldCopies, Originals, releaseCopies } from "./originals";
import { Pace } from "./pace";
import { TextKeeping } from "./text-keeping";

/** The folder of the text pack, seen from the page. */
export const TEXT_PACK = "models/text/";
/** The shorter side: in 1,920 x 1,440 the small print of a page that fills the photo has letters of twelve pixels. */
const MIN_SIDE = 1440;
/** Pixels of up to 2,400 x 1,800 take 13 MB a photo. */
const BATCH = 4;
/** Two batches keep both lanes of the networks busy, while a third is decoded. */
const ABREAST = 3;
const MOST_ATTEMPTS = 3;
const NAMES_AT_ONCE = 256;
const TELL_EVERY = 200;
/** Longer than the page offers to bring removed photos back. */
const TIDY_MS = 60_000;
const NO_LIBRARY = "Shoebox stopped working inside the browser. Reload the page: reading text goes on where it was.";
const NO_PACK = "The networks that read text are not on this device yet. Connect to the network once, then continue.";
const CLOSED = "Their folder can be read once you allow it again.";
const GONE = "Their files are not at hand: add their folder again, and they are read.";
const LOOKING_FOR_FACES: ReadonlySet<string> = new Set(["starting", "working", "grouping"]);

interface Ready {
  id: string;
  pixels: Uint8Array<ArrayBuffer>;
  width: number;
  height: number;
}

/** Somebody wants this pass to end. */
class Ended extends Error {}

export class TextPass {
  private queue: string[] = [];
  private names = new Map<string, string[]>();
  private attempts = new Map<string, number>();
  private waiting = new Set<string>();
  private total = 0;
  private left = 0;
  private originals = new Originals();
  private networks: Promise<void> | null = null;
  private phase: "off" | "starting" | "working" | "done" = "off";
  private blockedBy = "";
  /** What is under way; null while nothing is. */
  private running: Promise<void> | null = null;
  /** Something changed meanwhile: there may be more to do. */
  private again = false;
  private opened = false;
  private letGo: (() => void) | null = null;
  private end = new AbortController();
  private sleepers: (() => void)[] = [];
  private tidyTimer = 0;
  private tellTimer = 0;
  private readonly pace = new Pace();
  private readonly keeping: TextKeeping;

  constructor(
    private readonly library: Library,
    lock: LibraryLock,
    private readonly additions: Additions,
    stored: (generation: number) => void,
  ) {
    this.keeping = new TextKeeping(library, lock, stored);
    faceWork.subscribe(() => this.follow());
  }

  /** The library is loaded: begin, if the person wants it. */
  open(): void {
    this.opened = true;
    this.poke();
    this.tidySoon(0);
  }

  /** The library was loaded anew, since another tab has changed it. */
  reloaded(): void {
    this.keeping.reloaded();
    this.poke();
  }

  /** Photos came or left, or files that were waited for are at hand. */
  lookAgain(): void {
    this.again = true;
    this.start();
  }

  /** Photos left; their text follows, unless the person takes that back at once. */
  tidySoon(after = TIDY_MS): void {
    clearTimeout(this.tidyTimer);
    this.tidyTimer = window.setTimeout(() => void this.keeping.tidy().catch((error: unknown) => console.error(error)), after);
  }

  /** Settings changed, photos were added, someone paused or went on. */
  poke(): void {
    if (!this.opened) return;
    if (settings.peek().text) {
      this.blockedBy = "";
      this.lookAgain();
    } else void this.close().catch((error: unknown) => console.error(error));
    this.follow();
  }

  /** The additions or the faces changed: maybe it is this pass's turn. */
  follow(): void {
    for (const wake of this.sleepers.splice(0)) wake();
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

  /** Stop, and answer when nothing is under way any more. */
  async close(): Promise<void> {
    this.again = false;
    this.end.abort();
    this.follow();
    await this.running;
    this.end = new AbortController();
    this.queue = [];
    this.waiting.clear();
    this.originals = new Originals();
    this.letGo?.();
    this.letGo = null;
    await dropPending(releaseCopies("text"));
    if (this.networks) {
      this.networks = null;
      await this.library.useReading(null);
    }
    this.phase = "off";
    this.tell();
    // Turned on again meanwhile.
    if (this.again) this.start();
  }

  private get mayWork(): boolean {
    return this.additions.standing === "free" && !LOOKING_FOR_FACES.has(faceWork.peek().phase);
  }

  private start(): void {
    if (!this.opened || this.running || this.blockedBy !== "" || !settings.peek().text) return;
    this.running = this.rounds().catch((error: unknown) => {
      if (!(error instanceof Ended) && !this.end.signal.aborted) this.block(error);
    }).finally(() => {
      this.running = null;
      this.tell();
      if (this.again && !this.end.signal.aborted) this.start();
    });
  }

  private async rounds(): Promise<void> {
    while (this.again) {
      this.again = false;
      await this.round();
    }
  }

  /** Find out what is to do, and do it. */
  private async round(): Promise<void> {
    if (this.phase === "off") this.phase = "starting";
    this.tell();
    await this.alone();
    await this.turn();
    const { ids, total } = await this.library.call("text_todo", {});
    const todo = splitIds(ids);
    this.total = total;
    this.left = todo.length;
    this.originals = new Originals();
    this.waiting.clear();
    this.names.clear();
    this.attempts.clear();
    this.queue = await this.reachable(todo);
    // Copies of photos that were read meanwhile, or have left.
    const wanted = new Set([...this.names.values()].flat());
    await dropPending(releaseCopies("text", heldCopies("text").filter((name) => !wanted.has(name))));
    if (this.queue.length > 0) {
      this.networks ??= this.openNetworks();
      await this.networks.catch((error: unknown) => {
        this.networks = null;
        throw error;
      });
      if (this.phase !== "working") this.pace.begin();
      this.phase = "working";
      await everyOne(Array.from({ length: ABREAST }, () => this.work()));
    }
    this.phase = "done";
    this.letGo?.();
    this.letGo = null;
    await this.keeping.fold();
  }

  /** Those whose files are at hand; the others wait. */
  private async reachable(todo: string[]): Promise<string[]> {
    const found: string[] = [];
    for (let start = 0; start < todo.length; start += NAMES_AT_ONCE) {
      const ids = todo.slice(start, start + NAMES_AT_ONCE);
      const names = await this.library.call("faces_names", { ids });
      for (const [index, id] of ids.entries()) {
        this.names.set(id, names[index]!);
        if (await this.originals.has(names[index]!)) found.push(id);
        else this.waiting.add(id);
      }
    }
    return found;
  }

  private async openNetworks(): Promise<void> {
    const folder = new URL(TEXT_PACK, document.baseURI);
    const manifest = await fetchBytes(new URL("pack.toml", folder)).catch(() => { throw new Error(NO_PACK); });
    const { networks, characters } = await this.library.call("text_describe", { manifest });
    const alphabet = await fetchBytes(new URL(characters, folder)).catch(() => { throw new Error(NO_PACK); });
    await this.library.call("text_begin", { manifest, characters: alphabet });
    const sources: NetworkSources = {};
    for (const { network, file, sha256 } of networks) sources[network satisfies TextNetwork] = { url: new URL(file, folder).href, sha256 };
    await this.library.useReading(sources);
  }

  /** Batch after batch, until nothing is left. */
  private async work(): Promise<void> {
    while (this.queue.length > 0) {
      const batch: Ready[] = [];
      const missed: string[] = [];
      while (batch.length < BATCH && this.queue.length > 0) {
        await this.turn();
        const id = this.queue.shift();
        if (id !== undefined) await this.see(id, batch, missed);
      }
      await this.turn();
      if (batch.length + missed.length > 0) await this.look(batch, missed);
    }
  }

  /** Decode a photo; what cannot be decoded is told, so that nobody tries again. */
  private async see(id: string, batch: Ready[], missed: string[]): Promise<void> {
    const attempt = (this.attempts.get(id) ?? 0) + 1;
    this.attempts.set(id, attempt);
    try {
      const seen = await seePhoto(id, this.names.get(id) ?? [], attempt > 1, this.originals, this.additions.tools, MIN_SIDE);
      if (seen.kind === "waits") this.waiting.add(id);
      else if (seen.kind === "missed") missed.push(id);
      else batch.push({ id, pixels: seen.pixels, width: seen.width, height: seen.height });
    } catch (error) {
      if (!this.library.alive) throw new Error(NO_LIBRARY);
      if (!(error instanceof WorkerLost)) throw error;
      if (attempt >= MOST_ATTEMPTS) missed.push(id);
      else this.queue.push(id);
    }
  }

  private async look(batch: Ready[], missed: string[]): Promise<void> {
    const photos = batch.map(({ id, width, height }) => ({ id, width, height }));
    const pixels = batch.map((one) => one.pixels);
    const ids = [...photos.map(({ id }) => id), ...missed];
    const { load } = this.keeping;
    const staged = await this.library.call("text_look", { photos, pixels, missed }, pixels.map(({ buffer }) => buffer));
    try {
      if (staged.batch !== null) await this.keeping.keep(load, staged.batch, staged, ids.flatMap((id) => this.names.get(id) ?? []));
    } catch (error) {
      if (!(error instanceof Stale)) throw error;
      // The library was loaded anew in between: they are looked at again.
      this.again = true;
      return;
    }
    this.left = Math.max(0, this.left - ids.length);
    this.pace.count(ids.length);
    this.tell();
  }

  /** Wait until it is this pass's turn. */
  private async turn(): Promise<void> {
    for (;;) {
      if (this.end.signal.aborted) throw new Ended();
      if (this.mayWork) return;
      await new Promise<void>((wake) => this.sleepers.push(wake));
    }
  }

  /** Only one tab reads; this waits until it is this one. */
  private async alone(): Promise<void> {
    if (this.letGo || !navigator.locks) return;
    await new Promise<void>((resolve, reject) => {
      navigator.locks.request("shoebox-text", { signal: this.end.signal }, () => new Promise<void>((free) => {
        this.letGo = free;
        resolve();
      })).catch(reject);
    });
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
      textWork.value = this.describe();
    }, TELL_EVERY);
  }

  private describe(): TextWork {
    if (this.phase === "off") return NO_TEXT_WORK;
    const phase = this.blockedBy ? "blocked" : this.phase === "done" ? "done" : this.held ?? this.phase;
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
    };
  }

  /** What this pass waits for, if it does. */
  private get held(): TextWork["phase"] | null {
    const { standing } = this.additions;
    if (standing !== "free") return standing === "busy" ? "after-photos" : standing;
    return this.mayWork ? null : "after-faces";
  }
}

/** Wait for all, also for those that go on after one has failed; rejects with the first failure. */
async function everyOne(work: Promise<void>[]): Promise<void> {
  const failed = (await Promise.allSettled(work)).find((result) => result.status === "rejected");
  if (failed) throw failed.reason;
}
