/** The parts behind the page put together: database, workers, library, additions. One of it, for the page and its scripts. */
import { effect } from "@preact/signals";
import { Library } from "./client";
import { GridKeeper } from "./grid-keeper";
import { Additions } from "./indexing/additions";
import { DuplicatePass } from "./indexing/duplicate-pass";
import { LibraryLock } from "./indexing/lock";
import { FacePass } from "./indexing/face-pass";
import { PackPass } from "./indexing/pack-pass";
import { RenewalPass } from "./indexing/renewal-pass";
import { TEXT_PACK, TextPass } from "./indexing/text-pass";
import { forgetOriginals } from "./indexing/originals";
import { stagedOf, type Choice, type CopyProgress, type InferenceOptions } from "./messages";
import { forgetKept, keepOffline, offline, startOffline } from "./offline";
import { faceFolder } from "./pack-files";
import { watchKeeping } from "./keeping";
import { PlaceKeeper } from "./place-keeper";
import { Sayings } from "./sayings";
import { failures, indexing, libraryIsEmpty, packWork, peopleVersion, settings, start, textVersion } from "./state";
import { commit, eraseLibrary, readGeneration, type Commit } from "./storage/library";
import { readChoice, readSettings, writeChoice, writeSettings } from "./storage/meta";
import { eraseTexts } from "./storage/texts";
import { forgetAllThumbnails, forgetThumbnails, readThumbnails } from "./storage/thumbnails";
import type { Changed, ImportAnswer, Settings, Undo } from "./contract";

const MOST_THREADS = 8;
/** Tabs of the app tell each other that the library changed. */
const CHANNEL = "shoebox-library";
const CATCH_UP_MS = 1500;
/** Loading a large library takes seconds: following another tab takes no more than this share of the time. */
const CATCH_UP_SHARE = 0.2;
/** More removed photos than this are not kept for undoing: their thumbnails would take more than about 40 MB. */
const MOST_UNDONE = 2000;

type Removed = Extract<Undo, { removed: unknown }>["removed"];

export class Engine {
  /** Resolves when the library is loaded and searchable. */
  readonly ready: Promise<void>;
  readonly library: Library;
  readonly additions: Additions;
  readonly sayings: Sayings;
  /** Looking for faces, behind the additions. */
  readonly faces: FacePass;
  /** Reading what is written in photos, behind the faces. */
  readonly text: TextPass;
  /** Comparing photos, when somebody asks for duplicates. */
  readonly duplicates: DuplicatePass;
  /** Changing over to another model pack. */
  readonly packs: PackPass;
  /** Looking again at photos that another model pack has looked at. */
  readonly renewal: RenewalPass;
  readonly timings: Record<string, number> = {};
  /** What was found damaged while loading. */
  problems: string[] = [];
  private readonly lock: LibraryLock;
  private readonly grid = new GridKeeper(() => this.generation);
  private readonly channel = new BroadcastChannel(CHANNEL);
  private generation = -1;
  private remembered: Choice | null = null;
  private becomeReady: () => void = () => undefined;
  private giveUp: (reason: unknown) => void = () => undefined;
  /** The newest generation that another tab has told of. */
  private newest = -1;
  private catchUpTimer = 0;
  private lastLoadMs = 0;

  constructor() {
    this.ready = new Promise((resolve, reject) => {
      this.becomeReady = resolve;
      this.giveUp = reject;
    });
    this.ready.catch(() => undefined);
    this.library = new Library();
    this.sayings = new Sayings(this.library);
    this.lock = new LibraryLock(() => this.catchUp(), (waiting) => this.additions.setOtherTab(waiting));
    this.additions = new Additions(this.library, this.lock, {
      libraryChanged: (generation) => {
        this.changed(generation);
        this.faces.lookAgain();
        this.text.lookAgain();
        this.renewal.lookAgain();
      },
      failuresChanged: (rows) => { failures.value = rows; },
      filesCame: () => {
        this.faces.lookAgain();
        this.text.lookAgain();
      },
      standingChanged: () => {
        this.faces.follow();
        this.text.follow();
        this.renewal.follow();
      },
    });
    this.faces = new FacePass(this.library, this.lock, this.additions, (generation) => this.changed(generation));
    this.text = new TextPass(this.library, this.lock, this.additions, (generation) => this.changed(generation));
    this.duplicates = new DuplicatePass(this.library);
    this.packs = new PackPass(this.library, this.lock, async () => {
      this.channel.postMessage(await readGeneration());
      location.reload();
    });
    this.renewal = new RenewalPass(this.library, this.lock, this.additions, (generation) => this.changed(generation));
    effect(() => { if (packWork.value.phase === "idle") this.renewal.follow(); });
    effect(() => { if (indexing.value.phase === "done") this.grid.settle(this.library); });
  }

