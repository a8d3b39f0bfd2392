/** The library: all photos by month, newest first; or the first screen while there are none. */
import { useEffect, useMemo } from "preact/hooks";
import { grid, indexing, libraryIsEmpty } from "../state";
import { waitingToAdd } from "./adding";
import { FirstRun } from "./first-run";
import { PhotoGrid } from "./grid";
import { monthNotes } from "./map/month-notes";
import { byMonth } from "./months";
import { OnThisDay } from "./on-this-day";
import { isRunning } from "./progress-bar";
import { Skeleton } from "./skeleton";

/** Is the library known to be empty, with nothing on its way into it? */
export function isFirstRun(): boolean {
  return libraryIsEmpty.value === true && grid.value.ids.length === 0 && !isRunning(indexing.value) && !waitingToAdd.value;
}

export function PhotosPage() {
  const columns = grid.value;
  const groups = useMemo(() => byMonth(columns.taken), [columns]);
  useEffect(() => { document.title = "Shoebox"; }, []);
  if (columns.ids.length > 0) {
    return (
      <>
        <h1 class="unseen">Photos</h1>
        <PhotoGrid columns={columns} groups={groups} notes={monthNotes.value} memory="photos" head={<OnThisDay />} />
      </>
    );
  }
  if (isFirstRun()) return <FirstRun />;
  const coming = isRunning(indexing.value) || waitingToAdd.value;
  return <Skeleton label={coming ? "Your first photos appear here in a moment" : "Opening your photos"} />;
}
