/** What can be done with an album: renamed, kept in front, merged, taken apart, hidden, deleted. */
import { useRef, useState } from "preact/hooks";
import type { Album } from "../../contract";
import { Icon } from "../icons";
import { toPage } from "../router";
import { px } from "../words";
import { hide, merge, pin, remove, rename, separate } from "./changes";
import { MergeAlbums } from "./choose-album";
import { TitleQuestion } from "./title-question";

/** Between the button and its menu, CSS pixels. */
const GAP = 4;

export function AlbumMenu({ album }: { album: Album }) {
  const menu = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const [asking, setAsking] = useState<"title" | "merge" | null>(null);
  const { kind, pinned, hidden } = album;
  const own = kind === "own";
  const pick = (work: () => void) => {
    menu.current!.hidePopover();
    work();
  };
  const place = () => {
    const { bottom, right } = button.current!.getBoundingClientRect();
    menu.current!.style.inset = `${px(bottom + GAP)} ${px(document.documentElement.clientWidth - right)} auto auto`;
  };
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
      <button ref={button} type="button" class="tool" popovertarget="album-menu" aria-label="More" title="More" data-testid="album-more"><Icon name="more" /></button>
      <div ref={menu} id="album-menu" class="menu" popover="auto" onBeforeToggle={place}>
        <button type="button" class="menu-item" onClick={() => pick(() => setAsking("title"))}><Icon name="edit" size={20} />Rename…</button>
        <button type="button" class="menu-item" onClick={() => pick(() => void pin(album, !pinned))}><Icon name="pin" size={20} />{pinned ? "Unpin" : "Pin to the front"}</button>
        {kind !== "utility" && <button type="button" class="menu-item" onClick={() => pick(() => setAsking("merge"))}><Icon name="merge" size={20} />Merge with…</button>}
        {album.merged > 0 && <button type="button" class="menu-item" onClick={() => pick(() => void separate(album))}><Icon name="split" size={20} />Take apart again</button>}
        <button type="button" class="menu-item" onClick={() => pick(() => void hide(album, !hidden))}>
          <Icon name={hidden ? "eye" : "unseen"} size={20} />{hidden ? "Show again" : "Hide"}
        </button>
        {own && <button type="button" class="menu-item" onClick={() => pick(drop)}><Icon name="remove" size={20} />Delete the album</button>}
        <p class="menu-note">Select photos below to take them out, or to choose the cover.</p>
      </div>
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
