/** A question over the page, or over the viewer; the keys typed into it are its own. */
import type { ComponentChildren } from "preact";
import { useId, useLayoutEffect, useRef } from "preact/hooks";

export interface SheetProps {
  title: string;
  onClose: () => void;
  /** May it be left with Escape just now? */
  busy?: boolean;
  wide?: boolean;
  testid?: string;
  children: ComponentChildren;
}

export function Sheet({ title, onClose, busy = false, wide = false, testid, children }: SheetProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const heading = useId();
  useLayoutEffect(() => {
    const element = dialog.current!;
    element.showModal();
    return () => element.close();
  }, []);
  return (
    <dialog
      ref={dialog} class="question sheet" data-wide={wide} data-testid={testid} aria-labelledby={heading}
      onKeyDown={(event) => event.stopPropagation()}
      onCancel={(event) => { event.preventDefault(); event.stopPropagation(); if (!busy) onClose(); }}
    >
      <h2 id={heading}>{title}</h2>
      {children}
    </dialog>
  );
}
