/** What the viewer and the grid beneath it share: which photos "next" and "previous" walk through. */
import { signal } from "@preact/signals";

/** The photos of the grid that is shown, in its order. */
export const stepIds = signal<readonly string[]>([]);

/** Whether the information panel stands open; it stays so from photo to photo. */
export const infoOpen = signal(false);

/** Whether faces are framed on the photo; it stays so from photo to photo. */
export const facesShown = signal(false);
