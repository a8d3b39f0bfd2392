/**
 * Faces cut out of the photos themselves, where a thumbnail has too few pixels of them: one at a time, in the background, and what was
 * asked for first comes first. Where the file is not at hand the thumbnail stays.
 */
import { computed, effect } from "@preact/signals";
import type { Face } from "../../contract";
import { asJpeg, original } from "../../platform";
import { faceWork, indexing } from "../../state";
import { squareAround } from "./crop";

export type Shown = Pick<Face, "photo" | "box" | "size">;

/** Pixels of a cut-out: enough for the largest face on the page on a dense display. */
const SIDE = 256;
/** About 6 MB. */
const KEPT = 400;
/** Longer side of a thumbnail, pixels; `prepare.ts` makes them so. */
const THUMBNAIL = 400;
/** A face with so many pixels in the thumbnail looks well enough. */
const ENOUGH = 128;
const BUSY = new Set(["scanning", "working", "starting", "grouping"]);
/** Nothing is cut out while photos are being read for something more important. */
const quiet = computed(() => !BUSY.has(indexing.value.phase) && !BUSY.has(faceWork.value.phase));

interface Wish {
  face: Shown;
  deliver: (url: string) => void;
}

const kept = new Map<string, string | null>();
const wishes: Wish[] = [];
let working = false;

function keyOf({ photo, box }: Shown): string {
  return `${photo}/${box.join(",")}`;
}

/** Is the face so small in the thumbnail that it is worth reading the photo? */
function isCoarse({ box, size }: Shown): boolean {
  const shrunk = Math.min(1, THUMBNAIL / Math.max(...size));
  return shrunk < 1 && squareAround(box, size).side * shrunk < ENOUGH;
}

async function opened(blob: Blob): Promise<ImageBitmap> {
  try {
    return await createImageBitmap(blob, { imageOrientation: "from-image" });
  } catch (problem) {
    // A format that the browser does not show.
    const jpeg = await asJpeg(blob);
    if (!jpeg) throw problem;
    return createImageBitmap(jpeg);
  }
}

async function cut(face: Shown): Promise<string | null> {
  const blob = await original(face.photo);
  if (!blob) return null;
  const photo = await opened(blob);
  try {
    // The file may have been replaced since by a smaller or larger one of the same name.
    const [wide] = face.size;
    const ratio = photo.width / wide;
    const { x, y, side } = squareAround(face.box, face.size);
    const target = Math.round(Math.min(SIDE, side * ratio));
    const square = await createImageBitmap(photo, x * ratio, y * ratio, side * ratio, side * ratio, {
      resizeWidth: target, resizeHeight: target, resizeQuality: "high",
    });
    const canvas = new OffscreenCanvas(target, target);
    canvas.getContext("bitmaprenderer")!.transferFromImageBitmap(square);
    return URL.createObjectURL(await canvas.convertToBlob({ type: "image/jpeg", quality: 0.9 }));
  } finally {
    photo.close();
  }
}

function keep(key: string, url: string | null): void {
  kept.set(key, url);
  for (const [oldest, stale] of kept) {
    if (kept.size <= KEPT) break;
    if (stale) URL.revokeObjectURL(stale);
    kept.delete(oldest);
  }
}

async function work(): Promise<void> {
  if (working) return;
  working = true;
  try {
    while (quiet.peek()) {
      const wish = wishes.shift();
      if (!wish) break;
      const key = keyOf(wish.face);
      if (!kept.has(key)) keep(key, await cut(wish.face).catch(() => null));
      const url = kept.get(key);
      if (url) wish.deliver(url);
    }
  } finally {
    working = false;
  }
}

// Once photos were added or folders allowed, files may be at hand that were not before.
effect(() => {
  if (!quiet.value) return;
  for (const [key, url] of kept) if (url === null) kept.delete(key);
  void work();
});

/** Ask for a face in more pixels than its thumbnail has; nothing is delivered where there are none, or once it is not wanted any more. */
export function wantSharp(face: Shown, deliver: (url: string) => void): () => void {
  const known = kept.get(keyOf(face));
  if (known) deliver(known);
  if (known !== undefined || !isCoarse(face)) return () => undefined;
  let wanted = true;
  const wish: Wish = { face, deliver: (url) => { if (wanted) deliver(url); } };
  wishes.push(wish);
  queueMicrotask(() => void work());
  return () => {
    wanted = false;
    const at = wishes.indexOf(wish);
    if (at >= 0) wishes.splice(at, 1);
  };
}

/** Let go of all cut-outs: the faces were deleted. */
export function forgetSharp(): void {
  for (const url of kept.values()) if (url) URL.revokeObjectURL(url);
  kept.clear();
}