  get threads(): number {
    if (!globalThis.crossOriginIsolated) return 1;
    const cores = navigator.hardwareConcurrency || 2;
    return Math.min(MOST_THREADS, cores > 4 ? cores - 1 : cores);
  }

  /** Bring everything up; never rejects: `start` says how far it came. */
  async start(): Promise<void> {
    try {
      const begun = performance.now();
      const offlineReady = startOffline();
      this.followDownload();
      watchKeeping();
      const [stored, choice, shown] = await Promise.all([readSettings(), readChoice(), this.grid.paint()]);
      settings.value = stored;
      this.remembered = choice ?? null;
      if (shown !== null) start.value = { ...start.peek(), phase: "library" };
      this.timings["grid"] = performance.now() - begun;
      await Promise.all([this.additions.open(), offlineReady]);
      await this.bringUp(stored, shown);
      this.timings["ready"] = performance.now() - begun;
      this.timings["readySinceNavigation"] = performance.now();
      start.value = { ...start.peek(), phase: "ready", reason: "" };
      this.becomeReady();
      new PlaceKeeper(this.library).watch();
      await this.additions.resumePending();
      this.faces.open();
      this.text.open();
      await this.packs.open();
      this.renewal.open();
    } catch (error) {
      console.error(error);
      const reason = error instanceof Error ? error.message : String(error);
      start.value = { ...start.peek(), phase: "failed", reason };
      this.giveUp(new Error(reason));
    }
  }

  private async bringUp(stored: Settings, shown: number | null): Promise<void> {
    const booted = this.timed("python", this.library.boot(stored.pack));
    // Sent at once: the worker reads the database while Python is still starting.
    const loaded = this.timed("library", this.load());
    const networks = this.timed("networks", this.library.configure(this.inferenceOptions(stored)).then(keepOffline));
    const [photos] = await Promise.all([loaded, booted, networks]);
    libraryIsEmpty.value = photos === 0;
    if (shown !== this.generation) await this.grid.refresh(this.library);
    this.sayings.listen();
    this.channel.addEventListener("message", ({ data }: MessageEvent<number>) => this.hearOfChange(data));
    // What was passed over while nobody looked.
    document.addEventListener("visibilitychange", () => this.hearOfChange(this.newest));
  }

  /** Load what is stored, or load it again; answers how many photos that is. */
  private async load(): Promise<number> {
    const begun = performance.now();
    const { photos, problems, generation, statementKeys } = await this.library.load();
    this.lastLoadMs = performance.now() - begun;
    this.problems = problems;
    this.generation = generation;
    await this.sayings.loaded(statementKeys);
    return photos;
  }

  /** Milliseconds from now until it is done, for `stats`. */
  private async timed<T>(name: string, work: Promise<T>): Promise<T> {
    const begun = performance.now();
    const value = await work;
    this.timings[name] = performance.now() - begun;
    return value;
  }

  inferenceOptions({ pack, backend }: Settings): InferenceOptions {
    return { pack, backend, threads: this.threads, remembered: this.remembered };
  }

  /** Keep what was measured, so that the next start need not measure again. */
  async rememberChoice(): Promise<void> {
    const { choice } = await this.library.inferenceFacts();
    if (!choice || choice.webgpu === null || choice.key === this.remembered?.key) return;
    this.remembered = choice;
    await writeChoice(choice);
  }

  /** Take photos out of the library. */
  remove(ids: string[]): Promise<Changed> {
    return this.lock.with(async () => {
      const keep = ids.length <= MOST_UNDONE;
      const answer = await this.library.call("remove", { ids, keep });
      const { removed, kept } = answer;
      const undo = keep ? { removed: { kept, thumbs: await readThumbnails(removed) } } : null;
      await this.write({ staged: stagedOf(answer), removed });
      forgetThumbnails(removed);
      this.faces.tidySoon();
      this.text.tidySoon();
      return { changed: removed.length, undo };
    });
  }

  /** Bring removed photos back. */
  private restore({ kept, thumbs }: Removed): Promise<Changed> {
    return this.lock.with(async () => {
      const { restored, staged } = await this.library.call("restore", { kept });
      const back = new Set(restored);
      await this.write({ staged, thumbs: thumbs.filter(([id]) => back.has(id)) });
      return { changed: restored.length, undo: { restored } };
    });
  }

  undo(change: Undo): Promise<Changed> {
    if ("said" in change) return this.sayings.say("undo", { changes: change.said });
    return "removed" in change ? this.restore(change.removed) : this.remove(change.restored);
  }

