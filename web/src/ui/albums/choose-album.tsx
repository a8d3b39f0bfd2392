/** Choosing albums: where photos go, or what belongs together. */
import { useState } from "preact/hooks";
import type { Album } from "../../contract";
import { Sheet } from "../people/sheet";
import { folded } from "../people/sorting";
import { counted } from "../words";
import { AlbumCover } from "./album-cover";
import { useAlbums } from "./known";

/** As many as one looks through; typing a title finds the others. */
const OFFERED = 40;

interface AlbumChoiceProps {
  /** Which albums may be chosen. */
  fits: (album: Album) => boolean;
  chosen?: ReadonlySet<string>;
  onPick: (album: Album) => void;
}

/** Albums with a field that finds them by their titles. */
function AlbumChoice({ fits, chosen, onPick }: AlbumChoiceProps) {
  const { albums } = useAlbums();
  const [typed, setTyped] = useState("");
  const words = folded(typed);
  const found = (albums ?? []).filter((album) => fits(album) && folded(album.title).includes(words));
  return (
    <>
      <input
        type="search" class="name-input" aria-label="Find an album by its title" placeholder="Find an album by its title" value={typed}
        autocomplete="off" spellcheck={false} onInput={(event) => setTyped(event.currentTarget.value)}
      />
      <ul class="album-choices" aria-label="Albums">
        {found.slice(0, OFFERED).map((album) => (
          <li key={album.id}>
            <button
              type="button" class="album-choice" data-testid="album-choice" aria-pressed={chosen ? chosen.has(album.id) : undefined}
              onClick={() => onPick(album)}
            >
              <AlbumCover cover={album.cover} />
              <span class="album-choice-words"><span class="album-title">{album.title}</span><span class="album-count">{counted(album.count, "photo")}</span></span>
            </button>
          </li>
        ))}
      </ul>
      {albums === null && <p class="muted" role="status">Looking up albums</p>}
      {albums !== null && found.length === 0 && <p class="muted">{words ? "No album has that title." : "There is no other album yet."}</p>}
      {found.length > OFFERED && <p class="muted">{counted(found.length - OFFERED, "more", "more")}: type a title to find them.</p>}
    </>
  );
}

export interface AddQuestionProps {
  photos: readonly string[];
  /** The album that they are in anyway. */
  within: string | null;
  onPick: (album: Album) => void;
  onNew: () => void;
  onClose: () => void;
}

export function AddQuestion({ photos, within, onPick, onNew, onClose }: AddQuestionProps) {
  return (
    <Sheet title={`Add ${counted(photos.length, "photo")} to an album`} wide testid="add-question" onClose={onClose}>
      <AlbumChoice fits={({ id, kind, hidden }) => id !== within && kind !== "utility" && !hidden} onPick={onPick} />
      <div class="actions">
        <button type="button" class="button" onClick={onClose}>Cancel</button>
        <button type="button" class="button primary" data-testid="new-album" onClick={onNew}>New album</button>
      </div>
    </Sheet>
  );
}

export interface MergeAlbumsProps {
  album: Album;
  onMerge: (others: Album[]) => void;
  onClose: () => void;
}

export function MergeAlbums({ album, onMerge, onClose }: MergeAlbumsProps) {
  const [chosen, setChosen] = useState<ReadonlyMap<string, Album>>(new Map());
  const toggle = (other: Album) => {
    const next = new Map(chosen);
    if (!next.delete(other.id)) next.set(other.id, other);
    setChosen(next);
  };
  return (
    <Sheet title={`What belongs to “${album.title}”?`} wide testid="merge-albums" onClose={onClose}>
      <p class="muted">The photos come together under this title. You can undo it, or take them apart later.</p>
      <AlbumChoice fits={({ id, kind }) => id !== album.id && kind !== "utility"} chosen={new Set(chosen.keys())} onPick={toggle} />
      <div class="actions">
        <button type="button" class="button" onClick={onClose}>Cancel</button>
        <button type="button" class="button primary" data-testid="merge" disabled={chosen.size === 0} onClick={() => onMerge([...chosen.values()])}>Put together</button>
      </div>
    </Sheet>
  );
}
