/** Room on this device: how much is used, and what to say when it is full. */

export const FULL =
  "This device has no room left for Shoebox. Adding photos is paused; searching goes on. Free some space, then continue.";

export async function usage(): Promise<{ bytes: number; quota: number }> {
  const { usage: bytes = 0, quota = 0 } = (await navigator.storage?.estimate?.()) ?? {};
  return { bytes, quota };
}
