/** Deleting all that Shoebox keeps, in two steps, with what that does and does not mean said between them. */
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { shoebox } from "../shoebox";
import { grid } from "../state";
import { announce } from "./announce";
import { forgetSharp } from "./people/sharp";
import { toPage } from "./router";
import { counted, sentence } from "./words";

function Question({ onClose }: { onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [deleting, setDeleting] = useState(false);
  const [error, setError] = useState("");
  useLayoutEffect(() => {
    const element = dialog.current!;
    element.showModal();
    return () => element.close();
  }, []);
  const remove = async () => {
    setDeleting(true);
    setError("");
    try {
      await shoebox.clear();
      forgetSharp();
      announce("Everything is deleted");
      toPage({ page: "photos" });
    } catch (problem) {
      setError(sentence(problem));
      setDeleting(false);
    }
  };
  return (
    <dialog ref={dialog} class="question" aria-labelledby="delete-question" onCancel={(event) => { event.preventDefault(); if (!deleting) onClose(); }}>
      <h2 id="delete-question">Forget {counted(grid.value.ids.length, "photo")}?</h2>
      <p>
        All that Shoebox keeps in this browser goes: small pictures, descriptions, and the list of folders. This cannot be
        undone; adding the folders again takes as long as it did the first time.
      </p>
      <p><strong>The photo files stay where they are.</strong></p>
      {error && <p role="alert">{error}</p>}
      <div class="actions">
        <button type="button" class="button" autofocus disabled={deleting} onClick={onClose}>Keep everything</button>
        <button type="button" class="button danger solid" data-testid="delete-everything-confirm" disabled={deleting} onClick={() => void remove()}>
          {deleting ? "Deleting…" : "Delete everything"}
        </button>
      </div>
    </dialog>
  );
}

export function DeleteEverything() {
  const [asking, setAsking] = useState(false);
  return (
    <>
      <p>Removes all that Shoebox keeps in this browser. Your photo files are not touched.</p>
      <button type="button" class="button danger" data-testid="delete-everything" onClick={() => setAsking(true)}>Delete everything…</button>
      {asking && <Question onClose={() => setAsking(false)} />}
    </>
  );
}
