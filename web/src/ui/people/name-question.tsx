/** "Who is this?": giving a person a name from the page of people. */
import type { Person } from "../../contract";
import { counted } from "../words";
import { merge, rename } from "./changes";
import { FacePicture } from "./face-picture";
import { NameField } from "./name-field";
import { Sheet } from "./sheet";

export interface NameQuestionProps {
  person: Person;
  /** A name was given, and is being stored. */
  onSave: () => void;
  onClose: () => void;
}

export function NameQuestion({ person, onSave, onClose }: NameQuestionProps) {
  const then = (change: Promise<unknown>) => {
    onSave();
    void change;
  };
  return (
    <Sheet title="Who is this?" testid="name-question" onClose={onClose}>
      <div class="asked-person">
        <FacePicture face={person.cover} large />
        <p class="muted">In {counted(person.count, "photo")}. A name stays in this browser, like everything else.</p>
      </div>
      <NameField
        label="Name of this person" initial={person.name} self={person.id} onCancel={onClose}
        onName={(name) => then(rename(person, name))} onPerson={(other) => then(merge([other, person]))}
      />
    </Sheet>
  );
}
