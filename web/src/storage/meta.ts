/** Small single values: settings, the grid's snapshot, what was measured here. */
import type { Settings } from "../contract";
import type { Choice } from "../messages";
import { DEFAULT_SETTINGS } from "../state";
import { open } from "./schema";

/** The grid's columns as they were, so that photos show long before Python is up. Ids are 16 characters each, joined. */
export interface Snapshot {
  ids: string;
  taken: Float64Array<ArrayBuffer>;
  aspect: Float32Array<ArrayBuffer>;
  /** Generation of the library it shows. */
  generation: number;
}

interface Values {
  settings: Settings;
  grid: Snapshot;
  choice: Choice;
  /** The person pressed pause, and it should hold after a reload. */
  paused: boolean;
}

async function read<K extends keyof Values>(key: K): Promise<Values[K] | undefined> {
  return (await (await open()).get("meta", key)) as Values[K] | undefined;
}

async function write<K extends keyof Values>(key: K, value: Values[K]): Promise<void> {
  await (await open()).put("meta", value, key);
}

export const readSnapshot = (): Promise<Snapshot | undefined> => read("grid");
export const writeSnapshot = (snapshot: Snapshot): Promise<void> => write("grid", snapshot);
export const readChoice = (): Promise<Choice | undefined> => read("choice");
export const writeChoice = (choice: Choice): Promise<void> => write("choice", choice);
export const writePaused = (paused: boolean): Promise<void> => write("paused", paused);
export const writeSettings = (settings: Settings): Promise<void> => write("settings", settings);

export async function readPaused(): Promise<boolean> {
  return (await read("paused")) ?? false;
}

/** What the person chose; defaults for what a newer version added. */
export async function readSettings(): Promise<Settings> {
  return { ...DEFAULT_SETTINGS, ...(await read("settings")) };
}
