/**
 * [Note: Orientation exactly once]
 *
 * Browsers turn photos upright by themselves, but not in every format: Chromium does it for JPEG, PNG and AVIF (both with
 * createImageBitmap, whatever `imageOrientation` says, and by the rotation of ImageDecoder's frames when they are drawn), and not
 * for WebP. Python says what the photo's orientation is. So that it is applied exactly once, each browser is asked once per format:
 * it decodes a picture of 2 x 1 pixels with orientation 6, and one that applies it shows 1 x 2.
 */

const PROBES: Record<string, string> = {
  "image/jpeg": "/9j/4AAQSkZJRgABAQAAAQABAAD/4QAiRXhpZgAATU0AKgAAAAgAAQESAAMAAAABAAYAAAAAAAD/2wBDACgcHiMeGSgjISMtKygwPGRBPDc3PHtYXUlkkYCZlo+AjIqgtObDoKrarYqMyP/L2u71////m8H////6/+b9//j/2wBDASstLTw1PHZBQXb4pYyl+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj/wAARCAABAAIDASIAAhEBAxEB/8QAFQABAQAAAAAAAAAAAAAAAAAAAAT/xAAUEAEAAAAAAAAAAAAAAAAAAAAA/8QAFQEBAQAAAAAAAAAAAAAAAAAAAwX/xAAUEQEAAAAAAAAAAAAAAAAAAAAA/9oADAMBAAIRAxEAPwCYASg//9k=",
  "image/png": "iVBORw0KGgoAAAANSUhEUgAAAAIAAAABCAIAAAB7QOjdAAAAGmVYSWZNTQAqAAAACAABARIAAwAAAAEABgAAAAAAANZnS2kAAAAPSURBVHicYzwhJ8fAwAAABcwBBkWIWdQAAAAASUVORK5CYII=",
  "image/webp": "UklGRmYAAABXRUJQVlA4WAoAAAAIAAAAAQAAAAAAVlA4ICYAAABwAQCdASoCAAEAB0CWJaACdAFAAAD+5AFjCaSdH8zfhR8nUAAAAEVYSUYaAAAATU0AKgAAAAgAAQESAAMAAAABAAYAAAAAAAA=",
};

const answers = new Map<string, Promise<boolean>>();

/** Does this browser turn pictures of this kind upright when it decodes them? */
export function appliesOrientation(mime: string): Promise<boolean> {
  let answer = answers.get(mime);
  if (!answer) {
    answer = probe(mime);
    answers.set(mime, answer);
  }
  return answer;
}

async function probe(mime: string): Promise<boolean> {
  const picture = PROBES[mime];
  // HEIF and its kin keep the rotation in the container, which every decoder applies.
  if (!picture) return true;
  const bytes = Uint8Array.from(atob(picture), (letter) => letter.charCodeAt(0));
  try {
    const bitmap = await createImageBitmap(new Blob([bytes], { type: mime }));
    const turned = bitmap.height > bitmap.width;
    bitmap.close();
    return turned;
  } catch {
    return true;
  }
}

/** The canvas transform that draws a picture of `width` x `height` (as stored) upright; [a, b, c, d, e, f] of `setTransform`. */
export function turn(orientation: number, width: number, height: number): [number, number, number, number, number, number] {
  switch (orientation) {
    case 2: return [-1, 0, 0, 1, width, 0];
    case 3: return [-1, 0, 0, -1, width, height];
    case 4: return [1, 0, 0, -1, 0, height];
    case 5: return [0, 1, 1, 0, 0, 0];
    case 6: return [0, 1, -1, 0, height, 0];
    case 7: return [0, -1, -1, 0, height, width];
    case 8: return [0, -1, 1, 0, 0, width];
    default: return [1, 0, 0, 1, 0, 0];
  }
}
