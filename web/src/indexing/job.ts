/** One request to add photos: what it counts, and when it is done. */
import type { AddAnswer, AddProgress, Failure } from "../contract";
import type { Entry } from "../messages";
import type { Root } from "./scan";

/** A photo on its way. */
export interface Item extends Entry {
  job: Job;
  file?: File;
  handle?: FileSystemFileHandle;
  root?: string;
  /** Key in `pending`, once it is kept there. */
  key?: number;
  /** How often it was begun. */
  attempts: number;
  finished: boolean;
}

export type Outcome = "added" | "unchanged" | "duplicates" | "failed";

/** Progress is told at most this often (ms). */
const TELL_EVERY = 100;

let jobs = 0;

export class Job {
  /** One for each job of this page. */
  readonly number = (jobs += 1);
  readonly progress: AddProgress = { done: 0, total: 0, added: 0, unchanged: 0, duplicates: 0, failed: 0 };
  readonly failed: Failure[] = [];
  /** Folders that were scanned in full, with the names that were seen; swept when all is done. */
  readonly seen: string[] = [];
  roots: Root[] = [];
  readonly finished: Promise<AddAnswer>;
  private readonly begun = performance.now();
  private resolve: (answer: AddAnswer) => void = () => undefined;
  private reject: (reason: unknown) => void = () => undefined;
  private told = 0;
  /** All files have been found. */
  private scanned = false;
  private ended = false;

  constructor(private readonly onProgress: (progress: AddProgress) => void = () => undefined) {
    this.finished = new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
    });
    // A job that nobody waits for may still fail: the failure stands in the page's state.
    this.finished.catch(() => undefined);
  }

  get complete(): boolean {
    return this.scanned && this.progress.done >= this.progress.total;
  }

  find(count: number): void {
    this.progress.total += count;
  }

  count(outcome: Outcome, times = 1): void {
    this.progress[outcome] += times;
    this.progress.done += times;
    const now = performance.now();
    if (now - this.told < TELL_EVERY) return;
    this.told = now;
    this.onProgress({ ...this.progress });
  }

  fail(name: string, reason: string): void {
    this.failed.push({ name, reason });
    this.count("failed");
  }

  seal(roots: Root[]): void {
    this.roots = roots;
    this.scanned = true;
  }

  end(): void {
    if (this.ended) return;
    this.ended = true;
    this.onProgress({ ...this.progress });
    const { added, unchanged, duplicates } = this.progress;
    this.resolve({ added, unchanged, duplicates, failed: this.failed, seconds: (performance.now() - this.begun) / 1000 });
  }

  break(reason: unknown): void {
    this.ended = true;
    this.reject(reason);
  }
}
