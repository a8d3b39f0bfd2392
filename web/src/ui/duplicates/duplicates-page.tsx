/** Photos that are there more than once, in three kinds kept apart; found while one looks. */
import { signal } from "@preact/signals";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import type { DuplicateGroup, DuplicateKind } from "../../contract";
import { compareDuplicates } from "../../duplicates";
import { duplicateWork, libraryIsEmpty, start } from "../../state";
import { Icon } from "../icons";
import { PageHead } from "../page-head";
import { bytes, count, counted } from "../words";
import { AsideBar } from "./aside-bar";
import { othersChosen, toggleOthers } from "./choice";
import { Compare } from "./compare";
import { GroupCard } from "./group-card";
import { useDuplicates } from "./known";
import { KINDS, spare, workWords } from "./words";

/** Groups that are drawn at once; more on request. */
const SHOWN = 30;

/** Which kind is looked at, and how far down, outlives a look at a photo. */
const kindShown = signal<DuplicateKind | null>(null);
let scrolled = 0;

function Work() {
  const work = duplicateWork.value;
  const words = workWords(work);
  if (!words) return null;
  if (work.phase === "failed") {
    return (
      <div class="face-progress" role="alert">
        <Icon name="alert" size={20} />
        <p>{words}</p>
        <button type="button" class="button" onClick={compareDuplicates}>Try again</button>
      </div>
    );
  }
  const share = work.total > 0 ? Math.min(1, work.done / work.total) : 0;
  return (
    <div class="face-progress" data-testid="duplicate-progress" data-phase={work.phase}>
      <div class="face-progress-words">
        <p>{words}</p>
        <div
          class="progress-track" data-unknown={work.phase === "waiting"} role="progressbar" aria-label="Photos compared"
          aria-valuemin={0} aria-valuemax={work.total} aria-valuenow={work.done} aria-valuetext={words}
        >
          <span class="progress-fill" style={{ transform: `scaleX(${share})` }} />
        </div>
      </div>
    </div>
  );
}

function Nothing({ looking }: { looking: boolean }) {
  if (libraryIsEmpty.value) {
    return (
      <div class="empty">
        <Icon name="copies" size={40} />
        <p class="empty-title">No photos yet</p>
        <p>Add photos first; what is there twice appears here.</p>
        <a class="button" href="#/">Add photos</a>
      </div>
    );
  }
  return (
    <div class="empty" data-testid="no-duplicates" role={looking ? "status" : undefined}>
      <Icon name="copies" size={40} />
      <p class="empty-title">{looking ? "Comparing your photos" : "Nothing is there twice"}</p>
      <p>{looking ? "What is found appears here. You can go on using Shoebox meanwhile." : "Every photo that you have added is there once."}</p>
    </div>
  );
}

function Groups({ groups, kind }: { groups: readonly DuplicateGroup[]; kind: DuplicateKind }) {
  const [most, setMost] = useState(SHOWN);
  const [compared, setCompared] = useState<{ key: string; photo: string } | null>(null);
  const all = groups.every(othersChosen);
  const room = groups.reduce((sum, group) => sum + spare(group), 0);
  const open = compared && groups.find((group) => keyOf(group) === compared.key);
  return (
    <>
      <div class="copies-lead">
        <p class="muted">{KINDS.find((each) => each.kind === kind)!.lead} {counted(groups.length, "group")}{kind === "burst" ? "." : `; without the others ${bytes(room)} would be free.`}</p>
        {kind !== "burst" && <button type="button" class="quiet accent" onClick={() => toggleOthers(groups)}>{all ? "Choose none" : "Choose all the others"}</button>}
      </div>
      {groups.slice(0, most).map((group) => (
        <GroupCard key={keyOf(group)} group={group} onCompare={(each, photo) => setCompared({ key: keyOf(each), photo })} />
      ))}
      {groups.length > most && <button type="button" class="button copies-more" onClick={() => setMost(most + SHOWN)}>Show {count(Math.min(SHOWN, groups.length - most))} more</button>}
      {open && compared && <Compare key={compared.key} group={open} photo={compared.photo} onClose={() => setCompared(null)} />}
    </>
  );
}

/** A group stays the same one for as long as any two of its photos do. */
function keyOf({ kind, photos }: DuplicateGroup): string {
  return `${kind} ${[...photos].sort()[0]!}`;
}

export function DuplicatesPage() {
  const { groups, error } = useDuplicates();
  const page = useRef<HTMLDivElement>(null);
  const looking = !["done", "failed"].includes(duplicateWork.value.phase);
  const some = groups ?? [];
  const first = KINDS.find(({ kind }) => some.some((group) => group.kind === kind))?.kind ?? "identical";
  const kind = kindShown.value !== null && some.some((group) => group.kind === kindShown.value) ? kindShown.value : first;
  const there = some.length > 0;
  useLayoutEffect(() => { if (there) page.current!.scrollTop = scrolled; }, [there]);
  return (
    <div ref={page} class="page duplicates-page" data-testid="duplicates" onScroll={() => { scrolled = page.current!.scrollTop; }}>
      <PageHead title="Duplicates" />
      <Work />
      {error && !there && <div class="empty" role="alert"><p class="empty-title">That did not work</p><p>{error}</p></div>}
      {there && (
        <div class="copies-kinds">
          <div class="segments" role="group" aria-label="Kinds of duplicates">
            {KINDS.map(({ kind: each, title }) => (
              <button key={each} type="button" class="segment" aria-pressed={each === kind} data-testid={`kind-${each}`} onClick={() => { kindShown.value = each; }}>
                {title} <span class="segment-count">{count(some.filter((group) => group.kind === each).length)}</span>
              </button>
            ))}
          </div>
        </div>
      )}
      {there && <Groups key={kind} groups={some.filter((group) => group.kind === kind)} kind={kind} />}
      {!there && !error && start.value.phase !== "failed" && (groups !== null || libraryIsEmpty.value === true) && <Nothing looking={looking} />}
      {!there && groups === null && !error && libraryIsEmpty.value !== true && <p class="muted" role="status">{start.value.phase === "ready" ? "Looking" : "Opening your photos"}</p>}
      <AsideBar />
    </div>
  );
}
