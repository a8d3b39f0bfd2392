/** The verbs about albums: what is looked up in Python, and what is said and stored as every statement is. */
import type { AlbumChanged, Shoebox } from "./contract";
import { theEngine } from "./engine";
import type { SayingVerb } from "./sayings";
import type { AlbumSaid, Verbs } from "./messages";

type AlbumVerb =
  | "albums" | "album" | "createAlbum" | "nameAlbum" | "deleteAlbum" | "pinAlbum" | "hideAlbum" | "mergeAlbums" | "separateAlbum"
  | "addToAlbum" | "removeFromAlbum" | "albumCover";
/** The verbs that say something about albums. */
type Saying = { [V in SayingVerb]: Verbs[V]["answer"] extends AlbumSaid ? V : never }[SayingVerb];

async function ready(): Promise<ReturnType<typeof theEngine>> {
  const engine = theEngine();
  await engine.ready;
  return engine;
}

async function say<V extends Saying>(verb: V, args: Verbs[V]["args"]): Promise<AlbumChanged> {
  const { changed, undo, album = "" } = await (await ready()).sayings.say(verb, args);
  return { changed, undo, album };
}

export const albumVerbs: Pick<Shoebox, AlbumVerb> = {
  async albums(options = {}) {
    return (await ready()).library.call("albums", { ...options });
  },

  async album(id) {
    return (await ready()).library.call("album", { id });
  },

  createAlbum: (title, photos = []) => say("create_album", { title, photos }),
  nameAlbum: (id, title) => say("name_album", { id, title }),
  deleteAlbum: (id) => say("delete_album", { id }),
  pinAlbum: (id, yes = true) => say("pin_album", { id, yes }),
  hideAlbum: (id, yes = true) => say("hide_album", { id, yes }),
  mergeAlbums: (ids) => say("merge_albums", { ids }),
  separateAlbum: (id) => say("separate_album", { id }),
  addToAlbum: (id, photos) => say("add_to_album", { id, photos }),
  removeFromAlbum: (id, photos) => say("remove_from_album", { id, photos }),
  albumCover: (id, photo) => say("album_cover", { id, photo }),
};
