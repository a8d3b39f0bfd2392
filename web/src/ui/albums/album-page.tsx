/** One album: what it is, and its photos by month. */
import { useEffect, useMemo, useRef } from "preact/hooks";
import type { Album } from "../../contract";
import { grid } from "../../state";
import { PhotoGrid } from "../grid";
import { Icon } from "../icons";
import { columnsOf } from "../lookup";
import { byMonth } from "../months";
import { route } from "../router";
import { Skeleton } from "../skeleton";
import { counted, dayOf } from "../words";
import { AlbumMenu } from "./album-menu";
import { useAlbum } from "./present";

/** "3 May 2024 – 7 May 2024". */
function when({ from, to }: Album): string {
  const days = [from, to].map((moment) => (moment === null ? "" : dayOf(Date.parse(`${moment}Z`))));
  return days[0] === days[1] ? days[0]! : days.join(" – ");
}

function Head({ album }: { album: Album }) {
  const head = useRef<HTMLElement>(null);
  // A page that opens begins to be read where it begins.
  useEffect(() => head.current!.focus({ preventScroll: true }), [album.id]);
  const merged = album.merged > 0 ? `with ${counted(album.merged, "other album")}` : "";
  // A place that the title names already is not said twice.
  const place = album.title.includes(album.place) ? "" : album.place;
  const facts = [counted(album.count, "photo"), when(album), place, merged, album.hidden ? "hidden" : "", album.pinned ? "pinned" : ""];
  return (
    <header ref={head} class="album-head" data-testid="album-head" tabIndex={-1}>
      <a class="tool" href="#/albums" aria-label="All albums" title="All albums"><Icon name="back" /></a>
      <div class="album-words">
        <h1>{album.title}</h1>
        <p class="muted">{facts.filter(Boolean).join("  ·  ")}</p>
      </div>
      <AlbumMenu album={album} />
    </header>
  );
}

function Empty() {
  return (
    <div class="empty" data-testid="album-empty">
      <Icon name="albums" size={40} />
      <p class="empty-title">This album is empty</p>
      <p>Select photos wherever you see them, and choose “Add to album”.</p>
      <a class="button" href="#/">See all photos</a>
    </div>
  );
}

export function AlbumPage() {
  const { base } = route.value;
  const id = base.page === "album" ? base.id : "";
  const { album, error } = useAlbum(id);
  const columns = useMemo(() => columnsOf(album?.photos ?? []), [album, grid.value]);
  const groups = useMemo(() => byMonth(columns.taken), [columns]);
  const title = album?.title ?? "Album";
  useEffect(() => { document.title = `${title} · Shoebox`; }, [title]);
  if (error) {
    return (
      <div class="empty" role="alert" data-testid="album-gone">
        <p class="empty-title">This album is not here any more</p>
        <p>{error}</p>
        <a class="button" href="#/albums">See all albums</a>
      </div>
    );
  }
  if (!album) return <Skeleton label="Looking up this album’s photos" />;
  return <PhotoGrid columns={columns} groups={groups} memory={`album ${id}`} head={<Head album={album} />} tail={album.count === 0 ? <Empty /> : undefined} />;
}
