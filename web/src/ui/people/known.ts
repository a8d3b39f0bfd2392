/** The people as the page shows them: asked for while someone looks, and again whenever they may be different. */
import { computed, effect, signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { Person } from "../../contract";
import { shoebox } from "../../shoebox";
import { faceWork, peopleVersion, start } from "../../state";
import { sentence } from "../words";

export interface Known {
  /** Null until they are known. */
  people: Person[] | null;
  error: string;
}

/** While faces come in, people are asked for at most this often, ms; what the person says is seen at once. */
const PAUSE = 1500;
const BUSY = new Set(["working", "grouping"]);

export const known = signal<Known>({ people: null, error: "" });
const watchers = signal(0);
const wanted = computed(() => watchers.value > 0 && start.value.phase === "ready");

let timer = 0;
let asking = false;
let lastAsked = -PAUSE;
/** The version that `known` shows. */
let shown = -1;

async function ask(): Promise<void> {
  asking = true;
  lastAsked = performance.now();
  const version = peopleVersion.peek();
  try {
    known.value = { people: await shoebox.people({ faces: 0 }), error: "" };
    shown = version;
  } catch (error) {
    known.value = { people: known.peek().people, error: sentence(error) };
  } finally {
    asking = false;
  }
  if (peopleVersion.peek() !== version) askSoon();
}

function askSoon(): void {
  if (timer || asking) return;
  timer = window.setTimeout(() => {
    timer = 0;
    if (wanted.peek() && !asking) void ask();
  }, BUSY.has(faceWork.peek().phase) ? Math.max(0, lastAsked + PAUSE - performance.now()) : 0);
}

effect(() => {
  if (wanted.value && peopleVersion.value !== shown) askSoon();
});

/** The people, kept up to date for as long as the component stands. */
export function usePeople(): Known {
  useEffect(() => {
    watchers.value += 1;
    return () => { watchers.value -= 1; };
  }, []);
  return known.value;
}
