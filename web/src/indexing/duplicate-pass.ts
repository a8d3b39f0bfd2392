/** Comparing all photos with each other, step by step: only when somebody asks for duplicates, and behind what is being added. */
import { effect } from "@preact/signals";
import type { Library } from "../client";
import type { DuplicateWork } from "../contract";
import { duplicateWork, indexing } from "../state";

const ADDING = new Set(["scanning", "working"]);

function tell(work: Partial<DuplicateWork>): void {
  duplicateWork.value = { ...duplicateWork.peek(), reason: "", ...work };
}

/** Resolves when no photos are being added. */
function quiet(): Promise<void> {
  if (!ADDING.has(indexing.peek().phase)) return Promise.resolve();
  tell({ phase: "waiting" });
  return new Promise((resolve) => {
    const stop = effect(() => {
      if (ADDING.has(indexing.value.phase)) return;
      // Not inside its own first run, in which there is no `stop` yet.
      queueMicrotask(() => {
        stop();
        resolve();
      });
    });
  });
}

export class DuplicatePass {
  private running: Promise<void> | null = null;

  constructor(private readonly library: Library) {}

  /** Compare what has not been compared yet. Rejects where that fails; the next call tries again. */
  run(): Promise<void> {
    this.running ??= this.work().finally(() => { this.running = null; });
    return this.running;
  }

  private async work(): Promise<void> {
    try {
      await quiet();
      await this.library.useNeighbours(await this.library.recallDuplicates());
      for (;;) {
        await quiet();
        const { phase, done, total } = await this.library.compareDuplicates();
        tell({ phase, done, total });
        if (phase === "done") return;
      }
    } catch (error) {
      tell({ phase: "failed", reason: error instanceof Error ? error.message : String(error) });
      throw error;
    }
  }
}
