/** What goes on behind everything else waits while photos are being added. */
import { effect } from "@preact/signals";
import { indexing } from "../state";

const ADDING = new Set(["scanning", "working"]);

/** Resolves when no photos are being added, or the signal says to give up; `waiting` is called where that takes a while. */
export function quiet(waiting: () => void, signal?: AbortSignal): Promise<void> {
  if (!ADDING.has(indexing.peek().phase)) return Promise.resolve();
  waiting();
  return new Promise((resolve) => {
    const stop = effect(() => {
      if (ADDING.has(indexing.value.phase)) return;
      // Not inside its own first run, in which there is no `stop` yet.
      queueMicrotask(end);
    });
    function end(): void {
      stop();
      signal?.removeEventListener("abort", end);
      resolve();
    }
    signal?.addEventListener("abort", end);
  });
}
