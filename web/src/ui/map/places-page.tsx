/** All photos that say where they were taken, on a map of the world. */
import { useEffect, useState } from "preact/hooks";
import type { MapBox } from "../../contract";
import { shoebox } from "../../shoebox";
import { grid, libraryIsEmpty, placesVersion, start } from "../../state";
import { Icon } from "../icons";
import { sentence } from "../words";
import { PhotoMap } from "./photo-map";

interface Extent {
  box: (MapBox & { photos: number }) | null;
  error: string;
}

/** Where photos were taken, asked for again when they come or go. */
function useExtent(): Extent {
  const [known, setKnown] = useState<Extent>({ box: null, error: "" });
  const photos = grid.value.ids.length;
  const ready = start.value.phase === "ready";
  useEffect(() => {
    if (!ready) return undefined;
    let wanted = true;
    shoebox.placeExtent().then(
      (box) => { if (wanted) setKnown({ box, error: "" }); },
      (error: unknown) => { if (wanted) setKnown(({ box }) => ({ box, error: sentence(error) })); },
    );
    return () => { wanted = false; };
  }, [ready, photos, placesVersion.value]);
  return known;
}

function NoPlaces() {
  const empty = libraryIsEmpty.value === true;
  return (
    <div class="empty" data-testid="no-places">
      <Icon name="place" size={40} />
      <p class="empty-title">{empty ? "No photos yet" : "None of your photos says where it was taken"}</p>
      {empty
        ? <p>Add photos first; those that say where they were taken appear here on a map.</p>
        : <p>Phones write the place into a photo if the camera may use the location. Photos that were sent by a messenger have often lost it.</p>}
      {empty && <a class="button" href="#/">Add photos</a>}
    </div>
  );
}

export function PlacesPage({ at }: { at: string }) {
  const { box, error } = useExtent();
  useEffect(() => { document.title = "Places · Shoebox"; }, []);
  const failed = start.value.phase === "failed" || (error !== "" && !box);
  return (
    <div class="places" data-testid="places">
      <h1 class="unseen">Places</h1>
      {box && box.photos > 0 && <PhotoMap extent={box} at={at} />}
      {(box?.photos === 0 || (!box && libraryIsEmpty.value === true)) && <NoPlaces />}
      {!box && !failed && libraryIsEmpty.value !== true && <p class="shell-wait" role="status">Looking up places</p>}
      {!box && failed && <div class="empty" role="alert"><p class="empty-title">That did not work</p><p>{error || start.value.reason}</p></div>}
    </div>
  );
}
