/** What a person can say about duplicates, with the words that offer to take it back. */
import type { DuplicateGroup } from "../../contract";
import { shoebox } from "../../shoebox";
import { offerUndo, showProblem } from "../undo";

async function told(text: string, ids: string[], others?: string[]): Promise<void> {
  try {
    offerUndo(text, await shoebox.notDuplicates(ids, others ? { others } : {}));
  } catch (error) {
    showProblem(error);
  }
}

/** None of the group is a duplicate of another. */
export function notDuplicates({ kind, photos }: DuplicateGroup): Promise<void> {
  const text = { identical: "All copies are kept", "same-picture": "Noted: these are no duplicates", burst: "Noted: this is no burst" };
  return told(text[kind], photos);
}

/** One photo is no duplicate of the others. */
export function notADuplicate({ photos }: DuplicateGroup, photo: string): Promise<void> {
  return told("Noted: this is no duplicate", [photo], photos.filter((other) => other !== photo));
}
