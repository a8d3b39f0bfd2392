/** The photo to keep and another one of its group: side by side, or one over the other by turns, where what differs jumps. */
import { useEffect, useState } from "preact/hooks";
import type { DuplicateFile, DuplicateGroup } from "../../contract";
import { announce } from "../announce";
import { Icon } from "../icons";
import { Sheet } from "../people/sheet";
import { fileName } from "../words";
import { notADuplicate } from "./changes";
import { chosen, isLast, toggle } from "./choice";
import { Shot } from "./shot";
import { sizeOf, titleOf } from "./words";

/** Milliseconds for which each of two photos is shown by turns. */
const TURN = 600;
const STILL = matchMedia("(prefers-reduced-motion: reduce)");

export interface CompareProps {
  group: DuplicateGroup;
  photo: string;
  onClose: () => void;
}

function Facts({ file, role }: { file: DuplicateFile; role: string }) {
  return (
    <p class="compare-facts">
      <strong>{role}</strong> <span title={file.name}>{fileName(file.name)}</span>
      <span class="muted">{sizeOf(file)}</span>
    </p>
  );
}

export function Compare({ group, photo, onClose }: CompareProps) {
  const others = group.files.filter((file) => file.photo !== group.keep);
  const [place, setPlace] = useState(Math.max(0, others.findIndex((file) => file.photo === photo)));
  const [turns, setTurns] = useState(false);
  const [over, setOver] = useState(false);
  const keep = group.files[0]!;
  const other = others[Math.min(place, others.length - 1)];
  useEffect(() => { if (!other) onClose(); }, [other]);
  useEffect(() => {
    if (!turns || STILL.matches) return;
    const timer = setInterval(() => setOver((before) => !before), TURN);
    return () => clearInterval(timer);
  }, [turns]);
  if (!other) return null;
  const step = (by: 1 | -1) => {
    const next = Math.min(others.length - 1, Math.max(0, place + by));
    setPlace(next);
    announce(`${fileName(others[next]!.name)}, ${next + 1} of ${others.length}`);
  };
  const aside = chosen.value.has(other.name);
  const differ = () => {
    void notADuplicate(group, other.photo);
    if (others.length === 1) onClose();
    else setPlace(Math.max(0, Math.min(place, others.length - 2)));
  };
  const press = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    switch (event.key) {
      case "ArrowRight": step(1); break;
      case "ArrowLeft": step(-1); break;
      case "f": setTurns(!turns); break;
      case " ":
        if (!turns || (event.target as HTMLElement).closest("button, input")) return;
        setOver(!over);
        break;
      case "x": toggle(other.name); break;
      case "n": differ(); break;
      default: return;
    }
    event.preventDefault();
  };
  return (
    <Sheet title={titleOf(group)} wide testid="compare" onClose={onClose}>
      <div class="compare" onKeyDown={press} tabIndex={-1} ref={(element) => { if (element && !element.contains(document.activeElement)) element.focus(); }}>
        <div class="compare-tools">
          <div class="segments" role="group" aria-label="How to compare">
            <button type="button" class="segment" aria-pressed={!turns} onClick={() => setTurns(false)}>Side by side</button>
            <button type="button" class="segment" aria-pressed={turns} aria-keyshortcuts="f" onClick={() => setTurns(true)}>By turns</button>
          </div>
          {others.length > 1 && (
            <div class="compare-steps">
              <button type="button" class="tool" aria-label="The one before" disabled={place === 0} onClick={() => step(-1)}><Icon name="previous" /></button>
              <span class="compare-count">{place + 1} of {others.length}</span>
              <button type="button" class="tool" aria-label="The next one" disabled={place >= others.length - 1} onClick={() => step(1)}><Icon name="next" /></button>
            </div>
          )}
        </div>
        {turns ? (
          <button type="button" class="compare-turns" data-testid="turns" data-over={over} aria-label={`Showing ${over ? "the other one" : "the one to keep"}; press to change`} onClick={() => setOver(!over)}>
            <Shot id={keep.photo} alt="" close />
            <Shot id={other.photo} alt="" close />
            <span class="badge compare-which">{over ? "The other one" : "The one to keep"}</span>
          </button>
        ) : (
          <div class="compare-sides">
            <Shot id={keep.photo} alt={`To keep: ${fileName(keep.name)}`} close />
            <Shot id={other.photo} alt={fileName(other.name)} close />
          </div>
        )}
        <div class="compare-sides compare-words">
          <Facts file={keep} role="Keep" />
          <Facts file={other} role="Other" />
        </div>
        <div class="actions">
          <button type="button" class="button" aria-keyshortcuts="x" aria-pressed={aside} disabled={!aside && isLast(other.name)} onClick={() => toggle(other.name)}>
            {aside ? "Keep the other one too" : "Set the other one aside"}
          </button>
          <button type="button" class="button" aria-keyshortcuts="n" onClick={differ}>Not a duplicate</button>
          <button type="button" class="quiet" onClick={onClose}>Done</button>
        </div>
      </div>
    </Sheet>
  );
}
