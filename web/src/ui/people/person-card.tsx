/** A person on the page of people: a face, a name or the wish for one, and in how many photos. */
import type { Person } from "../../contract";
import { counted } from "../words";
import { hide } from "./changes";
import { FacePicture } from "./face-picture";

export interface PersonCardProps {
  person: Person;
  onName: (person: Person) => void;
}

export function PersonCard({ person, onName }: PersonCardProps) {
  const { id, name, hidden, cover } = person;
  const photos = counted(person.count, "photo");
  return (
    <li class="person" data-testid="person" data-id={id} data-hidden={hidden}>
      <a class="person-link" href={`#/people/${id}`} aria-label={`${name || "Nobody has named this person yet"}, ${photos}`}>
        <FacePicture face={cover} />
        {name && <span class="person-name">{name}</span>}
      </a>
      {!name && !hidden && <button type="button" class="person-add" onClick={() => onName(person)}>Add a name</button>}
      {hidden && <button type="button" class="person-add" onClick={() => void hide(person, false)}>Show again</button>}
      <span class="person-count" aria-hidden="true">{photos}</span>
    </li>
  );
}
