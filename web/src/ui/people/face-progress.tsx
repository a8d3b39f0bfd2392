/** How far looking for faces has come, and what it waits for. */
import { allowFaceFolders } from "../../platform";
import type { FaceWork } from "../../contract";
import { faceWork } from "../../state";
import { LookProgress } from "../look-progress";
import { count, counted } from "../words";

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

export function FaceProgress() {
  const work = faceWork.value;
  return (
    <LookProgress
      work={work} words={lookingWords(work)} label="Photos looked at for faces" testid="face-progress" lacking="not looked at yet"
      allow={allowFaceFolders}
    >
      {work.beside && <p class="muted">Another face pack looks at all photos anew. Until it has seen the last one, people are shown as before.</p>}
    </LookProgress>
  );
}
