/** Full-size photos for the viewer: the one shown and its neighbours, decoded ahead, and let go again soon. */
import { asJpeg, isElsewhere, original } from "../platform";

export interface FullPhoto {
  url: string;
  width: number;
  height: number;
}

/** `absent`: the file is not at hand; `elsewhere`: it never was; `unshowable`: it is, but this browser cannot show its format. */
export type Full = FullPhoto | "absent" | "elsewhere" | "unshowable";

/** The photo shown, two before and two after. */
const KEPT = 5;

const kept = new Map<string, Promise<Full>>();
/** Making JPEGs takes seconds: one after the other, and none for photos that have been passed by meanwhile. */
let making: Promise<unknown> = Promise.resolve();

async function load(id: string): Promise<Full> {
  const blob = await original(id).catch(() => null);
  if (blob) return shown(blob);
  return (await isElsewhere(id).catch(() => false)) ? "elsewhere" : "absent";
}

async function shown(blob: Blob): Promise<Full> {
  const url = URL.createObjectURL(blob);
  const image = new Image();
  image.src = url;
  try {
    await image.decode();
    return { url, width: image.naturalWidth, height: image.naturalHeight };
  } catch {
    URL.revokeObjectURL(url);
    return "unshowable";
  }
}

/** The photo by a JPEG made of it, where the browser does not show its format. */
function made(id: string): Promise<Full> {
  const full = making.then(async () => {
    const blob = kept.has(id) ? await original(id).catch(() => null) : null;
    const jpeg = blob && (await asJpeg(blob).catch(() => null));
    return jpeg ? shown(jpeg) : "unshowable";
  });
  making = full;
  return full;
}

async function letGo(full: Promise<Full>): Promise<void> {
  const photo = await full;
  if (typeof photo === "object") URL.revokeObjectURL(photo.url);
}

/** Fetch and decode a photo, or hand over what is there already. */
export function fullPhoto(id: string): Promise<Full> {
  const known = kept.get(id);
  if (known) kept.delete(id);
  const full = (known ?? load(id)).then((found) => (found === "unshowable" ? made(id) : found));
  keep(id, full);
  return full;
}

/** The same for a photo that may be wanted next; but only one that the browser shows by itself. */
export function decodeAhead(id: string): void {
  if (kept.has(id)) return;
  const full = load(id);
  keep(id, full);
  void full.then((found) => { if (found === "unshowable" && kept.get(id) === full) kept.delete(id); });
}

function keep(id: string, full: Promise<Full>): void {
  kept.set(id, full);
  while (kept.size > KEPT) {
    const [oldest, gone] = kept.entries().next().value!;
    kept.delete(oldest);
    void letGo(gone);
  }
}

export function forgetFullPhotos(): void {
  for (const full of kept.values()) void letGo(full);
  kept.clear();
}
