/** Files that could not be read, and why. */
import { open, type FailureRow } from "./schema";

export async function readFailures(): Promise<FailureRow[]> {
  return (await open()).getAll("failures");
}

/** Record failures of files that were never opened. */
export async function writeFailures(rows: FailureRow[]): Promise<void> {
  const transaction = (await open()).transaction("failures", "readwrite");
  for (const row of rows) void transaction.store.put(row, row.name).catch(() => undefined);
  await transaction.done;
}

/** Failures below a folder whose files are no longer there. */
export async function forgetFailures(names: string[]): Promise<void> {
  const transaction = (await open()).transaction("failures", "readwrite");
  for (const name of names) void transaction.store.delete(name).catch(() => undefined);
  await transaction.done;
}
