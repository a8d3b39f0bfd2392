/** One face, cut out of the photo's thumbnail; decoration beside words that say who it is. */
import { useEffect, useState } from "preact/hooks";
import type { Face } from "../../contract";
import { Icon } from "../icons";
import { wantThumbnail } from "../thumbs";
import { imagePlace, percent, squareAround } from "./crop";

export type Shown = Pick<Face, "photo" | "box" | "size">;

export function FacePicture({ face, large = false }: { face: Shown; large?: boolean }) {
  const [url, setUrl] = useState<string | null>(null);
  const [attempt, setAttempt] = useState(0);
  useEffect(() => wantThumbnail(face.photo, setUrl), [face.photo, attempt]);
  // A thumbnail that was let go of meanwhile cannot be loaded any more: ask for it once again.
  const again = () => {
    setUrl(null);
    if (attempt === 0) setAttempt(1);
  };
  const place = percent(imagePlace(squareAround(face.box, face.size), face.size));
  return (
    <span class="face-picture" data-large={large}>
      {url === null ? <Icon name="face" /> : <img src={url} alt="" style={place} decoding="async" draggable={false} onError={again} />}
    </span>
  );
}
