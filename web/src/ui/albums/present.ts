/** The album whose page is open; asked for again whenever albums may be different. */
import { signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { Album } from "../../contract";
import { shoebox } from "../../shoebox";
import { start } from "../../state";
import { sentence } from "../words";
import { useAlbums } from "./known";

interface Present {
  id: string;
  album: Album | null;
  error: string;
}

const NONE: Present = { id: "", album: null, error: "" };

const present = signal<Present>(NONE);

/** The album of the open page; null on other pages. */
export function albumShown(): Album | null {
  return present.value.album;
}

/** The album of this id with all its photos. */
export function useAlbum(id: string): Present {
  const { albums } = useAlbums();
  const ready = start.value.phase === "ready";
  useEffect(() => {
    if (present.peek().id !== id) present.value = { ...NONE, id };
    if (!ready) return undefined;
    let wanted = true;
    const tell = (album: Album | null, error: string) => { if (wanted) present.value = { id, album, error }; };
    shoebox.album(id).then((album) => tell(album, ""), (error: unknown) => tell(null, sentence(error)));
    return () => { wanted = false; };
  }, [id, albums, ready]);
  useEffect(() => () => { present.value = NONE; }, []);
  return present.value.id === id ? present.value : NONE;
}
