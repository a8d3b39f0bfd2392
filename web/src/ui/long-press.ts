/** A finger that rests on something, as opposed to one that taps or scrolls. */

const LONG = 450;
/** A finger at rest still trembles by so many CSS pixels. */
const STILL = 10;

/** Call back with what a finger rested on; the tap and the browser's own menu that would follow are held back. */
export function watchLongPress(element: HTMLElement, onLongPress: (target: Element) => void): () => void {
  let timer = 0;
  let pressed = false;
  let start = { x: 0, y: 0 };
  const stop = (): void => clearTimeout(timer);
  const handlers: { [K in keyof HTMLElementEventMap]?: (event: HTMLElementEventMap[K]) => void } = {
    pointerdown({ pointerType, target, clientX, clientY }) {
      stop();
      pressed = false;
      if (pointerType !== "touch" || !(target instanceof Element)) return;
      start = { x: clientX, y: clientY };
      timer = window.setTimeout(() => {
        pressed = true;
        onLongPress(target);
      }, LONG);
    },
    pointermove({ clientX, clientY }) {
      if (Math.hypot(clientX - start.x, clientY - start.y) > STILL) stop();
    },
    pointerup: stop,
    pointercancel: stop,
    contextmenu(event) {
      if ((event as PointerEvent).pointerType === "touch") event.preventDefault();
    },
    click(event) {
      if (!pressed) return;
      pressed = false;
      event.preventDefault();
      event.stopPropagation();
    },
  };
  const entries = Object.entries(handlers) as [string, EventListener][];
  for (const [name, handler] of entries) element.addEventListener(name, handler, { capture: true });
  return () => {
    stop();
    for (const [name, handler] of entries) element.removeEventListener(name, handler, { capture: true });
  };
}
