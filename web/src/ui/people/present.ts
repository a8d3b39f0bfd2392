/** The person whose page is open, with all their faces; asked for again whenever people may be different. */
import { signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { PersonPage } from "../../contract";
import { shoebox } from "../../shoebox";
import { peopleVersion, start } from "../../state";
import { sentence } from "../words";

interface Present {
  id: string;
  person: PersonPage | null;
  error: string;
}

const NOBODY: Present = { id: "", person: null, error: "" };
/** More than anybody has. */
const ALL = 1_000_000;

const present = signal<Present>(NOBODY);

/** The person of the open page; null on other pages. */
export function personShown(): PersonPage | null {
  return present.value.person;
}

/** The person of this id, and the faces of theirs, newest photos first. */
export function usePerson(id: string): Present {
  const version = peopleVersion.value;
  const ready = start.value.phase === "ready";
  useEffect(() => {
    if (present.peek().id !== id) present.value = { ...NOBODY, id };
    if (!ready) return;
    let wanted = true;
    const tell = (person: PersonPage | null, error: string) => { if (wanted) present.value = { id, person, error }; };
    shoebox.person(id, { limit: ALL }).then((person) => tell(person, ""), (error: unknown) => tell(null, sentence(error)));
    return () => { wanted = false; };
  }, [id, version, ready]);
  useEffect(() => () => { present.value = NOBODY; }, []);
  return present.value.id === id ? present.value : NOBODY;
}
