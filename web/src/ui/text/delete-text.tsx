/** Deleting all that was read in photos, in two steps. */
import { useState } from "preact/hooks";
import { shoebox } from "../../shoebox";
import { announce } from "../announce";
import { Sheet } from "../people/sheet";
import { counted, sentence } from "../words";

function Question({ texts, onClose }: { texts: number; onClose: () => void }) {
  const [deleting, setDeleting] = useState(false);
  const [error, setError] = useState("");
  const remove = async () => {
    setDeleting(true);
    setError("");
    try {
      await shoebox.deleteTextData();
      announce("All text from photos is deleted");
      onClose();
    } catch (problem) {
      setError(sentence(problem));
      setDeleting(false);
    }
  };
  return (
    <Sheet title="Delete text from photos?" busy={deleting} onClose={onClose}>
      <p>What was read in {counted(texts, "photo")} goes, and so do the networks that read. Reading is turned off; it can be done again.</p>
      <p><strong>Your photos stay, in Shoebox and in their folders.</strong></p>
      {error && <p role="alert">{error}</p>}
      <div class="actions">
        <button type="button" class="button" autofocus disabled={deleting} onClick={onClose}>Keep it</button>
        <button type="button" class="button danger solid" data-testid="delete-text-confirm" disabled={deleting} onClick={() => void remove()}>
          {deleting ? "Deleting…" : "Delete text"}
        </button>
      </div>
    </Sheet>
  );
}

export function DeleteText({ texts }: { texts: number }) {
  const [asking, setAsking] = useState(false);
  return (
    <>
      <button type="button" class="button danger" data-testid="delete-text" onClick={() => setAsking(true)}>Delete text from photos…</button>
      {asking && <Question texts={texts} onClose={() => setAsking(false)} />}
    </>
  );
}
