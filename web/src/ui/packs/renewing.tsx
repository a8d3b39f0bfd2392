/** Photos that another model pack has looked at: how many words do not find yet, and what helps. */
import { shoebox } from "../../shoebox";
import { renewal } from "../../state";
import { chooseFolder } from "../adding";
import { showProblem } from "../undo";
import { counted } from "../words";

/** "312 photos, which another model pack has looked at," and what becomes of them; empty where nothing is to be done about it here. */
export function stillToRenew(): string {
  const { left, phase } = renewal.value;
  if (left === 0) return "";
  const photos = `${counted(left, "photo was", "photos were")} looked at by another model pack`;
  switch (phase) {
    case "paused": return `${photos}. Words find them once they are looked at again, which is paused.`;
    case "waiting": return `${photos}. Words find them once they are looked at again, when nothing else has to be done first.`;
    default: return `${photos}. They are being looked at again, from their small pictures: words find more of them all the time.`;
  }
}

export function Renewing() {
  const { phase, left, waiting, reason } = renewal.value;
  if (left === 0 && waiting === 0) return null;
  const blocked = phase === "blocked";
  return (
    <div class="pack-work" data-testid="renewal" data-phase={phase}>
      {left > 0 && <p role={blocked ? "alert" : undefined}>{blocked ? reason : stillToRenew()}</p>}
      {waiting > 0 && (
        <p>
          {counted(waiting, "photo was", "photos were")} looked at by another model pack and came without a small picture. Words find
          {waiting === 1 ? " it once its" : " them once their"} folder is added here.
        </p>
      )}
      <div class="actions">
        {phase === "working" && <button type="button" class="button" onClick={() => void shoebox.pause().catch(showProblem)}>Pause</button>}
        {phase === "paused" && <button type="button" class="button" onClick={() => void shoebox.resume().catch(showProblem)}>Resume</button>}
        {blocked && <button type="button" class="button" onClick={() => void shoebox.resume().catch(showProblem)}>Try again</button>}
        {waiting > 0 && <button type="button" class="button" onClick={chooseFolder}>Choose a folder</button>}
      </div>
    </div>
  );
}
