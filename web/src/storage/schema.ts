/** The database: what is stored where. Blocks and journal entries are Python's bytes; nothing here looks into them. */
import { openDB, type DBSchema, type IDBPDatabase } from "idb";
import type { StoredPack } from "./packs";

const NAME = "shoebox";
/** 1: the library. 2: what the person says (`statements`). 3: `faces`. 4: `packs` and `next`. 5: `texts`. */
const VERSION = 5;

export interface Thumb {
  /** A JPEG. */
  bytes: Uint8Array<ArrayBuffer>;
  width: number;
  height: number;
}

/** A photo that is still to be indexed, kept so that the work goes on after a reload or a crash. */
export interface PendingRow {
  name: string;
  size: number;
  mtime: number;
  /** Key in `roots` of the folder it came with. */
  root?: string;
  handle?: FileSystemFileHandle;
  file?: File;
}

export interface FailureRow {
  name: string;
  size: number;
  mtime: number;
  reason: string;
  /** The same bytes will fail again: they are not tried a second time. */
  permanent: boolean;
}

export interface RootRow {
  name: string;
  handle: FileSystemDirectoryHandle;
}

export interface Schema extends DBSchema {
  blocks: { key: number; value: Uint8Array<ArrayBuffer> };
  journal: { key: number; value: Uint8Array<ArrayBuffer> };
  thumbs: { key: string; value: Thumb };
  pending: { key: number; value: PendingRow };
  failures: { key: string; value: FailureRow };
  roots: { key: string; value: RootRow };
  /** What the person said about photos; Python's bytes, several statements each. */
  statements: { key: number; value: Uint8Array<ArrayBuffer> };
  /** Faces by photo, and under 0 which of them are whose; Python's bytes. Empty unless the person asked for faces. */
  faces: { key: number; value: Uint8Array<ArrayBuffer> };
  /** What is written in photos; Python's bytes. Empty unless the person asked for it. */
  texts: { key: number; value: Uint8Array<ArrayBuffer> };
  /** Model packs that were dropped in, by id. */
  packs: { key: string; value: StoredPack };
  /** What the next model pack says about photos; Python's bytes. Empty unless the pack is being changed. */
  next: { key: number; value: Uint8Array<ArrayBuffer> };
  /** Settings, grid snapshot, generation: see meta.ts, snapshot.ts and library.ts. */
  meta: { key: string; value: unknown };
}

export type Database = IDBPDatabase<Schema>;

let database: Promise<Database> | null = null;

/** The open database, one a thread. */
export function open(): Promise<Database> {
  database ??= openDB<Schema>(NAME, VERSION, {
    upgrade(db, before) {
      if (before < 1) {
        db.createObjectStore("blocks");
        db.createObjectStore("journal");
        db.createObjectStore("thumbs");
        db.createObjectStore("pending", { autoIncrement: true });
        db.createObjectStore("failures");
        db.createObjectStore("roots");
        db.createObjectStore("meta");
      }
      if (before < 2) db.createObjectStore("statements", { autoIncrement: true });
      if (before < 3) db.createObjectStore("faces");
      if (before < 4) {
        db.createObjectStore("packs");
        db.createObjectStore("next", { autoIncrement: true });
      }
      if (before < 5) db.createObjectStore("texts");
    },
    blocking(_current, _blocked, event) {
      // A newer Shoebox in another tab wants to change the database: step aside.
      database = null;
      (event.target as IDBDatabase).close();
    },
    terminated() {
      database = null;
    },
  }).catch((error: unknown) => {
    database = null;
    if (error instanceof DOMException && error.name === "VersionError") {
      throw new Error("A newer Shoebox has been opened on this device. Reload this page to get it too.");
    }
    throw new Error(
      `The browser does not let Shoebox keep anything on this device (${error instanceof Error ? error.message : "unknown reason"}). ` +
        "Private windows and strict privacy settings do that: open Shoebox in a normal window.",
    );
  });
  return database;
}
