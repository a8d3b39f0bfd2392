/**
 * Photos that wait to be indexed, so that a reload, a crash or a closed tab costs only the photos in flight.
 *
 * Files of a folder that the person opened are kept as handles, which cost nothing. Files that came without a handle are kept
 * as copies, up to a bound; the copy goes in the same transaction that stores the photo's row.
 */
import { open, type PendingRow } from "./schema";

/** Copies may take this much, and this share of what the browser grants. */
const MOST_COPIED_BYTES = 2e9;
const MOST_COPIED_SHARE = 0.2;
const ROWS_AT_ONCE = 500;

/** How many bytes of copies may be kept. */
export async function copyAllowance(): Promise<number> {
  const { quota = 0, usage = 0 } = (await navigator.storage?.estimate?.()) ?? {};
  return Math.max(0, Math.min(MOST_COPIED_BYTES, quota * MOST_COPIED_SHARE, quota - usage));
}

/** Keep rows and answer their keys, in order. All or nothing. */
export async function keepPending(rows: PendingRow[]): Promise<number[]> {
  const transaction = (await open()).transaction("pending", "readwrite", { durability: "relaxed" });
  const keys = rows.map((row) => transaction.store.add(row));
  const [written] = await Promise.all([Promise.allSettled(keys), transaction.done]);
  return written.map((result) => (result.status === "fulfilled" ? result.value : -1));
}

export async function dropPending(keys: number[]): Promise<void> {
  if (keys.length === 0) return;
  const transaction = (await open()).transaction("pending", "readwrite", { durability: "relaxed" });
  for (const key of keys) void transaction.store.delete(key).catch(() => undefined);
  await transaction.done;
}

/** All that waits, in pieces, so that a hundred thousand rows do not stop the page. */
export async function* readPending(): AsyncGenerator<[key: number, row: PendingRow][]> {
  const db = await open();
  let range: IDBKeyRange | null = null;
  for (;;) {
    const { store } = db.transaction("pending");
    const [keys, rows]: [number[], PendingRow[]] = await Promise.all([store.getAllKeys(range, ROWS_AT_ONCE), store.getAll(range, ROWS_AT_ONCE)]);
    if (keys.length > 0) yield keys.map((key, index) => [key, rows[index]!]);
    const last = keys.at(-1);
    if (last === undefined || keys.length < ROWS_AT_ONCE) return;
    range = IDBKeyRange.lowerBound(last, true);
  }
}
