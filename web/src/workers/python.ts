/**
 * The Python worker. In the role `library` it holds everything that Shoebox knows; in the role `decode` it is the decoder for
 * formats that the browser does not know, started only when one turns up.
 */
import * as Comlink from "comlink";
import type { DuplicateStep, PackFacts, PythonService, VerbAnswer } from "../messages";
import { readBlocks, readLibrary } from "../storage/library";
import { readDevice, readDuplicates, writeDuplicates } from "../storage/meta";
import { writeSnapshot } from "../storage/snapshot";
import { readStatements } from "../storage/statements";
import { bootPython, type Python } from "./python/boot";
import { Refused, saveCopy, takeCopy, type Stop } from "./python/copies";
import { GreyThumbnails } from "./python/grey-thumbnails";
import { beginNext, finishNext, keepPack, stepNext } from "./python/packs";
import { renewSome } from "./python/renewal";

let python: Promise<Python> | null = null;
const greys = new GreyThumbnails();
let stop: Stop = { wanted: false };

async function call(verb: string, args: Record<string, unknown>): Promise<{ answer: VerbAnswer; transfer: ArrayBuffer[] }> {
  if (!python) throw new Error("Python has not been started yet. Reload the page.");
  const { transfer, ...answer } = await (await python).call(verb, args);
  return { answer, transfer: transfer ?? [] };
}

async function ask(verb: string, args: Record<string, unknown>): Promise<VerbAnswer> {
  return (await call(verb, args)).answer;
}

/** What some work comes to, or the error that Python answered to it. */
async function answering(work: Promise<unknown>): Promise<VerbAnswer> {
  return work.then((value) => ({ value }), (error: unknown) => {
    if (error instanceof Refused) return error.answer;
    throw error;
  });
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
    // Reading begins while Python is still starting; the blocks last, since what was folded into them meanwhile may be done twice.
    const [stored, said, author] = await Promise.all([readLibrary(), readStatements(), readDevice()]);
    let anew = true;
    for await (const { keys, values } of readBlocks()) {
      const { answer } = await call("load_blocks", { blocks: values, keys, anew, total: stored.blocks });
      if (answer.error !== undefined) return answer;
      anew = false;
    }
    const { answer } = await call("load", {
      blocks: [], journal: stored.journal, statements: said.runs, statement_keys: said.keys, author,
      faces: stored.faces, face_keys: stored.faceKeys, texts: stored.texts, text_keys: stored.textKeys,
    });
    if (answer.error !== undefined) return answer;
    return { value: { ...(answer.value as object), generation: stored.generation, statementKeys: said.keys } };
  },

  saveCopy: (options, tell) => answering(saveCopy(ask, options, tell)),

  takeCopy(file, passphrase, tell) {
    stop = { wanted: false };
    return answering(takeCopy(ask, file, passphrase, tell, stop));
  },

  stopCopy() {
    stop.wanted = true;
  },

  keepPack: (file) => answering(keepPack(ask, file)),

  beginNext: (pack) => answering(beginNext(ask, pack)),

  stepNext: (tags) => answering(stepNext(ask, tags)),

  finishNext: (pack) => answering(finishNext(ask, pack)),

  renew: (tags) => answering(renewSome(ask, tags)),

  async recallDuplicates() {
    const stored = await readDuplicates();
    const { answer, transfer } = await call("duplicates_recall", stored ? { stored } : {});
    return Comlink.transfer(answer, transfer);
  },

  async compareDuplicates() {
    const { answer } = await call("duplicates_step", {});
    if (answer.error !== undefined) return answer;
    const { ids, soon, side, take, phase } = answer.value as DuplicateStep;
    if (take) {
      const { ids: found, values, sizes } = await greys.of(ids, side);
      greys.ahead(soon, side);
      const taken = await call("duplicates_take", { ids: found, thumbnails: values, sizes });
      if (taken.answer.error !== undefined) return taken.answer;
    }
    if (phase === "done") {
      greys.end();
      const { bytes } = (await call("duplicates_keep", {})).answer.value as { bytes: Uint8Array<ArrayBuffer> | null };
      // Without it photos are only compared once more at another time.
      if (bytes) await writeDuplicates(bytes).catch((error: unknown) => console.warn(error));
    }
    return answer;
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
