/**
 * What the page and its workers say to each other. Buffers travel by transfer, never as copies or as text.
 * The verbs of the library and their answers are described where they are implemented: py/shoebox/worker.py and api.py.
 */
import type { Hit, PhotoEntry, PhotoFacts, SearchAnswer, Suggestion } from "./contract";

/** A tensor on its way between Python and ONNX Runtime. */
export interface Tensor {
  name: string;
  type: "float32" | "int64" | "uint8";
  dims: number[];
  data: Float32Array<ArrayBuffer> | BigInt64Array<ArrayBuffer> | Uint8Array<ArrayBuffer>;
}

export type Network = "image" | "text";
export type Engine = "wasm" | "webgpu";

/** What a warm measurement found on this device, kept so that the next start need not measure again. */
export interface Choice {
  engine: Engine;
  /** Pack, adapter and threads that were measured; another combination is measured anew. */
  key: string;
  why: string;
  /** Milliseconds a photo, warm, in batches; null where it was not measured. */
  wasm: number | null;
  webgpu: number | null;
}

export interface InferenceOptions {
  pack: string;
  backend: "auto" | Engine;
  threads: number;
  remembered: Choice | null;
}

export interface InferenceFacts {
  /** The engine of the image network; null until it has run once. */
  engine: Engine | null;
  threads: number;
  choice: Choice | null;
  /** Milliseconds a photo in the last batch, shared by all lanes, and of the last text. */
  image: number | null;
  text: number | null;
}

/** Runs networks; served to the page and, over a port, to the Python worker. */
export interface InferenceService {
  configure(options: InferenceOptions): Promise<{ variant: Engine }>;
  connect(port: MessagePort): void;
  run(network: Network, feeds: Tensor[]): Promise<Tensor[]>;
  facts(): InferenceFacts;
}

export interface LaneOptions {
  pack: string;
  /** The build of the runtime to load; the WebAssembly engine is in both. */
  variant: Engine;
  threads: number;
}

/** Runs batches of photos on WebAssembly; served to the inference worker. */
export interface LaneService {
  open(options: LaneOptions): Promise<void>;
  run(feeds: Tensor[]): Promise<Tensor[]>;
}

/** What `inspect` said about how to decode a photo. */
export interface DecodeOrder {
  mime: string;
  /** EXIF orientation, 1 to 8. */
  orientation: number;
  /** Size in pixels as the header tells; 0 where it does not. */
  width: number;
  height: number;
  minSide: number;
  thumbSide: number;
}

export interface Decoded {
  /** RGB, no alpha, rows from the top, upright. */
  pixels: Uint8Array<ArrayBuffer>;
  width: number;
  height: number;
  photoWidth: number;
  photoHeight: number;
  /** A JPEG. */
  thumb: Uint8Array<ArrayBuffer>;
  thumbWidth: number;
  thumbHeight: number;
  ms: { decode: number; thumb: number };
}

/** One member of the decode pool. `photo` is a number of the page's choice; the worker keeps the bytes under it. */
export interface DecodeService {
  head(file: Blob): Promise<Uint8Array<ArrayBuffer>>;
  read(photo: number, file: Blob): Promise<{ hash: string; head: Uint8Array<ArrayBuffer> }>;
  /** Gives the bytes away: they are not kept any longer. */
  take(photo: number): Uint8Array<ArrayBuffer>;
  /** A copy of the bytes. */
  whole(photo: number): Uint8Array<ArrayBuffer>;
  decode(photo: number, order: DecodeOrder): Promise<Decoded>;
  drop(photo: number): void;
}

export type PythonRole = "library" | "decode";

export interface PackFacts {
  pack: string;
  preprocessing: string;
  side: number;
  batch: number;
}

/** Either a value, or an error: a plain sentence, its kind, and for defects a trace. */
export interface VerbAnswer {
  value?: unknown;
  error?: string;
  kind?: string;
  trace?: string;
  permanent?: boolean;
  /** The part of a query that is meant, in code points. */
  position?: number;
  length?: number;
}

/** The Python worker. */
export interface PythonService {
  boot(role: PythonRole, pack: string, inference: MessagePort | null): Promise<PackFacts | null>;
  call(verb: string, args: Record<string, unknown>): Promise<VerbAnswer>;
  /** Reads the stored library inside the worker and loads it. */
  load(): Promise<VerbAnswer>;
  /**
   * The grid's columns, with the ids as one text of 16 characters each: 100,000 strings are slow to post.
   * With a generation they are kept as the snapshot too, here and not on the page's thread, which writing would hold up.
   */
  grid(generation: number | null): Promise<{ ids: string; taken: Float64Array<ArrayBuffer>; aspect: Float32Array<ArrayBuffer> }>;
}

export interface Entry {
  name: string;
  size: number;
  /** Milliseconds since 1970. */
  mtime: number;
}

