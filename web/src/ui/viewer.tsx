/** One photo over the whole screen: keyboard, zoom, information, and on to the next. */
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { favourites, grid, settings } from "../state";
import { announce } from "./announce";
import { toggleFavourites } from "./favourite";
import type { IconName } from "./icons";
import { Icon } from "./icons";
import { InfoPanel } from "./info-panel";
import { photoLabel, placeOf, positionLabel } from "./lookup";
import { forgetFullPhotos } from "./originals";
import { AskedFace } from "./people/face-boxes";
import { closePhoto, navigate, route, toPage } from "./router";
import { Stage } from "./stage";
import { UndoToast } from "./undo-toast";
import { facesShown, infoOpen, stepIds } from "./viewing";
import { dayOf } from "./words";

interface ToolProps {
  icon: IconName;
  name: string;
  onClick: () => void;
  pressed?: boolean;
  testid?: string;
}

function Tool({ icon, name, onClick, pressed, testid }: ToolProps) {
  return (
    <button type="button" class="tool" aria-label={name} title={name} aria-pressed={pressed} data-icon={icon} data-testid={testid} onClick={onClick}>
      <Icon name={icon} />
    </button>
  );
}

export function Viewer({ id }: { id: string }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [scale, setScale] = useState(1);
  useLayoutEffect(() => {
    const element = dialog.current!;
    element.showModal();
    // The dialog itself, not its first button: nobody has come to press "Back".
    element.focus();
    return () => element.close();
  }, []);
  useEffect(() => forgetFullPhotos, []);

  // A photo may be opened by its address while the page underneath shows none: then it stands alone.
  const ids = stepIds.value.includes(id) ? stepIds.value : grid.value.ids;
  const index = ids.indexOf(id);
  const neighbours = index < 0 ? [] : [ids[index + 1], ids[index - 1]].filter((next) => next !== undefined);
  const place = placeOf(id);
  const taken = place === undefined ? Number.NaN : grid.value.taken[place]!;
  const step = (by: 1 | -1) => {
    const next = index < 0 ? undefined : ids[index + by];
    if (next !== undefined) navigate({ ...route.value, photo: next }, "replace");
  };
  useEffect(() => {
    if (index >= 0) announce(`${photoLabel(taken)}, ${positionLabel(index, ids.length)}`);
  }, [id]);
  const { faces } = settings.value;
  const press = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "ArrowLeft") step(-1);
    else if (event.key === "ArrowRight") step(1);
    else if (event.key === "f") void toggleFavourites([id]);
    else if (event.key === "i") infoOpen.value = !infoOpen.value;
    else if (event.key === "p" && faces) facesShown.value = !facesShown.value;
    else return;
    event.preventDefault();
  };
  const date = dayOf(taken);
  return (
    <dialog
      ref={dialog} class="viewer" data-testid="viewer" data-id={id} data-info={infoOpen.value} aria-label={photoLabel(taken)}
      tabIndex={-1} onKeyDown={press} onCancel={(event) => { event.preventDefault(); closePhoto(); }}
    >
      <header class="viewer-bar">
        <Tool icon="back" name="Back (Escape)" onClick={closePhoto} />
        <p class="viewer-title">
          <span class="viewer-date">{date || "No date"}</span>
          {index >= 0 && <span class="viewer-position">{positionLabel(index, ids.length)}</span>}
        </p>
        <span class="viewer-scale" aria-hidden="true">{scale > 1 ? `${Math.round(scale * 100)}%` : ""}</span>
        <Tool icon="heart" name="Favourite (f)" testid="favourite" pressed={favourites.value.has(id)} onClick={() => void toggleFavourites([id])} />
        {faces && <Tool icon="people" name="Show faces (p)" testid="show-faces" pressed={facesShown.value} onClick={() => { facesShown.value = !facesShown.value; }} />}
        <Tool icon="alike" name="More like this" testid="more-like-this" onClick={() => toPage({ page: "similar", id })} />
        <Tool icon="info" name="Information (i)" pressed={infoOpen.value} onClick={() => { infoOpen.value = !infoOpen.value; }} />
      </header>
      <div class="viewer-main">
        <Stage id={id} label={photoLabel(taken)} neighbours={neighbours} onStep={step} onClose={closePhoto} onScale={setScale} faces={faces && facesShown.value} />
        {index > 0 && <button type="button" class="turn turn-back" aria-label="Previous photo" onClick={() => step(-1)}><Icon name="previous" size={28} /></button>}
        {index >= 0 && index < ids.length - 1 && <button type="button" class="turn turn-on" aria-label="Next photo" onClick={() => step(1)}><Icon name="next" size={28} /></button>}
      </div>
      {infoOpen.value && <InfoPanel id={id} />}
      <AskedFace />
      <div class="toasts"><UndoToast /></div>
    </dialog>
  );
}
