/** What was found: by relevance without months, or by date with them; what is less likely only when asked for. */
import { useEffect, useMemo } from "preact/hooks";
import { indexing } from "../state";
import { announce } from "./announce";
import { Chips } from "./chips";
import type { Answer, Misread } from "./finding";
import { finding, LESS_LIKELY_STEP, askAgain, pastedPicture, showLessLikely } from "./finding";
import { PhotoGrid } from "./grid";
import { Icon } from "./icons";
import { columnsOf } from "./lookup";
import { byLikelihood, byMonth } from "./months";
import { Picture } from "./picture";
import { isRunning } from "./progress-bar";
import { stillToRenew } from "./packs/renewing";
import { PASTED, route, toPage } from "./router";
import type { Sort } from "./router";
import { Skeleton } from "./skeleton";
import { counted } from "./words";

const SORTS: { sort: Sort; title: string }[] = [
  { sort: "relevance", title: "Best match" },
  { sort: "date", title: "Newest" },
];

function SortChoice({ query, sort }: { query: string; sort: Sort }) {
  return (
    <div class="segments" role="group" aria-label="Order">
      {SORTS.map((option) => (
        <button
          key={option.sort} type="button" class="segment" aria-pressed={option.sort === sort}
          onClick={() => toPage({ page: "search", query, sort: option.sort }, "replace")}
        >
          {option.title}
        </button>
      ))}
    </div>
  );
}

/** "24 photos found"; likeness has no end, so it is not counted. */
function foundWords({ question, relevant }: Answer): string {
  if (question.kind === "alike") return relevant === 0 ? "No photo is like this one" : "More like this";
  return `${counted(relevant, "photo")} found`;
}

/** Said while photos that another model pack has looked at are looked at again: what is missing may be among them. */
function StillToRenew() {
  const words = stillToRenew();
  return words === "" ? null : <p class="muted" data-testid="still-to-renew">{words}</p>;
}

function ResultsHead({ answer }: { answer: Answer }) {
  const { question, explanation, relevant, hits } = answer;
  return (
    <div class={hits.length === 0 && question.kind === "words" ? "unseen" : "results-head"}>
      {question.kind === "alike" && <Picture id={question.id} blob={question.id === PASTED ? pastedPicture.value : null} />}
      <div class="results-words">
        <h1 class="results-count" data-testid="relevant-count" data-count={relevant}>{foundWords(answer)}</h1>
        {explanation && <p class="muted">{explanation}</p>}
        {question.kind === "words" && hits.length > 0 && <StillToRenew />}
      </div>
      {question.kind === "words" && relevant > 1 && <SortChoice query={question.query} sort={question.sort} />}
      {hits.length > 0 && <Chips answer={answer} />}
    </div>
  );
}

/** The query with the part underlined that could not be understood. */
function Underlined({ misread: [before, trouble, after] }: { misread: Misread }) {
  return <p class="misread">{before}<mark>{trouble}</mark>{after}</p>;
}

function UnclearHead({ error, misread }: { error: string; misread: Misread }) {
  return (
    <div class="results-head" role="alert">
      <div class="results-words">
        <Underlined misread={misread} />
        <p class="muted">{error}</p>
      </div>
    </div>
  );
}

/** Said while photos are still coming: what is missing may be among them. */
function NothingYet({ query }: { query: string }) {
  const { phase, done, total } = indexing.value;
  const missing = phase === "scanning" ? "The folder is still being looked through" : `${counted(total - done, "photo")} still to come`;
  const moving = phase === "scanning" || phase === "working";
  return (
    <>
      <p class="empty-title">Nothing for “{query}” so far</p>
      <p>{missing}{moving ? ". This page fills by itself as soon as one matches." : ", once adding goes on."}</p>
    </>
  );
}

function NothingFound({ answer }: { answer: Answer }) {
  const { question, total, chips, explanation } = answer;
  if (question.kind === "alike") {
    return <div class="empty"><p class="empty-title">Nothing else here looks like this</p><p>Add more photos and try again.</p></div>;
  }
  return (
    <div class="empty">
      <Icon name="search" size={40} />
      {isRunning(indexing.value) ? <NothingYet query={question.query} /> : (
        <>
          <p class="empty-title">No photo seems to match “{question.query}”</p>
          {total === 0 && chips.length > 0
            ? <p>{explanation} Take one of these away to see more.</p>
            : <p>Fewer and plainer words help: what can be seen, such as “dog”, “red car” or “people on a beach”.</p>}
          <StillToRenew />
        </>
      )}
      <Chips answer={answer} />
      {total > 0 && <button type="button" class="button" onClick={() => void showLessLikely()}>Show the closest ones anyway</button>}
    </div>
  );
}

function MoreBelow({ answer }: { answer: Answer }) {
  const { question, hits, relevant, total } = answer;
  if (question.kind === "alike" || question.sort === "date" || hits.length < relevant || hits.length >= total) return null;
  const more = Math.min(LESS_LIKELY_STEP, total - hits.length);
  return (
    <div class="more-below">
      <button type="button" class="button" onClick={() => void showLessLikely()}>
        {hits.length > relevant ? `Show ${counted(more, "more", "more")}` : "Show less likely ones"}
      </button>
    </div>
  );
}

export function ResultsPage() {
  const { answer, busy, error, misread, question } = finding.value;
  const { base } = route.value;
  const byDate = answer?.question.kind === "words" && answer.question.sort === "date";
  const columns = useMemo(() => columnsOf(answer?.hits.map(({ id }) => id) ?? []), [answer]);
  const groups = useMemo(
    () => (byDate ? byMonth(columns.taken) : byLikelihood(columns.ids.length, answer?.relevant ?? 0, "Less likely")),
    [columns, byDate],
  );
  const words = answer ? foundWords(answer) : "";
  useEffect(() => { if (answer && !busy) announce(words); }, [words, answer?.question]);
  useEffect(() => {
    document.title = `${base.page === "search" ? base.query : "More like this"} · Shoebox`;
  }, [base]);
  if (error && !(misread && answer)) {
    return (
      <div class="empty" role="alert">
        <p class="empty-title">{misread ? "Not quite clear yet" : "That did not work"}</p>
        {misread && <Underlined misread={misread} />}
        <p>{error}</p>
        {!misread && <button type="button" class="button" onClick={askAgain}>Try again</button>}
      </div>
    );
  }
  if (!answer) return <Skeleton label="Looking through your photos" />;
  const stale = (busy || misread !== null) && JSON.stringify(question) !== JSON.stringify(answer.question);
  return (
    <div class="results" data-stale={stale} aria-busy={busy}>
      <PhotoGrid
        columns={columns} groups={groups} memory={JSON.stringify(answer.question)} head={misread ? <UnclearHead error={error} misread={misread} /> : <ResultsHead answer={answer} />}
        tail={columns.ids.length === 0 ? <NothingFound answer={answer} /> : <MoreBelow answer={answer} />}
      />
    </div>
  );
}
