/** What can be done with an album: renamed, kept in front, merged, taken apart, hidden, deleted. */
import { useState } from "preact/hooks";
import type { Album } from "../../contract";
import { Icon } from "../icons";
import { MoreMenu } from "../more-menu";
import { toPage } from "../router";
import { hide, merge, pin, remove, rename, separate } from "./changes";
import { MergeAlbums } from "./choose-album";
import { TitleQuestion } from "./title-question";

export function AlbumMenu({ album }: { album: Album }) {
  const [asking, setAsking] = useState<"title" | "merge" | null>(null);
  const { kind, pinned, hidden } = album;
  const own = kind === "own";
  const close = () => setAsking(null);
  const call = (title: string) => {
    close();
    void rename(album, title);
  };
  const join = (others: Album[]) => {
    close();
    void merge([album, ...others]);
  };
  const drop = () => void remove(album).then((done) => { if (done) toPage({ page: "albums" }, "replace"); });
  return (
    <>
      <MoreMenu about="album">
        <button type="button" class="menu-item" onClick={() => setAsking("title")}><Icon name="edit" size={20} />Rename…</button>
        <button type="button" class="menu-item" onClick={() => void pin(album, !pinned)}><Icon name="pin" size={20} />{pinned ? "Unpin" : "Pin to the front"}</button>
        {kind !== "utility" && <button type="button" class="menu-item" onClick={() => setAsking("merge")}><Icon name="merge" size={20} />Merge with…</button>}
        {album.merged > 0 && <button type="button" class="menu-item" onClick={() => void separate(album)}><Icon name="split" size={20} />Take apart again</button>}
        <button type="button" class="menu-item" onClick={() => void hide(album, !hidden)}>
          <Icon name={hidden ? "eye" : "unseen"} size={20} />{hidden ? "Show again" : "Hide"}
        </button>
        {own && <button type="button" class="menu-item" onClick={drop}><Icon name="remove" size={20} />Delete the album</button>}
        <p class="menu-note">Select photos below to take them out, or to choose the cover.</p>
      </MoreMenu>
      {asking === "title" && (
        <TitleQuestion
          heading="Rename the album" initial={album.title} done="Rename" optional={!own} onTitle={call} onClose={close}
          note={own ? "A title stays in this browser, like everything else." : "Leave it empty to let Shoebox choose a title."}
        />
      )}
      {asking === "merge" && <MergeAlbums album={album} onMerge={join} onClose={close} />}
    </>
  );
}
