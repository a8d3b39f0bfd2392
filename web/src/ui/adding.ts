/** Adding photos, whichever way they come; a refusal ends as a sentence in `addProblem`. */
import { computed, signal } from "@preact/signals";
import { addDropped, addFiles, addPickedFolder, continueFolders } from "../platform";
import { start } from "../state";
import { sentence } from "./words";

/** Why the last attempt to add photos came to nothing; empty where it did not. */
export const addProblem = signal("");

const underWay = signal(0);
/** Photos were given before the library was up, and wait for it. */
export const waitingToAdd = computed(() => underWay.value > 0 && (start.value.phase === "shell" || start.value.phase === "library"));

async function tried(work: Promise<void>): Promise<void> {
  addProblem.value = "";
  underWay.value += 1;
  try {
    await work;
  } catch (error) {
    // Closing the browser's own chooser is a decision, not a problem.
    if (!(error instanceof DOMException && error.name === "AbortError")) addProblem.value = sentence(error);
  } finally {
    underWay.value -= 1;
  }
}

export const dropped = (transfer: DataTransfer): Promise<void> => tried(addDropped(transfer));
export const chosen = (files: FileList | File[]): Promise<void> => tried(addFiles(files));
export const goOnWithFolders = (): Promise<void> => tried(continueFolders());

const FOLDER_INPUT = "folder-input";
const FILES_INPUT = "files-input";

/** The browser's folder chooser; where it has none that remembers, the one that uploads use elsewhere. */
export function chooseFolder(): void {
  if ("showDirectoryPicker" in window) void tried(addPickedFolder());
  else document.getElementById(FOLDER_INPUT)?.click();
}

export function choosePhotos(): void {
  document.getElementById(FILES_INPUT)?.click();
}

export { FILES_INPUT, FOLDER_INPUT };
