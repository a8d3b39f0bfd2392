/** Strips above the page that ask for something: a failed start, a folder's permission, an attempt to add that failed. */
import { dismissReminder, libraryLost, remindOfCopy } from "../keeping";
import { grid, start, waitingFolders } from "../state";
import { addProblem, chooseFolder, goOnWithFolders, waitingToAdd } from "./adding";
import { Icon } from "./icons";
import { counted } from "./words";

function names(folders: readonly string[]): string {
  const shown = folders.slice(0, 3).map((name) => `“${name}”`);
  const rest = folders.length - shown.length;
  if (rest > 0) shown.push(`${rest} more`);
  return shown.length > 1 ? `${shown.slice(0, -1).join(", ")} and ${shown.at(-1)!}` : shown[0] ?? "";
}

function FailedStart({ reason }: { reason: string }) {
  const offline = !navigator.onLine;
  return (
    <div class="notice notice-problem" role="alert">
      <Icon name="alert" size={20} />
      <p>
        <strong>Searching is not possible just now.</strong> {reason}
        {offline && " This device is offline, and Shoebox is not all on it yet: connect once, and it works offline from then on."}
      </p>
      <button type="button" class="button" onClick={() => location.reload()}>Try again</button>
    </div>
  );
}

/** The browser has deleted the library: what that means, and the two ways to have it again. */
function Lost({ photos }: { photos: number }) {
  return (
    <div class="notice notice-problem" role="alert" data-testid="library-lost">
      <Icon name="alert" size={20} />
      <p>
        <strong>The browser has deleted what Shoebox kept here.</strong> It knew {counted(photos, "photo")}. Your photo files are
        not touched. Browsers do this when the disk is full, or when somebody clears their data. Add your folders again, or open a
        copy of the library, if you have saved one.
      </p>
      <button type="button" class="button" onClick={chooseFolder}>Choose a folder</button>
      <a class="button" href="#/settings">Open a saved copy</a>
      <button type="button" class="quiet round" aria-label="Put this message away" onClick={() => { libraryLost.value = null; }}><Icon name="close" size={18} /></button>
    </div>
  );
}

function Reminder() {
  return (
    <div class="notice" role="status" data-testid="copy-reminder">
      <Icon name="shield" size={20} />
      <p>Shoebox knows {counted(grid.value.ids.length, "photo")} now, in this browser only. A saved copy brings it all back if the browser ever deletes it.</p>
      <a class="button" href="#/settings" onClick={dismissReminder}>Save a copy</a>
      <button type="button" class="quiet" onClick={dismissReminder}>Not now</button>
    </div>
  );
}

export function Notices() {
  const { phase, reason, downloaded } = start.value;
  const folders = waitingFolders.value;
  return (
    <>
      {phase === "failed" && <FailedStart reason={reason} />}
      {libraryLost.value !== null && <Lost photos={libraryLost.value} />}
      {remindOfCopy.value && <Reminder />}
      {folders.length > 0 && (
        <div class="notice" role="status">
          <Icon name="folder" size={20} />
          <p>The browser asks again before Shoebox may read {names(folders)}.</p>
          <button type="button" class="button primary" onClick={() => void goOnWithFolders()}>Continue</button>
        </div>
      )}
      {waitingToAdd.value && (
        <div class="notice" role="status">
          <Icon name="photos" size={20} />
          <p>Your photos are next: Shoebox is still starting{downloaded !== null && downloaded < 1 ? `, ${Math.round(downloaded * 100)}% of it is here` : ""}.</p>
        </div>
      )}
      {addProblem.value && (
        <div class="notice notice-problem" role="alert">
          <Icon name="alert" size={20} />
          <p>{addProblem.value}</p>
          <button type="button" class="button" onClick={chooseFolder}>Choose a folder</button>
          <button type="button" class="quiet round" aria-label="Put this message away" onClick={() => { addProblem.value = ""; }}><Icon name="close" size={18} /></button>
        </div>
      )}
    </>
  );
}
