/** Taking everything that is known along as one file, and taking such a file in. */
import { useRef, useState } from "preact/hooks";
import { grid, start } from "../../state";
import { SaveCopy } from "./save-copy";
import { TakeCopy } from "./take-copy";

export function Copies() {
  const input = useRef<HTMLInputElement>(null);
  const [saving, setSaving] = useState(false);
  const [file, setFile] = useState<File | null>(null);
  const choose = ({ currentTarget }: { currentTarget: HTMLInputElement }) => {
    setFile(currentTarget.files?.[0] ?? null);
    // The same file may be chosen once more.
    currentTarget.value = "";
  };
  const ready = start.value.phase === "ready";
  return (
    <>
      <p>
        One file with everything that Shoebox knows about your photos: what is on them and who, your albums, names and favourites.
        The photos themselves are not in it. It can be opened here, on another device, and by the program for the command line.
      </p>
      <div class="actions copies-actions">
        <button type="button" class="button" data-testid="save-copy" disabled={!ready || grid.value.ids.length === 0} onClick={() => setSaving(true)}>Save a copy…</button>
        <button type="button" class="button" data-testid="open-copy" disabled={!ready} onClick={() => input.current!.click()}>Open a copy…</button>
        <input ref={input} type="file" class="unseen" tabIndex={-1} aria-hidden="true" data-testid="copy-file" accept=".shoebox,.age" onChange={choose} />
      </div>
      {saving && <SaveCopy onClose={() => setSaving(false)} />}
      {file && <TakeCopy file={file} onClose={() => setFile(null)} />}
    </>
  );
}
