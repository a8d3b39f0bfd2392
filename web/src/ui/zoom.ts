/** The arithmetic of looking closer: a photo fitted into a stage, enlarged and moved, never lost from sight. */

export interface View {
  /** 1 shows the whole photo. */
  scale: number;
  /** Shift of the photo's middle from the stage's middle, in CSS pixels. */
  x: number;
  y: number;
}

export interface Size {
  width: number;
  height: number;
}

export const WHOLE: View = { scale: 1, x: 0, y: 0 };

/** Size of a photo fitted into the stage. */
export function fitted(photo: Size, stage: Size): Size {
  if (photo.width <= 0 || photo.height <= 0) return { width: 0, height: 0 };
  const ratio = Math.min(stage.width / photo.width, stage.height / photo.height);
  return { width: photo.width * ratio, height: photo.height * ratio };
}

/** The closest look that still makes sense: two screen pixels for one of the photo's, and at least threefold. */
export function closest(photo: Size, stage: Size): number {
  const fit = fitted(photo, stage);
  return fit.width === 0 ? 1 : Math.max(3, (photo.width / fit.width) * 2);
}

function held(shift: number, size: number, room: number): number {
  const spare = Math.max(0, (size - room) / 2);
  return Math.min(spare, Math.max(-spare, shift)) + 0;
}

/** Keep the scale within bounds and the photo's edges at or beyond the stage's. */
export function clamped(view: View, photo: Size, stage: Size): View {
  const scale = Math.min(closest(photo, stage), Math.max(1, view.scale));
  const fit = fitted(photo, stage);
  return { scale, x: held(view.x, fit.width * scale, stage.width), y: held(view.y, fit.height * scale, stage.height) };
}

/** Enlarge by `factor` so that what is under (x, y), measured from the stage's middle, stays there. */
export function zoomedAt(view: View, factor: number, x: number, y: number): View {
  return { scale: view.scale * factor, x: x - (x - view.x) * factor, y: y - (y - view.y) * factor };
}
