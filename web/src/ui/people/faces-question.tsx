/** Sorting out a person's faces: some are somebody else's, not this person's, or no faces at all. */
import { useState } from "preact/hooks";
import type { Face, PersonPage } from "../../contract";
import { Icon } from "../icons";
import { dayOf } from "../words";
import { calledOr, noFaces, notThisPerson, split } from "./changes";
import { FacePicture } from "./face-picture";
import { Sheet } from "./sheet";

/** Drawn at once; the button below brings the next ones. */
const PAGE = 120;

function One({ face, taken, chosen, onToggle }: { face: Face; taken: string | null; chosen: boolean; onToggle: () => void }) {
  const day = taken ? dayOf(Date.parse(taken)) : "";
  return (
    <li>
      <button type="button" class="face-choice" aria-pressed={chosen} aria-label={day ? `Face of ${day}` : "Face without a date"} title={day} onClick={onToggle}>
        <FacePicture face={face} />
        <span class="face-choice-tick"><Icon name="tick" size={16} /></span>
      </button>
    </li>
  );
}

export function FacesQuestion({ person, onClose }: { person: PersonPage; onClose: () => void }) {
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [drawn, setDrawn] = useState(PAGE);
  const toggle = (id: string) => {
    const next = new Set(chosen);
    if (!next.delete(id)) next.add(id);
    setChosen(next);
  };
  const then = (work: (faces: string[]) => Promise<unknown>) => {
    onClose();
    void work([...chosen]);
  };
  const all = chosen.size === person.faces.length;
  const none = chosen.size === 0;
  const name = calledOr(person.name);
  return (
    <Sheet title="Which faces are wrong?" wide testid="faces-question" onClose={onClose}>
      <p class="muted">Choose the faces that do not show {name}, then say what they are.</p>
      <ul class="face-choices" aria-label="Faces">
        {person.faces.slice(0, drawn).map((face) => (
          <One key={face.id} face={face} taken={face.taken} chosen={chosen.has(face.id)} onToggle={() => toggle(face.id)} />
        ))}
      </ul>
      {person.faces.length > drawn && <button type="button" class="button" onClick={() => setDrawn(drawn + PAGE)}>Show more</button>}
      {all && <p class="muted" role="status">At least one face must stay. If this is somebody else altogether, change the name instead.</p>}
      <div class="actions">
        <button type="button" class="button" onClick={onClose}>Cancel</button>
        <button type="button" class="button" disabled={none} title="Something on a wall, a statue, a stranger of no interest" onClick={() => then(noFaces)}>Not a face</button>
        <button type="button" class="button" disabled={none || all} onClick={() => then((faces) => notThisPerson(faces, person))}>Not {name}</button>
        <button type="button" class="button primary" data-testid="split" disabled={none || all} onClick={() => then((faces) => split(person, faces))}>All one other person</button>
      </div>
    </Sheet>
  );
}
