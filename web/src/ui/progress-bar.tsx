/** What is happening to photos that are being added: how many, how fast, how long still; pause, resume, and what failed. */
import { effect, signal } from "@preact/signals";
import { shoebox } from "../shoebox";
import type { Indexing } from "../state";
import { indexing, settings } from "../state";
import { announce } from "./announce";
import { Icon } from "./icons";
import { count, counted, duration, rate } from "./words";

/** The finished run that the person has put away. */
const dismissed = signal<Indexing | null>(null);

const RUNNING = new Set(["scanning", "working", "paused", "waiting-for-power", "blocked"]);

export function isRunning(state: Indexing): boolean {
  return RUNNING.has(state.phase);
}

/** "312 of 1,204 photos", and what became of them once they are done. */
export function headline(state: Indexing): string {
  const { phase, done, total, added, unchanged, duplicates, failed, reason } = state;
  switch (phase) {
    case "scanning": return total > 0 ? `Looking through the folder: ${counted(total, "photo")} so far` : "Looking through the folder…";
    case "working": return `Adding ${count(done)} of ${counted(total, "photo")}`;
    case "paused": return `Paused at ${count(done)} of ${counted(total, "photo")}`;
    case "waiting-for-power": return reason || "Waiting for mains power";
    case "blocked": return reason || "Stopped";
    case "idle": return "";
    case "done": {
      const already = unchanged + duplicates;
      if (added === 0 && failed === 0 && already > 0) return already === 1 ? "That photo was here already" : `All ${count(already)} photos were here already`;
      if (added === 0 && failed === 0) return "No photos were found there";
      return [`${counted(added, "photo")} added`, already > 0 ? `${count(already)} here already` : ""].filter(Boolean).join(", ");
    }
  }
}

function pace({ phase, photosPerSecond, secondsLeft }: Indexing): string {
  if (phase !== "working" || photosPerSecond <= 0) return "";
  return secondsLeft === null ? rate(photosPerSecond) : `${rate(photosPerSecond)}, ${duration(secondsLeft)} left`;
}

/** A run that ended well needs no one to put its message away; ms. */
const GOOD_NEWS = 8000;

let lastPhase = "idle";
effect(() => {
  const state = indexing.value;
  if (state.phase === lastPhase) return;
  lastPhase = state.phase;
  if (state.phase === "done" && state.failed === 0) {
    setTimeout(() => { if (indexing.peek().phase === "done") dismissed.value = indexing.peek(); }, GOOD_NEWS);
  }
  if (state.phase !== "idle" && state.phase !== "scanning") {
    const failed = state.phase === "done" && state.failed > 0 ? `, ${count(state.failed)} could not be read` : "";
    announce(`${headline(state)}${failed}`);
  }
});

export function ProgressBar() {
  const state = indexing.value;
  const { phase, done, total, failed } = state;
  if (phase === "idle" || dismissed.value === state) return null;
  const share = total > 0 ? Math.min(1, done / total) : 0;
  const stopped = phase === "paused" || phase === "blocked";
  const speed = pace(state);
  return (
    <section class="progress" data-testid="progress" data-phase={phase} aria-label="Adding photos">
      {isRunning(state) && (
        <div
          class="progress-track" data-unknown={phase === "scanning"} role="progressbar" aria-label="Photos added"
          aria-valuemin={0} aria-valuemax={total} aria-valuenow={phase === "scanning" ? undefined : done} aria-valuetext={headline(state)}
        >
          <span class="progress-fill" style={{ transform: `scaleX(${share})` }} />
        </div>
      )}
      <div class="progress-line">
        <p class="progress-words">
          <span class="progress-headline">{headline(state)}</span>
          {speed && <span class="progress-pace">{speed}</span>}
        </p>
        <div class="progress-actions">
          {failed > 0 && <a class="progress-failed" href="#/failures"><Icon name="alert" size={18} />{count(failed)} could not be read</a>}
          {phase === "waiting-for-power" && settings.value.mainsOnly && (
            <button type="button" class="quiet" onClick={() => void shoebox.configure({ mainsOnly: false })}>Go on now</button>
          )}
          {(phase === "working" || phase === "scanning" || stopped) && (
            <button type="button" class="quiet" data-testid="pause" onClick={() => void (stopped ? shoebox.resume() : shoebox.pause())}>
              <Icon name={stopped ? "play" : "pause"} size={18} />{phase === "blocked" ? "Try again" : stopped ? "Resume" : "Pause"}
            </button>
          )}
          {phase === "done" && (
            <button type="button" class="quiet round" aria-label="Put this message away" onClick={() => { dismissed.value = state; }}>
              <Icon name="close" size={18} />
            </button>
          )}
        </div>
      </div>
    </section>
  );
}
