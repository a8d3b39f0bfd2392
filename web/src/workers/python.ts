/**
 * The Python worker. In the role `library` it holds everything that Shoebox knows; in the role `decode` it is the decoder for
 * formats that the browser does not know, started only when one turns up.
 */
import * as Comlink from "comlink";
import type { PackFacts, PythonService, VerbAnswer } from "../messages";
import { readLibrary } from "../storage/library";
import { readDevice } from "../storage/meta";
import { writeSnapshot } from "../storage/snapshot";
import { readStatements } from "../storage/statements";
import { bootPython, type Python } from "./python/boot";

let python: Promise<Python> | null = null;

async function call(verb: string, args: Record<string, unknown>): Promise<{ answer: VerbAnswer; transfer: ArrayBuffer[] }> {
  if (!python) throw new Error("Python has not been started yet. Reload the page.");
  const { transfer, ...answer } = await (await python).call(verb, args);
  return { answer, transfer: transfer ?? [] };
}

const service: PythonService = {
  async boot(role, pack, inference): Promise<PackFacts | null> {
    python = bootPython(role, pack, inference);
    return (await python).facts;
  },

  async call(verb, args) {
    const { answer, transfer } = await call(verb, args);
    return Comlink.transfer(answer, transfer);
  },

  async load() {
    // Reading begins while Python is still starting.
    const [stored, said, author] = await Promise.all([readLibrary(), readStatements(), readDevice()]);
    const { answer } = await call("load", {
      blocks: stored.blocks, journal: stored.journal, keys: stored.keys, statements: said.runs, statement_keys: said.keys, author,
      faces: stored.faces, face_keys: stored.faceKeys,
    });
    if (answer.error !== undefined) return answer;
    return { value: { ...(answer.value as object), generation: stored.generation, statementKeys: said.keys } };
  },

  async grid(generation) {
    const { answer } = await call("grid", {});
    if (answer.error !== undefined) throw new Error(answer.error);
    const { ids, taken, aspect } = answer.value as Awaited<ReturnType<PythonService["grid"]>>;
    // Without a snapshot the next start is only slower to paint.
    if (generation !== null) await writeSnapshot({ ids, taken, aspect, generation }).catch((error: unknown) => console.warn(error));
    return Comlink.transfer({ ids, taken, aspect }, [taken.buffer, aspect.buffer]);
  },
};

Comlink.expose(service);
