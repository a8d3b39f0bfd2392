/** The files that are chosen to be set aside. Of every group one file stays. */
import { signal } from "@preact/signals";
import type { DuplicateFile, DuplicateGroup } from "../../contract";
import { announce } from "../announce";
import { known } from "./known";

export const chosen = signal<ReadonlySet<string>>(new Set());

export function clearChoice(): void {
  chosen.value = new Set();
}

/** Would nothing be left of a group? */
export function isLast(name: string): boolean {
  const now = chosen.value;
  return (known.value.groups ?? []).some(({ files }) => files.some((file) => file.name === name) && files.every((file) => file.name === name || now.has(file.name)));
}

export function toggle(name: string): void {
  const next = new Set(chosen.peek());
  if (next.delete(name)) announce("Stays");
  else if (isLast(name)) return announce("One file of every group stays");
  else {
    next.add(name);
    announce("Chosen to be set aside");
  }
  chosen.value = next;
}

function othersOf({ files }: DuplicateGroup): string[] {
  return files.slice(1).map(({ name }) => name);
}

/** Are all but the one to keep chosen? */
export function othersChosen(group: DuplicateGroup): boolean {
  return othersOf(group).every((name) => chosen.value.has(name)) && !chosen.value.has(group.files[0]!.name);
}

/** Choose all but the one to keep, of these groups; or none of them, where that is so already. */
export function toggleOthers(groups: readonly DuplicateGroup[]): void {
  const all = groups.every(othersChosen);
  const next = new Set(chosen.peek());
  for (const group of groups) {
    next.delete(group.files[0]!.name);
    for (const name of othersOf(group)) {
      if (all) next.delete(name);
      else next.add(name);
    }
  }
  chosen.value = next;
}

/** What is chosen of the groups that are shown now; what is no duplicate any more falls out. */
export function chosenFiles(): DuplicateFile[] {
  const files = new Map((known.value.groups ?? []).flatMap((group) => group.files.map((file) => [file.name, file] as const)));
  return [...chosen.value].flatMap((name) => files.get(name) ?? []);
}
