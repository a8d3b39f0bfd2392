/** Albums of one sort under their heading: two rows or so of them, and all when asked for. */
import { signal } from "@preact/signals";
import type { Album } from "../../contract";
import { useDrawn } from "../drawn";
import { Icon } from "../icons";
import { count, counted } from "../words";
import { AlbumCover } from "./album-cover";

/** Two rows on a wide display. */
const FIRST = 12;

/** The headings whose albums are all shown; outlives a look at an album. */
const open = signal<ReadonlySet<string>>(new Set());

function toggle(title: string): void {
  const next = new Set(open.peek());
  if (!next.delete(title)) next.add(title);
  open.value = next;
}

function Card({ album }: { album: Album }) {
  const { id, title, pinned, hidden, count: photos } = album;
  const words = [title, counted(photos, "photo"), pinned ? "pinned" : "", hidden ? "hidden" : ""].filter(Boolean).join(", ");
  return (
    <li class="album" data-testid="album" data-id={id} data-kind={album.kind} data-hidden={hidden}>
      <a class="album-link" href={`#/albums/${id}`} aria-label={words}>
        <AlbumCover cover={album.cover} />
        <span class="album-title" title={title}>{title}</span>
        <span class="album-count">{pinned && <Icon name="pin" size={16} />}{counted(photos, "photo")}</span>
      </a>
    </li>
  );
}

function Cards({ label, albums }: { label: string; albums: readonly Album[] }) {
  const { drawn, more, end } = useDrawn(albums.length);
  return (
    <>
      <ul class="albums" aria-label={label}>{albums.slice(0, drawn).map((album) => <Card key={album.id} album={album} />)}</ul>
      {more && <div ref={end} aria-hidden="true" />}
    </>
  );
}

export function AlbumList({ title, albums }: { title: string; albums: readonly Album[] }) {
  if (albums.length === 0) return null;
  const all = open.value.has(title) || albums.length <= FIRST;
  return (
    <section class="album-section" aria-label={title}>
      <div class="album-section-head">
        <h2>{title}<span class="group-size">{count(albums.length)}</span></h2>
        {albums.length > FIRST && (
          <button type="button" class="quiet accent" aria-expanded={all} data-testid="show-all" onClick={() => toggle(title)}>
            {all ? "Show fewer" : "Show all"}
          </button>
        )}
      </div>
      <Cards label={title} albums={all ? albums : albums.slice(0, FIRST)} />
    </section>
  );
}