  /** Store a change and show it. Called with the lock held. */
  private async write(change: Commit): Promise<void> {
    if (change.staged.length === 0) return;
    const settle = async (verb: "accept" | "reject"): Promise<void> => {
      for (const { batch } of change.staged) await this.library.call(verb, { batch });
    };
    try {
      this.changed(await commit(change));
    } catch (error) {
      await settle("reject");
      throw error;
    }
    await settle("accept");
    await this.grid.refresh(this.library);
    this.faces.lookAgain();
    this.text.lookAgain();
    this.renewal.lookAgain();
    peopleVersion.value += 1;
  }

  /** Take in a library that was saved, here or on another device. Null where that was given up in time. */
  takeIn(file: Blob, passphrase: string, tell: (progress: CopyProgress) => void, signal?: AbortSignal): Promise<ImportAnswer | null> {
    return this.lock.with(async () => {
      await this.renewal.close();
      const begun = await readGeneration();
      const stop = (): void => void this.library.stopCopy().catch(() => undefined);
      signal?.addEventListener("abort", stop);
      try {
        return signal?.aborted ? null : await this.library.takeCopy(file, passphrase, tell);
      } finally {
        signal?.removeEventListener("abort", stop);
        // Also when it stopped in the middle, what was stored by then is there to stay.
        const generation = await readGeneration();
        await this.sayings.caughtUp();
        if (generation !== begun) await this.show(generation);
        this.renewal.open();
      }
    });
  }

  /** Show what somebody else in this tab has stored. Called with the lock held. */
  private async show(generation: number): Promise<void> {
    this.changed(generation);
    await this.grid.refresh(this.library);
    this.faces.lookAgain();
    this.text.lookAgain();
    peopleVersion.value += 1;
    textVersion.value += 1;
  }

  /** Turn faces off, and delete all that was found and said about them, and the networks. */
  async deleteFaceData(): Promise<void> {
    const off = { ...settings.peek(), faces: false };
    await writeSettings(off);
    settings.value = off;
    await this.faces.close();
    await this.lock.with(async () => this.changed(await this.sayings.eraseFaces()));
    await forgetKept(faceFolder(off.facePack));
  }

  /** Turn reading text off, and delete all that was read, and the networks. */
  async deleteTextData(): Promise<void> {
    const off = { ...settings.peek(), text: false };
    await writeSettings(off);
    settings.value = off;
    await this.text.close();
    await this.lock.with(async () => {
      this.changed(await eraseTexts());
      await this.library.call("text_forget", {});
    });
    textVersion.value += 1;
    await forgetKept(TEXT_PACK);
  }

  /** Delete everything that Shoebox keeps about photos. */
  clear(): Promise<void> {
    return this.lock.with(async () => {
      await this.packs.cancel();
      await this.additions.cancel();
      await this.faces.close();
      await this.text.close();
      await this.renewal.close();
      await this.sayings.alone(async () => {
        this.changed(await eraseLibrary());
        await this.library.call("clear", {});
        await this.sayings.loaded([]);
      });
      forgetAllThumbnails();
      forgetOriginals();
      this.grid.clear();
      this.faces.poke();
      this.text.poke();
      this.renewal.open();
    });
  }

  private changed(generation: number): void {
    this.generation = generation;
    this.channel.postMessage(generation);
    this.grid.follow(this.library);
    void this.rememberChoice().catch((error: unknown) => console.warn(error));
  }

  /** Load the library again if another tab has changed it. Called with the lock held. */
  private async catchUp(): Promise<void> {
    await this.ready;
    if ((await readGeneration()) === this.generation) return;
    // Perhaps faces or text were turned off there.
    const { pack } = settings.peek();
    settings.value = await readSettings();
    if (settings.peek().pack !== pack) {
      // It has changed over to another model pack: nothing of this one's is comparable any more.
      location.reload();
      await new Promise<never>(() => undefined);
    }
    await this.sayings.alone(() => this.load());
    this.faces.reloaded();
    this.text.reloaded();
    this.renewal.lookAgain();
    await this.grid.refresh(this.library);
  }

  /** Another tab works: show what it does, now and then. */
  private hearOfChange(generation: number): void {
    if (generation <= this.generation) return;
    this.newest = Math.max(this.newest, generation);
    this.additions.standBy();
    if (this.catchUpTimer) return;
    this.catchUpTimer = window.setTimeout(() => {
      this.catchUpTimer = 0;
      if (document.visibilityState === "hidden") return;
      void this.catchUp().catch((error: unknown) => console.error(error));
    }, Math.max(CATCH_UP_MS, this.lastLoadMs / CATCH_UP_SHARE));
  }

  private followDownload(): void {
    offline.subscribe(({ phase, done, total }) => {
      const downloaded = phase === "keeping" && total > 0 ? done / total : null;
      if (start.peek().downloaded !== downloaded) start.value = { ...start.peek(), downloaded };
    });
  }
}

let engine: Engine | null = null;

/** The one engine of this page; its workers start with the first use. */
export function theEngine(): Engine {
  engine ??= new Engine();
  return engine;
}
