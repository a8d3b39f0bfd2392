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
  kind: "person" | "place" | "album" | "tag" | "text" | "date" | "camera" | "type" | "is" | "field";
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
  place: PhotoPlace | null;
  camera: { make: string; model: string; lens: string } | null;
  exposure: { seconds: number | null; aperture: number | null; iso: number | null; focal: number | null } | null;
  favourite: boolean;
  /** The faces in it, the largest first; empty too while nobody has looked (`facesSought`). */
  faces: PhotoFace[];
  /** Has the photo been looked at for faces? */
  facesSought: boolean;
  /** What is written in it, line by line; empty too while nobody has read it. */
  text: string[];
  /** It came with a saved library, and no file of it was seen on this device: `name` is what it was called there, perhaps empty. */
  elsewhere: boolean;
  /** How good the photo is, from 0 to 1: sharpness, light, pixels, faces; papers and screenshots have little. */
  quality: number;
  tags: { tag: string; score: number }[];
  models: { pack: string; preprocessing: string };
  indexed: string;
  hash: string;
}

/** In degrees; the names are empty where there is none, or while the table of places is not on this device. */
export interface PhotoPlace {
  latitude: number;
  longitude: number;
  town: string;
  region: string;
  country: string;
}

/** A part of the map, in degrees. */
export interface MapBox {
  south: number;
  west: number;
  north: number;
  east: number;
}

/** Photos that lie together on the map, and the box around them. */
export interface PlaceCluster extends MapBox {
  /** Their middle, from 0 to 1 over the map: from the date line and from the north, by Mercator's projection. */
  x: number;
  y: number;
  count: number;
  /** The id of the best, the newest among equals. */
  cover: string;
  /** Its town and country; empty while they are being looked up. */
  place: string;
}

export interface PlaceTown {
  name: string;
  latitude: number;
  longitude: number;
  population: number;
}

export interface MonthPlaces {
  year: number;
  /** January is 1. */
  month: number;
  /** In words: "Paris and Rome". */
  places: string;
}

/** The same day in an earlier year. */
export interface DayOfYear {
  year: number;
  count: number;
  /** The id of the best. */
  cover: string;
  /** The newest, 24 at most. */
  ids: string[];
  /** Finds all of them. */
  query: string;
}

/** In pixels of the upright photo (`width` and `height` of `photo(id)`): left, top, width, height. */
export type Box = [x: number, y: number, width: number, height: number];

export interface Face {
  id: string;
  /** The photo's id. */
  photo: string;
  box: Box;
  /** Width and height of the upright photo, without which a face cannot be cut out of a smaller picture of it. */
  size: [width: number, height: number];
  /** How well it can be recognised, from 0 to 1. */
  score: number;
}

/** A face in the answer of `photo(id)`. */
export interface PhotoFace extends Omit<Face, "photo" | "size"> {
  /** The person's id; null for faces that are nobody's: too poor to tell, or taken away from all. */
  person: string | null;
  /** The person's name; empty if nobody has given one. */
  name: string;
}

export interface Person {
  id: string;
  /** Empty if nobody has given one. */
  name: string;
  hidden: boolean;
  /** On how many photos. */
  count: number;
  /** How many faces in all; `faces` may hold fewer. */
  faceCount: number;
  /** The face that stands for the person. */
  cover: Face;
  /** The best first. */
  faces: Face[];
}

export interface PersonPage extends Omit<Person, "faces"> {
  /** Newest photos first; `taken` as in `photos()`. */
  faces: (Face & { taken: string | null })[];
}

/** Two who may be the same person. */
export interface SamePerson {
  people: [string, string];
  /** Who they are called; empty where nobody has said. */
  names: [string, string];
  /** How alike, 1 at most. */
  score: number;
  /** A face of each. */
  faces: [Face, Face];
}

