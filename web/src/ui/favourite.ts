/** Favourites as the page changes them: shown at once, stored behind, taken back where storing fails. */
import { shoebox } from "../shoebox";
import { favourites } from "../state";
import { offerUndo, showProblem } from "./undo";
import { counted } from "./words";

function show(ids: readonly string[], yes: boolean): void {
  const shown = new Set(favourites.peek());
  for (const id of ids) {
    if (yes) shown.add(id);
    else shown.delete(id);
  }
  favourites.value = shown;
}

export function areFavourites(ids: readonly string[]): boolean {
  return ids.length > 0 && ids.every((id) => favourites.value.has(id));
}

/** Make all of these favourites; or none of them, where all are. */
export async function toggleFavourites(ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  const yes = !areFavourites(ids);
  const different = ids.filter((id) => favourites.peek().has(id) !== yes);
  show(different, yes);
  try {
    const change = await shoebox.favourite(different, yes);
    const many = change.changed > 1 ? `${counted(change.changed, "photo")} ` : "";
    const text = yes ? `${many}added to favourites` : `${many}removed from favourites`;
    offerUndo(text.charAt(0).toUpperCase() + text.slice(1), change);
  } catch (error) {
    show(different, !yes);
    showProblem(error);
  }
}
