/** In the bar of selected photos: put them into an album, and on an album's page take them out or make one the cover. */
import { useState } from "preact/hooks";
import { Icon } from "../icons";
import { clearSelection } from "../selection";
import { add, chooseCover, create, takeOut } from "./changes";
import { AddQuestion } from "./choose-album";
import { albumShown } from "./present";
import { TitleQuestion } from "./title-question";

export function AlbumTools({ photos }: { photos: readonly string[] }) {
  const [asking, setAsking] = useState<"album" | "title" | null>(null);
  const [busy, setBusy] = useState(false);
  const album = albumShown();
  const close = () => setAsking(null);
  const work = (change: Promise<unknown>) => {
    close();
    setBusy(true);
    void change.then((done) => { if (done) clearSelection(); }).finally(() => setBusy(false));
  };
  return (
    <>
      <button type="button" class="quiet" disabled={busy} data-testid="add-to-album" title="Add to an album" onClick={() => setAsking("album")}>
        <Icon name="albums" size={20} /><span class="selection-label">Add to album</span>
      </button>
      {album && photos.length === 1 && photos[0] !== album.cover && (
        <button type="button" class="quiet" disabled={busy} data-testid="make-cover" title="Make it the cover of this album" onClick={() => work(chooseCover(album, photos[0]!))}>
          <Icon name="photos" size={20} /><span class="selection-label">Make cover</span>
        </button>
      )}
      {album && album.kind !== "utility" && (
        <button type="button" class="quiet" disabled={busy} data-testid="take-out" title="Take out of this album; the photos stay in Shoebox" onClick={() => work(takeOut(album, photos))}>
          <Icon name="minus" size={20} /><span class="selection-label">Take out of album</span>
        </button>
      )}
      {asking === "album" && <AddQuestion photos={photos} within={album?.id ?? null} onPick={(chosen) => work(add(chosen, photos))} onNew={() => setAsking("title")} onClose={close} />}
      {asking === "title" && (
        <TitleQuestion
          heading="New album" initial="" done="Make the album" note="The selected photos go into it; they stay where they are, too."
          onTitle={(title) => work(create(title, photos))} onClose={close}
        />
      )}
    </>
  );
}
