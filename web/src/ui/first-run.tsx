/** The first screen: one promise, one place to drop photos, three honest choices. */
import { useState } from "preact/hooks";
import { start } from "../state";
import { choosePhotos, chooseFolder, dropped } from "./adding";
import { Choices } from "./choices";
import { Icon, Mark } from "./icons";

function DropZone() {
  const [over, setOver] = useState(false);
  const { matches: canDrag } = matchMedia("(hover: hover)");
  const drop = (event: DragEvent) => {
    setOver(false);
    if (!event.dataTransfer) return;
    event.preventDefault();
    event.stopPropagation();
    void dropped(event.dataTransfer);
  };
  return (
    <section
      class="drop-zone" data-testid="drop-zone" data-over={over} aria-label="Add your photos"
      onDragOver={(event) => { event.preventDefault(); event.stopPropagation(); setOver(true); }}
      onDragLeave={(event) => { if (!event.currentTarget.contains(event.relatedTarget as Node | null)) setOver(false); }}
      onDrop={drop}
    >
      <Mark size={72} />
      <p class="drop-zone-title">{over ? "Let go to add them" : canDrag ? "Drop a folder of photos here" : "Add your photos"}</p>
      <div class="drop-zone-buttons">
        <button type="button" class="button primary" onClick={chooseFolder}><Icon name="folder" size={20} />Choose a folder</button>
        <button type="button" class="button" onClick={choosePhotos}><Icon name="photos" size={20} />Choose photos</button>
      </div>
      <p class="drop-zone-note">JPEG, HEIC, PNG, WebP, AVIF, RAW and more. Your files are only read, never moved or changed.</p>
    </section>
  );
}

/** The first visit brings the app itself onto the device; it says so, since that takes a while on a slow line. */
function Fetching() {
  const { downloaded } = start.value;
  if (downloaded === null || downloaded >= 1) return null;
  return (
    <div class="fetching" role="status">
      <span class="fetching-track"><span class="progress-fill" style={{ transform: `scaleX(${downloaded})` }} /></span>
      <span>Bringing Shoebox onto this device: {Math.round(downloaded * 100)}%. You can add photos already.</span>
    </div>
  );
}

export function FirstRun() {
  return (
    <div class="first-run">
      <header class="first-run-head">
        <h1>Your photos stay on this device</h1>
        <p class="lead">
          Shoebox looks at your photos here, in this browser, and then finds them by what is in them. Nothing is uploaded: not
          a photo, not a file name. It works without a network too.
        </p>
        <a class="check-link" href="#/check"><Icon name="shield" size={20} />How to check this</a>
      </header>
      <DropZone />
      <Fetching />
      <p class="first-run-copy">Do you use Shoebox elsewhere? <a href="#/settings">Open a copy of that library</a>.</p>
      <section class="first-run-choices" aria-labelledby="first-run-choices">
        <h2 id="first-run-choices">What Shoebox looks for</h2>
        <Choices />
      </section>
    </div>
  );
}
