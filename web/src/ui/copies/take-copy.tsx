/** "Open a copy": the passphrase if there is one, how far it has come, and what came of it. */
import { useEffect, useRef, useState } from "preact/hooks";
import type { ImportAnswer, ImportOptions } from "../../contract";
import { shoebox } from "../../shoebox";
import { grid } from "../../state";
import { announce } from "../announce";
import { Sheet } from "../people/sheet";
import { showOutcome } from "../undo";
import { bytes, count, counted, sentence } from "../words";
import { Progress } from "./progress";

/** How files of the age tool begin. */
const LOCKED = "age-encryption.org/";

type Step = Parameters<NonNullable<ImportOptions["onProgress"]>>[0];

const DOING: Record<Step["phase"], string> = {
  opening: "Opening the file…",
  checking: "Checking that the file is whole",
  taking: "Taking photos in",
  finishing: "Putting names, albums and faces in their place",
};

/** Nothing of the file is in the library then: it is as it was. */
const CANCELLED = "Cancelled. Your library is as it was.";

function useLocked(file: File): boolean | null {
  const [locked, setLocked] = useState<boolean | null>(null);
  useEffect(() => {
    let wanted = true;
    file.slice(0, LOCKED.length).text().then((text) => { if (wanted) setLocked(text === LOCKED); }, () => { if (wanted) setLocked(false); });
    return () => { wanted = false; };
  }, [file]);
  return locked;
}

function outcome({ photos, people, added }: ImportAnswer): string {
  const who = people > 0 ? ` and ${counted(people, "person", "people")}` : "";
  const news = added === 0 ? "All photos were here already; what was said about them is up to date."
    : added === photos ? "All photos are new here." : `${counted(added, "photo is", "photos are")} new here.`;
  return `The file holds ${counted(photos, "photo")}${who}. ${news}`;
}

export function TakeCopy({ file, onClose }: { file: File; onClose: () => void }) {
  const locked = useLocked(file);
  const [passphrase, setPassphrase] = useState("");
  const [step, setStep] = useState<Step | null>(null);
  const [answer, setAnswer] = useState<ImportAnswer | null>(null);
  const [error, setError] = useState("");
  const [leaving, setLeaving] = useState(false);
  const giveUp = useRef(new AbortController());
  const take = async () => {
    setError("");
    setStep({ phase: "opening", photos: 0, total: 0 });
    const { signal } = giveUp.current;
    try {
      const taken = await shoebox.importIndex(file, { onProgress: setStep, signal, ...(locked ? { passphrase } : {}) });
      setAnswer(taken);
      announce(outcome(taken));
    } catch (problem) {
      if (problem === signal.reason) {
        showOutcome(CANCELLED);
        return onClose();
      }
      setError(sentence(problem));
    }
    setStep(null);
  };
  const cancel = () => {
    setLeaving(true);
    giveUp.current.abort();
  };
  if (answer) {
    return (
      <Sheet title="The copy is in" testid="open-copy-sheet" onClose={onClose}>
        <p data-testid="copy-outcome">{outcome(answer)}</p>
        {answer.unsearchable > 0 && (
          <p>
            {counted(answer.unsearchable, "photo was", "photos were")} looked at by another model pack than the one in use here. This one
            looks at their small pictures in the background, and words find them then. Those without a small picture wait until their
            folder is added here.
          </p>
        )}
        {answer.added > 0 && <p class="muted">Photos whose files are not on this device are shown small. Add their folder to see them in full.</p>}
        <div class="actions"><button type="button" class="button primary" autofocus onClick={onClose}>Done</button></div>
      </Sheet>
    );
  }
  if (step) {
    const takingBack = leaving && step.phase !== "finishing";
    return (
      <Sheet title="Opening a copy" testid="open-copy-sheet" busy onClose={onClose}>
        <Progress label={DOING[step.phase]} value={step.photos} total={step.total}>
          {takingBack ? "Taking back what came so far…" : DOING[step.phase]}
          {!takingBack && step.phase !== "finishing" && step.total > 0 && `: ${count(step.photos)} of ${counted(step.total, "photo")}`}
        </Progress>
        <div class="actions">
          <button type="button" class="button" data-testid="open-copy-cancel" disabled={leaving || step.phase === "finishing"} onClick={cancel}>Cancel</button>
        </div>
      </Sheet>
    );
  }
  return (
    <Sheet title="Open a copy" testid="open-copy-sheet" onClose={onClose}>
      <form class="copy-form" onSubmit={(event) => { event.preventDefault(); void take(); }}>
        <p><strong class="breakable">{file.name}</strong> <span class="muted">{bytes(file.size)}</span></p>
        <p>
          {grid.value.ids.length > 0
            ? "What is in the file comes to what is here. Nothing that you have is lost, and opening it twice changes nothing."
            : "Shoebox will know again what it knew when the file was saved."}
        </p>
        {locked && (
          <input
            type="password" class="name-input" aria-label="Passphrase of the file" placeholder="Passphrase" autofocus autocomplete="current-password"
            data-testid="copy-passphrase" value={passphrase} onInput={(event) => setPassphrase(event.currentTarget.value)}
          />
        )}
        {error && <p role="alert" class="copy-error">{error}</p>}
        <div class="actions">
          <button type="button" class="button" onClick={onClose}>Cancel</button>
          <button type="submit" class="button primary" data-testid="open-copy-now" autofocus={locked === false} disabled={locked === null || (locked && passphrase === "")}>
            {error ? "Try again" : "Open it"}
          </button>
        </div>
      </form>
    </Sheet>
  );
}
