/** "Save a copy": what goes into the file, and the passphrase that locks it. */
import { useId, useState } from "preact/hooks";
import { shoebox } from "../../shoebox";
import { grid } from "../../state";
import { announce } from "../announce";
import { save } from "../duplicates/save";
import { Sheet } from "../people/sheet";
import { bytes, count, counted, sentence } from "../words";
import { Progress } from "./progress";

/** What a thumbnail takes, as measured over photos of many kinds. */
const THUMBNAIL_BYTES = 20_000;

interface PartProps {
  title: string;
  meaning: string;
  checked: boolean;
  onChange: (yes: boolean) => void;
  testid: string;
}

function Part({ title, meaning, checked, onChange, testid }: PartProps) {
  const id = useId();
  return (
    <label class="line">
      <span class="line-name">{title}<span class="fact-more" id={id}>{meaning}</span></span>
      <input
        type="checkbox" role="switch" class="switch" data-testid={testid} aria-label={title} aria-describedby={id} checked={checked}
        onChange={(event) => onChange(event.currentTarget.checked)}
      />
    </label>
  );
}

function fileNameOf(locked: boolean): string {
  const day = new Date();
  const parts = [day.getFullYear(), day.getMonth() + 1, day.getDate()].map((part) => String(part).padStart(2, "0"));
  return `Photos ${parts.join("-")}.shoebox${locked ? ".age" : ""}`;
}

export function SaveCopy({ onClose }: { onClose: () => void }) {
  const [thumbnails, setThumbnails] = useState(true);
  const [paths, setPaths] = useState(false);
  const [passphrase, setPassphrase] = useState("");
  const [again, setAgain] = useState("");
  const [done, setDone] = useState<{ photos: number; total: number } | null>(null);
  const [error, setError] = useState("");
  const photos = grid.value.ids.length;
  const write = async () => {
    if (passphrase !== again) return setError("The two passphrases are not the same. Type both again.");
    setError("");
    setDone({ photos: 0, total: photos });
    try {
      const file = await shoebox.exportIndex({ thumbnails, paths, onProgress: setDone, ...(passphrase ? { passphrase } : {}) });
      save(fileNameOf(passphrase !== ""), file);
      announce(`The copy is saved: ${bytes(file.size)}`);
      onClose();
    } catch (problem) {
      setError(sentence(problem));
      setDone(null);
    }
  };
  if (done) {
    return (
      <Sheet title="Saving a copy" testid="save-copy-sheet" busy onClose={onClose}>
        <Progress label="Saving" value={done.photos} total={done.total}>{count(done.photos)} of {counted(done.total, "photo")}</Progress>
      </Sheet>
    );
  }
  return (
    <Sheet title="Save a copy" testid="save-copy-sheet" onClose={onClose}>
      <form class="copy-form" onSubmit={(event) => { event.preventDefault(); void write(); }}>
        <Part
          title="Small pictures" testid="copy-thumbnails" checked={thumbnails} onChange={setThumbnails}
          meaning={`So that another device shows your photos too. About ${bytes(photos * THUMBNAIL_BYTES)}.`}
        />
        <Part
          title="Names of files and folders" testid="copy-paths" checked={paths} onChange={setPaths}
          meaning="What your photos are called here. Without them photos are found by what is on them."
        />
        <fieldset class="copy-lock">
          <legend>Passphrase</legend>
          <input
            type="password" class="name-input" aria-label="Passphrase" placeholder="Passphrase" autocomplete="new-password" data-testid="copy-passphrase"
            value={passphrase} onInput={(event) => setPassphrase(event.currentTarget.value)}
          />
          <input
            type="password" class="name-input" aria-label="The same passphrase again" placeholder="The same again" autocomplete="new-password"
            data-testid="copy-passphrase-again" value={again} onInput={(event) => setAgain(event.currentTarget.value)}
          />
          <p class="muted">
            {passphrase
              ? "Only who knows it can open the file. Nobody can bring it back if it is forgotten."
              : "Without one, anybody who has the file can read what is in it: places, dates, names of people."}
          </p>
        </fieldset>
        {error && <p role="alert" class="copy-error">{error}</p>}
        <div class="actions">
          <button type="button" class="button" onClick={onClose}>Cancel</button>
          <button type="submit" class="button primary" data-testid="save-copy-now">{passphrase ? "Lock and save" : "Save without a passphrase"}</button>
        </div>
      </form>
    </Sheet>
  );
}
