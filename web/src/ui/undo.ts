/** The last changes and how to take them back: the toast that offers it, and Ctrl+Z. */
import { signal } from "@preact/signals";
import type { Changed, Undo } from "../contract";
import { shoebox } from "../shoebox";
import { sentence } from "./words";

export interface Toast {
  text: string;
  undoable: boolean;
  problem: boolean;
}

/** Long enough to read and reach (ms); it waits while the pointer or the focus is on it. */
const SHOWN_FOR = 8000;
/** As many changes can be taken back, one after the other. */
const MOST_CHANGES = 20;

export const toast = signal<Toast | null>(null);
/** Each entry is what one press takes back. */
const changes: Undo[][] = [];
let timer = 0;
let held = false;

function show(text: string, kind: "undoable" | "plain" | "problem"): void {
  toast.value = { text, undoable: kind === "undoable", problem: kind === "problem" };
  wait();
}

function wait(): void {
  clearTimeout(timer);
  if (!held) timer = window.setTimeout(dismiss, SHOWN_FOR);
}

/** Say what has been done, and offer to take it back; what was done in several steps is taken back as one. */
export function offerUndo(text: string, ...steps: Changed[]): void {
  const done = steps.filter(({ changed }) => changed > 0);
  if (done.length === 0) return;
  const undos = done.map(({ undo }) => undo).filter((undo) => undo !== null);
  const undoable = undos.length === done.length;
  if (undoable) changes.push(undos);
  if (changes.length > MOST_CHANGES) changes.shift();
  show(text, undoable ? "undoable" : "plain");
}

/** Say what has come of something, where nothing is to be taken back. */
export function showOutcome(text: string): void {
  show(text, "plain");
}

export function showProblem(error: unknown): void {
  show(sentence(error), "problem");
}

export async function undoLast(): Promise<void> {
  const steps = changes.pop();
  if (!steps) return;
  const left = [...steps];
  try {
    let changed = 0;
    // The last step first: it may stand on the one before.
    for (let step = left.at(-1); step; step = left.at(-1)) {
      changed += (await shoebox.undo(step)).changed;
      left.pop();
    }
    show(changed > 0 ? "Undone" : "There was nothing left to undo: it has been changed since", "plain");
  } catch (error) {
    changes.push(left);
    showProblem(error);
  }
}

/** Keep the toast while someone is at it. */
export function holdToast(hold: boolean): void {
  held = hold;
  wait();
}

export function dismiss(): void {
  clearTimeout(timer);
  held = false;
  toast.value = null;
}

function writesText(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || target.matches("input:not([type=checkbox], [type=radio]), textarea"));
}

/** Ctrl+Z, except where it takes back typing. */
export function listenForUndo(): () => void {
  const press = (event: KeyboardEvent): void => {
    const wanted = event.key.toLowerCase() === "z" && (event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey;
    if (!wanted || writesText(event.target) || changes.length === 0) return;
    event.preventDefault();
    void undoLast();
  };
  document.addEventListener("keydown", press);
  return () => document.removeEventListener("keydown", press);
}
