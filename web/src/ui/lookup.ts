/** From a photo's id to its place in the date-ordered library, and to what the grid knows about it. */
import { computed } from "@preact/signals";
import { grid } from "../state";
import type { Grid } from "../state";
import { counted, dayOf } from "./words";

/** Made only when something asks, and again only when the library has changed. */
const places = computed(() => {
  const found = new Map<string, number>();
  grid.value.ids.forEach((id, index) => found.set(id, index));
  return found;
});

export function placeOf(id: string): number | undefined {
  return places.value.get(id);
}

/** Columns for photos in an order of their own, such as search results; photos that have left are left out. */
export function columnsOf(ids: readonly string[]): Grid {
  const { taken, aspect } = grid.value;
  const known = ids.filter((id) => places.value.has(id));
  const columns: Grid = { ids: known, taken: new Float64Array(known.length), aspect: new Float32Array(known.length) };
  known.forEach((id, index) => {
    const place = places.value.get(id)!;
    columns.taken[index] = taken[place]!;
    columns.aspect[index] = aspect[place]!;
  });
  return columns;
}

/** "Photo of 5 May 2024". */
export function photoLabel(taken: number): string {
  return Number.isNaN(taken) ? "Photo without a date" : `Photo of ${dayOf(taken)}`;
}

export function positionLabel(index: number, total: number): string {
  return `${new Intl.NumberFormat("en-GB").format(index + 1)} of ${counted(total, "photo")}`;
}
