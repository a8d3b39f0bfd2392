/** What the map needs to know of the library and of the world, asked for when the view leaves what is known. */
import { signal } from "@preact/signals";
import type { MapBox, PlaceCluster, PlaceTown } from "../../contract";
import { FINE_OUTLINES, OUTLINES } from "../../place-keeper";
import { shoebox } from "../../shoebox";
import type { Size } from "../zoom";
import type { Outlines } from "./outlines";
import { readOutlines } from "./outlines";
import type { View } from "./view";
import { boxOf } from "./view";

export interface Known {
  clusters: PlaceCluster[];
  towns: PlaceTown[];
}

/** From this zoom on, coasts are drawn from the fine outlines. */
const FINE_FROM = 6;
/** How far beyond the window is asked for, in window sizes to each side. */
const BEYOND = 0.4;
const AROUND = 1 + 2 * BEYOND;
/** Clusters are put together anew when the zoom changes by so much. */
const ZOOM_STEP = 0.5;
/** CSS pixels of the window for each town that may be named. */
const PIXELS_A_TOWN = 14_000;

function inside(inner: MapBox, outer: MapBox): boolean {
  return inner.south >= outer.south && inner.west >= outer.west && inner.north <= outer.north && inner.east <= outer.east;
}

export class MapData {
  readonly known = signal<Known>({ clusters: [], towns: [] });
  /** A sentence where the library could not be asked. */
  readonly error = signal("");
  private covered: { box: MapBox; zoom: number } | null = null;
  private asking = false;
  private wanted: { view: View; size: Size } | null = null;

  /** Know what this view shows, soon; while an answer is under way only the newest view waits. */
  look(view: View, size: Size): void {
    this.wanted = { view, size };
    if (!this.asking) void this.ask();
  }

  /** The library is different: ask again. */
  forget(): void {
    this.covered = null;
    if (this.wanted) this.look(this.wanted.view, this.wanted.size);
  }

  private async ask(): Promise<void> {
    this.asking = true;
    while (this.wanted) {
      const { view, size } = this.wanted;
      const zoom = Math.round(view.zoom / ZOOM_STEP) * ZOOM_STEP;
      if (this.covered?.zoom === zoom && inside(boxOf(view, size), this.covered.box)) break;
      const box = boxOf(view, { width: size.width * AROUND, height: size.height * AROUND });
      this.covered = { box, zoom };
      try {
        const limit = Math.ceil((size.width * size.height * AROUND ** 2) / PIXELS_A_TOWN);
        const [clusters, towns] = await Promise.all([shoebox.placeClusters(zoom, box), shoebox.placeTowns(box, { limit })]);
        this.known.value = { clusters, towns };
        this.error.value = "";
      } catch (error) {
        this.covered = null;
        this.error.value = error instanceof Error ? error.message : String(error);
        break;
      }
    }
    this.asking = false;
  }
}

const kept = new Map<string, Promise<Outlines>>();

async function fetchOutlines(path: string): Promise<Outlines> {
  const response = await fetch(new URL(path, document.baseURI));
  if (!response.ok) throw new Error("The outlines of the map are not on this device yet. Connect to the network once and they stay.");
  return readOutlines(await response.arrayBuffer());
}

/** The outlines for a zoom: the coarse ones, or the fine ones; fetched once. */
export function outlinesFor(zoom: number): Promise<Outlines> {
  const path = zoom < FINE_FROM ? OUTLINES : FINE_OUTLINES;
  const known = kept.get(path);
  if (known) return known;
  const coming = fetchOutlines(path);
  kept.set(path, coming);
  coming.catch(() => kept.delete(path));
  return coming;
}
