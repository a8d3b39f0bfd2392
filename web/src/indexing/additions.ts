/**
 * Adding photos from the first file to the last word: scan, ask Python which need work, index, sweep what is gone, tell the page.
 */
import type { AddAnswer, AddProgress, Failure } from "../contract";
import type { Library } from "../client";
import { IDLE, indexing, settings, waitingFolders, type Indexing } from "../state";
import { readFailures } from "../storage/failures";
import { readPaused, writePaused } from "../storage/meta";
import { dropPending } from "../storage/pending";
import { askToPersist } from "../storage/persistence";
import { keepRoot } from "../storage/roots";
import { DecodePool, poolSize } from "./decode-pool";
import { FailureList } from "./failure-list";
import { FallbackDecoder } from "./fallback-decoder";
import { Indexer } from "./indexer";
import { Job, type Item } from "./job";
import { Keeper } from "./keeper";
import type { LibraryLock } from "./lock";
import { anyLooker, holdCopy, rememberOriginal } from "./originals";
import type { Tools } from "./prepare";
import { Pace } from "./pace";
import { onBattery, watchPower } from "./power";
import { breathe, type Found, type Scan } from "./scan";
import { Upkeep } from "./upkeep";
import { askForFolders, keysUnder, readLeft } from "./waiting";

const PLANNED_AT_ONCE = 2000;
/** The page is told of progress at most this often (ms), of another phase at once. Each time it draws costs what a photo's thumbnail does. */
const TELL_EVERY = 500;
/** Batches between two attempts to fold the journal into blocks. */
const COMPACT_EVERY = 64;
const EMPTIED = "The library was emptied while these photos were being added. Add them again if you want them back.";
const OTHER_TAB = "Another tab of Shoebox is adding photos. This one goes on when that is done.";
const NO_MAINS = "Waiting for mains power, as chosen in the settings.";

/** What happens to the page's other parts when the library changes. */
export interface Effects {
  libraryChanged(generation: number): void;
  failuresChanged(failures: Failure[]): void;
  /** Files are at hand, also those of photos that were known. */
  filesCame(): void;
  /** Perhaps `standing` is another now. */
  standingChanged(): void;
}

export class Additions {
  private readonly jobs = new Set<Job>();
  /** Jobs whose counts are shown together. */
  private shown: Job[] = [];
  private readonly closing = new Set<Job>();
  private readonly indexer: Indexer;
  private readonly pool = new DecodePool(poolSize(navigator.hardwareConcurrency || 2));
  private readonly fallback = new FallbackDecoder();
  private readonly keeper = new Keeper();
  private readonly pace = new Pace();
  private readonly failures: FailureList;
  private readonly upkeep: Upkeep;
  private paused = false;
  private blockedBy = "";
  private otherTab = false;
  /** Waits for another tab to end. */
  private heir = false;
  private scanning = 0;
  private holding = false;
  private locked = false;
  private batches = 0;
  private tellTimer = 0;

  constructor(private readonly library: Library, private readonly lock: LibraryLock, private readonly effects: Effects) {
    this.failures = new FailureList((failures) => effects.failuresChanged(failures), TELL_EVERY);
    this.upkeep = new Upkeep(library, lock, this.failures, (generation) => effects.libraryChanged(generation));
    this.indexer = new Indexer(library, this.tools, {
      changed: () => this.changed(),
      stored: (photos, generation) => this.stored(photos, generation),
      failed: (rows, recovered) => this.failures.note(rows, recovered),
      blocked: (reason) => this.block(reason),
      mayWork: () => this.locked && !this.paused && this.blockedBy === "" && !this.waitsForPower,
    });
    void watchPower(() => {
      this.indexer.pump();
      this.changed();
    });
  }

  /** What decodes photos, for whoever else needs them decoded. */
  get tools(): Tools {
    return { library: this.library, pool: this.pool, fallback: this.fallback };
  }

  /** May other work on photos begin? Not while photos are being added, and one button pauses all. */
  get standing(): "free" | "busy" | "paused" | "waiting-for-power" {
    if (this.paused) return "paused";
    if (this.jobs.size > 0) return "busy";
    return this.waitsForPower ? "waiting-for-power" : "free";
  }

  private get waitsForPower(): boolean {
    return settings.peek().mainsOnly && onBattery();
  }

