/** How far looking for faces has come, and what it waits for. */
import { allowFaceFolders } from "../../platform";
import type { FaceWork } from "../../contract";
import { faceWork } from "../../state";
import { chooseFolder } from "../adding";
import { Icon } from "../icons";
import { showProblem } from "../undo";
import { count, counted, duration, rate } from "../words";

/** Is anything still to come, by itself or once the person helps? */
export function isLooking({ phase }: FaceWork): boolean {
  return phase !== "off" && phase !== "done";
}

/** What is going on, in a sentence without a full stop. */
export function lookingWords({ phase, reason, done, total }: FaceWork): string {
  switch (phase) {
    case "starting": return "Getting ready to look for faces";
    case "working": return `Looked for faces in ${count(done)} of ${counted(total, "photo")}`;
    case "grouping": return "Putting photos of the same person together";
    case "after-photos": return "Photos are added first; then faces are looked for";
    case "paused": return total === 0 ? "Paused" : `Paused: looked for faces in ${count(done)} of ${counted(total, "photo")}`;
    case "waiting-for-power": return reason || "Waiting for mains power";
    case "blocked": return reason || "Looking for faces has stopped";
    case "off":
    case "done": return "";
  }
}

function pace({ phase, photosPerSecond, secondsLeft }: FaceWork): string {
  if (phase !== "working" || photosPerSecond <= 0) return "";
  return secondsLeft === null ? rate(photosPerSecond) : `${rate(photosPerSecond)}, ${duration(secondsLeft)} left`;
}

function Waiting({ work: { waiting, waitingReason, folders } }: { work: FaceWork }) {
  return (
    <div class="face-progress" role="note">
      <Icon name="folder" size={20} />
      <p>{counted(waiting, "photo")} not looked at yet. {waitingReason}</p>
      {folders.length === 0 && <button type="button" class="button" onClick={chooseFolder}>Choose a folder</button>}
      {folders.length > 0 && <button type="button" class="button" onClick={() => void allowFaceFolders().catch(showProblem)}>Allow</button>}
    </div>
  );
}

export function FaceProgress() {
  const work = faceWork.value;
  const { done, total } = work;
  const words = lookingWords(work);
  const share = total > 0 ? Math.min(1, done / total) : 0;
  const speed = pace(work);
  return (
    <>
      {words && (
        <div class="face-progress" data-testid="face-progress" data-phase={work.phase}>
          <div class="face-progress-words">
            <p>{words}{speed && <span class="muted"> · {speed}</span>}</p>
            {work.beside && <p class="muted">Another face pack looks at all photos anew. Until it has seen the last one, people are shown as before.</p>}
            <div
              class="progress-track" data-unknown={work.phase === "starting" || work.phase === "grouping"} role="progressbar" aria-label="Photos looked at for faces"
              aria-valuemin={0} aria-valuemax={total} aria-valuenow={done} aria-valuetext={words}
            >
              <span class="progress-fill" style={{ transform: `scaleX(${share})` }} />
            </div>
          </div>
        </div>
      )}
      {work.phase !== "off" && work.waiting > 0 && <Waiting work={work} />}
    </>
  );
}
