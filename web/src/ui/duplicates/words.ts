/** Words for duplicates. */
import type { DuplicateFile, DuplicateGroup, DuplicateKind, DuplicateWork } from "../../contract";
import { bytes, count, counted } from "../words";

export const KINDS: { kind: DuplicateKind; title: string; lead: string }[] = [
  { kind: "identical", title: "Exact copies", lead: "The very same file, in more than one place." },
  { kind: "same-picture", title: "Same picture", lead: "One picture as several files: resized, cropped, recoloured or saved again." },
  { kind: "burst", title: "Bursts", lead: "Different photos of one moment, taken seconds apart." },
];

export function titleOf({ kind, files, photos }: DuplicateGroup): string {
  switch (kind) {
    case "identical": return `${counted(files.length, "copy", "copies")} of one file`;
    case "same-picture": return `${counted(files.length, "file")} of one picture`;
    case "burst": return `${counted(photos.length, "photo")} of one moment`;
  }
}

/** Bytes of all files but the first. */
export function spare({ files }: DuplicateGroup): number {
  return files.slice(1).reduce((sum, file) => sum + file.bytes, 0);
}

/** "4,000 × 3,000, 3.4 MB". */
export function sizeOf(file: DuplicateFile): string {
  return `${count(file.width)} × ${count(file.height)}, ${bytes(file.bytes)}`;
}

/** What is going on, in a sentence without a full stop; empty where nothing is. */
export function workWords({ phase, done, total, reason }: DuplicateWork): string {
  switch (phase) {
    case "waiting": return "Photos are added first; then they are compared";
    case "comparing": return `Compared ${count(done)} of ${counted(total, "photo")}`;
    case "looking": return `Looked closely at ${count(done)} of ${counted(total, "pair")} that are alike`;
    case "weighing": return `Looking which of ${counted(total, "photo")} are sharpest`;
    case "failed": return reason;
    case "idle":
    case "done": return "";
  }
}
