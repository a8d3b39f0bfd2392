/**
 * A box for a person's name. People who have names already are offered below it, with their faces: choosing one says that
 * they are the same person. A name that somebody has already is asked about, since two people may share one.
 */
import { useEffect, useId, useRef, useState } from "preact/hooks";
import type { Person } from "../../contract";
import { counted } from "../words";
import { FacePicture } from "./face-picture";
import { usePeople } from "./known";
import { called, namesLike } from "./sorting";

export interface NameFieldProps {
  label: string;
  initial: string;
  /** Whose name it is; not offered. */
  self: string | null;
  /** A name that nobody has, or somebody else with the same name. */
  onName: (name: string) => void;
  /** The same person as one who has a name. */
  onPerson: (person: Person) => void;
  onCancel: () => void;
}

const OFFERED = 6;
/** As long as the library takes. */
const LONGEST = 200;

interface OfferProps {
  person: Person;
  id: string;
  active: boolean;
  onChoose: () => void;
}

function Offer({ person, id, active, onChoose }: OfferProps) {
  return (
    <li id={id} class="name-offer" role="option" aria-selected={active} onPointerDown={(event) => event.preventDefault()} onClick={onChoose}>
      <FacePicture face={person.cover} />
      <span class="name-offer-name">{person.name}</span>
      <span class="muted">{counted(person.count, "photo")}</span>
    </li>
  );
}

interface SameNameProps {
  person: Person;
  onSame: () => void;
  onOther: () => void;
}

function SameName({ person, onSame, onOther }: SameNameProps) {
  return (
    <div class="same-name" role="group" aria-label={`There is a ${person.name} already`}>
      <FacePicture face={person.cover} />
      <p>There is a {person.name} already, in {counted(person.count, "photo")}. Is this the same person?</p>
      <div class="actions">
        <button type="button" class="button primary" autofocus onClick={onSame}>Yes, the same</button>
        <button type="button" class="button" onClick={onOther}>No, somebody else</button>
      </div>
    </div>
  );
}

export function NameField({ label, initial, self, onName, onPerson, onCancel }: NameFieldProps) {
  const { people } = usePeople();
  const input = useRef<HTMLInputElement>(null);
  const list = useId();
  const [text, setText] = useState(initial);
  const [active, setActive] = useState(-1);
  const [clash, setClash] = useState<Person | null>(null);
  useEffect(() => {
    input.current!.focus();
    input.current!.select();
  }, []);
  // What stands there already needs no completion; once something is typed, it does.
  const offers = text !== initial || initial === "" ? namesLike(people ?? [], text, self, OFFERED) : [];
  const name = text.replace(/\s+/g, " ").trim();
  const submit = (event: Event) => {
    event.preventDefault();
    const chosen = offers[active];
    if (chosen) return onPerson(chosen);
    if (name === initial) return onCancel();
    const other = called(people ?? [], name, self);
    if (other) setClash(other);
    else onName(name);
  };
  const press = (event: KeyboardEvent) => {
    if (event.isComposing) return;
    const places = offers.length + 1;
    if (event.key === "ArrowDown" && offers.length > 0) setActive((active + 2) % places - 1);
    else if (event.key === "ArrowUp" && offers.length > 0) setActive((active + places) % places - 1);
    else if (event.key === "Escape") onCancel();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  if (clash) return <SameName person={clash} onSame={() => onPerson(clash)} onOther={() => onName(name)} />;
  return (
    <form class="name-field" onSubmit={submit}>
      <input
        ref={input} class="name-input" data-testid="name-input" value={text} aria-label={label} placeholder="Name" maxLength={LONGEST}
        autocomplete="off" autocapitalize="words" spellcheck={false} enterkeyhint="done" role="combobox" aria-autocomplete="list"
        aria-expanded={offers.length > 0} aria-controls={list} aria-activedescendant={active >= 0 ? `${list}-${active}` : undefined}
        onInput={(event) => { setText(event.currentTarget.value); setActive(-1); }} onKeyDown={press}
      />
      <button type="submit" class="button primary" disabled={name === "" && initial === ""}>Save</button>
      <button type="button" class="button" onClick={onCancel}>Cancel</button>
      <ul id={list} class="name-offers" role="listbox" aria-label="The same as" hidden={offers.length === 0} data-testid="name-offers">
        {offers.map((person, at) => (
          <Offer key={person.id} person={person} id={`${list}-${at}`} active={at === active} onChoose={() => onPerson(person)} />
        ))}
      </ul>
    </form>
  );
}
