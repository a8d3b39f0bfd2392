/**
 * The library as one file: Python makes and reads its parts (py/shoebox/archive), this moves their bytes. Runs in the Python worker,
 * beside the database, so that neither thumbnails nor the file itself are ever in memory as a whole.
 */
import type { ImportAnswer } from "../../contract";
import type { CopyChange, CopyOptions, CopyProgress, Compaction, VerbAnswer } from "../../messages";
import { commitFindings } from "../../storage/findings";
import { applyCompaction, commit, isQuota } from "../../storage/library";
import { FULL } from "../../storage/quota";
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
/** The journal is folded after so many changes. */
const FOLD_EVERY = 32;

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

/** Check a file from end to end, and then take it in, change by change. Called with the library's lock held. */
export async function takeCopy(ask: Ask, file: Blob, passphrase: string, tell: (progress: CopyProgress) => void): Promise<ImportAnswer> {
  tell({ phase: "opening", photos: 0, total: 0 });
  const head = new Uint8Array(await file.slice(0, HEAD).arrayBuffer());
  const { locked: behind } = await demand<{ locked: boolean }>(ask, "import_begin", { head });
  const open = behind ? await unlocker(file, passphrase) : () => Promise.resolve(file.stream());
  let total = 0;
  for await (const data of mouthfuls(await open())) {
    const checked = await demand<{ photos: number; total: number }>(ask, "import_check", { data });
    total = checked.total;
    tell({ phase: "checking", ...checked });
  }
  await demand(ask, "import_checked");
  let done = 0;
  for await (const data of mouthfuls(await open())) {
    const { changes, photos } = await demand<{ changes: CopyChange[]; photos: number }>(ask, "import_take", { data });
    await storeAll(ask, changes);
    const before = done;
    done += changes.length;
    if (Math.floor(done / FOLD_EVERY) > Math.floor(before / FOLD_EVERY)) await fold(ask);
    tell({ phase: "taking", photos, total });
  }
  const { put, ...taken } = await demand<ImportAnswer & { put: [number, Uint8Array<ArrayBuffer>][] }>(ask, "import_end");
  if (put.length > 0) await commitFindings("faces", { put, delete: [] });
  await fold(ask);
  return taken;
}

async function storeAll(ask: Ask, changes: CopyChange[]): Promise<void> {
  let problem: unknown = null;
  for (const change of changes) {
    try {
      if (problem !== null) throw problem;
      const keys = await store(change);
      await settle(ask, change, true, keys);
    } catch (error) {
      problem = error;
      await settle(ask, change, false, []);
    }
  }
  if (problem === null) return;
  if (isQuota(problem)) throw new Error(`${FULL} What was taken in so far stays; choose the file again to go on.`);
  throw problem;
}

/** Store one change; answers the keys of statements. */
async function store({ staged, pictures, faces, texts, statements }: CopyChange): Promise<number[]> {
  if (faces) await commitFindings("faces", faces);
  if (texts) await commitFindings("texts", texts);
  if (statements) return [await appendStatements(statements.statements)];
  const missing = await withoutThumbnails(pictures.map(({ id }) => id));
  const thumbs = pictures.filter(({ id }) => missing.has(id)).map(({ id, ...thumb }): [string, typeof thumb] => [id, thumb]);
  if (staged.length + thumbs.length > 0) await commit({ staged, thumbs });
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
