/** Photos in lanes: while those of one batch are with the networks, those of the next are decoded. */
import type { Seen } from "./look-photo";
import { Ended, type Turns } from "./turns";

/** Pixels of up to 2,400 x 1,800 take 13 MB a photo, those of up to 1,600 x 1,200 take 5.8. */
const BATCH = 4;
/** Two batches keep both lanes of the networks busy, while a third is decoded. */
const ABREAST = 3;

/** Decoded photos, as the verbs of Python take them, and those that nobody can decode. */
export interface LookBatch {
  photos: { id: string; width: number; height: number }[];
  pixels: Uint8Array<ArrayBuffer>[];
  missed: string[];
}

export interface LookSteps {
  turns: Turns;
  /** Decode a photo; null: not now, but perhaps later. */
  see: (id: string) => Promise<Seen | null>;
  /** Look at photos, and store what is found. */
  send: (batch: LookBatch) => Promise<void>;
  /** What went wrong in one lane ends the others, too. */
  fail: (error: unknown) => void;
}

/** Look at all photos, batch after batch; rejects with `Ended` where it comes to another end. */
export async function lookThrough(ids: string[], steps: LookSteps): Promise<void> {
  const queue = [...ids];
  const lanes = await Promise.allSettled(Array.from({ length: ABREAST }, () => lane(queue, steps)));
  if (lanes.some(({ status }) => status === "rejected")) throw new Ended();
}

async function lane(queue: string[], { turns, see, send, fail }: LookSteps): Promise<void> {
  try {
    while (queue.length > 0) {
      const batch: LookBatch = { photos: [], pixels: [], missed: [] };
      while (batch.photos.length < BATCH && queue.length > 0) {
        await turns.take();
        const id = queue.shift();
        if (id === undefined) break;
        const seen = await see(id);
        if (seen === null) queue.push(id);
        else put(id, seen, batch);
      }
      await turns.take();
      if (batch.photos.length + batch.missed.length > 0) await send(batch);
    }
  } catch (error) {
    fail(error);
    throw error;
  }
}

function put(id: string, seen: Seen, { photos, pixels, missed }: LookBatch): void {
  if (seen.kind === "missed") missed.push(id);
  else if (seen.kind === "ready") {
    photos.push({ id, width: seen.width, height: seen.height });
    pixels.push(seen.pixels);
  }
}
