/** What a person can say about albums, with the words that offer to take it back. */
import type { Album, AlbumChanged } from "../../contract";
import { shoebox } from "../../shoebox";
import { offerUndo, showProblem } from "../undo";
import { counted } from "../words";

type Which = Pick<Album, "id" | "title">;

/** Carry a change out and offer to undo it; null where it failed, which is shown. */
async function told(text: (change: AlbumChanged) => string, step: () => Promise<AlbumChanged>): Promise<AlbumChanged | null> {
  try {
    const change = await step();
    offerUndo(text(change), change);
    return change;
  } catch (error) {
    showProblem(error);
    return null;
  }
}

export function create(title: string, photos: readonly string[] = []): Promise<AlbumChanged | null> {
  const text = photos.length > 0 ? `${counted(photos.length, "photo")} put into the new album “${title}”` : `The album “${title}” is there now`;
  return told(() => text, () => shoebox.createAlbum(title, [...photos]));
}

/** An empty title takes the name away. */
export function rename(album: Which, title: string): Promise<AlbumChanged | null> {
  return told(() => (title ? `The album is called “${title}” now` : `The album is not called “${album.title}” any more`), () => shoebox.nameAlbum(album.id, title));
}

export function pin(album: Which, yes: boolean): Promise<AlbumChanged | null> {
  return told(() => (yes ? `“${album.title}” comes first now` : `“${album.title}” stands among the others again`), () => shoebox.pinAlbum(album.id, yes));
}

export function hide(album: Which, yes: boolean): Promise<AlbumChanged | null> {
  return told(() => (yes ? `“${album.title}” is hidden now` : `“${album.title}” is shown again`), () => shoebox.hideAlbum(album.id, yes));
}

export function remove(album: Which): Promise<AlbumChanged | null> {
  return told(() => `The album “${album.title}” is deleted; its photos stay`, () => shoebox.deleteAlbum(album.id));
}

/** The first one stays, and its title. */
export function merge(albums: readonly Which[]): Promise<AlbumChanged | null> {
  return told(() => `All of them are in “${albums[0]!.title}” now`, () => shoebox.mergeAlbums(albums.map(({ id }) => id)));
}

export function separate(album: Which): Promise<AlbumChanged | null> {
  return told(() => `What was merged into “${album.title}” stands for itself again`, () => shoebox.separateAlbum(album.id));
}

export async function add(album: Which, photos: readonly string[]): Promise<AlbumChanged | null> {
  const done = await told(({ changed }) => `${counted(changed, "photo")} added to “${album.title}”`, () => shoebox.addToAlbum(album.id, [...photos]));
  if (done?.changed === 0) showProblem(`All of them are in “${album.title}” already.`);
  return done;
}

export function takeOut(album: Which, photos: readonly string[]): Promise<AlbumChanged | null> {
  return told(() => `${counted(photos.length, "photo")} taken out of “${album.title}”; nothing is deleted`, () => shoebox.removeFromAlbum(album.id, [...photos]));
}

export function chooseCover(album: Which, photo: string): Promise<AlbumChanged | null> {
  return told(() => `The cover of “${album.title}” is another one now`, () => shoebox.albumCover(album.id, photo));
}
