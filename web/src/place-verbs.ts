/** The verbs about places and days: all of them questions to Python. */
import { localClock } from "./clock";
import type { Shoebox } from "./contract";
import { theEngine } from "./engine";
import type { Library } from "./client";

async function library(): Promise<Library> {
  const engine = theEngine();
  await engine.ready;
  return engine.library;
}

export const placeVerbs: Pick<Shoebox, "placeClusters" | "placeExtent" | "placeTowns" | "monthPlaces" | "onThisDay"> = {
  placeClusters: async (zoom, box) => (await library()).call("places_clusters", { zoom, box }),
  placeExtent: async () => (await library()).call("places_extent", {}),
  placeTowns: async (box, options = {}) => (await library()).call("places_towns", { box, ...options }),
  monthPlaces: async () => (await library()).call("places_months", {}),
  onThisDay: async () => (await library()).call("on_this_day", { now: localClock() }),
};
