/** What was just done, with a button that takes it back. Stands in the page, or in the viewer while that lies over the page. */
import { useEffect, useRef } from "preact/hooks";
import { Icon } from "./icons";
import { dismiss, holdToast, listenForUndo, toast, undoLast } from "./undo";

/** Where the keyboard goes on once the button that it was on has gone. */
function returnFocus(): void {
  const next = document.querySelector<HTMLElement>("dialog[open]") ?? document.querySelector<HTMLElement>(".tile[tabindex='0']");
  (next ?? document.getElementById("content"))?.focus({ preventScroll: true });
}

export function UndoToast() {
  const place = useRef<HTMLDivElement>(null);
  useEffect(listenForUndo, []);
  const shown = toast.value;
  const leave = (work: () => void) => {
    work();
    holdToast(false);
    if (place.current?.contains(document.activeElement)) returnFocus();
  };
  return (
    <div
      ref={place} role="status" data-testid="undo-toast" onMouseEnter={() => holdToast(true)} onMouseLeave={() => holdToast(false)}
      onFocusIn={() => holdToast(true)} onFocusOut={() => holdToast(false)}
    >
      {shown && (
        <div class="toast" data-problem={shown.problem}>
          <p>{shown.text}</p>
          {shown.undoable && <button type="button" class="quiet accent" aria-keyshortcuts="Control+Z" onClick={() => leave(() => void undoLast())}>Undo</button>}
          <button type="button" class="quiet round" aria-label="Put this message away" onClick={() => leave(dismiss)}><Icon name="close" size={18} /></button>
        </div>
      )}
    </div>
  );
}
