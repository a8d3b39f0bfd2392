/** "Same person?": two faces side by side, the most alike first, each pair asked once. Keys: y, n and s while it has the focus. */
import { useEffect, useRef, useState } from "preact/hooks";
import type { Face, SamePerson as Pair } from "../../contract";
import { shoebox } from "../../shoebox";
import { faceWork, peopleVersion, start } from "../../state";
import { announce } from "../announce";
import { answer } from "./changes";
import { FacePicture } from "./face-picture";

const ASKED_FOR = 20;
/** While faces are still coming, the best pairs of now are not the best pairs of later. */
const BUSY = new Set(["starting", "working", "grouping"]);

/** Pairs that were put off; they come again after a reload. */
const skipped = new Set<string>();

function keyOf({ people }: Pair): string {
  return [...people].sort().join(" ");
}

/** The pairs to ask about, about one person or anybody; asked for again when people have changed. */
function usePairs(about: string | null): { pairs: Pair[]; drop: (gone: (pair: Pair) => boolean) => void } {
  const [pairs, setPairs] = useState<Pair[]>([]);
  const version = peopleVersion.value;
  const quiet = start.value.phase === "ready" && !BUSY.has(faceWork.value.phase);
  useEffect(() => {
    if (!quiet) return;
    let wanted = true;
    shoebox.suggestPeople(about, { limit: ASKED_FOR + skipped.size }).then(
      (found) => { if (wanted) setPairs(found.filter((pair) => !skipped.has(keyOf(pair)))); },
      // The person has just become another one: then the page around this one says so, or goes there.
      () => { if (wanted) setPairs([]); },
    );
    return () => { wanted = false; };
  }, [about, version, quiet]);
  return { pairs, drop: (gone) => setPairs((before) => before.filter((pair) => !gone(pair))) };
}

function Side({ face, id, name }: { face: Face; id: string; name: string }) {
  return (
    <a class="pair-side" href={`#/people/${id}`} aria-label={name || "Nobody has named this person yet"}>
      <FacePicture face={face} large />
      <span class="pair-name">{name || "No name yet"}</span>
    </a>
  );
}

export function SamePerson({ about }: { about: string | null }) {
  const { pairs, drop } = usePairs(about);
  const [answered, setAnswered] = useState(false);
  const end = useRef<HTMLParagraphElement>(null);
  const section = useRef<HTMLElement>(null);
  const pair = pairs[0];
  const atEnd = answered && !pair;
  useEffect(() => { if (atEnd) end.current?.focus(); }, [atEnd]);
  useEffect(() => setAnswered(false), [about]);
  useEffect(() => {
    if (answered && pair) announce(`Next: are ${pair.names[0] || "the one"} and ${pair.names[1] || "the other"} the same person?`);
  }, [pair && keyOf(pair)]);
  if (atEnd) return <p ref={end} class="pair-end muted" tabIndex={-1} role="status">That was all for now. Thank you.</p>;
  if (!pair) return null;

  const say = (same: boolean) => {
    setAnswered(true);
    // A merge changes who the two are; what else was asked about them comes again under one name.
    drop((each) => each === pair || (same && each.people.some((id) => pair.people.includes(id))));
    void answer(pair.people, same);
  };
  const skip = () => {
    skipped.add(keyOf(pair));
    setAnswered(true);
    drop((each) => each === pair);
  };
  const press = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "y") say(true);
    else if (event.key === "n") say(false);
    else if (event.key === "s") skip();
    else return;
    event.preventDefault();
  };
  const [one, other] = pair.people;
  return (
    <section ref={section} class="pair" data-testid="same-person" aria-labelledby="same-person" onKeyDown={press}>
      <div class="pair-faces">
        <Side face={pair.faces[0]} id={one} name={pair.names[0]} />
        <Side face={pair.faces[1]} id={other} name={pair.names[1]} />
      </div>
      <div class="pair-question">
        <h2 id="same-person">Same person?</h2>
        <p class="muted">{pairs.length > 1 ? `${pairs.length >= ASKED_FOR ? "Many" : pairs.length} pairs look alike. ` : ""}Each pair is asked about once.</p>
        <div class="actions">
          <button type="button" class="button" aria-keyshortcuts="y" onClick={() => say(true)}>Yes</button>
          <button type="button" class="button" aria-keyshortcuts="n" onClick={() => say(false)}>No</button>
          <button type="button" class="quiet" aria-keyshortcuts="s" onClick={skip}>Skip</button>
        </div>
      </div>
    </section>
  );
}
