/**
 * The library as one file: Python makes and reads its parts (py/shoebox/archive), this moves their bytes. Runs in the Python worker,
 * beside the database, so that neither thumbnails nor the file itself are ever in memory as a whole.
 */
import type { ImportAnswer } from "../../contract";
import type { CopyChange, CopyOptions, CopyProgress, Compaction, Staged, VerbAnswer } from "../../messages";
import { commitFindings } from "../../storage/findings";
import { applyCompaction, commit, isQuota } from "../../storage/library";
import { appendStatements } from "../../storage/statements";
import { readThumbnails, withoutThumbnails } from "../../storage/thumbnails";
import { locked, unlocker, type Bytes } from "./locks";

export type Ask = (verb: string, args: Record<string, unknown>) => Promise<VerbAnswer>;

/** Pieces of the file in memory before they become a Blob, which the browser may put on disk. */
const IN_MEMORY = 8 << 20;
/** How much of a file Python is given at once. */
const MOUTHFUL = 1 << 20;
const HEAD = 4096;
const UNREADABLE: ReadonlySet<string> = new Set(["NotFoundError", "NotReadableError"]);
const GONE = "The file cannot be read any more. Perhaps it was moved or changed: choose it again.";
const NO_ROOM = "This device has no room left for everything in the file. What was taken in so far stays, and nothing else has changed. " +
  "Free some space, then open the file again: it goes on from there.";
/** The journal is folded after so many changes. */
const FOLD_EVERY = 32;

/** Somebody may want the work to end while it goes on. */
export interface Stop {
  wanted: boolean;
}

interface Step {
  bytes: Uint8Array<ArrayBuffer>;
  wanted: string[];
  photos: number;
  done: boolean;
}

/** A sentence from Python; passed on as it is. */
export class Refused extends Error {
  override name = "Refused";
  constructor(readonly answer: VerbAnswer) {
    super(answer.error);
  }
}

export async function demand<T>(ask: Ask, verb: string, args: Record<string, unknown> = {}): Promise<T> {
  const answer = await ask(verb, args);
  if (answer.error !== undefined) throw new Refused(answer);
  return answer.value as T;
}

/** Write the library; answers a Blob. */
export async function saveCopy(ask: Ask, { passphrase, thumbnails, paths }: CopyOptions, tell: (photos: number, total: number) => void): Promise<Blob> {
  const { photos: total } = await demand<{ photos: number }>(ask, "export_begin", { thumbnails, paths });
  let wanted: string[] = [];
  const pieces = new ReadableStream<Bytes>({
    async pull(controller) {
      const found = await readThumbnails(wanted);
      const step = await demand<Step>(ask, "export_step", {
        ids: found.map(([id]) => id), pictures: found.map(([, { bytes }]) => bytes), sizes: found.map(([, { width, height }]) => [width, height]),
      });
      wanted = step.wanted;
      tell(step.photos, total);
      if (step.done) controller.close();
      // A step that only asks for thumbnails has no bytes yet; an empty piece makes the stream ask again.
      else controller.enqueue(step.bytes);
    },
  }, { highWaterMark: 0 });
  return gathered(passphrase ? await locked(pieces, passphrase) : pieces);
}

async function gathered(stream: ReadableStream<Bytes>): Promise<Blob> {
  const blobs: Blob[] = [];
  let parts: Bytes[] = [];
  let size = 0;
  for await (const part of pieces(stream)) {
    parts.push(part);
    size += part.length;
    if (size < IN_MEMORY) continue;
    blobs.push(new Blob(parts));
    parts = [];
    size = 0;
  }
  return new Blob([...blobs, ...parts], { type: "application/octet-stream" });
}