/** How far looking for faces has come. */
export interface FaceWork {
  /**
   * `off`: not asked for; `starting`: the networks are being fetched; `after-photos`: photos are added first; `grouping`: all
   * is seen, people are being put together; `done`: nothing to do, apart from what `waiting` counts.
   */
  phase: "off" | "starting" | "working" | "grouping" | "after-photos" | "paused" | "waiting-for-power" | "blocked" | "done";
  /** A sentence for the phases that need one. */
  reason: string;
  /** Photos that were looked at, of all. */
  done: number;
  total: number;
  /** Photos whose files are not at hand, and a sentence that says why. */
  waiting: number;
  waitingReason: string;
  /** Of these, the folders that can be read once the person allows it: `allowFaceFolders` in platform.ts, after a click. */
  folders: string[];
  photosPerSecond: number;
  secondsLeft: number | null;
  /** Another face pack has looked at the photos before; people are as it sees them until all photos were looked at. */
  beside?: boolean;
}

/** How far reading text in photos has come; as with faces. */
export interface TextWork extends Omit<FaceWork, "phase"> {
  /** `after-faces`: faces are looked for first. */
  phase: Exclude<FaceWork["phase"], "grouping"> | "after-faces";
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

/** What a change of people answers. */
export interface PeopleChanged extends Changed {
  /** Whom it is about now: the one who stays after a merge, the new one after a split; empty where it is nobody. */
  person: string;
}

export type AlbumKind = "trip" | "event" | "thing" | "utility" | "own";

/** Photos that belong together: trips, events and things make themselves; "utility" holds screenshots, receipts and documents. */
export interface Album {
  /** Finds the album also after photos have come and gone. */
  id: string;
  kind: AlbumKind;
  title: string;
  /** Did a person choose the title? */
  named: boolean;
  /** When the first and the last photo were taken, ISO 8601 on the clock there; null where no photo says. */
  from: string | null;
  to: string | null;
  /** Where most photos were taken, in words; empty where that is not known. */
  place: string;
  /** The id of its cover; null for an empty album. */
  cover: string | null;
  count: number;
  /** The newest first. */
  photos: string[];
  /** Kept in front, or out of sight. */
  pinned: boolean;
  hidden: boolean;
  /** How many other albums have become a part of it. */
  merged: number;
}

/** What a change of albums answers. */
export interface AlbumChanged extends Changed {
  /** The album that it is about. */
  album: string;
}

export type DuplicateKind = "identical" | "same-picture" | "burst";

export interface DuplicateFile {
  /** The photo's id. */
  photo: string;
  name: string;
  bytes: number;
  width: number;
  height: number;
}

export interface DuplicateGroup {
  kind: DuplicateKind;
  /** Ids, that of the one to keep first; of kind "identical" a single one, since files of the same bytes are one photo. */
  photos: string[];
  /** The id of the photo to keep. */
  keep: string;
  /** A sentence that says why that one. */
  why: string;
  /** All files, the one to keep first. */
  files: DuplicateFile[];
}

/** How far comparing photos has come. */
export interface DuplicateWork {
  /** `waiting`: photos are added first; `comparing` all with all, `looking` closely at those that are alike, `weighing` bursts. */
  phase: "idle" | "waiting" | "comparing" | "looking" | "weighing" | "done" | "failed";
  done: number;
  total: number;
  /** A sentence, where it failed. */
  reason: string;
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

export interface ExportOptions {
  passphrase?: string;
  thumbnails?: boolean;
  paths?: boolean;
  onProgress?: (progress: { photos: number; total: number }) => void;
}

export interface ImportOptions {
  passphrase?: string;
  /** `finishing`: all photos are in, and it is too late to give up. */
  onProgress?: (progress: { phase: "opening" | "checking" | "taking" | "finishing"; photos: number; total: number }) => void;
  /** Gives up, as with `fetch`: the library is as it was before then. */
  signal?: AbortSignal;
}

export interface ImportAnswer {
  /** How many the file holds. */
  photos: number;
  people: number;
  /** How many photos are new here. */
  added: number;
  /** How many of them another model pack has looked at, so that words do not find them here yet; see `renewalWork`. */
  unsearchable: number;
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
  /** The pack that finds faces and tells people apart. */
  facePack: string;
  backend: Backend;
  /** Work only while the device has mains power, where the browser can tell. */
  mainsOnly: boolean;
}

/** A model pack that can be chosen. */
export interface PackEntry {
  /** What it understands: photos and words (the setting `pack`), or faces (`facePack`). */
  kind: "photos" | "faces";
  id: string;
  title: string;
  version: string;
  licence: string;
  /** What else there is to know about the licence; may be empty. */
  terms: string;
  /** 0 for one that is a part of the app. */
  bytes: number;
  builtIn: boolean;
  inUse: boolean;
}

/** How far the change to another model pack has come. */
export interface PackWork {
  /** `waiting`: photos are being added; `changing`: all have been looked at; `blocked`: see `reason`. */
  phase: "idle" | "starting" | "waiting" | "working" | "changing" | "blocked";
  /** Which pack; empty for none. */
  pack: string;
  done: number;
  total: number;
  reason: string;
}

/** Photos that another model pack has looked at: words find them once the present one has looked at their small pictures. */
export interface RenewalWork {
  /** `waiting`: for photos that are being added, another tab, or mains power; `blocked`: see `reason`. */
  phase: "idle" | "working" | "paused" | "waiting" | "blocked";
  /** How many are still to be looked at. */
  left: number;
  /** How many have no small picture, so that they wait until their folder is added. */
  waiting: number;
  reason: string;
}

export interface Stats {
  photos: number;
  faces: number;
  /** Photos in which something was read. */
  texts: number;
  failed: number;
  bytes: number;
  quota: number;
  /** Has the browser promised not to clear the library when space runs low? */
  persistent: boolean;
  backend: string;
  /** Why that one: a sentence, empty until the first photos were looked at. */
  backendReason: string;
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
  /**
   * The whole library as one file, without the photos themselves. `passphrase` locks it, as the age tool does; `thumbnails` (yes if
   * left out) makes it about 20 kB a photo larger; `paths` (no if left out) tells what the photos' files are called.
   */
  exportIndex(options?: ExportOptions): Promise<Blob>;
  /**
   * Takes such a file in. It is checked from end to end before anything is changed; taking it in twice changes nothing. Where the
   * `signal` ends it in time, it rejects with the signal's reason.
   */
  importIndex(file: Blob, options?: ImportOptions): Promise<ImportAnswer>;
  /** All persons, named ones first, then by faces; of each at most `faces` faces (1,000 if left out, the best ones). */
  people(options?: { faces?: number }): Promise<Person[]>;
  /** One person, with a page of their faces. */
  person(id: string, options?: { limit?: number; offset?: number }): Promise<PersonPage>;
  /** An empty name takes the name away. */
  namePerson(id: string, name: string): Promise<PeopleChanged>;
  /** They are one: the first of them who has a name, or else whoever has the most faces. */
  mergePeople(ids: string[]): Promise<PeopleChanged>;
  /** Some faces, not all, are somebody else's. */
  splitPerson(id: string, faces: string[]): Promise<PeopleChanged>;
  hidePerson(id: string, yes?: boolean): Promise<PeopleChanged>;
  /** The faces are that person's; null: those of a new one. */
  moveFaces(faces: string[], person: string | null): Promise<PeopleChanged>;
  /** The face is not that person's; it goes wherever else it fits. */
  notThisPerson(face: string, person: string): Promise<PeopleChanged>;
  /** It is no face that matters: it belongs to nobody from now on. */
  removeFace(face: string): Promise<PeopleChanged>;
  /** Pairs that may be the same person, the most alike first; those of one person if `id` is given. */
  suggestPeople(id?: string | null, options?: { limit?: number }): Promise<SamePerson[]>;
  /** Answers a suggestion by its `people`; it is never asked again. */
  answerSuggestion(people: [string, string], same: boolean): Promise<PeopleChanged>;
  /** Turns faces off and deletes all that was found and said about faces and people, and the networks. Cannot be undone. */
  deleteFaceData(): Promise<void>;
  faceWork(): Promise<FaceWork>;
  /** Turns reading text off and deletes all that was read, and the networks. Cannot be undone. */
  deleteTextData(): Promise<void>;
  textWork(): Promise<TextWork>;
  /** All albums: pinned ones first, then by kind; of each at most so many photos (all if left out). */
  albums(options?: { photos?: number }): Promise<Album[]>;
  /** One album with all its photos. */
  album(id: string): Promise<Album>;
  /** An album of one's own. */
  createAlbum(title: string, photos?: string[]): Promise<AlbumChanged>;
  /** An empty title takes the name away again. */
  nameAlbum(id: string, title: string): Promise<AlbumChanged>;
  /** Only for one's own albums; their photos stay. The others made themselves, and can be hidden. */
  deleteAlbum(id: string): Promise<AlbumChanged>;
  pinAlbum(id: string, yes?: boolean): Promise<AlbumChanged>;
  hideAlbum(id: string, yes?: boolean): Promise<AlbumChanged>;
  /** They are one: the first, whose title and cover stay. */
  mergeAlbums(ids: string[]): Promise<AlbumChanged>;
  /** Takes merged albums apart again. */
  separateAlbum(id: string): Promise<AlbumChanged>;
  addToAlbum(id: string, photos: string[]): Promise<AlbumChanged>;
  removeFromAlbum(id: string, photos: string[]): Promise<AlbumChanged>;
  /** Makes a photo of the album its cover. */
  albumCover(id: string, photo: string): Promise<AlbumChanged>;
  /**
   * Photos that are there more than once, by kind, those first that take the most room. Photos are compared before it answers; with
   * `wait: false` it answers at once what is known by now.
   */
  duplicates(options?: { kind?: DuplicateKind; wait?: boolean }): Promise<DuplicateGroup[]>;
  /** These are no duplicates of each other, or, with `others`, of those. Of a single photo: all its files are wanted. It lasts. */
  notDuplicates(ids: string[], options?: { others?: string[] }): Promise<Changed>;
  /** What a map shows of a part of the world that is 256 * 2 ** zoom pixels wide, the largest first. */
  placeClusters(zoom: number, box: MapBox): Promise<PlaceCluster[]>;
  /** How many photos say where they were taken, and the box around them. */
  placeExtent(): Promise<MapBox & { photos: number }>;
  /** The largest towns of a part of the world. */
  placeTowns(box: MapBox, options?: { limit?: number }): Promise<PlaceTown[]>;
  /** Where the months were spent, the latest first. */
  monthPlaces(): Promise<MonthPlaces[]>;
  /** What happened on this day in earlier years, the latest first. */
  onThisDay(): Promise<DayOfYear[]>;
  favourite(ids: string[], yes?: boolean): Promise<Changed>;
  undo(change: Undo): Promise<Changed>;
  remove(ids: string[]): Promise<{ removed: number; undo: Undo | null }>;
  clear(): Promise<void>;
  pause(): Promise<void>;
  resume(): Promise<void>;
  verify(): Promise<{ ok: boolean; problems: string[] }>;
  settings(): Promise<Settings>;
  /** Another `pack` first looks at all photos in the background, while the present one goes on answering; see `packWork`. */
  configure(changes: Partial<Settings>): Promise<Settings>;
  /** Checks a `.pack` file and keeps it on this device. */
  addPack(file: Blob): Promise<PackEntry>;
  packs(): Promise<PackEntry[]>;
  removePack(id: string): Promise<void>;
  packWork(): Promise<PackWork>;
  renewalWork(): Promise<RenewalWork>;
  stats(): Promise<Stats>;
}
