/**
 * What the page and its workers say to each other. Buffers travel by transfer, never as copies or as text.
 * The verbs of the library and their answers are described where they are implemented: py/shoebox/worker.py and api.py.
 */
import type {
  Album, DayOfYear, DuplicateGroup, DuplicateKind, Hit, MapBox, MonthPlaces, Person, PersonPage, PhotoEntry,
  PhotoFacts, PlaceCluster, PlaceTown, SamePerson, SearchAnswer, Suggestion,
} from "./contract";

/** A tensor on its way between Python and ONNX Runtime. */
export interface Tensor {
  name: string;
  type: "float32" | "int32" | "int64" | "uint8";
  dims: number[];
  data: Float32Array<ArrayBuffer> | Int32Array<ArrayBuffer> | BigInt64Array<ArrayBuffer> | Uint8Array<ArrayBuffer>;
}

/** The networks of a model pack. */
export type PackNetwork = "image" | "text";
/** The networks that find faces and tell them apart, and the one that compares all faces with each other. */
export type FaceNetwork = "face-detector" | "face-landmarks" | "face-recogniser" | "neighbours";
/** The networks that find lines of text and read them. */
export type TextNetwork = "text-detector" | "text-recogniser";
/** Those of the pack that is to take the place of the present one. */
export type NextNetwork = "next-image" | "next-text";
export type Network = PackNetwork | FaceNetwork | NextNetwork | TextNetwork;
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
  /** What WASM sees in the canary (batches.ts), for the GPU to be held against at the next start. */
  canary?: Tensor[];
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

/** Where a network comes from: a file, perhaps with the sha256 that it must have, a file of a model pack, or its bytes. */
export type NetworkSource = { url: string; sha256?: string } | { pack: string; file: string } | { bytes: Uint8Array<ArrayBuffer> };
export type NetworkSources = Partial<Record<Network, NetworkSource>>;

/** Runs networks; served to the page and, over a port, to the Python worker. */
export interface InferenceService {
  configure(options: InferenceOptions): Promise<{ variant: Engine }>;
  connect(port: MessagePort): void;
  /** Where the networks for faces are; null where faces are not looked for, and then none is held. */
  useFaces(sources: NetworkSources | null): Promise<void>;
  /** Where the networks that read text are; null where nothing is read, and then none is held. */
  useReading(sources: NetworkSources | null): Promise<void>;
  /** The network that compares all photos with each other. */
  useNeighbours(network: Uint8Array<ArrayBuffer>): void;
  /** A network of the pack that comes next; null where none does. */
  useNext(sources: Partial<Record<NextNetwork, NetworkSource>> | null): Promise<void>;
  run(network: Network, feeds: Tensor[]): Promise<Tensor[]>;
  facts(): InferenceFacts;
}

export interface LaneOptions {
  /** Opened at once; nothing else can be run. */
  networks: NetworkSources;
  /** The build of the runtime to load; the WebAssembly engine is in both. */
  variant: Engine;
  threads: number;
}

/** Runs batches of photos or faces on WebAssembly; served to the inference worker. */
export interface LaneService {
  open(options: LaneOptions): Promise<void>;
  run(network: Network, feeds: Tensor[]): Promise<Tensor[]>;
}

/** What `inspect` said about how to decode a photo. */
export interface DecodeOrder {
  mime: string;
  /** EXIF orientation, 1 to 8. */
  orientation: number;
  /** Size in pixels as the header tells; 0 where it does not. */
  width: number;
  height: number;
  /** The colours as stored are Display P3: for codecs, which leave them as they are. */
  displayP3: boolean;
  minSide: number;
  /** 0 for no thumbnail. */
  thumbSide: number;
}