export type Verdict =
  | ({ action: "skip"; kind: "unchanged" | "duplicate" | "renamed" } & MaybeStaged)
  | { action: "fail"; reason: string; permanent: boolean }
  | { action: "whole" }
  | {
      action: "decode"; ticket: number; decoder: "browser" | "python"; fallback: "python" | null; mime: string; orientation: number;
      /** As stored, before it is turned upright; 0 where the header does not tell. */
      width: number; height: number;
      /** What to say when nobody can decode it. */
      reason: string; permanent: boolean;
    };

export interface IndexedRow {
  id: string;
  name: string;
  taken: number | null;
  aspect: number;
}

/** A change to be stored under the key `batch`, and then accepted or rejected. */
export interface Staged {
  batch: number;
  journal: Uint8Array<ArrayBuffer>;
}

/** What verbs that may change something answer: both null where nothing changes. */
export type MaybeStaged = Staged | { batch: null; journal: null };

export function stagedOf({ batch, journal }: MaybeStaged): Staged[] {
  return batch === null ? [] : [{ batch, journal }];
}

export interface Compaction {
  batch: number;
  put: [number, Uint8Array<ArrayBuffer>][];
  delete: number[];
  clearJournal: number;
}

/** What the person said, to be stored under keys of the database's choice and then accepted or rejected. */
export type SaidAnswer = { changed: number; undo: [string, string, boolean | number | string | null, number][] } & (
  | { batch: number; statements: Uint8Array<ArrayBuffer> }
  | { batch: null; statements: null }
);

export interface LibraryStats {
  photos: number;
  [fact: string]: unknown;
}

/** The library's verbs: arguments and answers. */
export interface Verbs {
  load: { args: { blocks: Uint8Array[]; journal: Uint8Array[]; keys?: number[] }; answer: { photos: number; problems: string[] } };
  /** `whole`: these, with those of earlier calls of the same number, are all files of their folders. */
  plan: { args: { entries: Entry[]; addition: number; whole: boolean }; answer: { work: number[]; unchanged: number } };
  inspect: { args: { entry: Entry & { hash: string }; head: Uint8Array; whole: boolean }; answer: Verdict };
  index: {
    args: { batch: { ticket: number; width: number; height: number; photoWidth: number; photoHeight: number }[]; pixels: Uint8Array[]; tags: boolean };
    answer: MaybeStaged & { rows: IndexedRow[]; failed: { name: string; reason: string }[] };
  };
  abandon: { args: { tickets: number[] }; answer: { names: string[] } };
  accept: { args: { batch: number; keys?: number[] }; answer: unknown };
  reject: { args: { batch: number }; answer: unknown };
  sweep: { args: { root: string; seen: string[]; sure: boolean }; answer: MaybeStaged & { removed: string[] } };
  remove: { args: { ids: string[]; keep?: boolean }; answer: MaybeStaged & { removed: string[]; kept: Uint8Array<ArrayBuffer>[] } };
  restore: { args: { kept: Uint8Array[] }; answer: { restored: string[]; staged: Staged[] } };
  clear: { args: Record<string, never>; answer: unknown };
  compact: { args: { force?: boolean }; answer: Compaction | null };
  /** `now`: the clock on the wall. Places in queries count code points here, as Python does; see places.ts. */
  search: { args: { query: string; limit?: number; offset?: number; sort?: string; now: number }; answer: SearchAnswer };
  complete: { args: { query: string; cursor: number; now: number }; answer: Suggestion[] };
  similar: {
    args: { id: string; limit?: number } | { pixels: Uint8Array; width: number; height: number; limit?: number };
    answer: { results: Hit[] };
  };
  photo: { args: { id: string }; answer: PhotoFacts };
  photos: { args: { limit?: number; offset?: number; sort?: string }; answer: { total: number; results: PhotoEntry[] } };
  tags: { args: Record<string, never>; answer: { tag: string; count: number }[] };
  stats: { args: Record<string, never>; answer: LibraryStats };
  favourite: { args: { ids: string[]; yes?: boolean }; answer: SaidAnswer };
  undo: { args: { changes: SaidAnswer["undo"] }; answer: SaidAnswer };
  hear: { args: { statements: Uint8Array[]; keys: number[] }; answer: { problems: string[] } };
  fold: { args: Record<string, never>; answer: { batch: number; put: Uint8Array<ArrayBuffer>[]; delete: number[] } | null };
  favourites: { args: Record<string, never>; answer: { ids: string } };
  verify: { args: { statements?: Uint8Array[] }; answer: { ok: boolean; problems: string[] } };
  decode: { args: { data: Uint8Array; orientation?: number; minSide?: number; thumbSide?: number }; answer: Decoded };
}

export type Verb = keyof Verbs;
