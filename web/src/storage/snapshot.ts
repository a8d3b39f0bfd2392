/** The grid's columns as they were, so that photos show long before Python is up. Written by the Python worker, read by the page. */
import { open } from "./schema";

export interface Snapshot {
  /** 16 characters a photo. */
  ids: string;
  taken: Float64Array<ArrayBuffer>;
  aspect: Float32Array<ArrayBuffer>;
  /** Generation of the library it shows. */
  generation: number;
}

/** Its key in `meta`. */
export const SNAPSHOT = "grid";

export async function readSnapshot(): Promise<Snapshot | undefined> {
  return (await (await open()).get("meta", SNAPSHOT)) as Snapshot | undefined;
}

export async function writeSnapshot(snapshot: Snapshot): Promise<void> {
  await (await open()).put("meta", snapshot, SNAPSHOT);
}
