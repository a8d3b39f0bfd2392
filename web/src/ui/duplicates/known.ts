/** The groups as the page shows them: asked for while somebody looks, and again whenever they may be different. */
import { computed, effect, signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { DuplicateGroup } from "../../contract";
import { compareDuplicates } from "../../duplicates";
import { shoebox } from "../../shoebox";
import { duplicateWork, grid, peopleVersion, start } from "../../state";
import { sentence } from "../words";

export interface Known {
  /** Null until they are known. */
  groups: DuplicateGroup[] | null;
  error: string;
}

/** While photos are compared, what is found is shown at most this often, ms; and no more than a fifth of the time goes into it. */
const PAUSE = 2000;
const REST = 5;

export const known = signal<Known>({ groups: null, error: "" });
const watchers = signal(0);
const wanted = computed(() => watchers.value > 0 && start.value.phase === "ready");
/** What the groups hang on: photos, what was said, how far comparing has come. */
const state = computed(() => [grid.value, peopleVersion.value, duplicateWork.value.phase, duplicateWork.value.done] as const);

let timer = 0;
let nextAsk = 0;

async function ask(): Promise<void> {
  const begun = performance.now();
  try {
    known.value = { groups: await shoebox.duplicates({ wait: false }), error: "" };
  } catch (error) {
    known.value = { groups: known.peek().groups, error: sentence(error) };
  }
  nextAsk = begun + Math.max(PAUSE, REST * (performance.now() - begun));
}

function askSoon(): void {
  if (timer) return;
  const busy = ["comparing", "looking"].includes(duplicateWork.peek().phase);
  timer = window.setTimeout(() => {
    timer = 0;
    if (wanted.peek()) void ask();
  }, busy ? Math.max(0, nextAsk - performance.now()) : 0);
}

effect(() => {
  if (wanted.value && state.value) askSoon();
});

/** The groups, kept up to date for as long as the component stands; photos are compared meanwhile. */
export function useDuplicates(): Known {
  useEffect(() => {
    watchers.value += 1;
    return () => { watchers.value -= 1; };
  }, []);
  const photos = grid.value;
  const ready = start.value.phase === "ready";
  useEffect(() => { if (ready) compareDuplicates(); }, [photos, ready]);
  return known.value;
}
