/**
 * The indexer: takes photos from the queue through decoding, Python and the database, never more at once than it can hold.
 *
 * [Note: Bounded everywhere] At most `pool.capacity` photos are being read or decoded, at most `pool.size + 8` are decoded and not
 * yet with Python, and at most three batches of eight are with Python. A photo leaves memory when its batch is stored.
 *
 * [Note: Small batches first and last] The network has two lanes. When both idle, half a batch is sent rather than waiting for a
 * whole one, and the last photos are shared out evenly: each batch takes half of what is left (guided self-scheduling, Polychronopoulos
 * and Kuck 1987). Else one lane would end a whole batch, 0.6 s, after the other.
 */
import { stagedOf, type Decoded, type Staged, type Verbs } from "../messages";
import type { Library } from "../client";
import { settings } from "../state";
import { commit, isQuota, whyStopped, type Commit } from "../storage/library";
import { FULL } from "../storage/quota";
import type { FailureRow, Thumb } from "../storage/schema";
import { WorkerLost } from "../worker-handle";
import type { Item } from "./job";
import { anyLooker, holdCopy } from "./originals";
import { Outbox } from "./outbox";
import { prepare, type Tools } from "./prepare";

const BATCH = 8;
const LANES = 2;
/** One in each of the network's lanes, one on its way there. */
const BATCHES_IN_FLIGHT = LANES + 1;
/** A batch that is not full waits this long for more photos. */
const GATHER_MS = 150;
/** Outcomes without a batch (failed, unchanged, duplicates) are stored at least this often. */
const FLUSH_MS = 500;
const MOST_ATTEMPTS = 3;
const DECODER_FELL = "The browser's decoder stopped working on this photo, so it was left out.";

interface Ready {
  item: Item;
  ticket: number;
  decoded: Decoded;
}

/** What the page wants to hear. */
export interface Listener {
  /** Something changed: counts, phase. */
  changed(): void;
  /** Photos were stored; the library has a new generation. */
  stored(photos: number, generation: number): void;
  failed(rows: FailureRow[], recovered: string[]): void;
  /** Adding had to stop; a sentence that says why. */
  blocked(reason: string): void;
  /** May work go on right now? */
  mayWork(): boolean;
}

/** A copy of a file is kept on while somebody has still to look at it for faces or text. */
function keyToDrop(item: Item): number[] {
  if (item.key === undefined) return [];
  if (!anyLooker() || item.handle) return [item.key];
  holdCopy(item.name, item.key);
  return [];
}

export class Indexer {
  private queue: Item[] = [];
  private next = 0;
  private readonly ready: Ready[] = [];
  private readonly outbox = new Outbox();
  private opening = 0;
  private inFlight = 0;
  private due = false;
  private gatherTimer = 0;
  private flushTimer = 0;
  private flushing: Promise<void> = Promise.resolve();
  private pumping = false;

  constructor(private readonly library: Library, private readonly tools: Tools, private readonly listener: Listener) {}

  /** Photos that are not settled: queued, under way, or decided and not stored. */
  get busy(): boolean {
    return this.next < this.queue.length || this.underWay || !this.outbox.empty;
  }

  private get underWay(): boolean {
    return this.opening > 0 || this.ready.length > 0 || this.inFlight > 0;
  }

  add(items: Item[]): void {
    this.queue.push(...items);
    this.pump();
  }

  /** A file that needs no work: unchanged, or known to fail. */
  settle(item: Item): void {
    this.outbox.settle(item);
    this.flushSoon();
  }

  fail(item: Item | null, row: FailureRow): void {
    this.outbox.fail(item, row);
    this.listener.failed([row], []);
    this.flushSoon();
  }

  /** Forget the queue; answers when nothing is under way any more. */
  async cancel(): Promise<void> {
    for (let at = this.next; at < this.queue.length; at++) this.queue[at]!.finished = true;
    this.queue = [];
    this.next = 0;
    while (this.underWay) await new Promise((resolve) => setTimeout(resolve, 50));
    await this.flush();
  }

  /** Start whatever may start. Called whenever something ends, or may begin again. */
  pump(): void {
    if (this.pumping) return;
    this.pumping = true;
    try {
      while (this.canStart()) this.start();
      while (this.canSend()) this.send();
    } finally {
      this.pumping = false;
    }
    if (!this.underWay && this.next >= this.queue.length) {
      this.queue = [];
      this.next = 0;
      void this.flush();
    }
    this.listener.changed();
  }

  private canStart(): boolean {
    const { pool } = this.tools;
    const ahead = this.opening + this.ready.length;
    return this.next < this.queue.length && this.opening < pool.capacity && ahead < pool.size + BATCH && this.listener.mayWork();
  }

  private start(): void {
    const item = this.queue[this.next]!;
    this.next += 1;
    // The queue of a hundred thousand is not moved for every photo.
    if (this.next > 1024) {
      this.queue = this.queue.slice(this.next);
      this.next = 0;
    }
    this.opening += 1;
    item.attempts += 1;
    void this.work(item).finally(() => {
      this.opening -= 1;
      this.pump();
    });
  }

  private async work(item: Item): Promise<void> {
    try {
      const result = await prepare(item, this.tools);
      if (item.finished) {
        if (result.kind === "ready") await this.library.call("abandon", { tickets: [result.ticket] });
        return;
      }
      if (result.kind === "ready") this.gather({ item, ticket: result.ticket, decoded: result.decoded });
      else if (result.kind === "skip") {
        item.job.count(result.outcome);
        this.outbox.settle(item, result.staged);
        this.flushSoon();
      } else {
        this.giveUp(item, result.reason, result.permanent);
        // Files with the same bytes that waited for this one share its fate.
        for (const name of result.others) this.fail(null, { name, size: item.size, mtime: item.mtime, reason: result.reason, permanent: false });
      }
    } catch (error) {
      this.retry(item, error);
    }
  }

