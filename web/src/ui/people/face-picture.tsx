/** One face, cut out of its photo; decoration beside words that say who it is. */
import { useEffect, useState } from "preact/hooks";
import { Icon } from "../icons";
import { wantThumbnail } from "../thumbs";
import { imagePlace, percent, squareAround } from "./crop";
import type { Shown } from "./sharp";
import { wantSharp } from "./sharp";

const WHOLE = percent({ left: 0, top: 0, width: 1, height: 1 });

export function FacePicture({ face, large = false }: { face: Shown; large?: boolean }) {
  const [thumb, setThumb] = useState<string | null>(null);
  const [sharp, setSharp] = useState<string | null>(null);
  const [attempt, setAttempt] = useState(0);
  const cutOut = face.box.join(",");
  useEffect(() => wantThumbnail(face.photo, setThumb), [face.photo, attempt]);
  useEffect(() => {
    setSharp(null);
    return wantSharp(face, setSharp);
  }, [face.photo, cutOut]);
  // A picture that was let go of meanwhile cannot be loaded any more: ask for the thumbnail once again.
  const again = () => {
    setSharp(null);
    setThumb(null);
    if (attempt === 0) setAttempt(1);
  };
  const place = sharp === null ? percent(imagePlace(squareAround(face.box, face.size), face.size)) : WHOLE;
  const url = sharp ?? thumb;
  return (
    <span class="face-picture" data-large={large}>
      {url === null ? <Icon name="face" /> : <img src={url} alt="" style={place} decoding="async" draggable={false} onError={again} />}
    </span>
  );
}
