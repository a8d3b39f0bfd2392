/** Storing the faces that were found, and people when they change. */
import type { Library } from "../client";
import { peopleVersion } from "../state";
import { commitGroups } from "../storage/faces";
import { FindingsKeeping } from "./findings-keeping";
import type { LibraryLock } from "./lock";

export class FaceKeeping extends FindingsKeeping {
  constructor(library: Library, lock: LibraryLock, stored: (generation: number) => void) {
    super(library, lock, stored, "faces");
  }

  /** Let people be put together, if there is enough that is new; `all`: whatever is new. */
  async group(all: boolean): Promise<void> {
    const { load } = this;
    const { groups } = await this.library.call("faces_group", { all });
    if (!groups) return;
    await this.lock.with(async () => {
      if (load === this.load) this.stored(await commitGroups(groups));
    });
    peopleVersion.value += 1;
  }
}
