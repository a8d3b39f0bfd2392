/** People as a grid of faces, drawn a page at a time as one scrolls: a thousand of them are no more work than fifty. */
import { useEffect, useRef, useState } from "preact/hooks";
import type { Person } from "../../contract";
import { PersonCard } from "./person-card";

/** More than a window of a large display. */
const PAGE = 60;

/** How many were drawn of each list when it was left, so that coming back finds the same place. */
const remembered = new Map<string, number>();

export interface PersonListProps {
  people: readonly Person[];
  label: string;
  onName: (person: Person) => void;
}

export function PersonList({ people, label, onName }: PersonListProps) {
  const [drawn, setDrawn] = useState(remembered.get(label) ?? PAGE);
  const end = useRef<HTMLDivElement>(null);
  const more = people.length > drawn;
  useEffect(() => { remembered.set(label, drawn); }, [label, drawn]);
  useEffect(() => {
    if (!more) return;
    const watcher = new IntersectionObserver(
      ([entry]) => { if (entry?.isIntersecting) setDrawn((before) => before + PAGE); },
      { rootMargin: "800px 0px" },
    );
    watcher.observe(end.current!);
    return () => watcher.disconnect();
  }, [more, drawn]);
  if (people.length === 0) return null;
  return (
    <>
      <ul class="persons" aria-label={label}>
        {people.slice(0, drawn).map((person) => <PersonCard key={person.id} person={person} onName={onName} />)}
      </ul>
      {more && <div ref={end} aria-hidden="true" />}
    </>
  );
}
