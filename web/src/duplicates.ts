/** The verbs about duplicates, and what the page asks besides. */
import type { Shoebox } from "./contract";
import { theEngine } from "./engine";

/** Compare what is new, in the background; where that fails, `duplicateWork` says why. */
export function compareDuplicates(): void {
  void theEngine().duplicates.run().catch((error: unknown) => console.warn(error));
}

export const duplicateVerbs: Pick<Shoebox, "duplicates" | "notDuplicates"> = {
  async duplicates({ kind, wait = true } = {}) {
    const engine = theEngine();
    await engine.ready;
    if (wait) await engine.duplicates.run();
    return engine.library.call("duplicates", kind === undefined ? {} : { kind });
  },

  async notDuplicates(ids, { others } = {}) {
    const engine = theEngine();
    await engine.ready;
    return engine.sayings.say("not_duplicates", others === undefined ? { ids } : { ids, others });
  },
};