/** A photo in full as a picture that every browser shows. */
export interface Shown {
  jpeg: Uint8Array<ArrayBuffer>;
  width: number;
  height: number;
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
  take(photo: number): Promise<Uint8Array<ArrayBuffer>>;
  /** A copy of the bytes. */
  whole(photo: number): Promise<Uint8Array<ArrayBuffer>>;
  decode(photo: number, order: DecodeOrder): Promise<Decoded>;
  /** Fetch the codec that photos of a kind need, if they need one. Rejects with `CodecMissing`. */
  ready(mime: string): Promise<void>;
  /** A photo in full, where a codec decodes it. */
  show(photo: number, order: DecodeOrder): Promise<Shown>;
  drop(photo: number): void;
  /** The stored thumbnails of photos, in grey; those that can be had. */
  greys(ids: string[], side: number | null): Promise<Greys>;
}

/** Thumbnails in grey at half their size or squashed to squares: one byte a pixel, rows from the top. */
export interface Greys {
  ids: string[];
  values: Uint8Array<ArrayBuffer>[];
  sizes: [width: number, height: number][];
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
  /** Writes the library as one file, inside the worker: thumbnails never pass through the page's thread. */
  saveCopy(options: CopyOptions, tell: (photos: number, total: number) => void): Promise<VerbAnswer>;
  /** Checks a file and then takes it in, inside the worker, with the library's lock held; the value is null if it was stopped in time. */
  takeCopy(file: Blob, passphrase: string, tell: (progress: CopyProgress) => void): Promise<VerbAnswer>;
  /** The file that is being taken in is not wanted any more. */
  stopCopy(): void;
  /** Checks a `.pack` file and keeps it; answers a `PackEntry`. */
  keepPack(file: Blob): Promise<VerbAnswer>;
  /** Another pack begins to look at photos, or goes on; answers the files of its networks. */
  beginNext(pack: string): Promise<VerbAnswer>;
  /** It looks at some photos; answers a `NextStep`. */
  stepNext(tags: boolean): Promise<VerbAnswer>;
  /** It takes the place of the present one: in the database, so that the page must be loaded anew. */
  finishNext(pack: string): Promise<VerbAnswer>;
  /** Looks again at some photos that another pack has looked at, with the library's lock held; answers a `RenewStep`. */
  renew(tags: boolean): Promise<VerbAnswer>;
  /** Reads what is known of duplicates inside the worker; answers the network that compares photos. */
  recallDuplicates(): Promise<VerbAnswer>;
  /** A step of comparing photos, with the thumbnails that it needs; answers how far that has come. */
  compareDuplicates(): Promise<VerbAnswer>;
}

/** What stands in a file with the whole library, and its passphrase; empty for none. */
export interface CopyOptions {
  passphrase: string;
  thumbnails: boolean;
  paths: boolean;
}

export interface CopyProgress {
  /** `finishing`: all photos are in, and what follows them is not taken back any more. */
  phase: "opening" | "checking" | "taking" | "finishing";
  photos: number;
  total: number;
}

