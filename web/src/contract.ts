/**
 * The scripting contract of the page: what `globalThis.shoebox` offers and the plain data it returns.
 * The user interface calls these same verbs. Names here are public; see docs/scripting.md.
 */

export interface SearchOptions {
  limit?: number;
  offset?: number;
  sort?: "relevance" | "date";
}

export interface Hit {
  id: string;
  name: string;
  score: number;
}

/** A condition that a query was understood to hold, as it can be shown and taken back. */
export interface Chip {
  /** "date", or the field: "camera", "person", "like" and so on. */
  kind: string;
  /** The condition in a few words. */
  text: string;
  /** Where it stands in the query. */
  from: number;
  to: number;
  /** Read out of free words, and not written as a field. */
  spoken: boolean;
  /** The query without it; what was read out of free words stays as plain words, in quotation marks. */
  remove: string;
}

/** One way in which what stands before the cursor may go on. */
export interface Suggestion {
  text: string;
  kind: "person" | "place" | "album" | "tag" | "date" | "camera" | "type" | "is" | "field";
  label: string;
  /** Photos that it finds by itself; null for a field. */
  count: number | null;
  /** The part of the query that `text` takes the place of: from, to. */
  replace: [number, number];
}

export interface SearchAnswer {
  total: number;
  /** How many of `total` the app itself believes in. */
  relevant: number;
  results: Hit[];
  explanation: string;
  chips: Chip[];
}

export interface PhotoEntry {
  id: string;
  name: string;
  /** ISO 8601, null where the photo does not say. */
  taken: string | null;
}

export interface PhotoFacts extends PhotoEntry {
  copies: string[];
  bytes: number;
  width: number;
  height: number;
  format: string;
  place: { latitude: number; longitude: number } | null;
  camera: { make: string; model: string; lens: string } | null;
  exposure: { seconds: number | null; aperture: number | null; iso: number | null; focal: number | null } | null;
  favourite: boolean;
  tags: { tag: string; score: number }[];
  models: { pack: string; preprocessing: string };
  indexed: string;
  hash: string;
}

/** Takes a change back when it is given to `undo`; scripts need not look into it. */
export type Undo =
  /** Of each thing that was said: its subject, its predicate, the value before, and the time of the change. */
  | { said: [subject: string, predicate: string, before: boolean | number | string | null, at: number][] }
  | { removed: { kept: Uint8Array<ArrayBuffer>[]; thumbs: [id: string, thumb: { bytes: Uint8Array<ArrayBuffer>; width: number; height: number }][] } }
  | { restored: string[] };

export interface Changed {
  /** How many things are different now. */
  changed: number;
  /** Null where too much was changed to keep it for undoing. */
  undo: Undo | null;
}

export interface AddProgress {
  done: number;
  total: number;
  added: number;
  unchanged: number;
  duplicates: number;
  failed: number;
}

export interface AddOptions {
  onProgress?: (progress: AddProgress) => void;
}

export interface Failure {
  name: string;
  reason: string;
}

export interface AddAnswer {
  added: number;
  unchanged: number;
  duplicates: number;
  failed: Failure[];
  seconds: number;
}

export type Backend = "auto" | "wasm" | "webgpu";

export interface Settings {
  /** Find by words: the image-text network and its tags. */
  search: boolean;
  faces: boolean;
  text: boolean;
  tags: boolean;
  pack: string;
  backend: Backend;
  /** Work only while the device has mains power, where the browser can tell. */
  mainsOnly: boolean;
}

export interface Stats {
  photos: number;
  faces: number;
  failed: number;
  bytes: number;
  quota: number;
  backend: string;
  threads: number;
  isolated: boolean;
  packs: string[];
  timings: Record<string, number>;
}

export interface Shoebox {
  /** Resolves when the library is loaded and searchable. */
  ready: Promise<void>;
  add(input: Iterable<File> | FileSystemDirectoryHandle, options?: AddOptions): Promise<AddAnswer>;
  search(query: string, options?: SearchOptions): Promise<SearchAnswer>;
  complete(query: string, cursor: number): Promise<Suggestion[]>;
  similar(photo: string | Blob, options?: { limit?: number }): Promise<{ results: Hit[] }>;
  photo(id: string): Promise<PhotoFacts>;
  photos(options?: { limit?: number; offset?: number; sort?: "date" | "name" }): Promise<{ total: number; results: PhotoEntry[] }>;
  tags(): Promise<{ tag: string; count: number }[]>;
  failures(): Promise<Failure[]>;
  favourite(ids: string[], yes?: boolean): Promise<Changed>;
  undo(change: Undo): Promise<Changed>;
  remove(ids: string[]): Promise<{ removed: number; undo: Undo | null }>;
  clear(): Promise<void>;
  pause(): Promise<void>;
  resume(): Promise<void>;
  verify(): Promise<{ ok: boolean; problems: string[] }>;
  settings(): Promise<Settings>;
  configure(changes: Partial<Settings>): Promise<Settings>;
  stats(): Promise<Stats>;
}
