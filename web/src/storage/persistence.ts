/** Asking the browser to keep what is ours when space runs low. Pages may ask, workers may not. */

let asked = false;

/** Ask once, when there is something worth keeping: Firefox asks the person then. */
export async function askToPersist(): Promise<void> {
  if (asked || !navigator.storage?.persist) return;
  asked = true;
  if (!(await navigator.storage.persisted())) await navigator.storage.persist();
}

/** Has the browser said yes? It may still delete everything when the disk has no byte left. */
export async function isPersistent(): Promise<boolean> {
  return (await navigator.storage?.persisted?.()) ?? false;
}
