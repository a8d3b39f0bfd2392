/** How far reading text in photos has come, and what it waits for. */
import type { TextWork } from "../../contract";
import { allowTextFolders } from "../../platform";
import { textWork } from "../../state";
import { chooseFolder } from "../adding";
import { Icon } from "../icons";
import { showProblem } from "../undo";
import { count, counted, duration, rate } from "../words";

/** What is going on, in a sentence without a full stop. */
function readingWords({ phase, reason, done, total }: TextWork): string {
  switch (phase) {
    case "starting": return "Getting ready to read";
    case "working": return `Looked for text in ${count(done)} of ${counted(total, "photo")}`;
    case "after-photos": return "Photos are added first; then text is read";
    case "after-faces": return "Faces are looked for first; then text is read";
    case "paused": return total === 0 ? "Paused" : `Paused: looked for text in ${count(done)} of ${counted(total, "photo")}`;
    case "waiting-for-power": return reason || "Waiting for mains power";
    case "blocked": return reason || "Reading text has stopped";
    case "off":
    case "done": return "";
  }
}

function pace({ phase, photosPerSecond, secondsLeft }: TextWork): string {
  if (phase !== "working" || photosPerSecond <= 0) return "";
  return secondsLeft === null ? rate(photosPerSecond) : `${rate(photosPerSecond)}, ${duration(secondsLeft)} left`;
}

function Waiting({ work: { waiting, waitingReason, folders } }: { work: TextWork }) {
  return (
    <div class="face-progress" role="note">
      <Icon name="folder" size={20} />
      <p>{counted(waiting, "photo")} not read yet. {waitingReason}</p>
      {folders.length === 0 && <button type="button" class="button" onClick={chooseFolder}>Choose a folder</button>}
      {folders.length > 0 && <button type="button" class="button" onClick={() => void allowTextFolders().catch(showProblem)}>Allow</button>}
    </div>
  );
}

export function TextProgress() {
  const work = textWork.value;
  const { phase, done, total, waiting } = work;
  const words = readingWords(work);
  const speed = pace(work);
  return (
    <>
      {words && (
        <div class="face-progress" data-testid="text-progress" data-phase={phase}>
          <div class="face-progress-words">
            <p>{words}{speed && <span class="muted"> · {speed}</span>}</p>
            <div
              class="progress-track" data-unknown={phase === "starting"} role="progressbar" aria-label="Photos looked at for text"
              aria-valuemin={0} aria-valuemax={total} aria-valuenow={done} aria-valuetext={words}
            >
              <span class="progress-fill" style={{ transform: `scaleX(${total > 0 ? Math.min(1, done / total) : 0})` }} />
            </div>
          </div>
        </div>
      )}
      {phase !== "off" && waiting > 0 && <Waiting work={work} />}
    </>
  );
}
