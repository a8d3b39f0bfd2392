/** A group of duplicates: its files side by side, which one to keep and why, and what can be done. Keys: c, x and n in it. */
import type { DuplicateFile, DuplicateGroup } from "../../contract";
import { Icon } from "../icons";
import { format } from "../router";
import { bytes, fileName, folderName } from "../words";
import { notDuplicates } from "./changes";
import { chosen, isLast, othersChosen, toggle, toggleOthers } from "./choice";
import { Shot } from "./shot";
import { sizeOf, spare, titleOf } from "./words";

export interface GroupCardProps {
  group: DuplicateGroup;
  onCompare: (group: DuplicateGroup, photo: string) => void;
}

function FileTile({ file, keep, onOpen }: { file: DuplicateFile; keep: boolean; onOpen: (() => void) | null }) {
  const aside = chosen.value.has(file.name);
  const folder = folderName(file.name);
  const picture = <Shot id={file.photo} alt={fileName(file.name)} />;
  return (
    <li class="copy" data-aside={aside} data-testid="copy" data-name={file.name}>
      {onOpen
        ? <button type="button" class="copy-picture" aria-label={`Compare ${fileName(file.name)}`} onClick={onOpen}>{picture}</button>
        : <a class="copy-picture" href={format({ base: { page: "duplicates" }, photo: file.photo })} aria-label={`Open ${fileName(file.name)}`}>{picture}</a>}
      {keep && <span class="badge badge-on copy-badge"><Icon name="tick" size={14} />Keep</span>}
      <span class="copy-name" title={file.name}>{fileName(file.name)}</span>
      {folder && <span class="copy-fact" title={folder}>{folder}</span>}
      <span class="copy-fact">{sizeOf(file)}</span>
      <label class="copy-choice">
        <input type="checkbox" aria-label={`Set aside ${fileName(file.name)}`} checked={aside} disabled={!aside && isLast(file.name)} onChange={() => toggle(file.name)} />
        Set aside
      </label>
    </li>
  );
}

export function GroupCard({ group, onCompare }: GroupCardProps) {
  const { kind, files, why } = group;
  const title = titleOf(group);
  const same = kind === "identical";
  const other = files.find((file) => file.photo !== group.keep) ?? files[0]!;
  const press = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "c" && !same) onCompare(group, other.photo);
    else if (event.key === "x") toggleOthers([group]);
    else if (event.key === "n") void notDuplicates(group);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <article class="copies" data-testid="duplicate-group" data-kind={kind} aria-label={title} tabIndex={0} onKeyDown={press}>
      <header class="copies-head">
        <div class="copies-words">
          <h3>{title}</h3>
          <p class="muted">Keep {fileName(files[0]!.name)}. {why}</p>
        </div>
        <div class="actions">
          {!same && <button type="button" class="button" aria-keyshortcuts="c" onClick={() => onCompare(group, other.photo)}>Compare</button>}
          <button type="button" class="button" aria-keyshortcuts="x" aria-pressed={othersChosen(group)} title={`The others take ${bytes(spare(group))}`} onClick={() => toggleOthers([group])}>
            {othersChosen(group) ? "Keep all" : files.length === 2 ? "Set the other aside" : "Set the others aside"}
          </button>
          <button type="button" class="quiet" aria-keyshortcuts="n" onClick={() => void notDuplicates(group)}>{same ? "Keep all copies" : kind === "burst" ? "Not a burst" : "Not duplicates"}</button>
        </div>
      </header>
      <ul class="copies-row">
        {files.map((file, place) => (
          <FileTile key={file.name} file={file} keep={place === 0} onOpen={same || file.photo === group.keep ? null : () => onCompare(group, file.photo)} />
        ))}
      </ul>
    </article>
  );
}
