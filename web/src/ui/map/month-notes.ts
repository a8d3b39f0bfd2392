/** Where the months were spent, for their headings: asked for again whenever names of places are different. */
import { effect, signal } from "@preact/signals";
import { shoebox } from "../../shoebox";
import { placesVersion } from "../../state";

/** Places in words by month, as `monthKey` numbers them. */
export const monthNotes = signal<ReadonlyMap<number, string>>(new Map());

async function ask(): Promise<void> {
  const version = placesVersion.peek();
  const months = await shoebox.monthPlaces();
  if (version === placesVersion.peek()) monthNotes.value = new Map(months.map(({ year, month, places }) => [year * 12 + month - 1, places]));
}

effect(() => {
  // Headings go without; the next change brings the next attempt.
  if (placesVersion.value > 0) void ask().catch((error: unknown) => console.warn(error));
});
