/**
 * What the user interface watches: signals that the platform writes and components read.
 * Nothing here computes; it is the seam between `indexing/`, `storage/` and `ui/`.
 */
import { signal } from "@preact/signals";
import type { DuplicateWork, FaceWork, Failure, PackWork, RenewalWork, Settings, TextWork } from "./contract";

/** All photos, newest first, as columns; the grid paints from this without asking Python. */
export interface Grid {
  ids: string[];
  /** Milliseconds since 1970, NaN where the photo does not say. */
  taken: Float64Array;
  /** Width over height, upright. */
  aspect: Float32Array;
}

export type IndexingPhase = "idle" | "scanning" | "working" | "paused" | "waiting-for-power" | "blocked" | "done";

export interface Indexing {
  phase: IndexingPhase;
  /** A sentence for the phases that need one (blocked, waiting). */
  reason: string;
  done: number;
  total: number;
  added: number;
  unchanged: number;
  duplicates: number;
  failed: number;
  photosPerSecond: number;
  secondsLeft: number | null;
}

export interface Start {
  /** `shell`: page painted; `library`: grid known; `ready`: searchable; `failed`: see `reason`. */
  phase: "shell" | "library" | "ready" | "failed";
  reason: string;
  /** 0..1 of the bytes of the first visit, null when everything is on this device already. */
  downloaded: number | null;
}

export const EMPTY_GRID: Grid = { ids: [], taken: new Float64Array(), aspect: new Float32Array() };

export const IDLE: Indexing = {
  phase: "idle", reason: "", done: 0, total: 0, added: 0, unchanged: 0, duplicates: 0, failed: 0,
  photosPerSecond: 0, secondsLeft: null,
};

export const NO_FACE_WORK: FaceWork = {
  phase: "off", reason: "", done: 0, total: 0, waiting: 0, waitingReason: "", folders: [], photosPerSecond: 0, secondsLeft: null,
};

export const NO_TEXT_WORK: TextWork = {
  phase: "off", reason: "", done: 0, total: 0, waiting: 0, waitingReason: "", folders: [], photosPerSecond: 0, secondsLeft: null,
};

export const NO_PACK_WORK: PackWork = { phase: "idle", pack: "", done: 0, total: 0, reason: "" };

export const NO_RENEWAL: RenewalWork = { phase: "idle", left: 0, waiting: 0, reason: "" };

export const DEFAULT_SETTINGS: Settings = {
  search: true, faces: false, text: false, tags: true, pack: "default", facePack: "face-api", backend: "auto", mainsOnly: false,
};

export const start = signal<Start>({ phase: "shell", reason: "", downloaded: null });
export const grid = signal<Grid>(EMPTY_GRID);
export const indexing = signal<Indexing>(IDLE);
/** The second pass over the photos: looking for faces. */
export const faceWork = signal<FaceWork>(NO_FACE_WORK);
/** The pass after that: reading what is written in them. */
export const textWork = signal<TextWork>(NO_TEXT_WORK);
/** Goes up whenever more has been read, or less is known. */
export const textVersion = signal(0);
/** Comparing photos with each other. */
export const duplicateWork = signal<DuplicateWork>({ phase: "idle", done: 0, total: 0, reason: "" });
/** Changing over to another model pack. */
export const packWork = signal<PackWork>(NO_PACK_WORK);
/** Looking again at photos that another model pack has looked at. */
export const renewal = signal<RenewalWork>(NO_RENEWAL);
/** Goes up whenever people may be different: new faces, something said here or in another tab. */
export const peopleVersion = signal(0);
/** Goes up whenever the names of places are different: the table has come, or new places were looked up. */
export const placesVersion = signal(0);
export const failures = signal<Failure[]>([]);
export const settings = signal<Settings>(DEFAULT_SETTINGS);
/** Ids of all favourites, also of photos that have left. */
export const favourites = signal<ReadonlySet<string>>(new Set());
/** Folders that wait for the person's permission before work on them can go on. */
export const waitingFolders = signal<string[]>([]);
/** Is the library known to be empty (the first-run screen), filled, or not read yet? */
export const libraryIsEmpty = signal<boolean | null>(null);
