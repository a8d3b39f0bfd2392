/** Keeping the library in order between additions: what is gone from its folder leaves, and the journal is folded into blocks. */
import type { Library } from "../client";
import { stagedOf } from "../messages";
import { forgetFailures } from "../storage/failures";
import { applyCompaction, commit } from "../storage/library";
import { forgetThumbnails } from "../storage/thumbnails";
import type { FailureList } from "./failure-list";
import type { Job } from "./job";
import type { LibraryLock } from "./lock";

export class Upkeep {
  constructor(
    private readonly library: Library,
    private readonly lock: LibraryLock,
    private readonly failures: FailureList,
    private readonly changed: (generation: number) => void,
  ) {}

  /** Fold the journal into blocks, if Python thinks it is time. */
  async compact(): Promise<void> {
    await this.lock.with(async () => {
      const compaction = await this.library.call("compact", {});
      if (!compaction) return;
      let generation: number;
      try {
        generation = await applyCompaction(compaction);
      } catch (error) {
        await this.library.call("reject", { batch: compaction.batch });
        throw error;
      }
      await this.library.call("accept", { batch: compaction.batch });
      this.changed(generation);
    });
  }

  /** Photos that are gone from the folders of this job leave the library. */
  async sweep(job: Job): Promise<void> {
    for (const { name: root, handle } of job.roots) {
      const seen = job.seen.filter((name) => name.startsWith(`${root}/`));
      const answer = await this.library.call("sweep", { root, seen, sure: handle !== undefined });
      if (answer.journal) {
        const generation = await this.write({ staged: stagedOf(answer), removed: answer.removed });
        forgetThumbnails(answer.removed);
        this.changed(generation);
      }
      const there = new Set(seen);
      const gone = this.failures.names().filter((name) => name.startsWith(`${root}/`) && !there.has(name));
      if (handle && gone.length > 0) {
        await forgetFailures(gone);
        this.failures.note([], gone);
      }
    }
  }

  private async write(change: Parameters<typeof commit>[0]): Promise<number> {
    const batches = change.staged.map(({ batch }) => batch);
    try {
      const generation = await commit(change);
      for (const batch of batches) await this.library.call("accept", { batch });
      return generation;
    } catch (error) {
      for (const batch of batches) await this.library.call("reject", { batch }).catch(() => undefined);
      throw error;
    }
  }
}
