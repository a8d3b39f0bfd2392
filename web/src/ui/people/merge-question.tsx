/** Choosing those who are the same person as this one. */
import { useState } from "preact/hooks";
import type { Person, PersonPage } from "../../contract";
import { Icon } from "../icons";
import { toPage } from "../router";
import { counted } from "../words";
import { calledOr, merge } from "./changes";
import { FacePicture } from "./face-picture";
import { usePeople } from "./known";
import { Sheet } from "./sheet";
import { folded } from "./sorting";

/** As many as one looks through; typing a name finds the others. */
const OFFERED = 60;

interface OneProps {
  person: Person;
  chosen: boolean;
  onToggle: () => void;
}

function One({ person: { name, cover, count }, chosen, onToggle }: OneProps) {
  return (
    <li>
      <button type="button" class="face-choice" aria-pressed={chosen} aria-label={`${name || "No name yet"}, ${counted(count, "photo")}`} onClick={onToggle}>
        <FacePicture face={cover} />
        <span class="face-choice-tick"><Icon name="tick" size={16} /></span>
        <span class="face-choice-name">{name || <span class="muted">{counted(count, "photo")}</span>}</span>
      </button>
    </li>
  );
}

export function MergeQuestion({ person, onClose }: { person: PersonPage; onClose: () => void }) {
  const { people } = usePeople();
  const [typed, setTyped] = useState("");
  const [chosen, setChosen] = useState<ReadonlyMap<string, Person>>(new Map());
  const wanted = folded(typed);
  const others = (people ?? []).filter((other) => other.id !== person.id && !other.hidden && (wanted === "" || folded(other.name).includes(wanted)));
  const toggle = (other: Person) => {
    const next = new Map(chosen);
    if (!next.delete(other.id)) next.set(other.id, other);
    setChosen(next);
  };
  const join = () => {
    onClose();
    void merge([person, ...chosen.values()]).then((done) => { if (done?.person) toPage({ page: "person", id: done.person }, "replace"); });
  };
  return (
    <Sheet title={`Who else is ${calledOr(person.name)}?`} wide testid="merge-question" onClose={onClose}>
      <p class="muted">Choose all groups that show the same person. Their photos come together, and you can undo it.</p>
      <input
        type="search" class="name-input" autofocus aria-label="Find someone by name" placeholder="Find someone by name" value={typed}
        autocomplete="off" spellcheck={false} onInput={(event) => setTyped(event.currentTarget.value)}
      />
      <ul class="face-choices" aria-label="People">
        {others.slice(0, OFFERED).map((other) => <One key={other.id} person={other} chosen={chosen.has(other.id)} onToggle={() => toggle(other)} />)}
      </ul>
      {others.length === 0 && <p class="muted">{wanted ? "Nobody has that name." : "There is nobody else."}</p>}
      {others.length > OFFERED && <p class="muted">{counted(others.length - OFFERED, "more", "more")}: type a name to find them.</p>}
      <div class="actions">
        <button type="button" class="button" onClick={onClose}>Cancel</button>
        <button type="button" class="button primary" data-testid="merge" disabled={chosen.size === 0} onClick={join}>They are the same person</button>
      </div>
    </Sheet>
  );
}
