/** What can be done with a person: put together with another, sorted out, hidden. */
import { useState } from "preact/hooks";
import type { PersonPage } from "../../contract";
import { Icon } from "../icons";
import { MoreMenu } from "../more-menu";
import { hide } from "./changes";
import { FacesQuestion } from "./faces-question";
import { MergeQuestion } from "./merge-question";

export function PersonMenu({ person }: { person: PersonPage }) {
  const [asking, setAsking] = useState<"merge" | "faces" | null>(null);
  return (
    <>
      <MoreMenu about="person">
        <button type="button" class="menu-item" onClick={() => setAsking("merge")}><Icon name="merge" size={20} />Same person as…</button>
        <button type="button" class="menu-item" onClick={() => setAsking("faces")}><Icon name="split" size={20} />Sort out wrong faces…</button>
        <button type="button" class="menu-item" onClick={() => void hide(person, !person.hidden)}>
          <Icon name={person.hidden ? "eye" : "unseen"} size={20} />{person.hidden ? "Show again" : "Hide"}
        </button>
        <p class="menu-note">To say “not this person” of whole photos, select them below.</p>
      </MoreMenu>
      {asking === "merge" && <MergeQuestion person={person} onClose={() => setAsking(null)} />}
      {asking === "faces" && <FacesQuestion person={person} onClose={() => setAsking(null)} />}
    </>
  );
}