  /** Read what the last visit left: failures, and whether it was paused. */
  async open(): Promise<void> {
    const [rows, paused] = await Promise.all([readFailures(), readPaused()]);
    this.paused = paused;
    this.failures.note(rows, []);
  }

  setOtherTab(waiting: boolean): void {
    this.otherTab = waiting;
    this.changed();
  }

  async add(scan: Scan, onProgress?: (progress: AddProgress) => void): Promise<AddAnswer> {
    const job = this.begin(onProgress);
    try {
      await this.scanAll(job, scan);
    } catch (error) {
      this.jobs.delete(job);
      job.break(error);
      this.changed();
      throw error;
    }
    this.indexer.pump();
    return job.finished;
  }

  /** Go on with what an earlier visit left; folders that may not be read yet wait for the person. */
  async resumePending(): Promise<void> {
    const { photos, folders } = await readLeft();
    waitingFolders.value = folders;
    if (photos.length === 0) return;
    const job = this.begin();
    await this.enqueue(job, photos);
    job.seal([]);
    this.indexer.pump();
  }

  /** Another tab adds photos: wait in line behind it, and go on with what it leaves, should it end in the middle. */
  standBy(): void {
    if (this.heir || this.jobs.size > 0) return;
    this.heir = true;
    this.lock.with(() => this.resumePending())
      .catch((error: unknown) => console.error(error))
      .finally(() => { this.heir = false; });
  }

  /** After a click: ask for the folders that wait, and go on with those that may be read. */
  async continueFolders(): Promise<void> {
    await askForFolders(waitingFolders.peek());
    await this.resumePending();
  }

  async pause(): Promise<void> {
    this.paused = true;
    this.changed();
    await writePaused(true);
  }

  async resume(): Promise<void> {
    this.paused = false;
    this.blockedBy = "";
    this.pace.begin();
    this.indexer.pump();
    await writePaused(false);
  }

  /** Stop everything and forget it; the library is about to be emptied. */
  async cancel(): Promise<void> {
    for (const job of this.jobs) job.break(new Error(EMPTIED));
    this.jobs.clear();
    await this.indexer.cancel();
    this.failures.clear();
    this.shown = [];
    this.paused = false;
    this.blockedBy = "";
    waitingFolders.value = [];
    indexing.value = IDLE;
    this.letGo();
  }

  /** Settings changed. */
  poke(): void {
    this.indexer.pump();
  }

  end(): void {
    this.pool.end();
    this.fallback.end();
  }

  listFailures(): Failure[] {
    return this.failures.all();
  }

  private begin(onProgress?: (progress: AddProgress) => void): Job {
    if (this.jobs.size === 0) {
      this.shown = [];
      this.pace.begin();
    }
    const job = new Job(onProgress);
    this.jobs.add(job);
    this.shown.push(job);
    return job;
  }

  private async scanAll(job: Job, scan: Scan): Promise<void> {
    this.scanning += 1;
    try {
      const found: Found[] = [];
      for (let step = await scan.next(); ; step = await scan.next()) {
        if (step.done) {
          const opened = step.value.flatMap(({ name, handle }) => (handle ? [{ name, handle }] : []));
          for (const { name, handle } of opened) await keepRoot(name, handle);
          const again = opened.map(({ name }) => name).filter((name) => waitingFolders.peek().includes(name));
          const left = await keysUnder(again);
          await this.enqueue(job, found);
          job.seal(step.value);
          // What waited of these folders was found again, or is gone.
          waitingFolders.value = waitingFolders.peek().filter((name) => !again.includes(name));
          await this.keeper.settled();
          await dropPending(left);
          return;
        }
        job.find(step.value.found.length + step.value.unopened.length);
        for (const one of step.value.found) {
          found.push(one);
          job.seen.push(one.name);
        }
        for (const { name, reason } of step.value.unopened) {
          job.seen.push(name);
          job.fail(name, reason);
          this.indexer.fail(null, { name, size: 0, mtime: 0, reason, permanent: false });
        }
        this.changed();
      }
    } finally {
      this.scanning -= 1;
    }
  }

