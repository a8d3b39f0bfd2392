/** What the search box understands, offered while it is empty. */
import { useRef } from "preact/hooks";
import { settings } from "../state";
import { Icon } from "./icons";
import { PICTURES } from "./picture-files";

interface Hint {
  text: string;
  meaning: string;
}

const HINTS: Hint[] = [
  { text: "dog on a beach", meaning: "plain words" },
  { text: "beach -people", meaning: "without something" },
  { text: "last summer", meaning: "dates in plain words" },
  { text: "after:2020-05", meaning: "since a date" },
  { text: "camera:pixel", meaning: "a camera" },
  { text: "-type:screenshot", meaning: "no screenshots" },
  { text: "is:best", meaning: "photos worth showing" },
];
/** Only where text is read. */
const TEXT_HINT: Hint = { text: "text:exit", meaning: "words in the photo" };

export interface SearchHintsProps {
  onPick: (text: string) => void;
  onPicture: (picture: Blob) => void;
  /** Back to the words. */
  onLeave: () => void;
}

/** Up and down walk through the hints; Tab passes them by, so that the photos stay one step away. */
export function stepThroughHints(within: HTMLElement, event: KeyboardEvent): void {
  const hints = [...within.querySelectorAll<HTMLElement>(".hint")];
  const at = hints.findIndex((hint) => hint === document.activeElement);
  const next = event.key === "ArrowDown" ? at + 1 : event.key === "ArrowUp" ? at - 1 : -1;
  if (hints[next]) {
    event.preventDefault();
    hints[next].focus();
  }
}

export function SearchHints({ onPick, onPicture, onLeave }: SearchHintsProps) {
  const chooser = useRef<HTMLInputElement>(null);
  const press = (event: KeyboardEvent & { currentTarget: HTMLElement }) => {
    stepThroughHints(event.currentTarget, event);
    if (event.key !== "Escape" && (event.key !== "ArrowUp" || event.defaultPrevented)) return;
    event.preventDefault();
    onLeave();
  };
  return (
    <div class="hints" onKeyDown={press}>
      <p class="hints-title">Try</p>
      <ul class="hints-list">
        {(settings.value.text ? [...HINTS, TEXT_HINT] : HINTS).map(({ text, meaning }) => (
          <li key={text}>
            <button type="button" class="hint" tabIndex={-1} onClick={() => onPick(text)}>
              <span class="hint-text">{text}</span>
              <span class="hint-meaning">{meaning}</span>
            </button>
          </li>
        ))}
      </ul>
      <div class="hints-picture">
        <button type="button" class="hint" tabIndex={-1} onClick={() => chooser.current!.click()}>
          <span class="hint-text"><Icon name="alike" size={18} />Find photos like a picture</span>
          <span class="hint-meaning">choose one, or paste or drop it here</span>
        </button>
        <input
          ref={chooser} type="file" accept={PICTURES} class="unseen" tabIndex={-1} aria-hidden="true"
          onChange={(event) => { const [picture] = event.currentTarget.files ?? []; if (picture) onPicture(picture); }}
        />
      </div>
    </div>
  );
}
