/**
 * Names of places for libraries whose photos say where they were taken: fetches the table from our own server once there is
 * such a photo, hands it to Python, and has new places looked up a few at a time, so that searches find a gap between them.
 */
import { effect } from "@preact/signals";
import type { Library } from "./client";
import { fetchBytes } from "./pack-files";
import { grid, placesVersion } from "./state";

const TOWNS = "places/towns.npz";
/** What the map draws; asked for here so that the service worker keeps it while there is a network. */
export const OUTLINES = "places/outlines.bin";
export const FINE_OUTLINES = "places/outlines-fine.bin";
/** While photos come in, new places are looked up at most this often, ms. */
const PAUSE = 3000;

export class PlaceKeeper {
  private timer = 0;
  private working = false;
  private again = false;
  /** Photos with a place at the last look; other numbers mean that names may be different. */
  private located = 0;

  constructor(private readonly library: Library) {}

  /** Follow the library from now on. */
  watch(): void {
    effect(() => {
      const photos = grid.value.ids.length;
      this.soon(photos > 0 && this.located > 0 ? PAUSE : 0);
    });
    addEventListener("online", () => this.soon(0));
  }

  private soon(wait: number): void {
    if (this.working) this.again = true;
    else if (this.timer === 0) {
      this.timer = window.setTimeout(() => {
        this.timer = 0;
        void this.look();
      }, wait);
    }
  }

  private async look(): Promise<void> {
    this.working = true;
    this.again = false;
    try {
      await this.keepUp();
    } catch (error) {
      // Without a network the first time: the next change of the library, or the network, brings the next attempt.
      console.warn(error);
    }
    this.working = false;
    if (this.again) this.soon(PAUSE);
  }

  private async keepUp(): Promise<void> {
    const { located, table } = await this.library.call("places_wanted", {});
    let changed = located !== this.located || !table;
    if (located > 0 && !table) await this.begin();
    for (let left = located; left > 0;) {
      const looked = await this.library.call("places_learn", {});
      changed ||= looked.learned > 0;
      left = looked.left;
    }
    this.located = located;
    if (changed) placesVersion.value += 1;
  }

  private async begin(): Promise<void> {
    const bytes = await fetchBytes(here(TOWNS));
    await this.library.call("places_begin", { table: bytes }, [bytes.buffer]);
    // Fetched only to be kept; a map that is opened without them fetches them itself.
    if (navigator.serviceWorker?.controller) {
      for (const path of [OUTLINES, FINE_OUTLINES]) void fetchBytes(here(path)).catch((error: unknown) => console.warn(error));
    }
  }
}

function here(path: string): URL {
  return new URL(path, document.baseURI);
}
