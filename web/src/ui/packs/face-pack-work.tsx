/** How far another face pack has come with looking at all photos anew, and what becomes of people meanwhile. */
import { facesNow } from "../../platform";
import { faceWork, settings } from "../../state";
import { isLooking, lookingWords } from "../people/face-progress";
import { showProblem } from "../undo";
import { counted } from "../words";
import { packs } from "./known";

export function FacePackWork() {
  const work = faceWork.value;
  const chosen = packs.value.find(({ kind, id }) => kind === "faces" && id === settings.value.facePack);
  if (!settings.value.faces) return <p class="muted">Faces are turned off. What is chosen here is used once they are looked for.</p>;
  if (!work.beside || !chosen) return null;
  const share = work.total > 0 ? work.done / work.total : 0;
  const words = lookingWords(work);
  return (
    <div class="pack-work" data-testid="face-pack-work">
      <div class="meter" role="progressbar" aria-label={`Changing over to ${chosen.title}`} aria-valuemin={0} aria-valuemax={100} aria-valuenow={Math.round(share * 100)}>
        <span class="progress-fill" style={{ transform: `scaleX(${Math.max(share, 0.004)})` }} />
      </div>
      <p role={work.phase === "blocked" ? "alert" : undefined}>
        {isLooking(work) ? `${words}. ` : ""}
        {chosen.title} looks at all photos anew. Until it has seen the last one, people are shown as before. Names and all that you said stay.
      </p>
      {!isLooking(work) && work.waiting > 0 && (
        <>
          <p>{counted(work.waiting, "photo")} cannot be looked at now. {work.waitingReason}</p>
          {work.done > 0 && (
            <div class="actions">
              <button type="button" class="button" onClick={() => void facesNow().catch(showProblem)}>Change over without them</button>
            </div>
          )}
        </>
      )}
    </div>
  );
}
