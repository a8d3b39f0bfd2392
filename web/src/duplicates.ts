/** The verbs about duplicates. */
import type { Shoebox } from "./contract";
import { theEngine } from "./engine";

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