/** What a stream holds; not every engine lets one loop over it. */
async function* pieces(stream: ReadableStream<Bytes>): AsyncGenerator<Bytes> {
  const reader = stream.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read().catch((error: unknown) => {
        // The browser's own words for a file that was moved or deleted say little.
        throw error instanceof DOMException && UNREADABLE.has(error.name) ? new Error(GONE) : error;
      });
      if (done) return;
      yield value;
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

/** The same bytes in larger pieces. */
async function* mouthfuls(stream: ReadableStream<Bytes>): AsyncGenerator<Bytes> {
  let waiting: Bytes[] = [];
  let size = 0;
  const all = (): Bytes => {
    const whole = new Uint8Array(size);
    let at = 0;
    for (const part of waiting) {
      whole.set(part, at);
      at += part.length;
    }
    waiting = [];
    size = 0;
    return whole;
  };
  for await (const part of pieces(stream)) {
    waiting.push(part);
    size += part.length;
    if (size >= MOUTHFUL) yield all();
  }
  if (size > 0) yield all();
}

/**
 * Check a file from end to end, and then take it in, change by change. Called with the library's lock held. Answers null where that
 * was to stop while it still could: the library is as it was before then. See [Note: Taking back] in py/shoebox/archive/taking.py.
 */
export async function takeCopy(
  ask: Ask, file: Blob, passphrase: string, tell: (progress: CopyProgress) => void, stop: Stop,
): Promise<ImportAnswer | null> {
  tell({ phase: "opening", photos: 0, total: 0 });
  const head = new Uint8Array(await file.slice(0, HEAD).arrayBuffer());
  const { locked: behind } = await demand<{ locked: boolean }>(ask, "import_begin", { head });
  const open = behind ? await unlocker(file, passphrase) : () => Promise.resolve(file.stream());
  let total = 0;
  for await (const data of mouthfuls(await open())) {
    if (stop.wanted) return takeBack(ask, []);
    const checked = await demand<{ photos: number; total: number }>(ask, "import_check", { data });
    total = checked.total;
    tell({ phase: "checking", ...checked });
  }
  await demand(ask, "import_checked");
  try {
    return await takeIn(ask, mouthfuls(await open()), (photos, late) => tell({ phase: late ? "finishing" : "taking", photos, total }), stop);
  } catch (error) {
    throw isQuota(error) ? new Error(NO_ROOM) : error;
  }
}

async function takeIn(
  ask: Ask, file: AsyncIterable<Bytes>, tell: (photos: number, late: boolean) => void, stop: Stop,
): Promise<ImportAnswer | null> {
  const pictured: string[] = [];
  let done = 0;
  let late = false;
  for await (const data of file) {
    if (stop.wanted && !late) return takeBack(ask, pictured);
    const step = await demand<{ changes: CopyChange[]; photos: number; late: boolean }>(ask, "import_take", { data });
    late = step.late;
    tell(step.photos, late);
    await storeAll(ask, step.changes, pictured);
    const before = done;
    done += step.changes.length;
    if (Math.floor(done / FOLD_EVERY) > Math.floor(before / FOLD_EVERY)) await fold(ask);
  }
  if (stop.wanted && !late) return takeBack(ask, pictured);
  const { put, ...taken } = await demand<ImportAnswer & { put: [number, Uint8Array<ArrayBuffer>][] }>(ask, "import_end");
  if (put.length > 0) await commitFindings("faces", { put, delete: [] });
  await demand(ask, "import_settle");
  await fold(ask);
  return taken;
}

/** Make the library as it was before anything of the file was taken in; `pictured`: the photos that got thumbnails from it. */
async function takeBack(ask: Ask, pictured: string[]): Promise<null> {
  const { staged, removed } = await demand<{ staged: Staged[]; removed: string[] }>(ask, "import_cancel");
  const verb = async (name: "accept" | "reject"): Promise<void> => {
    for (const { batch } of staged) await demand(ask, name, { batch });
  };
  try {
    await commit({ staged, removed: [...new Set([...removed, ...pictured])] });
  } catch (error) {
    await verb("reject");
    throw error;
  }
  await verb("accept");
  return null;
}

async function storeAll(ask: Ask, changes: CopyChange[], pictured: string[]): Promise<void> {
  let problem: unknown = null;
  for (const change of changes) {
    try {
      if (problem !== null) throw problem;
      const keys = await store(change, pictured);
      await settle(ask, change, true, keys);
    } catch (error) {
      problem = error;
      await settle(ask, change, false, []);
    }
  }
  if (problem !== null) throw problem;
}

/** Store one change; answers the keys of statements. Photos that got their thumbnail are added to `pictured`. */
async function store({ staged, pictures, faces, texts, statements }: CopyChange, pictured: string[]): Promise<number[]> {
  if (faces) await commitFindings("faces", faces);
  if (texts) await commitFindings("texts", texts);
  if (statements) return [await appendStatements(statements.statements)];
  const missing = await withoutThumbnails(pictures.map(({ id }) => id));
  const thumbs = pictures.filter(({ id }) => missing.has(id)).map(({ id, ...thumb }): [string, typeof thumb] => [id, thumb]);
  if (staged.length + thumbs.length > 0) await commit({ staged, thumbs });
  pictured.push(...missing);
  return [];
}

async function settle(ask: Ask, { staged, faces, texts, statements }: CopyChange, stored: boolean, keys: number[]): Promise<void> {
  const verb = stored ? "accept" : "reject";
  for (const { batch } of staged) await demand(ask, verb, { batch });
  if (faces) await demand(ask, "faces_settle", { batch: faces.batch, stored });
  if (texts) await demand(ask, "text_settle", { batch: texts.batch, stored });
  if (statements) await demand(ask, verb, stored ? { batch: statements.batch, keys } : { batch: statements.batch });
}

/** Fold the journal, if it has grown. */
async function fold(ask: Ask): Promise<void> {
  const compaction = await demand<Compaction | null>(ask, "compact");
  if (!compaction) return;
  try {
    await applyCompaction(compaction);
  } catch (error) {
    await demand(ask, "reject", { batch: compaction.batch });
    throw error;
  }
  await demand(ask, "accept", { batch: compaction.batch });
}
