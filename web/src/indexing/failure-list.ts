/** The files that could not be added, by name, with the reason; the page hears of changes a few times a second. */
import type { Failure } from "../contract";
import type { FailureRow } from "../storage/schema";

export class FailureList {
  private readonly rows = new Map<string, FailureRow>();
  private timer = 0;

  constructor(
    private readonly tell: (failures: Failure[]) => void,
    /** Milliseconds between two tellings. */
    private readonly every: number,
  ) {}

  all(): Failure[] {
    return [...this.rows.values()].map(({ name, reason }) => ({ name, reason }));
  }

  names(): string[] {
    return [...this.rows.keys()];
  }

  /** The reason why this very file will fail again, if it will. */
  permanent({ name, size, mtime }: { name: string; size: number; mtime: number }): string | null {
    const row = this.rows.get(name);
    return row?.permanent && row.size === size && row.mtime === mtime ? row.reason : null;
  }

  /** Files have failed, others have recovered or are gone. */
  note(failed: readonly FailureRow[], recovered: readonly string[]): void {
    let different = failed.length > 0;
    for (const name of recovered) different = this.rows.delete(name) || different;
    for (const row of failed) this.rows.set(row.name, row);
    if (different) this.tellSoon();
  }

  clear(): void {
    this.rows.clear();
    this.tellSoon();
  }

  private tellSoon(): void {
    if (this.timer) return;
    this.timer = window.setTimeout(() => {
      this.timer = 0;
      this.tell(this.all());
    }, this.every);
  }
}
