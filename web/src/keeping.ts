/** Will the library still be here tomorrow? Notices a library that the browser has deleted, and reminds once of a copy. */
import { computed, effect, signal } from "@preact/signals";
import { abilities } from "./abilities";
import { grid, indexing, libraryIsEmpty } from "./state";
import { leaveTrace, noteReminded, readTrace, wasReminded, wipeTrace } from "./storage/trace";

/** A library that took so many photos to make is worth a reminder. */
const WORTH_A_COPY = 1000;

/** How many photos the library knew that the browser has deleted; null where there is none to miss. */
export const libraryLost = signal<number | null>(null);

const reminded = signal(wasReminded());

/** Is it time to say that a copy can be saved? Once, when adding is done; at once where the browser deletes by the calendar. */
export const remindOfCopy = computed(() => {
  const photos = grid.value.ids.length;
  return !reminded.value && indexing.value.phase === "done" && photos >= (abilities().forgets ? 1 : WORTH_A_COPY);
});

export function dismissReminder(): void {
  noteReminded();
  reminded.value = true;
}

/** Nothing is stored, not even that anything ever was: a first visit, or the browser has deleted it all. */
export function nothingStored(): void {
  libraryLost.value = readTrace();
}

export function watchKeeping(): void {
  effect(() => {
    const photos = grid.value.ids.length;
    if (photos > 0) leaveTrace(photos);
    // Emptied by the person.
    else if (libraryIsEmpty.value === true && libraryLost.value === null) wipeTrace();
  });
}
