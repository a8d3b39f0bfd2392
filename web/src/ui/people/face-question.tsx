/** Saying who a face in the viewer is: a name for its person, or, where that is somebody else, for this face alone. */
import type { Person, PhotoFace, PhotoFacts } from "../../contract";
import { merge, moveFace, nameFace, noFaces, notThisPerson, rename } from "./changes";
import { FacePicture } from "./face-picture";
import { NameField } from "./name-field";
import { Sheet } from "./sheet";

export interface FaceQuestionProps {
  photo: PhotoFacts;
  face: PhotoFace;
  onClose: () => void;
}

export function FaceQuestion({ photo, face, onClose }: FaceQuestionProps) {
  const { id, person, name } = face;
  const then = (change: Promise<unknown>) => {
    onClose();
    void change;
  };
  // Without a name yet, the whole group gets it; a face among somebody's named ones is corrected alone.
  const unnamed = person !== null && name === "" ? { id: person, name } : null;
  const named = person !== null && name !== "" ? { id: person, name } : null;
  const call = (text: string) => then(unnamed ? rename(unnamed, text) : nameFace(id, text));
  const same = (other: Person) => then(unnamed ? merge([other, unnamed]) : moveFace(id, other));
  return (
    <Sheet title={named ? `This is ${name}` : "Who is this?"} testid="face-question" onClose={onClose}>
      <div class="asked-person">
        <FacePicture face={{ photo: photo.id, box: face.box, size: [photo.width, photo.height] }} large />
        <div>
          {person !== null && <p><a href={`#/people/${person}`}>{named ? `All photos of ${name}` : "All photos of this person"}</a></p>}
          <p class="muted">
            {named ? "If that is wrong, type who it is: this face alone moves there." : person === null
              ? "This face is with nobody yet: it is small, blurred or turned away."
              : "The name goes to all photos in which this person was recognised."}
          </p>
        </div>
      </div>
      <NameField label="Name" initial="" self={person} onName={call} onPerson={same} onCancel={onClose} />
      <div class="actions face-wrong">
        {named && <button type="button" class="quiet" onClick={() => then(notThisPerson([id], named))}>Not {name}</button>}
        <button type="button" class="quiet" onClick={() => then(noFaces([id]))}>Not a face</button>
      </div>
    </Sheet>
  );
}
