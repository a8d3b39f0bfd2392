/** What a screen reader hears when something changes without the focus moving. */
import { signal } from "@preact/signals";

const spoken = signal("");

/** Say a sentence; saying the same one again is heard again. */
export function announce(text: string): void {
  spoken.value = spoken.value === text ? `${text}\u00a0` : text;
}

export function Announcer() {
  return <div role="status" aria-live="polite" class="unseen">{spoken}</div>;
}
