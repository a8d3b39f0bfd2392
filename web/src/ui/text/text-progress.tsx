/** How far reading text in photos has come, and what it waits for. */
import type { TextWork } from "../../contract";
import { allowTextFolders } from "../../platform";
import { textWork } from "../../state";
import { LookProgress } from "../look-progress";
import { count, counted } from "../words";

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

export function TextProgress() {
  const work = textWork.value;
  return (
    <LookProgress
      work={work} words={readingWords(work)} label="Photos looked at for text" testid="text-progress" lacking="not read yet"
      allow={allowTextFolders}
    />
  );
}
