/** How far a pass over photos has come, and what it waits for; faces and text hand in their words. */
import type { ComponentChildren } from "preact";
import type { FaceWork, TextWork } from "../contract";
import { chooseFolder } from "./adding";
import { Icon } from "./icons";
import { showProblem } from "./undo";
import { counted, duration, rate } from "./words";

export interface LookProgressProps {
  work: FaceWork | TextWork;
  /** What is going on, in a sentence without a full stop; empty where nothing is. */
  words: string;
  /** What the bar counts. */
  label: string;
  testid: string;
  /** What photos are that wait for their files: "not read yet". */
  lacking: string;
  /** After a click: ask for the folders that wait. */
  allow: () => Promise<void>;
  children?: ComponentChildren;
}

function pace({ phase, photosPerSecond, secondsLeft }: FaceWork | TextWork): string {
  if (phase !== "working" || photosPerSecond <= 0) return "";
  return secondsLeft === null ? rate(photosPerSecond) : `${rate(photosPerSecond)}, ${duration(secondsLeft)} left`;
}

function Waiting({ work: { waiting, waitingReason, folders }, lacking, allow }: Pick<LookProgressProps, "work" | "lacking" | "allow">) {
  return (
    <div class="face-progress" role="note">
      <Icon name="folder" size={20} />
      <p>{counted(waiting, "photo")} {lacking}. {waitingReason}</p>
      {folders.length === 0 && <button type="button" class="button" onClick={chooseFolder}>Choose a folder</button>}
      {folders.length > 0 && <button type="button" class="button" onClick={() => void allow().catch(showProblem)}>Allow</button>}
    </div>
  );
}

export function LookProgress({ work, words, label, testid, lacking, allow, children }: LookProgressProps) {
  const { phase, done, total, waiting } = work;
  const speed = pace(work);
  return (
    <>
      {words && (
        <div class="face-progress" data-testid={testid} data-phase={phase}>
          <div class="face-progress-words">
            <p>{words}{speed && <span class="muted"> · {speed}</span>}</p>
            {children}
            <div
              class="progress-track" data-unknown={phase === "starting" || phase === "grouping"} role="progressbar" aria-label={label}
              aria-valuemin={0} aria-valuemax={total} aria-valuenow={done} aria-valuetext={words}
            >
              <span class="progress-fill" style={{ transform: `scaleX(${total > 0 ? Math.min(1, done / total) : 0})` }} />
            </div>
          </div>
        </div>
      )}
      {phase !== "off" && waiting > 0 && <Waiting work={work} lacking={lacking} allow={allow} />}
    </>
  );
}
