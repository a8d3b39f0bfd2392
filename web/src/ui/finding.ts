/**
 * Finding photos: turns the address into an answer, in pages, and drops answers that were overtaken by newer questions.
 */
import { computed, effect, signal } from "@preact/signals";
import { LibraryError } from "../client";
import type { Chip, Hit } from "../contract";
import { shoebox } from "../shoebox";
import { grid, indexing, renewal } from "../state";
import type { Page, Sort } from "./router";
import { PASTED, route } from "./router";
import { sentence } from "./words";

export type Question = { kind: "words"; query: string; sort: Sort } | { kind: "alike"; id: string };

export interface Answer {
  question: Question;
  hits: Hit[];
  /** How many of the hits at the front are believed in. */
  relevant: number;
  total: number;
  explanation: string;
  chips: Chip[];
}

/** A query that cannot be understood, in three parts: what stands before the trouble, the trouble, what follows. */
export type Misread = [before: string, trouble: string, after: string];

export interface Finding {
  question: Question | null;
  /** The newest answer; it may still be of an earlier question while the next one is under way. */
  answer: Answer | null;
  busy: boolean;
  error: string;
  /** Set where the words themselves could not be understood: nothing is wrong but them. */
  misread: Misread | null;
}

const NOTHING: Finding = { question: null, answer: null, busy: false, error: "", misread: null };
/** What a screen or two can show; the rest follows while the person already looks. */
const FIRST_PAGE = 200;
const NEXT_PAGE = 10_000;
/** How many less likely photos one press reveals. */
export const LESS_LIKELY_STEP = 100;
const ALIKE = 200;
/** While photos come in, an open answer is asked for again at most this often (ms). */
const REFRESH = 4000;

export const finding = signal<Finding>(NOTHING);
/** The picture that was pasted or dropped into the search box. */
export const pastedPicture = signal<Blob | null>(null);

let turn = 0;

function questionOf(base: Page): Question | null {
  if (base.page === "search") return { kind: "words", query: base.query, sort: base.sort };
  if (base.page === "similar") return { kind: "alike", id: base.id };
  return null;
}

function same(one: Question | null, other: Question | null): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

async function askAlike(id: string): Promise<{ results: Hit[] }> {
  if (id !== PASTED) return shoebox.similar(id, { limit: ALIKE });
  const picture = pastedPicture.value;
  if (!picture) throw new Error("The picture to compare with is no longer here. Paste or drop it into the search box again.");
  return shoebox.similar(picture, { limit: ALIKE });
}

async function ask(question: Question): Promise<void> {
  turn += 1;
  const own = turn;
  const before = finding.peek();
  finding.value = { question, answer: before.answer, busy: true, error: "", misread: null };
  try {
    await shoebox.ready;
    if (question.kind === "alike") {
      const { results } = await askAlike(question.id);
      if (own !== turn) return;
      settle({ question, hits: results, relevant: results.length, total: results.length, explanation: "", chips: [] });
      return;
    }
    const { query, sort } = question;
    const first = await shoebox.search(query, { limit: FIRST_PAGE, sort });
    if (own !== turn) return;
    const { relevant, total, explanation, chips } = first;
    const answer: Answer = { question, hits: first.results, relevant, total, explanation, chips };
    while (answer.hits.length < answer.relevant) {
      settle({ ...answer });
      const page = await shoebox.search(query, { limit: Math.min(NEXT_PAGE, answer.relevant - answer.hits.length), offset: answer.hits.length, sort });
      if (own !== turn) return;
      if (page.results.length === 0) break;
      answer.hits = [...answer.hits, ...page.results];
    }
    settle({ ...answer, hits: answer.hits.slice(0, answer.relevant) });
  } catch (error) {
    if (own !== turn) return;
    const misread = question.kind === "words" ? misreadOf(question.query, error) : null;
    // Someone who is still typing keeps what was found so far before the eyes.
    finding.value = { question, answer: misread && before.answer, busy: false, error: sentence(error), misread };
  }
}

function misreadOf(query: string, error: unknown): Misread | null {
  if (!(error instanceof LibraryError) || error.kind !== "MisreadQuery" || !error.at) return null;
  const { from, to } = error.at;
  return [query.slice(0, from), query.slice(from, to), query.slice(to)];
}

function settle(answer: Answer): void {
  finding.value = { ...NOTHING, question: answer.question, answer };
}

/** Add the next photos that the app itself does not quite believe in. */
export async function showLessLikely(): Promise<void> {
  const { question, answer } = finding.peek();
  if (!answer || question?.kind !== "words" || !same(question, answer.question)) return;
  const own = turn;
  finding.value = { ...finding.peek(), busy: true };
  try {
    const page = await shoebox.search(question.query, { limit: LESS_LIKELY_STEP, offset: answer.hits.length });
    if (own === turn) settle({ ...answer, hits: [...answer.hits, ...page.results] });
  } catch (error) {
    if (own === turn) finding.value = { ...finding.peek(), busy: false, error: sentence(error) };
  }
}

/** Find photos like a picture that is not in the library. */
export function setPicture(picture: Blob): void {
  pastedPicture.value = picture;
  if (same(finding.peek().question, { kind: "alike", id: PASTED })) void ask({ kind: "alike", id: PASTED });
}

export function askAgain(): void {
  const { question } = finding.peek();
  if (question) void ask(question);
}

/** Follow the address, and ask again when photos have come or gone. */
export function startFinding(): void {
  const wanted = computed(() => JSON.stringify(questionOf(route.value.base)));
  effect(() => {
    const question = JSON.parse(wanted.value) as Question | null;
    if (question) void ask(question);
    else {
      turn += 1;
      finding.value = NOTHING;
    }
  });
  let waiting = 0;
  const size = computed(() => grid.value.ids.length);
  effect(() => {
    const changed = size.value >= 0 && renewal.value.left >= 0 && indexing.value.phase !== "scanning";
    if (!changed || waiting !== 0 || !finding.peek().answer) return;
    waiting = window.setTimeout(() => {
      waiting = 0;
      const { question, answer, busy } = finding.peek();
      // Someone who looks through the less likely ones is not interrupted.
      if (question && answer && !busy && answer.hits.length <= answer.relevant) void ask(question);
    }, REFRESH);
  });
}