  /** Leave out what is known already; the rest goes to the indexer. */
  private async enqueue(job: Job, found: (Found & { key?: number })[]): Promise<void> {
    // What is resumed is only a part of its folders.
    const resumed = found.some(({ key }) => key !== undefined);
    if (this.jobs.has(job) && resumed) job.find(found.length);
    await this.takeLock();
    const work: Item[] = [];
    const known: number[] = [];
    for (let start = 0; start < found.length; start += PLANNED_AT_ONCE) {
      const piece = found.slice(start, start + PLANNED_AT_ONCE);
      const entries = piece.map(({ name, size, mtime }) => ({ name, size, mtime }));
      const whole = !resumed && start + PLANNED_AT_ONCE >= found.length;
      const plan = await this.library.call("plan", { entries, addition: job.number, whole });
      const wanted = new Set(plan.work);
      piece.forEach((one, index) => {
        rememberOriginal(one);
        if (wanted.has(index)) {
          const item: Item = { ...one, job, attempts: 0, finished: false };
          const reason = this.failures.permanent(one);
          if (reason !== null) {
            job.fail(one.name, reason);
            if (one.key !== undefined) known.push(one.key);
          } else work.push(item);
        } else {
          job.count("unchanged");
          if (one.key !== undefined && anyLooker() && !one.handle) holdCopy(one.name, one.key);
          else if (one.key !== undefined) known.push(one.key);
        }
      });
      await breathe();
    }
    if (!this.jobs.has(job)) return;
    await dropPending(known);
    this.indexer.add(work);
    this.keeper.keep(work);
    this.effects.filesCame();
  }

  private async takeLock(): Promise<void> {
    if (this.holding) return this.lock.hold().then(() => this.lock.release());
    this.holding = true;
    await this.lock.hold();
    this.locked = true;
  }

  private stored(photos: number, generation: number): void {
    this.pace.count(photos);
    this.batches += 1;
    this.effects.libraryChanged(generation);
    if (photos > 0) void askToPersist().catch(() => undefined);
    if (this.batches % COMPACT_EVERY === 0) void this.upkeep.compact().catch((error: unknown) => this.block(sentence(error)));
  }

  private block(reason: string): void {
    this.blockedBy = reason;
    this.changed();
  }

  private async close(job: Job): Promise<void> {
    this.closing.add(job);
    try {
      await this.indexer.flush();
      await this.upkeep.sweep(job);
      job.end();
    } catch (error) {
      job.break(error);
      this.block(sentence(error));
    } finally {
      this.closing.delete(job);
      this.jobs.delete(job);
    }
    if (this.jobs.size === 0) await this.rest();
    this.changed();
  }

  /** Nothing is left to do: tidy up and let other tabs work. */
  private async rest(): Promise<void> {
    if (!this.locked) return;
    await this.upkeep.compact().catch((error: unknown) => console.error(error));
    if (this.jobs.size === 0) this.letGo();
  }

  private letGo(): void {
    if (!this.locked) return;
    this.locked = false;
    this.holding = false;
    this.lock.release();
  }

  private changed(): void {
    for (const job of this.jobs) if (job.complete && !this.closing.has(job)) void this.close(job);
    const [phase] = this.phase(this.shown.reduce((total, { progress }) => total + progress.total, 0));
    if (phase !== indexing.peek().phase) this.tell();
    else this.tellTimer ||= window.setTimeout(() => this.tell(), TELL_EVERY);
  }

  private tell(): void {
    clearTimeout(this.tellTimer);
    this.tellTimer = 0;
    indexing.value = this.describe();
    this.effects.standingChanged();
  }

  private describe(): Indexing {
    const sum = { done: 0, total: 0, added: 0, unchanged: 0, duplicates: 0, failed: 0 };
    for (const { progress } of this.shown) for (const key of Object.keys(sum) as (keyof typeof sum)[]) sum[key] += progress[key];
    const [phase, reason] = this.phase(sum.total);
    const working = phase === "working";
    return {
      ...sum, phase, reason,
      photosPerSecond: working ? this.pace.photosPerSecond : 0,
      secondsLeft: working ? this.pace.secondsLeft(sum.total - sum.done) : null,
    };
  }

  private phase(total: number): [Indexing["phase"], string] {
    if (this.blockedBy !== "") return ["blocked", this.blockedBy];
    if (this.jobs.size === 0) return [total > 0 ? "done" : "idle", ""];
    if (this.otherTab) return ["blocked", OTHER_TAB];
    if (this.paused) return ["paused", ""];
    if (this.scanning > 0) return ["scanning", ""];
    if (this.waitsForPower) return ["waiting-for-power", NO_MAINS];
    return ["working", ""];
  }
}

function sentence(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
