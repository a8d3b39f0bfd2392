/** Deleting all that Shoebox keeps, in two steps, with what that does and does not mean said between them. */
import { useEffect, useRef, useState } from "preact/hooks";
import { shoebox } from "../shoebox";
import { grid } from "../state";
import { announce } from "./announce";
import { toPage } from "./router";
import { counted, sentence } from "./words";

type Step = "closed" | "asking" | "deleting";

export function DeleteEverything() {
  const [step, setStep] = useState<Step>("closed");
  const [error, setError] = useState("");
  const keep = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (step === "asking") keep.current?.focus();
  }, [step]);
  const remove = async () => {
    setStep("deleting");
    setError("");
    try {
      await shoebox.clear();
      announce("Everything is deleted");
      toPage({ page: "photos" });
    } catch (problem) {
      setError(sentence(problem));
      setStep("asking");
    }
  };
  if (step === "closed") {
    return (
      <>
        <p>Removes all that Shoebox keeps in this browser. Your photo files are not touched.</p>
        <button type="button" class="button danger" data-testid="delete-everything" onClick={() => setStep("asking")}>Delete everything…</button>
      </>
    );
  }
  return (
    <div class="confirm" role="group" aria-label="Delete everything?">
      <p>
        <strong>Delete what Shoebox knows of {counted(grid.value.ids.length, "photo")}?</strong> This cannot be undone; adding the
        folders again would take the same time again. The photo files stay where they are.
      </p>
      {error && <p role="alert">{error}</p>}
      <div class="actions">
        <button type="button" class="button danger solid" data-testid="delete-everything-confirm" disabled={step === "deleting"} onClick={() => void remove()}>
          {step === "deleting" ? "Deleting…" : "Delete everything"}
        </button>
        <button ref={keep} type="button" class="button" disabled={step === "deleting"} onClick={() => setStep("closed")}>Keep it</button>
      </div>
    </div>
  );
}
