/** The files chosen so far, and the way on. */
import { useState } from "preact/hooks";
import { bytes, counted } from "../words";
import { AsideQuestion } from "./aside-question";
import { chosenFiles, clearChoice } from "./choice";

export function AsideBar() {
  // Outlives the choice: files that have been moved are chosen no longer, but may be moved back.
  const [asked, setAsked] = useState<string[] | null>(null);
  const files = chosenFiles();
  const size = files.reduce((sum, file) => sum + file.bytes, 0);
  return (
    <>
      {files.length > 0 && (
        <div class="aside-bar" role="region" aria-label="Chosen files" data-testid="aside-bar">
          <p><strong>{counted(files.length, "file")} chosen</strong> <span class="muted">{bytes(size)}</span></p>
          <div class="actions">
            <button type="button" class="quiet" onClick={clearChoice}>Choose none</button>
            <button type="button" class="button primary" onClick={() => setAsked(files.map(({ name }) => name))}>Set aside…</button>
          </div>
        </div>
      )}
      {asked && <AsideQuestion names={asked} onClose={() => setAsked(null)} />}
    </>
  );
}
