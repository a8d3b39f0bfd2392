/** What is written in a photo, in the information panel: to be read, selected and copied. */
import { useState } from "preact/hooks";
import { announce } from "../announce";
import { count } from "../words";

/** Lines shown at first: a sign, a receipt's head. */
const SHOWN = 8;

export function PhotoText({ lines }: { lines: string[] }) {
  const [all, setAll] = useState(false);
  const shown = all ? lines : lines.slice(0, SHOWN);
  const copy = () => void navigator.clipboard.writeText(lines.join("\n")).then(() => announce("Text copied"), () => announce("The text could not be copied. Select it instead."));
  return (
    <>
      <p class="photo-text" data-testid="photo-text">{shown.join("\n")}</p>
      <span class="photo-text-actions">
        {lines.length > SHOWN && (
          <button type="button" class="quiet" aria-expanded={all} onClick={() => setAll(!all)}>{all ? "Show less" : `Show all ${count(lines.length)} lines`}</button>
        )}
        <button type="button" class="quiet" onClick={copy}>Copy</button>
      </span>
    </>
  );
}
