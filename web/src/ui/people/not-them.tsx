/** In the bar of selected photos, on a person's page: "this is not that person" for all of them. */
import { useState } from "preact/hooks";
import { Icon } from "../icons";
import { clearSelection } from "../selection";
import { calledOr, notThisPerson } from "./changes";
import { personShown } from "./present";

export function NotThem({ photos }: { photos: readonly string[] }) {
  const [busy, setBusy] = useState(false);
  const person = personShown();
  if (!person) return null;
  const chosen = new Set(photos);
  const faces = person.faces.filter(({ photo }) => chosen.has(photo)).map(({ id }) => id);
  const all = faces.length === person.faces.length;
  const say = () => {
    setBusy(true);
    void notThisPerson(faces, person).then((done) => { if (done) clearSelection(); }).finally(() => setBusy(false));
  };
  const label = `Not ${calledOr(person.name)}`;
  return (
    <button
      type="button" class="quiet" data-testid="not-them" disabled={busy || all || faces.length === 0} onClick={say}
      title={all ? "One photo must stay. If this is somebody else altogether, change the name instead." : label}
    >
      <Icon name="split" size={20} /><span class="selection-label">{label}</span>
    </button>
  );
}
