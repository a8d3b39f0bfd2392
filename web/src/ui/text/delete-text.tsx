/** Deleting all that was read in photos. */
import { shoebox } from "../../shoebox";
import { DeleteData } from "../delete-data";
import { counted } from "../words";

export function DeleteText({ texts }: { texts: number }) {
  return (
    <DeleteData
      ask="Delete text from photos…" title="Delete text from photos?" confirm="Delete text" done="All text from photos is deleted"
      testid="delete-text" remove={() => shoebox.deleteTextData()}
    >
      What was read in {counted(texts, "photo")} goes, and so do the networks that read. Reading is turned off; it can be done again.
    </DeleteData>
  );
}