/** One change that a file brings, to be stored in one transaction. */
export interface CopyChange {
  staged: Staged[];
  /** To be stored where there is none. */
  pictures: { id: string; bytes: Uint8Array<ArrayBuffer>; width: number; height: number }[];
  faces: FindingsStaged | null;
  texts: FindingsStaged | null;
  statements: { batch: number; statements: Uint8Array<ArrayBuffer> } | null;
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
      width: number; height: number; displayP3: boolean;
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

/** Photos that were looked at or read, or stored anew: put and delete in one transaction, and then tell `faces_settle` or `text_settle`. */
export interface FindingsStaged {
  batch: number;
  put: [number, Uint8Array<ArrayBuffer>][];
  delete: number[];
}

/** A step of comparing photos; `take`: it wants the thumbnails of `ids`, as far as there are any, and then probably those of `soon`. */
export interface DuplicateStep {
  phase: "comparing" | "looking" | "weighing" | "done";
  done: number;
  total: number;
  ids: string[];
  soon: string[];
  /** Of the squares that thumbnails are squashed to; null where they are wanted as they are. */
  side: number | null;
  take: boolean;
}

/** How far the next pack has come; `missed`: photos that could not be read, told at the end. */
export interface NextStep {
  done: number;
  total: number;
  missed: number;
  left: boolean;
}

/** How many photos another pack has looked at, before this step: `left` have a thumbnail, `waiting` have none. */
export interface RenewStep {
  left: number;
  waiting: number;
  /** Of the library, where something was stored. */
  generation: number | null;
}

/** How to move files out of the way: each with the place it goes to and the sha256 that it must have. */
export interface SetAside {
  files: { photo: string; name: string; to: string; hash: string }[];
  bytes: number;
  list: string;
  script: string;
}

/** What `faces_order` says about the file that lies where a photo should. */
export type FaceOrder =
  | { action: "other" }
  | { action: "whole" }
  | {
      action: "decode"; decoder: "browser" | "python"; fallback: "python" | null; mime: string; orientation: number; width: number;
      height: number; displayP3: boolean; reason: string;
    };

/** What `judge` says about a file that need not be in the library. */
export type Judgement = Exclude<FaceOrder, { action: "other" }> | { action: "fail"; reason: string };

/** A change of people, to be stored like `SaidAnswer`. */
export type PeopleSaid = SaidAnswer & { person: string };

/** A change of albums, to be stored like `SaidAnswer`. */
export type AlbumSaid = SaidAnswer & { album: string };

export interface LibraryStats {
  photos: number;
  faces: number;
  /** Photos in which something was read. */
  texts: number;
  /** Photos that came with a saved library without a thumbnail. */
  bare: number;
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
  renew_begin: { args: Record<string, never>; answer: unknown };
  renew_step: { args: Record<string, never>; answer: { ids: string[]; left: number; waiting: number } };
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
  people: { args: { faces?: number }; answer: Person[] };
  person: { args: { id: string; limit?: number; offset?: number }; answer: PersonPage };
  name_person: { args: { id: string; name: string }; answer: PeopleSaid };
  merge_people: { args: { ids: string[] }; answer: PeopleSaid };
  split_person: { args: { id: string; faces: string[] }; answer: PeopleSaid };
  hide_person: { args: { id: string; yes?: boolean }; answer: PeopleSaid };
  move_faces: { args: { faces: string[]; person: string | null }; answer: PeopleSaid };
  not_this_person: { args: { face: string; person: string }; answer: PeopleSaid };
  remove_face: { args: { face: string }; answer: PeopleSaid };
  suggest_people: { args: { id?: string | null; limit?: number }; answer: SamePerson[] };
  answer_suggestion: { args: { people: [string, string]; same: boolean }; answer: PeopleSaid };
  /** Begin to look for faces with the pack that this pack.toml describes. */
  faces_begin: {
    args: { manifest: Uint8Array };
    answer: { networks: { network: FaceNetwork; file: string; bytes: number; sha256: string }[]; neighbours: Uint8Array<ArrayBuffer> };
  };
  /** Photos that this pack has not looked at, newest first, 16 characters each; `beside`: people are as another pack sees them. */
  faces_todo: { args: { pack: string }; answer: { ids: string; total: number; beside: boolean } };
  /** What this pack has seen beside another one counts from now on, once that is stored; null where there is nothing so. */
  faces_change: { args: { pack: string }; answer: FindingsStaged | null };
  /** All paths of photos; empty for those that are not in the library. */
  faces_names: { args: { ids: string[] }; answer: string[][] };
  faces_order: { args: { id: string; hash: string; head: Uint8Array; whole: boolean }; answer: FaceOrder };
  /** `failed`: their pixels cannot be used. */
  faces_look: {
    args: { photos: { id: string; width: number; height: number }[]; pixels: Uint8Array[]; missed: string[] };
    answer: (FindingsStaged | { batch: null; put: []; delete: [] }) & { faces: number };
  };
  faces_settle: { args: { batch: number; stored: boolean }; answer: unknown };
  /** Puts people together; `groups` is to be stored under key 0. Null where nothing is new. */
  faces_group: { args: { all?: boolean }; answer: { groups: Uint8Array<ArrayBuffer> | null } };
  faces_fold: { args: { tidy?: boolean }; answer: FindingsStaged | null };
  faces_erase: { args: Record<string, never>; answer: { batch: number; put: Uint8Array<ArrayBuffer>[]; delete: number[] } };
  /** What the text pack that this pack.toml describes consists of. */
  text_describe: {
    args: { manifest: Uint8Array };
    answer: { networks: { network: TextNetwork; file: string; bytes: number; sha256: string }[]; characters: string };
  };
  text_begin: { args: { manifest: Uint8Array; characters: Uint8Array }; answer: unknown };
  /** Photos that nobody has read, newest first, 16 characters each. */
  text_todo: { args: Record<string, never>; answer: { ids: string; total: number } };
  /** `missed`: they cannot be decoded. */
  text_look: {
    args: { photos: { id: string; width: number; height: number }[]; pixels: Uint8Array[]; missed: string[] };
    answer: (FindingsStaged | { batch: null; put: []; delete: [] }) & { lines: number };
  };
  text_settle: { args: { batch: number; stored: boolean }; answer: unknown };
  text_fold: { args: { tidy?: boolean }; answer: FindingsStaged | null };
  text_forget: { args: Record<string, never>; answer: unknown };
  duplicates: { args: { kind?: DuplicateKind }; answer: DuplicateGroup[] };
  albums: { args: { photos?: number }; answer: Album[] };
  album: { args: { id: string }; answer: Album };
  create_album: { args: { title: string; photos: string[] }; answer: AlbumSaid };
  name_album: { args: { id: string; title: string }; answer: AlbumSaid };
  delete_album: { args: { id: string }; answer: AlbumSaid };
  pin_album: { args: { id: string; yes?: boolean }; answer: AlbumSaid };
  hide_album: { args: { id: string; yes?: boolean }; answer: AlbumSaid };
  merge_albums: { args: { ids: string[] }; answer: AlbumSaid };
  separate_album: { args: { id: string }; answer: AlbumSaid };
  add_to_album: { args: { id: string; photos: string[] }; answer: AlbumSaid };
  remove_from_album: { args: { id: string; photos: string[] }; answer: AlbumSaid };
  album_cover: { args: { id: string; photo: string }; answer: AlbumSaid };
  not_duplicates: { args: { ids: string[]; others?: string[] }; answer: SaidAnswer };
  set_aside: { args: { names: string[] }; answer: SetAside };
  /** How many photos say where they were taken, and whether the table of places is in Python. */
  places_wanted: { args: Record<string, never>; answer: { located: number; table: boolean } };
  places_begin: { args: { table: Uint8Array }; answer: { towns: number } };
  /** Looks up some places that are new; to be called until none is left. */
  places_learn: { args: Record<string, never>; answer: { learned: number; left: number } };
  places_months: { args: Record<string, never>; answer: MonthPlaces[] };
  places_extent: { args: Record<string, never>; answer: MapBox & { photos: number } };
  places_clusters: { args: { zoom: number; box: MapBox }; answer: PlaceCluster[] };
  places_towns: { args: { box: MapBox; limit?: number }; answer: PlaceTown[] };
  on_this_day: { args: { now: number }; answer: DayOfYear[] };
  verify: { args: { statements?: Uint8Array[]; faces?: Uint8Array[]; texts?: Uint8Array[] }; answer: { ok: boolean; problems: string[] } };
  /** Where the square cut out of each photo begins, across and down. */
  squares: { args: { ids: string[] }; answer: [number, number][] };
  switch_probe: { args: Record<string, never>; answer: unknown };
  switch_end: { args: Record<string, never>; answer: unknown };
  judge: { args: { name: string; head: Uint8Array; whole: boolean }; answer: Judgement };
  show: { args: { data: Uint8Array; name?: string }; answer: Shown };
  decode: { args: { data: Uint8Array; orientation?: number; minSide?: number; thumbSide?: number }; answer: Decoded };
}

export type Verb = keyof Verbs;
