/** Comparing all photos with each other, step by step: only when somebody asks for duplicates, and behind what is being added. */
import type { Library } from "../client";
import type { DuplicateWork } from "../contract";
import { duplicateWork } from "../state";
import { quiet } from "./quiet";

function tell(work: Partial<DuplicateWork>): void {
  duplicateWork.value = { ...duplicateWork.peek(), reason: "", ...work };
}

const waiting = (): void => tell({ phase: "waiting" });

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
      await quiet(waiting);
      await this.library.useNeighbours(await this.library.recallDuplicates());
      for (;;) {
        await quiet(waiting);
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
