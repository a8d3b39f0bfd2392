/** Deleting one kind of what was found out about photos, in two steps, with what that means said between them. */
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { announce } from "./announce";
import { Sheet } from "./people/sheet";
import { sentence } from "./words";

export interface DeleteDataProps {
  /** On the button that asks. */
  ask: string;
  /** The question itself. */
  title: string;
  /** On the button that does it. */
  confirm: string;
  /** Said once it is done. */
  done: string;
  /** Of the button that asks; that of the one that does it ends with "-confirm". */
  testid: string;
  remove: () => Promise<void>;
  /** What goes, and what that means. */
  children: ComponentChildren;
}

function Question({ title, confirm, done, testid, remove, onClose, children }: DeleteDataProps & { onClose: () => void }) {
  const [deleting, setDeleting] = useState(false);
  const [error, setError] = useState("");
  const begin = async () => {
    setDeleting(true);
    setError("");
    try {
      await remove();
      announce(done);
      onClose();
    } catch (problem) {
      setError(sentence(problem));
      setDeleting(false);
    }
  };
  return (
    <Sheet title={title} busy={deleting} onClose={onClose}>
      <p>{children}</p>
      <p><strong>Your photos stay, in Shoebox and in their folders.</strong></p>
      {error && <p role="alert">{error}</p>}
      <div class="actions">
        <button type="button" class="button" autofocus disabled={deleting} onClick={onClose}>Keep it</button>
        <button type="button" class="button danger solid" data-testid={`${testid}-confirm`} disabled={deleting} onClick={() => void begin()}>
          {deleting ? "Deleting…" : confirm}
        </button>
      </div>
    </Sheet>
  );
}

export function DeleteData(props: DeleteDataProps) {
  const [asking, setAsking] = useState(false);
  return (
    <>
      <button type="button" class="button danger" data-testid={props.testid} onClick={() => setAsking(true)}>{props.ask}</button>
      {asking && <Question {...props} onClose={() => setAsking(false)} />}
    </>
  );
}
