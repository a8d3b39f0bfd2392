/** What the page is told of a pass over photos that looks at them again. */
import type { FaceWork } from "../contract";
import type { LookFiles } from "./look-files";
import type { Pace } from "./pace";

const CLOSED = "Their folder can be read once you allow it again.";

/** What holds up any of these passes. */
export type Standing = "after-photos" | "paused" | "waiting-for-power";

/** As the contract says of faces; `Held` are the phases in which a pass waits. */
export type LookWork<Held> = Omit<FaceWork, "phase"> & { phase: "starting" | "working" | "done" | "blocked" | Held };

export interface LookState<Held> {
  phase: LookWork<Held>["phase"];
  /** Why it is blocked, if it is. */
  reason: string;
  total: number;
  left: number;
  files: LookFiles;
  pace: Pace;
  /** Said of photos whose files are not at hand. */
  gone: string;
}

export function lookWork<Held>({ phase, reason, total, left, files: { waiting, folders }, pace, gone }: LookState<Held>): LookWork<Held> {
  const working = phase === "working";
  return {
    phase, reason, done: total - left, total,
    waiting, waitingReason: waiting === 0 ? "" : folders.length > 0 ? CLOSED : gone, folders,
    photosPerSecond: working ? pace.photosPerSecond : 0,
    secondsLeft: working ? pace.secondsLeft(left - waiting) : null,
  };
}
