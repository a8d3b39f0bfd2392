/** What can be done with the selected photos; lies over the search box while there are any. */
import { useEffect, useState } from "preact/hooks";
import { shoebox } from "../shoebox";
import { AlbumTools } from "./albums/album-tools";
import { announce } from "./announce";
import { areFavourites, toggleFavourites } from "./favourite";
import { Icon } from "./icons";
import { NotThem } from "./people/not-them";
import { clearSelection, selected } from "./selection";
import { offerUndo, showProblem } from "./undo";
import { counted } from "./words";

async function removeSelected(ids: string[]): Promise<void> {
  try {
    const { removed, undo } = await shoebox.remove(ids);
    clearSelection();
    const back = undo ? "" : " Add their folder again to bring them back.";
    offerUndo(`${counted(removed, "photo")} taken out of Shoebox; the files stay where they are.${back}`, { changed: removed, undo });
  } catch (error) {
    showProblem(error);
  }
}

export function SelectionBar() {
  const [busy, setBusy] = useState(false);
  const ids = [...selected.value];
  const loved = areFavourites(ids);
  const words = `${counted(ids.length, "photo")} selected`;
  useEffect(() => announce(words), [words]);
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.key !== "Escape" || document.querySelector("dialog[open]")) return;
      clearSelection();
      announce("Nothing is selected any more");
    };
    document.addEventListener("keydown", press);
    return () => document.removeEventListener("keydown", press);
  }, []);
  const remove = () => {
    setBusy(true);
    void removeSelected(ids).finally(() => setBusy(false));
  };
  return (
    <div class="selection" role="toolbar" aria-label="Selected photos" data-testid="selection">
      <button type="button" class="tool" aria-label="Leave the selection (Escape)" title="Leave the selection (Escape)" onClick={clearSelection}><Icon name="close" /></button>
      <p class="selection-count">{counted(ids.length, "photo")}<span class="selection-label"> selected</span></p>
      <NotThem photos={ids} />
      <AlbumTools photos={ids} />
      <button type="button" class="quiet" aria-pressed={loved} data-icon="heart" title="Favourite (f)" onClick={() => void toggleFavourites(ids)}>
        <Icon name="heart" size={20} /><span class="selection-label">Favourite</span>
      </button>
      <button type="button" class="quiet" disabled={busy} title="Take out of Shoebox; the files stay where they are" onClick={remove}>
        <Icon name="remove" size={20} /><span class="selection-label">Remove</span>
      </button>
    </div>
  );
}
