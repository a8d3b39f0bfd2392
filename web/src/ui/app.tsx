/** The page as a whole: rail, search box, what is under way, and the page that the address names. */
import { AddPhotos, FileInputs } from "./add-photos";
import { AlbumPage } from "./albums/album-page";
import { AlbumsPage } from "./albums/albums-page";
import { Announcer } from "./announce";
import { Check } from "./check";
import { DropOverlay } from "./drop-overlay";
import { ErrorBoundary } from "./error-boundary";
import { DuplicatesPage } from "./duplicates/duplicates-page";
import { Failures } from "./failures";
import { Notices } from "./notices";
import { PlacesPage } from "./map/places-page";
import { PeoplePage } from "./people/people-page";
import { PersonPage } from "./people/person-page";
import { isFirstRun, PhotosPage } from "./photos-page";
import { ProgressBar } from "./progress-bar";
import { Rail } from "./rail";
import { ResultsPage } from "./results-page";
import type { Page } from "./router";
import { route } from "./router";
import { SearchBox } from "./search-box";
import { selecting } from "./selection";
import { SelectionBar } from "./selection-bar";
import { Settings } from "./settings";
import { UndoToast } from "./undo-toast";
import { UpdateToast } from "./update-toast";
import { Viewer } from "./viewer";

function Current({ page }: { page: Page }) {
  switch (page.page) {
    case "photos": return <PhotosPage />;
    case "search":
    case "similar": return <ResultsPage />;
    case "people": return <PeoplePage />;
    case "person": return <PersonPage />;
    case "albums": return <AlbumsPage />;
    case "album": return <AlbumPage />;
    case "duplicates": return <DuplicatesPage />;
    case "places": return <PlacesPage at={page.at} />;
    case "settings": return <Settings />;
    case "failures": return <Failures />;
    case "check": return <Check />;
  }
}

export function App() {
  const { base, photo } = route.value;
  const bare = isFirstRun() && base.page !== "search" && base.page !== "similar";
  return (
    <>
      <a class="skip" href="#content" onClick={(event) => { event.preventDefault(); document.getElementById("content")?.focus(); }}>Skip to the photos</a>
      <Rail />
      <div class="main">
        {!bare && (
          <header class="top" data-selecting={selecting.value}>
            <SearchBox />
            <AddPhotos />
            {selecting.value && <SelectionBar />}
          </header>
        )}
        <Notices />
        <ProgressBar />
        <main id="content" class="content" tabIndex={-1}>
          <ErrorBoundary key={base.page}><Current page={base} /></ErrorBoundary>
        </main>
      </div>
      {photo !== null && <ErrorBoundary><Viewer id={photo} /></ErrorBoundary>}
      <FileInputs />
      <DropOverlay />
      <div class="toasts">
        <UpdateToast />
        {photo === null && <UndoToast />}
      </div>
      <Announcer />
    </>
  );
}
