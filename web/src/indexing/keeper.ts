/** Keeps waiting photos in the database while they are being indexed, so that the work can go on after a reload. */
import { copyAllowance, dropPending, keepPending } from "../storage/pending";
import type { PendingRow } from "../storage/schema";
import type { Item } from "./job";

/** Handles are light, copies of files are not. */
const HANDLES_AT_ONCE = 200;
const COPIES_AT_ONCE = 8;

export class Keeper {
  private work: Promise<void> = Promise.resolve();
  private copied = 0;
  private allowance: number | null = null;

  /** Begin to keep these; what is done before its turn comes is passed over. */
  keep(items: Item[]): void {
    this.work = this.work.then(() => this.keepAll(items)).catch((error: unknown) => {
      // Without room for copies indexing goes on; only a reload would cost more.
      console.warn("Waiting photos could not be kept for after a reload.", error);
    });
  }

  /** Everything asked for so far is kept, or passed over. */
  settled(): Promise<void> {
    return this.work;
  }

  private async keepAll(items: Item[]): Promise<void> {
    this.allowance ??= await copyAllowance();
    let rows: Item[] = [];
    for (const item of items) {
      if (item.finished || item.key !== undefined || !this.affordable(item)) continue;
      rows.push(item);
      if (rows.length >= (item.handle ? HANDLES_AT_ONCE : COPIES_AT_ONCE)) {
        await this.write(rows);
        rows = [];
      }
    }
    await this.write(rows);
  }

  private affordable(item: Item): boolean {
    if (item.handle) return true;
    if (!item.file || this.copied + item.size > (this.allowance ?? 0)) return false;
    this.copied += item.size;
    return true;
  }

  private async write(items: Item[]): Promise<void> {
    const waiting = items.filter(({ finished }) => !finished);
    if (waiting.length === 0) return;
    const keys = await keepPending(waiting.map(rowOf));
    const late: number[] = [];
    waiting.forEach((item, index) => {
      const key = keys[index];
      if (key === undefined || key < 0) return;
      // It was indexed while its row was being written.
      if (item.finished) late.push(key);
      else item.key = key;
    });
    await dropPending(late);
  }
}

function rowOf({ name, size, mtime, root, handle, file }: Item): PendingRow {
  return { name, size, mtime, ...(root === undefined ? {} : { root }), ...(handle ? { handle } : file ? { file } : {}) };
}
