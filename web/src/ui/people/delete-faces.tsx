/** Deleting all that was found out about faces, in two steps, with what that means said between them. */
import { useState } from "preact/hooks";
import { shoebox } from "../../shoebox";
import { announce } from "../announce";
import { counted, sentence } from "../words";
import { forgetSharp } from "./sharp";
import { Sheet } from "./sheet";

function Question({ faces, onClose }: { faces: number; onClose: () => void }) {
  const [deleting, setDeleting] = useState(false);
  const [error, setError] = useState("");
  const remove = async () => {
    setDeleting(true);
    setError("");
    try {
      await shoebox.deleteFaceData();
      forgetSharp();
      announce("All face data is deleted");
      onClose();
    } catch (problem) {
      setError(sentence(problem));
      setDeleting(false);
    }
  };
  return (
    <Sheet title="Delete face data?" busy={deleting} onClose={onClose}>
      <p>
        Everything about {counted(faces, "face")} goes: what makes them recognisable, who is on which photo, and the names that you gave.
        Looking for faces is turned off. This cannot be undone.
      </p>
      <p><strong>Your photos stay, in Shoebox and in their folders.</strong></p>
      {error && <p role="alert">{error}</p>}
      <div class="actions">
        <button type="button" class="button" autofocus disabled={deleting} onClick={onClose}>Keep it</button>
        <button type="button" class="button danger solid" data-testid="delete-faces-confirm" disabled={deleting} onClick={() => void remove()}>
          {deleting ? "Deleting…" : "Delete face data"}
        </button>
      </div>
    </Sheet>
  );
}

export function DeleteFaces({ faces }: { faces: number }) {
  const [asking, setAsking] = useState(false);
  return (
    <>
      <button type="button" class="button danger" data-testid="delete-faces" onClick={() => setAsking(true)}>Delete face data…</button>
      {asking && <Question faces={faces} onClose={() => setAsking(false)} />}
    </>
  );
}
