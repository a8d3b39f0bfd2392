/** All people: those with names, those one should name, and, folded away, small groups and who was hidden. */
import { signal } from "@preact/signals";
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import type { Person } from "../../contract";
import { faceWork, libraryIsEmpty, settings, start } from "../../state";
import { Icon } from "../icons";
import { PageHead } from "../page-head";
import { count, counted } from "../words";
import { FaceProgress, isLooking } from "./face-progress";
import { FacesOff, turnOnFaces } from "./faces-off";
import { usePeople } from "./known";
import { NameQuestion } from "./name-question";
import { PersonList } from "./person-list";
import { PersonsSkeleton } from "./persons-skeleton";
import { SamePerson } from "./same-person";
import { sorted } from "./sorting";

/** What was unfolded, and how far down one was, outlives a look at somebody's own page. */
const showSmall = signal(false);
const showHidden = signal(false);
let scrolled = 0;

function NobodyYet() {
  const work = faceWork.value;
  const looking = isLooking(work);
  if (libraryIsEmpty.value) {
    return (
      <div class="empty">
        <Icon name="people" size={40} />
        <p class="empty-title">No photos yet</p>
        <p>Add photos first; the people in them appear here.</p>
        <a class="button" href="#/">Add photos</a>
      </div>
    );
  }
  if (!looking && work.waiting > 0) {
    return (
      <div class="empty" data-testid="nobody">
        <Icon name="people" size={40} />
        <p class="empty-title">Nobody was found so far</p>
        <p>Shoebox needs the photos themselves to look for faces in them.</p>
      </div>
    );
  }
  return (
    <div class="empty" data-testid="nobody" role={looking ? "status" : undefined}>
      <Icon name="people" size={40} />
      <p class="empty-title">{looking ? "Looking for faces" : "Nobody was found"}</p>
      {looking
        ? <p>People appear here as soon as the first photos have been looked at. You can go on using Shoebox meanwhile.</p>
        : <p>There is no face in your photos that is clear enough. Add more photos; faces in them are found by themselves.</p>}
    </div>
  );
}

function StillOff() {
  return (
    <div class="face-progress" role="note">
      <Icon name="info" size={20} />
      <p>Looking for faces is turned off: nobody is found in new photos.</p>
      <button type="button" class="button" onClick={() => void turnOnFaces()}>Turn on</button>
    </div>
  );
}

function Everybody({ people }: { people: readonly Person[] }) {
  const { named, unnamed, small, hidden } = useMemo(() => sorted(people), [people]);
  const [naming, setNaming] = useState<Person | null>(null);
  const next = useRef<HTMLElement | null>(null);
  // Whoever names one person with the keyboard wants to go on with the next: the button just used is gone by then.
  useEffect(() => { if (!naming) next.current?.focus(); }, [naming]);
  const ask = (person: Person) => {
    const buttons = [...document.querySelectorAll<HTMLElement>(".person-add")];
    const own = buttons.findIndex((button) => button.closest<HTMLElement>("[data-id]")?.dataset["id"] === person.id);
    next.current = buttons[own + 1] ?? null;
    setNaming(person);
  };
  const lists = { onName: ask };
  // Where there is nobody else, there is nothing to keep tidy.
  const folds = small.length > 0 && named.length + unnamed.length > 0;
  return (
    <>
      <PersonList people={named} label="People with names" {...lists} />
      {named.length > 0 && unnamed.length > 0 && <h2 class="persons-title">Not named yet</h2>}
      <PersonList people={unnamed} label="People without names" {...lists} />
      {small.length > 0 && !folds && <PersonList people={small} label="People in one or two photos" {...lists} />}
      {folds && showSmall.value && (
        <>
          <h2 class="persons-title">In one or two photos</h2>
          <PersonList people={small} label="People in one or two photos" {...lists} />
        </>
      )}
      <div class="persons-more">
        {folds && (
          <button type="button" class="button" aria-expanded={showSmall.value} data-testid="show-small" onClick={() => { showSmall.value = !showSmall.value; }}>
            {showSmall.value ? "Show fewer" : `Show ${count(small.length)} more, in one or two photos each`}
          </button>
        )}
        {hidden.length > 0 && (
          <label class="persons-hidden">
            <input type="checkbox" role="switch" class="switch" checked={showHidden.value} onChange={(event) => { showHidden.value = event.currentTarget.checked; }} />
            Show {hidden.length === 1 ? "the one who is" : `the ${count(hidden.length)} who are`} hidden
          </label>
        )}
      </div>
      {showHidden.value && <PersonList people={hidden} label="Hidden people" {...lists} />}
      {naming && <NameQuestion person={naming} onSave={() => setNaming(null)} onClose={() => { next.current = null; setNaming(null); }} />}
    </>
  );
}

export function PeoplePage() {
  const { people, error } = usePeople();
  const off = !settings.value.faces;
  const shown = people?.filter(({ hidden }) => !hidden).length ?? 0;
  const lead = shown > 0 ? `${counted(shown, "person", "people")} in your photos` : "";
  const none = people?.length === 0 || libraryIsEmpty.value === true;
  const waiting = people === null && !none && !error && start.value.phase !== "failed";
  const page = useRef<HTMLDivElement>(null);
  const known = people !== null;
  useLayoutEffect(() => { if (known) page.current!.scrollTop = scrolled; }, [known]);
  return (
    <div ref={page} class="page people-page" data-testid="people" onScroll={() => { scrolled = page.current!.scrollTop; }}>
      <PageHead title="People" lead={lead} />
      {off && none && <FacesOff />}
      {off && shown > 0 && <StillOff />}
      {!off && <FaceProgress />}
      {!off && none && <NobodyYet />}
      {waiting && <PersonsSkeleton label={start.value.phase === "ready" ? "Looking up people" : "Opening your photos"} />}
      {error && people === null && <div class="empty" role="alert"><p class="empty-title">That did not work</p><p>{error}</p></div>}
      {people !== null && people.length > 0 && (
        <>
          <SamePerson about={null} />
          <Everybody people={people} />
        </>
      )}
    </div>
  );
}
