/** Full-size photos for the viewer: the one shown and its neighbours, decoded ahead, and let go again soon. */
import { original } from "../platform";

export interface FullPhoto {
  url: string;
  width: number;
  height: number;
}

/** `absent`: the file is not at hand; `unshowable`: it is, but this browser cannot show its format. */
export type Full = FullPhoto | "absent" | "unshowable";

/** The photo shown, two before and two after. */
const KEPT = 5;

const kept = new Map<string, Promise<Full>>();

async function load(id: string): Promise<Full> {
  const blob = await original(id).catch(() => null);
  if (!blob) return "absent";
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

async function letGo(full: Promise<Full>): Promise<void> {
  const photo = await full;
  if (typeof photo === "object") URL.revokeObjectURL(photo.url);
}

/** Fetch and decode a photo, or hand over what is there already. */
export function fullPhoto(id: string): Promise<Full> {
  const known = kept.get(id);
  if (known) {
    kept.delete(id);
    kept.set(id, known);
    return known;
  }
  const full = load(id);
  kept.set(id, full);
  while (kept.size > KEPT) {
    const [oldest, gone] = kept.entries().next().value!;
    kept.delete(oldest);
    void letGo(gone);
  }
  return full;
}

export function forgetFullPhotos(): void {
  for (const full of kept.values()) void letGo(full);
  kept.clear();
}
