/** The menu behind the three dots at the head of a page; choosing from it closes it first. */
import type { ComponentChildren } from "preact";
import { useRef } from "preact/hooks";
import { Icon } from "./icons";
import { px } from "./words";

/** Between the button and its menu, CSS pixels. */
const GAP = 4;

export interface MoreMenuProps {
  /** What the page is about: "album", "person". */
  about: string;
  /** Buttons of class "menu-item", and a note. */
  children: ComponentChildren;
}

export function MoreMenu({ about, children }: MoreMenuProps) {
  const menu = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const place = () => {
    const { bottom, right } = button.current!.getBoundingClientRect();
    menu.current!.style.inset = `${px(bottom + GAP)} ${px(document.documentElement.clientWidth - right)} auto auto`;
  };
  const choose = ({ target }: MouseEvent) => {
    if (target instanceof Element && target.closest(".menu-item")) menu.current!.hidePopover();
  };
  return (
    <>
      <button ref={button} type="button" class="tool" popovertarget={`${about}-menu`} aria-label="More" title="More" data-testid={`${about}-more`}><Icon name="more" /></button>
      <div ref={menu} id={`${about}-menu`} class="menu" popover="auto" onBeforeToggle={place} onClickCapture={choose}>{children}</div>
    </>
  );
}
