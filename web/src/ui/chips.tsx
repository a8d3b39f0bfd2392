/** What a query was understood to ask for, one chip each; a press takes it back. */
import type { Chip } from "../contract";
import type { Answer } from "./finding";
import { Icon, type IconName } from "./icons";
import { toPage } from "./router";

const ICONS: Record<string, IconName> = {
  date: "calendar", camera: "camera", near: "place", place: "place", person: "face", tag: "tag", like: "alike", is: "heart", album: "folder",
  text: "text",
};

/** What a press does, for those who point and those who listen. */
function wordsOf({ text, spoken }: Chip): string {
  return spoken ? `Not a date: look for these words instead of ${text}` : `Search without ${text}`;
}

export function Chips({ answer: { question, chips } }: { answer: Answer }) {
  if (question.kind !== "words" || chips.length === 0) return null;
  const drop = ({ remove }: Chip) => {
    // The chip goes away with the focus on it.
    document.getElementById("content")?.focus({ preventScroll: true });
    if (remove) toPage({ page: "search", query: remove, sort: question.sort });
    else toPage({ page: "photos" });
  };
  return (
    <ul class="chips" aria-label="What the search was understood to ask for">
      {chips.map((chip) => (
        <li key={`${chip.from} ${chip.text}`}>
          <button type="button" class="chip" data-testid="chip" aria-label={`${chip.text}. ${wordsOf(chip)}`} title={wordsOf(chip)} onClick={() => drop(chip)}>
            <Icon name={ICONS[chip.kind] ?? "photos"} size={16} />
            <span class="chip-text">{chip.text}</span>
            <Icon name="close" size={14} />
          </button>
        </li>
      ))}
    </ul>
  );
}
