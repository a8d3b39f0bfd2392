/** Where the open photo stands: its thumbnail at once, the full photo as soon as it is decoded. */
import { useEffect, useRef, useState } from "preact/hooks";
import { thumbnail } from "../platform";
import { Gestures } from "./gestures";
import type { Turns } from "./gestures";
import { Icon } from "./icons";
import type { Full } from "./originals";
import { decodeAhead, fullPhoto } from "./originals";
import { FaceBoxes } from "./people/face-boxes";

export interface StageProps {
  id: string;
  label: string;
  /** Photos to decode ahead. */
  neighbours: string[];
  onStep: Turns["step"];
  onClose: Turns["close"];
  onScale: Turns["scaled"];
  /** Are faces framed? */
  faces: boolean;
}

/** Most photos are open by then. */
const SLOW_MS = 500;

const NOTES = {
  absent: "Shown small: the original file is not at hand. Add its folder again to see it in full.",
  elsewhere: "Shown small: this photo came with a saved copy, and its file is not on this device. Add its folder to see it in full.",
  unshowable: "Shown small: this browser cannot show the original’s format.",
};

const NO_PICTURE = "There is no small picture of this photo, and its file is not on this device. Add its folder to see it.";

export function Stage({ id, label, neighbours, onStep, onClose, onScale, faces }: StageProps) {
  const stage = useRef<HTMLDivElement>(null);
  const layer = useRef<HTMLDivElement>(null);
  const gestures = useRef<Gestures | null>(null);
  const turns = useRef<Turns>({ step: onStep, close: onClose, scaled: onScale });
  turns.current = { step: onStep, close: onClose, scaled: onScale };
  const [thumb, setThumb] = useState<string | null>(null);
  const [full, setFull] = useState<Full | null>(null);
  const [slow, setSlow] = useState(false);
  const [bare, setBare] = useState(false);

  useEffect(() => {
    const made = new Gestures(stage.current!, layer.current!, {
      step: (by) => turns.current.step(by), close: () => turns.current.close(), scaled: (scale) => turns.current.scaled(scale),
    });
    gestures.current = made;
    const press = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.key === "+" || event.key === "=") made.closer();
      else if (event.key === "-") made.farther();
      else if (event.key === "0") made.whole();
    };
    document.addEventListener("keydown", press);
    return () => {
      document.removeEventListener("keydown", press);
      made.stop();
    };
  }, []);

  useEffect(() => {
    let wanted = true;
    setThumb(null);
    setFull(null);
    setSlow(false);
    const timer = setTimeout(() => setSlow(true), SLOW_MS);
    gestures.current!.setPhoto({ width: 0, height: 0 }, true);
    setBare(false);
    void thumbnail(id).then((url) => {
      if (!wanted) return;
      setThumb(url);
      setBare(url === null);
    });
    void fullPhoto(id).then((found) => {
      if (!wanted) return;
      setFull(found);
      if (typeof found === "object") gestures.current!.setPhoto(found, false);
      for (const neighbour of neighbours) decodeAhead(neighbour);
    });
    return () => {
      wanted = false;
      clearTimeout(timer);
    };
  }, [id]);

  const measured = (event: { currentTarget: HTMLImageElement }) => {
    const { naturalWidth, naturalHeight } = event.currentTarget;
    if (typeof full !== "object" || full === null) gestures.current!.setPhoto({ width: naturalWidth, height: naturalHeight }, false);
  };
  const shown = typeof full === "object" ? full : null;
  const small = typeof full === "string";
  return (
    <div ref={stage} class="stage">
      <div ref={layer} class="stage-layer">
        {thumb !== null && <img key={thumb} class="stage-photo" src={thumb} alt={shown ? "" : label} draggable={false} onLoad={measured} />}
        {shown && <img key={shown.url} class="stage-photo" src={shown.url} alt={label} draggable={false} />}
        {faces && <FaceBoxes id={id} />}
      </div>
      {full === null && slow && <p class="stage-note" role="status">Opening the full photo …</p>}
      {small && bare && <p class="stage-none" role="note"><Icon name="photos" size={64} />{NO_PICTURE}</p>}
      {small && !bare && <p class="stage-note" role="note">{NOTES[full]}</p>}
    </div>
  );
}
