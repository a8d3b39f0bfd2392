/** People as a grid of faces, drawn a page at a time as one scrolls. */
import { useEffect } from "preact/hooks";
import type { Person } from "../../contract";
import { useDrawn } from "../drawn";
import { PersonCard } from "./person-card";

/** How many were drawn of each list when it was left, so that coming back finds the same place. */
const remembered = new Map<string, number>();

export interface PersonListProps {
  people: readonly Person[];
  label: string;
  onName: (person: Person) => void;
}

export function PersonList({ people, label, onName }: PersonListProps) {
  const { drawn, more, end } = useDrawn(people.length, remembered.get(label));
  useEffect(() => { remembered.set(label, drawn); }, [label, drawn]);
  if (people.length === 0) return null;
  return (
    <>
      <ul class="persons" aria-label={label}>
        {people.slice(0, drawn).map((person) => <PersonCard key={person.id} person={person} onName={onName} />)}
      </ul>
      {more && <div ref={end} aria-hidden="true" />}
    </>
  );
}
