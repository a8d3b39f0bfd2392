/**
 * [Note: Orientation exactly once]
 *
 * Browsers turn photos upright by themselves, but not everywhere: Chromium's createImageBitmap does it for JPEG, PNG and AVIF,
 * whatever `imageOrientation` says, and not for WebP; pixels copied from the frames of its ImageDecoder lie as they are stored, while
 * drawing the same frames turns them. Python says what the photo's orientation is. So that it is applied exactly once, each browser
 * is asked once per format and way: it decodes a picture of 2 x 1 pixels with orientation 6, and one that applies it shows 1 x 2.
 */

const PROBES: Record<string, string> = {
  "image/jpeg": "/9j/4AAQSkZJRgABAQAAAQABAAD/4QAiRXhpZgAATU0AKgAAAAgAAQESAAMAAAABAAYAAAAAAAD/2wBDACgcHiMeGSgjISMtKygwPGRBPDc3PHtYXUlkkYCZlo+AjIqgtObDoKrarYqMyP/L2u71////m8H////6/+b9//j/2wBDASstLTw1PHZBQXb4pYyl+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj/wAARCAABAAIDASIAAhEBAxEB/8QAFQABAQAAAAAAAAAAAAAAAAAAAAT/xAAUEAEAAAAAAAAAAAAAAAAAAAAA/8QAFQEBAQAAAAAAAAAAAAAAAAAAAwX/xAAUEQEAAAAAAAAAAAAAAAAAAAAA/9oADAMBAAIRAxEAPwCYASg//9k=",
  "image/png": "iVBORw0KGgoAAAANSUhEUgAAAAIAAAABCAIAAAB7QOjdAAAAGmVYSWZNTQAqAAAACAABARIAAwAAAAEABgAAAAAAANZnS2kAAAAPSURBVHicYzwhJ8fAwAAABcwBBkWIWdQAAAAASUVORK5CYII=",
  "image/webp": "UklGRmYAAABXRUJQVlA4WAoAAAAIAAAAAQAAAAAAVlA4ICYAAABwAQCdASoCAAEAB0CWJaACdAFAAAD+5AFjCaSdH8zfhR8nUAAAAEVYSUYaAAAATU0AKgAAAAgAAQESAAMAAAABAAYAAAAAAAA=",
};

const answers = new Map<string, Promise<boolean>>();

/** Are pictures of this kind upright when `createImageBitmap` gives them? */
export function bitmapsAreTurned(mime: string): Promise<boolean> {
  return ask(mime, `bitmap of ${mime}`, async (bytes) => {
    const bitmap = await createImageBitmap(new Blob([bytes], { type: mime }));
    const turned = bitmap.height > bitmap.width;
    bitmap.close();
    return turned;
  });
}

/** Are the pixels of this kind upright when they are copied from a frame of `ImageDecoder`? */
export function framesAreTurned(mime: string): Promise<boolean> {
  return ask(mime, `frame of ${mime}`, async (data) => {
    const decoder = new ImageDecoder({ data, type: mime });
    const { image } = await decoder.decode();
    const { width, height } = image.visibleRect ?? { width: image.codedWidth, height: image.codedHeight };
    const turned = height > width;
    image.close();
    decoder.close();
    return turned;
  });
}

/** Ask the browser once. */
function ask(mime: string, question: string, probe: (bytes: Uint8Array<ArrayBuffer>) => Promise<boolean>): Promise<boolean> {
  let answer = answers.get(question);
  if (!answer) {
    const picture = PROBES[mime];
    // HEIF and its kin keep the rotation in the container, which every decoder applies.
    answer = picture === undefined ? Promise.resolve(true) : probe(Uint8Array.from(atob(picture), (letter) => letter.charCodeAt(0))).catch(() => true);
    answers.set(question, answer);
  }
  return answer;
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
