/** Deleting all that was found out about faces. */
import { shoebox } from "../../shoebox";
import { DeleteData } from "../delete-data";
import { counted } from "../words";
import { forgetSharp } from "./sharp";

async function deleteFaces(): Promise<void> {
  await shoebox.deleteFaceData();
  forgetSharp();
}

export function DeleteFaces({ faces }: { faces: number }) {
  return (
    <DeleteData
      ask="Delete face data…" title="Delete face data?" confirm="Delete face data" done="All face data is deleted" testid="delete-faces"
      remove={deleteFaces}
    >
      Everything about {counted(faces, "face")} goes: what makes them recognisable, who is on which photo, and the names that you gave.
      Looking for faces is turned off. This cannot be undone.
    </DeleteData>
  );
}
