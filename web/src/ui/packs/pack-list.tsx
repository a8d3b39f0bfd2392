/** The model packs in the settings: what there is, under which licence, which one is used, and taking one in. */
import { useEffect, useRef } from "preact/hooks";
import type { PackEntry } from "../../contract";
import { faceWork, packWork, settings, start } from "../../state";
import { bytes, count } from "../words";
import { FacePackWork } from "./face-pack-work";
import { Renewing } from "./renewing";
import { addPackFile, checking, packProblem, packs, refreshPacks, removePack, stayWithPack, useFacePack, usePack } from "./known";

function about({ version, licence, bytes: size, builtIn }: PackEntry): string {
  const parts = [version && `version ${version}`, licence && `licence: ${licence}`, size > 0 && bytes(size), builtIn && "a part of the app"];
  return parts.filter(Boolean).join(" · ");
}

function Pack({ pack }: { pack: PackEntry }) {
  const faces = pack.kind === "faces";
  const busy = !faces && packWork.value.phase !== "idle";
  const next = !faces && packWork.value.pack === pack.id;
  const use = () => void (faces ? useFacePack(pack.id) : usePack(pack.id));
  return (
    <li class="pack" data-testid="pack">
      <div class="pack-about">
        <span class="pack-title">{pack.title}</span>
        <span class="fact-more">{about(pack)}</span>
        {pack.terms && <span class="fact-more pack-terms">{pack.terms}</span>}
      </div>
      <div class="pack-actions">
        {pack.inUse && <span class="badge badge-on">{faces && faceWork.value.beside ? "Looking at photos" : "In use"}</span>}
        {!pack.inUse && !next && (
          <button type="button" class="button" disabled={busy || start.value.phase !== "ready"} aria-label={`Use ${pack.title}`} onClick={use}>Use</button>
        )}
        {!pack.inUse && !pack.builtIn && !next && (
          <button type="button" class="button quiet" aria-label={`Remove ${pack.title}`} onClick={() => void removePack(pack.id)}>Remove</button>
        )}
      </div>
    </li>
  );
}

function said({ phase, done, total, reason }: typeof packWork.value, title: string): string {
  switch (phase) {
    case "starting": return `${title} is being made ready. The present pack goes on answering.`;
    case "waiting": return `${title} goes on when no photos are being added.`;
    case "working": return `${title} has looked at ${count(done)} of ${count(total)} photos. The present pack goes on answering.`;
    case "changing": return "Nearly done. The page loads anew in a moment.";
    case "blocked": return reason;
    case "idle": return "";
  }
}

/** How far the next pack has come, and the way back. */
function Changing() {
  const work = packWork.value;
  if (work.phase === "idle") return null;
  const title = packs.value.find(({ id }) => id === work.pack)?.title ?? work.pack;
  const share = work.total > 0 ? work.done / work.total : 0;
  return (
    <div class="pack-work" data-testid="pack-work">
      <div class="meter" role="progressbar" aria-label={`Changing over to ${title}`} aria-valuemin={0} aria-valuemax={100} aria-valuenow={Math.round(share * 100)}>
        <span class="progress-fill" style={{ transform: `scaleX(${Math.max(share, 0.004)})` }} />
      </div>
      <p role={work.phase === "blocked" ? "alert" : undefined}>{said(work, title)}</p>
      <div class="actions">
        {work.phase === "blocked" && <button type="button" class="button" onClick={() => void usePack(work.pack)}>Try again</button>}
        <button type="button" class="button" disabled={work.phase === "changing"} onClick={() => void stayWithPack()}>Stay with the present pack</button>
      </div>
    </div>
  );
}

function Kind({ kind, title }: { kind: PackEntry["kind"]; title: string }) {
  const id = `packs-of-${kind}`;
  return (
    <>
      <h3 class="packs-title" id={id}>{title}</h3>
      <ul class="packs" aria-labelledby={id}>{packs.value.filter((pack) => pack.kind === kind).map((pack) => <Pack key={pack.id} pack={pack} />)}</ul>
    </>
  );
}

export function Packs() {
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => void refreshPacks().catch((error: unknown) => console.error(error)), [settings.value.pack, settings.value.facePack, start.value.phase]);
  const choose = ({ currentTarget }: { currentTarget: HTMLInputElement }) => {
    const file = currentTarget.files?.[0];
    if (file) void addPackFile(file);
    // The same file may be chosen once more.
    currentTarget.value = "";
  };
  return (
    <>
      <p>
        A model pack is what understands photos and words, or finds faces. Another one may find more, or know more languages. It is one
        file whose name ends in .pack: drop it anywhere on this page, or choose it here. It stays on this device.
      </p>
      <Kind kind="photos" title="Photos and words" />
      <Changing />
      <Renewing />
      <Kind kind="faces" title="Faces" />
      <FacePackWork />
      {packProblem.value && <p role="alert" class="pack-problem" data-testid="pack-problem">{packProblem.value}</p>}
      <div class="actions">
        <button type="button" class="button" data-testid="add-pack" disabled={checking.value || start.value.phase !== "ready"} onClick={() => input.current!.click()}>
          {checking.value ? "Checking the file…" : "Add a pack…"}
        </button>
        <input ref={input} type="file" class="unseen" tabIndex={-1} aria-hidden="true" data-testid="pack-file" accept=".pack" onChange={choose} />
      </div>
    </>
  );
}