  private retry(item: Item, error: unknown): void {
    if (item.finished) return;
    if (!this.library.alive) {
      this.queue.push(item);
      this.listener.blocked("Shoebox stopped working inside the browser. Reload the page: adding goes on where it was.");
    } else if (!(error instanceof WorkerLost)) {
      console.error(error);
      this.giveUp(item, error instanceof Error ? error.message : DECODER_FELL, false);
    } else if (item.attempts >= MOST_ATTEMPTS) this.giveUp(item, DECODER_FELL, false);
    else this.queue.push(item);
  }

  private giveUp(item: Item, reason: string, permanent: boolean): void {
    item.job.fail(item.name, reason);
    this.fail(item, { name: item.name, size: item.size, mtime: item.mtime, reason, permanent });
  }

  private gather(ready: Ready): void {
    this.ready.push(ready);
    if (this.ready.length === 1) {
      this.due = false;
      clearTimeout(this.gatherTimer);
      this.gatherTimer = window.setTimeout(() => {
        this.due = true;
        this.pump();
      }, GATHER_MS);
    }
  }

  private canSend(): boolean {
    if (this.ready.length === 0 || this.inFlight >= BATCHES_IN_FLIGHT) return false;
    const lastOnes = this.opening === 0 && this.next >= this.queue.length;
    const idle = this.inFlight === 0 && this.ready.length >= BATCH / 2;
    return this.ready.length >= this.share() || idle || lastOnes || (this.due && this.inFlight === 0);
  }

  /** How many photos the next batch is to have. */
  private share(): number {
    const left = this.ready.length + this.opening + this.queue.length - this.next;
    return Math.min(BATCH, Math.ceil(left / LANES));
  }

  private send(): void {
    const batch = this.ready.splice(0, this.share());
    this.inFlight += 1;
    void this.index(batch).catch((error: unknown) => this.setBack(batch, error)).finally(() => {
      this.inFlight -= 1;
      this.pump();
    });
  }

  private async index(batch: Ready[]): Promise<void> {
    const pixels = batch.map(({ decoded }) => decoded.pixels);
    const described = batch.map(({ ticket, decoded: { width, height, photoWidth, photoHeight } }) => ({ ticket, width, height, photoWidth, photoHeight }));
    const answer = await this.library.call("index", { batch: described, pixels, tags: settings.value.tags }, pixels.map(({ buffer }) => buffer));
    await this.store(batch, answer);
    for (const { item } of batch) if (!answer.failed.some(({ name }) => name === item.name)) item.job.count("added");
    for (const { name, reason } of answer.failed) batch.find(({ item }) => item.name === name)?.item.job.fail(name, reason);
  }

  /** Store a batch with all that waits to be stored. */
  private async store(batch: Ready[], answer: Verbs["index"]["answer"]): Promise<void> {
    const { change } = this.outbox.take();
    const items = new Map(batch.map(({ item }) => [item.name, item]));
    const thumbs: [string, Thumb][] = [];
    for (const { id, name } of answer.rows) {
      const decoded = batch.find(({ item }) => item.name === name)?.decoded;
      if (decoded) thumbs.push([id, { bytes: decoded.thumb, width: decoded.thumbWidth, height: decoded.thumbHeight }]);
    }
    const failed = answer.failed.map(({ name, reason }): FailureRow => {
      const item = items.get(name);
      return { name, size: item?.size ?? 0, mtime: item?.mtime ?? 0, reason, permanent: false };
    });
    for (const { item } of batch) item.finished = true;
    await this.write({
      staged: [...change.staged, ...stagedOf(answer)],
      thumbs,
      done: [...(change.done ?? []), ...batch.flatMap(({ item }) => keyToDrop(item))],
      failed: [...(change.failed ?? []), ...failed],
      recovered: [...(change.recovered ?? []), ...answer.rows.map(({ name }) => name)],
    }, answer.rows.length);
    this.listener.failed(failed, []);
  }

  /** One transaction, and then Python may believe it. */
  private async write(change: Commit, photos: number): Promise<void> {
    let generation: number;
    try {
      generation = await commit(change);
    } catch (error) {
      await this.tell("reject", change.staged);
      throw error;
    }
    await this.tell("accept", change.staged);
    this.listener.failed([], change.recovered ?? []);
    this.listener.stored(photos, generation);
  }

  private async tell(verb: "accept" | "reject", staged: Staged[]): Promise<void> {
    for (const { batch } of staged) await this.library.call(verb, { batch });
  }

  /** A batch could not be indexed or stored: its photos go back into the queue, and adding stops until someone continues. */
  private async setBack(batch: Ready[], error: unknown): Promise<void> {
    console.error(error);
    await this.library.call("abandon", { tickets: batch.map(({ ticket }) => ticket) }).catch(() => undefined);
    for (const { item } of batch) {
      item.finished = false;
      item.attempts = 0;
      this.queue.push(item);
    }
    this.listener.blocked(whyStopped(error));
  }

  private flushSoon(): void {
    if (this.flushTimer) return;
    this.flushTimer = window.setTimeout(() => {
      this.flushTimer = 0;
      void this.flush();
    }, FLUSH_MS);
  }

  /** Store what waits in the outbox. */
  flush(): Promise<void> {
    this.flushing = this.flushing.then(async () => {
      if (this.outbox.empty) return;
      const { change } = this.outbox.take();
      try {
        await this.write(change, 0);
      } catch (error) {
        console.error(error);
        this.listener.blocked(isQuota(error) ? FULL : "The browser could not store what was found. Reload the page.");
      }
      this.listener.changed();
    });
    return this.flushing;
  }
}
