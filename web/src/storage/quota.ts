/** Room on this device: how much is used, asking the browser to keep what is ours, and what to say when it is full. */

export const FULL =
  "This device has no room left for Shoebox. Adding photos is paused; searching goes on. Free some space, then continue.";

let asked = false;

/** Ask the browser not to clear the library when space runs low; once, when there is something worth keeping. */
export async function askToPersist(): Promise<void> {
  if (asked || !navigator.storage?.persist) return;
  asked = true;
  if (!(await navigator.storage.persisted())) await navigator.storage.persist();
}

export async function usage(): Promise<{ bytes: number; quota: number }> {
  const { usage: bytes = 0, quota = 0 } = (await navigator.storage?.estimate?.()) ?? {};
  return { bytes, quota };
}
