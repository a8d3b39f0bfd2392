/** The button that adds more photos, and the page's two file choosers. */
import { useEffect, useRef } from "preact/hooks";
import { abilities } from "../abilities";
import { chooseFolder, choosePhotos, chosen, FILES_INPUT, FOLDER_INPUT } from "./adding";
import { Icon } from "./icons";
import { PICTURES } from "./picture-files";

/** The real inputs behind the buttons; always in the page, so that scripts and assistive technology find them. */
export function FileInputs() {
  const take = (event: { currentTarget: HTMLInputElement }) => {
    const input = event.currentTarget;
    const files = Array.from(input.files ?? []);
    input.value = "";
    if (files.length > 0) void chosen(files);
  };
  const folder = useRef<HTMLInputElement>(null);
  useEffect(() => { folder.current!.webkitdirectory = true; }, []);
  return (
    <div class="unseen">
      <input ref={folder} id={FOLDER_INPUT} data-testid="folder-input" type="file" multiple tabIndex={-1} aria-label="Choose a folder" onChange={take} />
      <input id={FILES_INPUT} data-testid="files-input" type="file" multiple accept={PICTURES} tabIndex={-1} aria-label="Choose photos" onChange={take} />
    </div>
  );
}

export function AddPhotos() {
  const menu = useRef<HTMLDivElement>(null);
  const pick = (choose: () => void) => {
    menu.current!.hidePopover();
    choose();
  };
  return (
    <>
      <button type="button" class="button add-button" popovertarget="add-menu" aria-label="Add photos">
        <Icon name="add" size={20} /><span class="add-label">Add photos</span>
      </button>
      <div ref={menu} id="add-menu" class="menu" popover="auto">
        <button type="button" class="menu-item" onClick={() => pick(chooseFolder)}><Icon name="folder" size={20} />Choose a folder</button>
        <button type="button" class="menu-item" onClick={() => pick(choosePhotos)}><Icon name="photos" size={20} />Choose photos</button>
        <p class="menu-note">Or drop them anywhere on this page. They stay where they are; nothing is uploaded.</p>
        {!abilities().folders && <p class="menu-note">This browser does not remember folders: choose one again to bring in its new photos.</p>}
      </div>
    </>
  );
}
