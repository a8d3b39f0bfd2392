/** Storing what was read. */
import type { Library } from "../client";
import { textVersion } from "../state";
import { FindingsKeeping } from "./findings-keeping";
import type { LibraryLock } from "./lock";

export class TextKeeping extends FindingsKeeping {
  constructor(library: Library, lock: LibraryLock, stored: (generation: number) => void) {
    super(library, lock, stored, "text");
  }

  protected override changed(): void {
    textVersion.value += 1;
  }
}
