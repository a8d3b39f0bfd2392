/** The albums as the page shows them: asked for while someone looks, and again whenever they may be different. */
import { computed, effect, signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { Album } from "../../contract";
import { shoebox } from "../../shoebox";
import { favourites, grid, placesVersion, start } from "../../state";
import { sentence } from "../words";

export interface Known {
  /** Null until they are known. */
  albums: Album[] | null;
  error: string;
}

/** While photos come in, albums are asked for so many times less long than working them out took, and at most this often, ms. */
const REST = 10;
const PAUSE = 2000;

export const known = signal<Known>({ albums: null, error: "" });
const watchers = signal(0);
const wanted = computed(() => watchers.value > 0 && start.value.phase === "ready");

/** Is another one whenever albums may be different: photos, what was said about them, names of places. */
interface Version {
  photos: readonly string[];
  /** Read anew whenever something was said, here or in another tab. */
  said: ReadonlySet<string>;
  places: number;
}

function versionNow(): Version {
  return { photos: grid.value.ids, said: favourites.value, places: placesVersion.value };
}

let shown: Version | null = null;
let timer = 0;
let asking = false;
let lastAsked = -Infinity;
let lastTook = 0;

async function ask(version: Version): Promise<void> {
  asking = true;
  const begun = performance.now();
  try {
    known.value = { albums: await shoebox.albums({ photos: 0 }), error: "" };
  } catch (error) {
    known.value = { albums: known.peek().albums, error: sentence(error) };
  }
  shown = version;
  lastAsked = performance.now();
  lastTook = lastAsked - begun;
  asking = false;
  follow(current.peek());
}

/** What a person says is seen at once; photos that come in wait until Python has had time for other things. */
function follow(version: Version): void {
  const before = shown;
  const same = before?.photos === version.photos && before.said === version.said && before.places === version.places;
  if (!wanted.peek() || asking || same) return;
  clearTimeout(timer);
  const calm = before === null || before.said !== version.said;
  const rest = calm ? 0 : Math.max(0, lastAsked + Math.max(PAUSE, lastTook * REST) - performance.now());
  timer = window.setTimeout(() => { if (wanted.peek() && !asking) void ask(version); }, rest);
}

const current = computed(versionNow);

effect(() => {
  if (wanted.value) follow(current.value);
});

/** The albums, kept up to date for as long as the component stands. */
export function useAlbums(): Known {
  useEffect(() => {
    watchers.value += 1;
    return () => { watchers.value -= 1; };
  }, []);
  return known.value;
}
