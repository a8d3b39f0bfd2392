/** Who is on a photo, for the information panel: names with faces first, then the faces that have none. */
import type { PhotoFace, PhotoFacts } from "../../contract";
import { FacePicture } from "./face-picture";

export function PhotoPeople({ facts }: { facts: PhotoFacts }) {
  const { id, width, height, faces } = facts;
  const size: [number, number] = [width, height];
  const people = new Map<string, PhotoFace>();
  for (const face of faces) if (face.person !== null && !people.has(face.person)) people.set(face.person, face);
  if (people.size === 0) return null;
  return (
    <ul class="photo-people" data-testid="photo-people">
      {[...people].sort(([, one], [, other]) => Number(!one.name) - Number(!other.name)).map(([person, face]) => (
        <li key={person}>
          <a class="photo-person" href={`#/people/${person}`} aria-label={face.name || "Somebody without a name"} title={face.name || "No name yet"}>
            <FacePicture face={{ photo: id, box: face.box, size }} />
            {face.name && <span>{face.name}</span>}
          </a>
        </li>
      ))}
    </ul>
  );
}
