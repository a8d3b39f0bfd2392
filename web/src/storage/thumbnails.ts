/** Thumbnails as object URLs: read in bundles, a bounded number kept, revoked when they are let go. */
import { open, type Thumb } from "./schema";

/** Several screens of a large display; about 12 MB. */
const MOST_URLS = 600;

const urls = new Map<string, string>();
const asked = new Map<string, Promise<string | null>>();
let waiting: { id: string; resolve: (url: string | null) => void; reject: (error: unknown) => void }[] = [];

/** The object URL of a photo's thumbnail if it is at hand, else null. */
export function thumbnailAtHand(id: string): string | null {
  const url = urls.get(id);
  if (url === undefined) return null;
  // Used again: last to be let go.
  urls.delete(id);
  urls.set(id, url);
  return url;
}

/** The object URL of a photo's thumbnail, null where there is none. */
export function thumbnailUrl(id: string): Promise<string | null> {
  const url = thumbnailAtHand(id);
  if (url !== null) return Promise.resolve(url);
  let promise = asked.get(id);
  if (!promise) {
    promise = new Promise((resolve, reject) => {
      if (waiting.length === 0) queueMicrotask(() => void fetchWaiting());
      waiting.push({ id, resolve, reject });
    });
    asked.set(id, promise);
  }
  return promise;
}

/** The stored thumbnails of some photos. */
export async function readThumbnails(ids: string[]): Promise<[id: string, thumb: Thumb][]> {
  const { store } = (await open()).transaction("thumbs");
  const thumbs = await Promise.all(ids.map((id) => store.get(id)));
  return ids.flatMap((id, index): [string, Thumb][] => (thumbs[index] ? [[id, thumbs[index]]] : []));
}

/** Those of some photos that have no thumbnail. */
export async function withoutThumbnails(ids: string[]): Promise<Set<string>> {
  const { store } = (await open()).transaction("thumbs");
  const keys = await Promise.all(ids.map((id) => store.getKey(id)));
  return new Set(ids.filter((_, index) => keys[index] === undefined));
}

/** Let go of the URLs of photos that left. */
export function forgetThumbnails(ids: Iterable<string>): void {
  for (const id of ids) {
    const url = urls.get(id);
    if (url === undefined) continue;
    URL.revokeObjectURL(url);
    urls.delete(id);
  }
}

export function forgetAllThumbnails(): void {
  forgetThumbnails([...urls.keys()]);
}

/** All requests of one turn share a transaction. */
async function fetchWaiting(): Promise<void> {
  const wishes = waiting;
  waiting = [];
  try {
    const { store } = (await open()).transaction("thumbs");
    await Promise.all(wishes.map(async ({ id, resolve }) => {
      const thumb = await store.get(id);
      resolve(thumb ? remember(id, thumb.bytes) : null);
    }));
  } catch (error) {
    for (const { reject } of wishes) reject(error);
  } finally {
    for (const { id } of wishes) asked.delete(id);
  }
}

function remember(id: string, bytes: Uint8Array<ArrayBuffer>): string {
  const url = URL.createObjectURL(new Blob([bytes], { type: "image/jpeg" }));
  urls.set(id, url);
  for (const [oldest, stale] of urls) {
    if (urls.size <= MOST_URLS) break;
    URL.revokeObjectURL(stale);
    urls.delete(oldest);
  }
  return url;
}
