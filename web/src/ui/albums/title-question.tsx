/** A question for the title of an album. */
import { useState } from "preact/hooks";
import { Sheet } from "../people/sheet";

export interface TitleQuestionProps {
  heading: string;
  /** What stands in the field at first. */
  initial: string;
  /** What the button says. */
  done: string;
  note: string;
  /** May the title be left empty? */
  optional?: boolean;
  onTitle: (title: string) => void;
  onClose: () => void;
}

export function TitleQuestion({ heading, initial, done, note, optional = false, onTitle, onClose }: TitleQuestionProps) {
  const [typed, setTyped] = useState(initial);
  const title = typed.trim();
  const ready = (optional || title !== "") && title !== initial;
  const send = (event: Event) => {
    event.preventDefault();
    if (ready) onTitle(title);
  };
  return (
    <Sheet title={heading} testid="title-question" onClose={onClose}>
      <form class="title-form" onSubmit={send}>
        <input
          type="text" class="name-input" autofocus aria-label="Title of the album" placeholder="Title of the album" value={typed} maxLength={200}
          autocomplete="off" onInput={(event) => setTyped(event.currentTarget.value)} onFocus={(event) => event.currentTarget.select()}
        />
        <p class="muted">{note}</p>
        <div class="actions">
          <button type="button" class="button" onClick={onClose}>Cancel</button>
          <button type="submit" class="button primary" disabled={!ready}>{done}</button>
        </div>
      </form>
    </Sheet>
  );
}
