/** Small single values: settings, what was measured here, whether adding is paused. */
import type { Settings } from "../contract";
import type { Choice } from "../messages";
import { DEFAULT_SETTINGS } from "../state";
import { open } from "./schema";

interface Values {
  settings: Settings;
  choice: Choice;
  /** The person pressed pause, and it should hold after a reload. */
  paused: boolean;
  /** Which device speaks, when statements of several are merged: 16 hexadecimal digits drawn by chance. */
  device: string;
  /** The pack that is to take the place of the present one, once it has looked at all photos. */
  "next-pack": string;
  /** What comparing photos has found; Python's bytes. */
  duplicates: Uint8Array<ArrayBuffer>;
}

/** Its key in `meta`, for emptying the library. */
export const DUPLICATES = "duplicates";

async function read<K extends keyof Values>(key: K): Promise<Values[K] | undefined> {
  return (await (await open()).get("meta", key)) as Values[K] | undefined;
}

async function write<K extends keyof Values>(key: K, value: Values[K]): Promise<void> {
  await (await open()).put("meta", value, key);
}

export const readChoice = (): Promise<Choice | undefined> => read("choice");
export const writeChoice = (choice: Choice): Promise<void> => write("choice", choice);
export const readDuplicates = (): Promise<Uint8Array<ArrayBuffer> | undefined> => read(DUPLICATES);
export const writeDuplicates = (bytes: Uint8Array<ArrayBuffer>): Promise<void> => write(DUPLICATES, bytes);
export const readNextPack = (): Promise<string | undefined> => read("next-pack");
export const writeNextPack = (pack: string): Promise<void> => write("next-pack", pack);
export const writePaused = (paused: boolean): Promise<void> => write("paused", paused);
export const writeSettings = (settings: Settings): Promise<void> => write("settings", settings);

export async function readPaused(): Promise<boolean> {
  return (await read("paused")) ?? false;
}

/** What the person chose; defaults for what a newer version added. */
export async function readSettings(): Promise<Settings> {
  return { ...DEFAULT_SETTINGS, ...(await read("settings")) };
}

/** This device's name, drawn when it is first asked for. */
export async function readDevice(): Promise<string> {
  const transaction = (await open()).transaction("meta", "readwrite", { durability: "strict" });
  let device = (await transaction.store.get("device")) as string | undefined;
  if (device === undefined) {
    const drawn = crypto.getRandomValues(new Uint8Array(8));
    device = Array.from(drawn, (byte) => byte.toString(16).padStart(2, "0")).join("");
    void transaction.store.put(device, "device").catch(() => undefined);
  }
  await transaction.done;
  return device;
}
