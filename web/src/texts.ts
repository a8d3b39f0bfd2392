/** The verbs about text in photos. */
import type { Shoebox } from "./contract";
import { theEngine } from "./engine";
import { textWork } from "./state";

export const textVerbs: Pick<Shoebox, "deleteTextData" | "textWork"> = {
  async deleteTextData() {
    const engine = theEngine();
    await engine.ready;
    await engine.deleteTextData();
  },

  async textWork() {
    await theEngine().ready;
    return structuredClone(textWork.value);
  },
};
