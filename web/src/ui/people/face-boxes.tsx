/** The faces on the photo in the viewer: a frame around each, with its name; a click says who it is. */
import { signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { PhotoFace, PhotoFacts } from "../../contract";
import { announce } from "../announce";
import { counted } from "../words";
import { boxPlace, percent } from "./crop";
import type { Size } from "./crop";
import { FaceQuestion } from "./face-question";
import { usePhotoFacts } from "./photo-facts";

/** The face that was clicked on. Asked about outside the stage, which takes every movement of the pointer for itself. */
const asked = signal<{ photo: PhotoFacts; face: PhotoFace } | null>(null);

const ask = (photo: PhotoFacts, face: PhotoFace) => { asked.value = { photo, face }; };
const askNoMore = () => { asked.value = null; };

export function AskedFace() {
  return asked.value && <FaceQuestion {...asked.value} onClose={askNoMore} />;
}

interface FaceBoxProps {
  face: PhotoFace;
  size: Size;
  onAsk: () => void;
}

function FaceBox({ face, size, onAsk }: FaceBoxProps) {
  const { left, top, width, height } = boxPlace(face.box, size);
  // Placed by its middle: the frame of a small face is larger than the face, so that a finger can hit it.
  const place = percent({ left: left + width / 2, top: top + height / 2, width, height });
  return (
    <button
      type="button" class="face-box" style={place} data-testid="face-box" data-named={face.name !== ""}
      aria-label={face.name ? `${face.name}: say that it is somebody else` : "Say who this is"} aria-haspopup="dialog" onClick={onAsk}
    >
      <span class="face-label">{face.name || "Who is this?"}</span>
    </button>
  );
}

/** "3 faces", or why there are none. */
function foundWords(faces: number, sought: boolean): string {
  if (faces > 0) return counted(faces, "face");
  return sought ? "No face was found in this photo" : "This photo has not been looked at for faces yet";
}

export function FaceBoxes({ id }: { id: string }) {
  const { id: knownId, facts } = usePhotoFacts(id);
  const shown = knownId === id ? facts : null;
  const words = shown ? foundWords(shown.faces.length, shown.facesSought) : "";
  useEffect(() => { if (words) announce(words); }, [words, id]);
  useEffect(() => askNoMore, [id]);
  if (!shown) return null;
  const { width, height, faces } = shown;
  return (
    <>
      {faces.length === 0 && <p class="stage-note faces-note">{words}.</p>}
      <div class="face-layer">
        {/* As the photo beneath: as large as fits, in the middle. */}
        <div class="face-frame" style={{ aspectRatio: `${width} / ${height}`, width: `min(100cqw, ${(100 * width) / height}cqh)` }}>
          {faces.map((face) => <FaceBox key={face.id} face={face} size={[width, height]} onAsk={() => ask(shown, face)} />)}
        </div>
      </div>
    </>
  );
}
