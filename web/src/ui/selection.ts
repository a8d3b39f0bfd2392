/** The photos that are selected in the grid, for doing something with all of them. */
import { computed, effect, signal } from "@preact/signals";
import { route } from "./router";

export const selected = signal<ReadonlySet<string>>(new Set());
export const selecting = computed(() => selected.value.size > 0);

/** The photo that was selected last: from it a range is drawn. */
let anchor: string | null = null;

export function clearSelection(): void {
  anchor = null;
  if (selecting.peek()) selected.value = new Set();
}

export function toggleSelected(id: string): void {
  const next = new Set(selected.peek());
  if (!next.delete(id)) next.add(id);
  anchor = id;
  selected.value = next;
}

export function selectAll(ids: readonly string[]): void {
  selected.value = new Set(ids);
}

/** Select all from the photo selected last to this one, in the order in which they are shown. */
export function selectThrough(id: string, ids: readonly string[]): void {
  const from = anchor === null ? -1 : ids.indexOf(anchor);
  const to = ids.indexOf(id);
  if (from < 0 || to < 0) return toggleSelected(id);
  const range = ids.slice(Math.min(from, to), Math.max(from, to) + 1);
  anchor = id;
  selected.value = new Set([...selected.peek(), ...range]);
}

/** Another page shows other photos: nothing that is out of sight stays selected. */
export function startSelection(): void {
  const page = computed(() => JSON.stringify(route.value.base));
  effect(() => {
    if (page.value) clearSelection();
  });
}
