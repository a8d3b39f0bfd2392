/** All albums: those kept in front, one's own, trips, events, things; papers and screens last; and, folded away, the hidden ones. */
import { signal } from "@preact/signals";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import type { Album } from "../../contract";
import { libraryIsEmpty, start } from "../../state";
import { Icon } from "../icons";
import { PageHead } from "../page-head";
import { toPage } from "../router";
import { count } from "../words";
import { AlbumList } from "./album-list";
import { create } from "./changes";
import { useAlbums } from "./known";
import { TitleQuestion } from "./title-question";

/** What was unfolded, and how far down one was, outlives a look at an album. */
const showHidden = signal(false);
let scrolled = 0;

const SECTIONS: { title: string; fits: (album: Album) => boolean }[] = [
  { title: "Pinned", fits: ({ pinned }) => pinned },
  { title: "Your albums", fits: ({ kind }) => kind === "own" },
  { title: "Trips", fits: ({ kind }) => kind === "trip" },
  { title: "Events", fits: ({ kind }) => kind === "event" },
  { title: "Things and scenes", fits: ({ kind }) => kind === "thing" },
  { title: "Screens and papers", fits: ({ kind }) => kind === "utility" },
];
const PLACES = Array.from({ length: 8 }, (_, place) => place);

function NoPhotos() {
  return (
    <div class="empty" data-testid="no-albums">
      <Icon name="albums" size={40} />
      <p class="empty-title">No photos yet</p>
      <p>Add photos first; trips, events and things in them become albums by themselves.</p>
      <a class="button" href="#/">Add photos</a>
    </div>
  );
}

function NoAlbums({ onNew }: { onNew: () => void }) {
  return (
    <div class="empty" data-testid="no-albums">
      <Icon name="albums" size={40} />
      <p class="empty-title">No albums yet</p>
      <p>Trips and events appear here once enough photos say when and where they were taken. You can also make albums yourself.</p>
      <button type="button" class="button" onClick={onNew}>New album</button>
    </div>
  );
}

function Waiting({ label }: { label: string }) {
  return (
    <div class="persons-skeleton" role="status">
      <p class="skeleton-label">{label}</p>
      <ul class="albums" aria-hidden="true">{PLACES.map((place) => <li key={place} class="album"><span class="album-cover" /></li>)}</ul>
    </div>
  );
}

function All({ albums }: { albums: readonly Album[] }) {
  const hidden = albums.filter((album) => album.hidden);
  const seen = albums.filter((album) => !album.hidden);
  return (
    <>
      {SECTIONS.map(({ title, fits }, place) => (
        <AlbumList key={title} title={title} albums={seen.filter((album) => fits(album) && (place === 0 || !album.pinned))} />
      ))}
      {hidden.length > 0 && (
        <label class="persons-hidden">
          <input type="checkbox" role="switch" class="switch" checked={showHidden.value} onChange={(event) => { showHidden.value = event.currentTarget.checked; }} />
          Show {hidden.length === 1 ? "the album that is" : `the ${count(hidden.length)} albums that are`} hidden
        </label>
      )}
      {showHidden.value && <AlbumList title="Hidden" albums={hidden} />}
    </>
  );
}

export function AlbumsPage() {
  const { albums, error } = useAlbums();
  const [asking, setAsking] = useState(false);
  const empty = libraryIsEmpty.value === true;
  const waiting = albums === null && !empty && !error && start.value.phase !== "failed";
  const page = useRef<HTMLDivElement>(null);
  const there = albums !== null;
  useLayoutEffect(() => { if (there) page.current!.scrollTop = scrolled; }, [there]);
  const make = (title: string) => {
    setAsking(false);
    void create(title).then((done) => { if (done) toPage({ page: "album", id: done.album }); });
  };
  return (
    <div ref={page} class="page albums-page" data-testid="albums" onScroll={(event) => { scrolled = event.currentTarget.scrollTop; }}>
      <div class="albums-top">
        <PageHead title="Albums" />
        {there && albums.length > 0 && !empty && (
          <button type="button" class="button" data-testid="new-album" onClick={() => setAsking(true)}><Icon name="add" size={18} />New album</button>
        )}
      </div>
      {empty && <NoPhotos />}
      {waiting && <Waiting label={start.value.phase === "ready" ? "Looking up albums" : "Opening your photos"} />}
      {error && !there && <div class="empty" role="alert"><p class="empty-title">That did not work</p><p>{error}</p></div>}
      {there && albums.length === 0 && !empty && <NoAlbums onNew={() => setAsking(true)} />}
      {there && !empty && <All albums={albums} />}
      {asking && (
        <TitleQuestion
          heading="New album" initial="" done="Make the album" note="Photos are added by selecting them; they stay where they are."
          onTitle={make} onClose={() => setAsking(false)}
        />
      )}
    </div>
  );
}
