/** The head of a person's page: the face, the name that can be changed where it stands, and what can be done. */
import { useEffect, useRef, useState } from "preact/hooks";
import type { Person, PersonPage } from "../../contract";
import type { Grid } from "../../state";
import { Icon } from "../icons";
import { toPage } from "../router";
import { counted, years } from "../words";
import { merge, rename } from "./changes";
import { FacePicture } from "./face-picture";
import { NameField } from "./name-field";
import { PersonMenu } from "./person-menu";

function Name({ person, onEdit }: { person: PersonPage; onEdit: () => void }) {
  if (!person.name) {
    return (
      <div class="person-title">
        <h1>Who is this?</h1>
        <button type="button" class="button" data-testid="edit-name" onClick={onEdit}><Icon name="edit" size={18} />Add a name</button>
      </div>
    );
  }
  return (
    <div class="person-title">
      <h1>{person.name}</h1>
      <button type="button" class="tool" data-testid="edit-name" aria-label="Change the name" title="Change the name" onClick={onEdit}><Icon name="edit" size={20} /></button>
    </div>
  );
}

export function PersonHead({ person, columns }: { person: PersonPage; columns: Grid }) {
  const [editing, setEditing] = useState(false);
  const head = useRef<HTMLElement>(null);
  // A page that opens begins to be read where it begins.
  useEffect(() => {
    setEditing(false);
    head.current!.focus({ preventScroll: true });
  }, [person.id]);
  const name = (text: string) => {
    setEditing(false);
    void rename(person, text);
  };
  const join = (other: Person) => {
    setEditing(false);
    void merge([other, person]).then((done) => { if (done?.person) toPage({ page: "person", id: done.person }, "replace"); });
  };
  return (
    <header ref={head} class="person-head" data-testid="person-head" tabIndex={-1}>
      <FacePicture face={person.cover} large />
      <div class="person-words">
        {editing
          ? <NameField label="Name of this person" initial={person.name} self={person.id} onName={name} onPerson={join} onCancel={() => setEditing(false)} />
          : <Name person={person} onEdit={() => setEditing(true)} />}
        <p class="muted">{[counted(person.count, "photo"), years(columns.taken), person.hidden ? "hidden" : ""].filter(Boolean).join("  ·  ")}</p>
      </div>
      <PersonMenu person={person} />
    </header>
  );
}
