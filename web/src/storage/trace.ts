/**
 * A trace beside the database: that there was a library here, and how many photos it knew. Without it a library that the browser
 * has deleted looks like a first visit.
 *
 * [Note: What survives what] When the disk is full, Chromium deletes a site's database, caches and service worker, but not its
 * `localStorage`, which the quota does not count. Firefox deletes all that a site has stored together, and Safari, seven days after
 * the last visit, all that scripts have written: no trace survives that but a cookie that the server sets, and cookies travel with
 * every request. So there the page can only warn beforehand (`lacksOf`), which it does.
 */
const LIBRARY = "shoebox-library";
const REMINDED = "shoebox-copy-reminded";

/** `localStorage`, or null where the browser forbids it. */
function shelf(): Storage | null {
  try {
    return globalThis.localStorage;
  } catch {
    return null;
  }
}

function write(key: string, value: string): void {
  try {
    shelf()?.setItem(key, value);
  } catch {
    // Full: then there is no trace, and nothing else is worse for it.
  }
}

export function leaveTrace(photos: number): void {
  write(LIBRARY, String(photos));
}

export function wipeTrace(): void {
  shelf()?.removeItem(LIBRARY);
}

/** How many photos the library knew when it was last seen, or null. */
export function readTrace(): number | null {
  const photos = Number(shelf()?.getItem(LIBRARY) ?? 0);
  return Number.isSafeInteger(photos) && photos > 0 ? photos : null;
}

/** Was the person told that a copy of the library can be saved? */
export function wasReminded(): boolean {
  return shelf()?.getItem(REMINDED) === "yes";
}

export function noteReminded(): void {
  write(REMINDED, "yes");
}
