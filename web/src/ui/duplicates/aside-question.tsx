/** How the chosen files should be set aside: moved from here, or by a list or a script. Nothing is deleted either way. */
import { useEffect, useState } from "preact/hooks";
import type { SetAside } from "../../messages";
import { canMove, moveBack, moveFiles, planMoves, type Move, type Moved } from "../../set-aside";
import { announce } from "../announce";
import { Sheet } from "../people/sheet";
import { bytes, counted, sentence } from "../words";
import { clearChoice } from "./choice";
import { save } from "./save";

function Result({ result, onBack, onClose, busy }: { result: Moved; onBack: () => void; onClose: () => void; busy: boolean }) {
  const { moved, failed } = result;
  return (
    <>
      <p role="status" data-testid="moved">{counted(moved.length, "file")} moved.{failed.length > 0 && ` ${counted(failed.length, "file")} stayed:`}</p>
      {failed.length > 0 && (
        <ul class="aside-failed">
          {failed.map(({ name, reason }) => <li key={name}><strong>{name}</strong> {reason}</li>)}
        </ul>
      )}
      <div class="actions">
        <button type="button" class="button primary" disabled={busy} onClick={onClose}>Done</button>
        {moved.length > 0 && <button type="button" class="button" disabled={busy} onClick={onBack}>{busy ? "Moving back…" : "Move back"}</button>}
      </div>
    </>
  );
}

export function AsideQuestion({ names, onClose }: { names: string[]; onClose: () => void }) {
  const [plan, setPlan] = useState<SetAside | null>(null);
  const [movable, setMovable] = useState(false);
  const [error, setError] = useState("");
  const [done, setDone] = useState<number | null>(null);
  const [result, setResult] = useState<Moved | null>(null);
  useEffect(() => {
    void (async () => {
      try {
        setPlan(await planMoves(names));
        setMovable(await canMove(names));
      } catch (problem) {
        setError(sentence(problem));
      }
    })();
  }, []);
  const busy = done !== null;
  const run = async (work: () => Promise<void>) => {
    setError("");
    setDone(0);
    try {
      await work();
    } catch (problem) {
      setError(sentence(problem));
    } finally {
      setDone(null);
    }
  };
  const go = (files: readonly Move[]) => run(async () => {
    const answer = await moveFiles(files, setDone);
    setResult(answer);
    clearChoice();
    announce(`${counted(answer.moved.length, "file")} moved`);
  });
  const back = (files: readonly Move[]) => run(async () => {
    const { failed } = await moveBack(files);
    if (failed.length > 0) setError(`${counted(failed.length, "file")} could not be moved back: ${failed[0]!.reason}`);
    else onClose();
    announce("Moved back");
  });
  return (
    <Sheet title={result ? "Set aside" : `Set ${counted(names.length, "file")} aside?`} testid="aside-question" busy={busy} onClose={onClose}>
      {error && <p class="problem" role="alert">{error}</p>}
      {result && <Result result={result} busy={busy} onBack={() => void back(result.moved)} onClose={onClose} />}
      {!result && !plan && !error && <p role="status">One moment…</p>}
      {!result && plan && (
        <>
          <p>
            They go into a folder “Set aside by Shoebox” beside your photos, {bytes(plan.bytes)} in all. Look through it when you like, and delete
            it yourself. Shoebox deletes nothing.
          </p>
          {!movable && <p class="muted">This browser may not move these files for you. The script does the same on a computer with a shell; the list names the files.</p>}
          <div class="actions">
            {movable && (
              <button type="button" class="button primary" data-testid="move" disabled={busy} onClick={() => void go(plan.files)}>
                {busy ? `Moving ${done} of ${names.length}…` : "Move them"}
              </button>
            )}
            <button type="button" class="button" disabled={busy} onClick={() => save("set-aside.sh", plan.script)}>Save a script</button>
            <button type="button" class="button" disabled={busy} onClick={() => save("duplicates.txt", plan.list)}>Save a list</button>
            <button type="button" class="quiet" disabled={busy} onClick={onClose}>Cancel</button>
          </div>
        </>
      )}
    </Sheet>
  );
}
