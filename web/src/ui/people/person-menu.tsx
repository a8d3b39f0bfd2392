/** What can be done with a person: put together with another, sorted out, hidden. */
import { useRef, useState } from "preact/hooks";
import type { PersonPage } from "../../contract";
import { Icon } from "../icons";
import { px } from "../words";
import { hide } from "./changes";
import { FacesQuestion } from "./faces-question";
import { MergeQuestion } from "./merge-question";

/** Between the button and its menu, CSS pixels. */
const GAP = 4;

export function PersonMenu({ person }: { person: PersonPage }) {
  const menu = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const [asking, setAsking] = useState<"merge" | "faces" | null>(null);
  const pick = (work: () => void) => {
    menu.current!.hidePopover();
    work();
  };
  const place = () => {
    const { bottom, right } = button.current!.getBoundingClientRect();
    menu.current!.style.inset = `${px(bottom + GAP)} ${px(document.documentElement.clientWidth - right)} auto auto`;
  };
  return (
    <>
      <button ref={button} type="button" class="tool" popovertarget="person-menu" aria-label="More" title="More" data-testid="person-more"><Icon name="more" /></button>
      <div ref={menu} id="person-menu" class="menu" popover="auto" onBeforeToggle={place}>
        <button type="button" class="menu-item" onClick={() => pick(() => setAsking("merge"))}><Icon name="merge" size={20} />Same person as…</button>
        <button type="button" class="menu-item" onClick={() => pick(() => setAsking("faces"))}><Icon name="split" size={20} />Sort out wrong faces…</button>
        <button type="button" class="menu-item" onClick={() => pick(() => void hide(person, !person.hidden))}>
          <Icon name={person.hidden ? "eye" : "unseen"} size={20} />{person.hidden ? "Show again" : "Hide"}
        </button>
        <p class="menu-note">To say “not this person” of whole photos, select them below.</p>
      </div>
      {asking === "merge" && <MergeQuestion person={person} onClose={() => setAsking(null)} />}
      {asking === "faces" && <FacesQuestion person={person} onClose={() => setAsking(null)} />}
    </>
  );
}
