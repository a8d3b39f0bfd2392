/** What was decided about photos but is not stored yet; gathered, so that thousands of small facts share a transaction. */
import type { Staged } from "../messages";
import type { Commit } from "../storage/library";
import type { FailureRow } from "../storage/schema";
import type { Item } from "./job";

export class Outbox {
  private staged: Staged[] = [];
  private items: Item[] = [];
  private failed: FailureRow[] = [];
  private recovered: string[] = [];

  get empty(): boolean {
    return this.items.length === 0 && this.staged.length === 0 && this.failed.length === 0;
  }

  /** A photo that needs nothing more. */
  settle(item: Item, staged: Staged[] = []): void {
    this.items.push(item);
    this.recovered.push(item.name);
    this.staged.push(...staged);
  }

  fail(item: Item | null, row: FailureRow): void {
    if (item) this.items.push(item);
    this.failed.push(row);
  }

  /** Everything gathered so far, which is then no longer here. */
  take(): { change: Commit; items: Item[] } {
    const { staged, items, failed, recovered } = this;
    [this.staged, this.items, this.failed, this.recovered] = [[], [], [], []];
    for (const item of items) item.finished = true;
    return { change: { staged, done: items.flatMap(({ key }) => (key === undefined ? [] : [key])), failed, recovered }, items };
  }
}
