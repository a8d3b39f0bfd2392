/** What the user interface asks of the platform, besides the verbs of the contract. */
import { theEngine } from "./engine";
import { findOriginal } from "./indexing/originals";
import { scanDirectory, scanDrop, scanFiles, type Scan } from "./indexing/scan";
import "./shoebox";
import { inFull } from "./showing";
import { thumbnailAtHand, thumbnailUrl } from "./storage/thumbnails";

/** Bring everything up behind the painted page. Called once. */
export function startPlatform(): void {
  void theEngine().start();
}

/** An object URL of the photo's thumbnail; kept for a while, revoked when many others were asked for since. Null if none. */
export function thumbnail(id: string): Promise<string | null> {
  return thumbnailUrl(id);
}

/** The same where it need not be waited for; else null. */
export function thumbnailNow(id: string): string | null {
  return thumbnailAtHand(id);
}

/** The whole file, if it is at hand: of this visit, or of a folder that may be read. */
export async function original(id: string): Promise<Blob | null> {
  const engine = theEngine();
  await engine.ready;
  const { name, copies, elsewhere } = await engine.library.call("photo", { id });
  // Another photo may lie here under the name that this one has elsewhere.
  return elsewhere ? null : findOriginal([name, ...copies]);
}

/** Did the photo come with a saved library, so that its file is on another device? */
export async function isElsewhere(id: string): Promise<boolean> {
  const engine = theEngine();
  await engine.ready;
  return (await engine.library.call("photo", { id })).elsewhere;
}

/** A photo as a picture that every browser shows, where this one does not show its file; null where nobody can. */
export function asJpeg(file: Blob): Promise<Blob | null> {
  return inFull(file, file instanceof File ? file.name : "", theEngine().library);
}

/** Where the squares that are cut out of photos begin, across and down: 0 to 1, as `object-position` counts. */
export async function squares(ids: string[]): Promise<[number, number][]> {
  const engine = theEngine();
  await engine.ready;
  return engine.library.call("squares", { ids });
}

export function addDropped(transfer: DataTransfer): Promise<void> {
  return add(scanDrop(transfer));
}

export async function addPickedFolder(): Promise<void> {
  if (!window.showDirectoryPicker) {
    throw new DOMException("This browser cannot keep folders. Choose the folder with the file chooser instead.", "NotSupportedError");
  }
  await add(scanDirectory(await window.showDirectoryPicker({ id: "photos", mode: "read" })));
}

export function addFiles(files: FileList | File[]): Promise<void> {
  // A copy: the list empties when the input is used again.
  return add(scanFiles(Array.from(files)));
}

/** After a click: asks for the folders that wait, and goes on with them. */
export async function continueFolders(): Promise<void> {
  const engine = theEngine();
  await engine.ready;
  await engine.additions.continueFolders();
}

/** After a click: asks for the folders that photos lie in whose faces are not known yet, and goes on with them. */
export async function allowFaceFolders(): Promise<void> {
  const engine = theEngine();
  await engine.ready;
  await engine.faces.allowFolders();
}

/** After a click: people are as the chosen face pack sees them, also where it has not seen all photos. */
export async function facesNow(): Promise<void> {
  const engine = theEngine();
  await engine.ready;
  await engine.faces.changeNow();
}

/** After a click: the same for photos that nobody has read yet. */
export async function allowTextFolders(): Promise<void> {
  const engine = theEngine();
  await engine.ready;
  await engine.text.allowFolders();
}

async function add(scan: Scan): Promise<void> {
  const engine = theEngine();
  await engine.ready;
  await engine.additions.add(scan);
}
