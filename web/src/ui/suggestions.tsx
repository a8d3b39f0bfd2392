/** How what is being typed may go on: a list below the search box, walked through with the arrows while the box keeps the focus. */
import type { RefObject } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { Suggestion } from "../contract";
import { shoebox } from "../shoebox";
import { start } from "../state";
import { counted } from "./words";

const LIST = "search-suggestions";

const MEANINGS: Record<Suggestion["kind"], string> = {
  person: "person", place: "place", album: "album", tag: "tag", text: "written in the photo", date: "date", camera: "camera", type: "kind of photo", is: "marked", field: "",
};
const FIELDS: Record<string, string> = {
  "person:": "someone by name", "place:": "a place by name", "album:": "an album", "tag:": "a tag", "text:": "words in the photo", "in:": "a year, month or day",
  "after:": "since a date", "before:": "until a date", "camera:": "a camera", "type:": "a kind of photo", "near:": "around latitude, longitude",
  "is:": "favourites, the best, or screenshots", "like:": "like a photo, by its id",
};

function optionId(place: number): string {
  return `${LIST}-${place}`;
}

function meaningOf({ kind, label, count }: Suggestion): string {
  if (kind === "field") return FIELDS[label] ?? "";
  return count === null ? MEANINGS[kind] : `${MEANINGS[kind]} · ${counted(count, "photo")}`;
}

export interface Completion {
  list: Suggestion[];
  /** The chosen one, -1 while none is. */
  active: number;
  /** Ask what the box may become. */
  ask(): void;
  close(): void;
  /** Is the key for the list? Then it has been dealt with. */
  press(event: KeyboardEvent): boolean;
  choose(suggestion: Suggestion): void;
  /** What the input tells a screen reader about the list. */
  aria: Record<string, string | undefined>;
}

/** Completion for an input; `change` gets its text once a suggestion was accepted. */
export function useCompletion(input: RefObject<HTMLInputElement | null>, change: (text: string) => void): Completion {
  const [list, setList] = useState<Suggestion[]>([]);
  const [active, setActive] = useState(-1);
  const turn = useRef(0);

  const close = () => {
    turn.current += 1;
    setList([]);
    setActive(-1);
  };
  const ask = () => {
    const { value, selectionStart, selectionEnd } = input.current!;
    turn.current += 1;
    const own = turn.current;
    if (start.peek().phase !== "ready" || value === "" || selectionStart !== selectionEnd) return close();
    shoebox.complete(value, selectionStart ?? value.length).then(
      (found) => {
        if (own !== turn.current || document.activeElement !== input.current) return;
        setList(found);
        setActive(-1);
      },
      // Without suggestions the box works as well; a search tells what is wrong.
      (error: unknown) => console.warn(error),
    );
  };
  const choose = ({ text, kind, replace: [from, to] }: Suggestion) => {
    const box = input.current!;
    const after = box.value.slice(to);
    const inserted = kind === "field" || after !== "" ? text : `${text} `;
    box.value = box.value.slice(0, from) + inserted + after;
    const place = from + inserted.length;
    box.focus();
    box.setSelectionRange(place, place);
    change(box.value);
    if (kind === "field") ask();
    else close();
  };
  const press = (event: KeyboardEvent): boolean => {
    if (list.length === 0 || event.isComposing) return false;
    const count = list.length + 1;
    if (event.key === "ArrowDown") setActive((active + 2) % count - 1);
    else if (event.key === "ArrowUp") setActive((active + count) % count - 1);
    else if (event.key === "Escape") close();
    else if ((event.key === "Enter" || event.key === "Tab") && !event.shiftKey && list[active]) choose(list[active]);
    else return false;
    event.preventDefault();
    return true;
  };
  useEffect(() => {
    if (active >= 0) document.getElementById(optionId(active))?.scrollIntoView({ block: "nearest" });
  }, [active]);
  const open = list.length > 0;
  const aria = {
    role: "combobox", "aria-autocomplete": "list", "aria-haspopup": "listbox", "aria-expanded": String(open),
    "aria-controls": open ? LIST : undefined, "aria-activedescendant": active >= 0 ? optionId(active) : undefined,
  };
  return { list, active, ask, close, press, choose, aria };
}

export function Suggestions({ completion: { list, active, choose } }: { completion: Completion }) {
  return (
    <ul id={LIST} class="hints suggestions" role="listbox" aria-label="Ways to go on" data-testid="suggestions">
      {list.map((each, place) => (
        <li
          key={each.text} id={optionId(place)} class="hint" role="option" aria-selected={place === active}
          onPointerDown={(event) => event.preventDefault()} onClick={() => choose(each)}
        >
          <span class="hint-text">{each.label}</span>
          <span class="hint-meaning">{meaningOf(each)}</span>
        </li>
      ))}
    </ul>
  );
}
