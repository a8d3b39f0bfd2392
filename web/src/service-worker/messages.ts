/** What the page and the service worker say to each other. */

import type { Engine } from "../messages";

export type ToServiceWorker =
  /** Keep everything that this device needs, and the runtime of this engine; drop the other one's. Safe to repeat. */
  | { type: "keep"; variant: Engine }
  /** Take over from the version before, which the person has agreed to. */
  | { type: "activate" };

export type FromServiceWorker =
  /** Bytes kept so far of the bytes that this device needs; equal when it works offline. */
  | { type: "kept"; done: number; total: number }
  /** Keeping stopped; a sentence that says why. It goes on when the page asks again. */
  | { type: "keep-failed"; reason: string }
  /** A new version is on this device and waits. */
  | { type: "update-ready" };
