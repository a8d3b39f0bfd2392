/** The verbs that save the library as one file, and take such a file in. */
import type { Shoebox } from "./contract";
import { theEngine } from "./engine";
import type { CopyProgress } from "./messages";
import { askToPersist } from "./storage/persistence";

/** Throws a sentence unless the options are what they should be. */
function check(options: Record<string, unknown>, booleans: string[]): void {
  for (const name of booleans) {
    if (options[name] !== undefined && typeof options[name] !== "boolean") throw new Error(`“${name}” should be true or false.`);
  }
  const { passphrase } = options;
  if (passphrase !== undefined && (typeof passphrase !== "string" || passphrase === "")) {
    throw new Error("A passphrase should be a text that is not empty. Leave it out for a file that anybody can open.");
  }
}

let work: Promise<unknown> = Promise.resolve();

/** Python thinks of one file at a time. */
function oneAfterTheOther<T>(task: () => Promise<T>): Promise<T> {
  const turn = work.then(task);
  work = turn.catch(() => undefined);
  return turn;
}

/** The work, or the signal's reason as soon as it gives up before anything was changed; later the work itself says what came of it. */
function unlessGivenUp<T>(work: Promise<T>, mayLeave: () => boolean, signal?: AbortSignal): Promise<T> {
  if (!signal) return work;
  return new Promise((resolve, reject) => {
    const leave = (): void => { if (mayLeave()) reject(signal.reason as Error); };
    signal.addEventListener("abort", leave);
    work.finally(() => signal.removeEventListener("abort", leave)).then(resolve, reject);
  });
}

export const archiveVerbs: Pick<Shoebox, "exportIndex" | "importIndex"> = {
  async exportIndex(options = {}) {
    check({ ...options }, ["thumbnails", "paths"]);
    const { passphrase = "", thumbnails = true, paths = false, onProgress } = options;
    const engine = theEngine();
    await engine.ready;
    const tell = (photos: number, total: number): void => onProgress?.({ photos, total });
    return oneAfterTheOther(() => engine.library.saveCopy({ passphrase, thumbnails, paths }, tell));
  },

  async importIndex(file, options = {}) {
    if (!(file instanceof Blob)) throw new Error("Give a file that was saved with “exportIndex”.");
    check({ ...options }, []);
    const { passphrase = "", onProgress, signal } = options;
    if (signal !== undefined && !(signal instanceof AbortSignal)) throw new Error("“signal” should be that of an AbortController.");
    const engine = theEngine();
    await engine.ready;
    signal?.throwIfAborted();
    let changing = false;
    const tell = (progress: CopyProgress): void => {
      changing = progress.phase === "taking" || progress.phase === "finishing";
      onProgress?.(progress);
    };
    const work = oneAfterTheOther(() => engine.takeIn(file, passphrase, tell, signal));
    const taken = await unlessGivenUp(work, () => !changing, signal);
    if (taken === null) throw signal?.reason;
    if (taken.added > 0) void askToPersist();
    return taken;
  },
};
