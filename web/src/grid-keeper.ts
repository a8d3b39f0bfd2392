/** Keeps the page's grid in step with the library, and its snapshot in the database. */
import { splitIds, type Library } from "./client";
import { nothingStored } from "./keeping";
import { EMPTY_GRID, grid, libraryIsEmpty } from "./state";
import { readGeneration } from "./storage/library";
import { readSnapshot } from "./storage/snapshot";

/**
 * While photos come in, the grid follows after a second, then ever less often (ms), and never takes more than this share of the
 * time. Every time, tiles move to other rows and load their pictures again: following each second cost 9 of 150 core-ms a photo.
 */
const LEAST_PAUSE = 1000;
const MOST_PAUSE = 4000;
const SLOWER = 1.5;
const SHARE = 0.05;
const SNAPSHOT_PAUSE = 10_000;

export class GridKeeper {
  private timer = 0;
  private pause = LEAST_PAUSE;
  private lastCost = 0;
  /** Generation of the snapshot that is stored. */
  private saved = 0;
  private lastSave = -SNAPSHOT_PAUSE;
  private saveTimer = 0;
  private work: Promise<void> = Promise.resolve();

  constructor(private readonly generation: () => number) {}

  /** Show the grid as it was when it was last saved; answers the generation it shows, or null. */
  async paint(): Promise<number | null> {
    const snapshot = await readSnapshot();
    if (!snapshot) {
      // Nothing was ever stored: the first screen need not wait for Python to say so.
      if ((await readGeneration()) === 0) {
        nothingStored();
        libraryIsEmpty.value = true;
      }
      return null;
    }
    const { ids, taken, aspect, generation } = snapshot;
    grid.value = { ids: splitIds(ids), taken, aspect };
    if (ids.length > 0) libraryIsEmpty.value = false;
    this.saved = generation;
    return generation;
  }

  /** The library changed: the grid follows soon. */
  follow(library: Library): void {
    if (this.timer) return;
    this.timer = window.setTimeout(() => void this.refresh(library), Math.max(this.pause, this.lastCost / SHARE));
    this.pause = Math.min(MOST_PAUSE, this.pause * SLOWER);
  }

  /** Nothing more is coming: what is due soon is done now. */
  settle(library: Library): void {
    this.pause = LEAST_PAUSE;
    if (this.timer) void this.refresh(library);
  }

  /** Fetch the grid now. */
  refresh(library: Library): Promise<void> {
    clearTimeout(this.timer);
    this.timer = 0;
    this.work = this.work.then(async () => {
      const begun = performance.now();
      const generation = this.generation();
      const save = generation !== this.saved && begun - this.lastSave >= SNAPSHOT_PAUSE;
      const columns = await library.grid(save ? generation : null);
      this.lastCost = performance.now() - begun;
      grid.value = columns;
      libraryIsEmpty.value = columns.ids.length === 0;
      if (save) {
        this.saved = generation;
        this.lastSave = performance.now();
      } else if (generation !== this.saved) this.saveLater(library);
    }).catch((error: unknown) => console.error(error));
    return this.work;
  }

  clear(): void {
    clearTimeout(this.timer);
    clearTimeout(this.saveTimer);
    this.timer = 0;
    this.saveTimer = 0;
    grid.value = EMPTY_GRID;
    libraryIsEmpty.value = true;
  }

  private saveLater(library: Library): void {
    if (this.saveTimer) return;
    this.saveTimer = window.setTimeout(() => {
      this.saveTimer = 0;
      void this.refresh(library);
    }, SNAPSHOT_PAUSE);
  }
}
