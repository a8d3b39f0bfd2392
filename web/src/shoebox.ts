/** `globalThis.shoebox`: the scripting contract (contract.ts, docs/scripting.md), the same verbs that the page uses. */
import { albumVerbs } from "./albums";
import { archiveVerbs } from "./archive";
import { LibraryError } from "./client";
import { localClock } from "./clock";
import type { Settings, Shoebox } from "./contract";
import { duplicateVerbs } from "./duplicates";
import { theEngine } from "./engine";
import { scanDirectory, scanFiles } from "./indexing/scan";
import { isAtHand, packVerbs } from "./packs";
import { peopleVerbs } from "./people";
import { decodePicture } from "./picture";
import { placeVerbs } from "./place-verbs";
import { toPoints, toUnits } from "./places";
import { grid, settings } from "./state";
import { textVerbs } from "./texts";
import { thumbIds } from "./storage/library";
import { writeSettings } from "./storage/meta";
import { isPersistent } from "./storage/persistence";
import { usage } from "./storage/quota";
import { keepOffline } from "./offline";

const BACKENDS: Settings["backend"][] = ["auto", "wasm", "webgpu"];

async function ready(): Promise<ReturnType<typeof theEngine>> {
  const engine = theEngine();
  await engine.ready;
  return engine;
}

function isDirectory(input: unknown): input is FileSystemDirectoryHandle {
  return (input as { kind?: string } | null)?.kind === "directory";
}

/** What a change of settings may hold; throws a sentence otherwise. */
async function check(changes: Partial<Settings>): Promise<void> {
  const unknown = Object.keys(changes).filter((name) => !(name in settings.peek()));
  if (unknown.length > 0) throw new Error(`There is no setting “${unknown[0]}”. There are: ${Object.keys(settings.peek()).join(", ")}.`);
  if (changes.backend !== undefined && !BACKENDS.includes(changes.backend)) {
    throw new Error(`“${changes.backend}” is no way to compute. Choose one of: ${BACKENDS.join(", ")}.`);
  }
  if (changes.pack !== undefined && changes.pack !== settings.peek().pack) {
    if (!(await isAtHand("photos", changes.pack))) throw new Error(`There is no model pack “${changes.pack}” here. The pack “default” always is.`);
  }
  if (changes.facePack !== undefined && !(await isAtHand("faces", changes.facePack))) {
    throw new Error(`There is no face pack “${changes.facePack}” here. The pack “face-api” always is.`);
  }
}

export const shoebox: Shoebox = {
  ...peopleVerbs,
  ...placeVerbs,
  ...duplicateVerbs,
  ...albumVerbs,
  ...packVerbs,
  ...archiveVerbs,
  ...textVerbs,

  get ready() {
    return theEngine().ready;
  },

  async add(input, options = {}) {
    const engine = await ready();
    const scan = isDirectory(input) ? scanDirectory(input) : scanFiles(input);
    return engine.additions.add(scan, options.onProgress);
  },

  async search(query, options = {}) {
    const { library } = await ready();
    const answer = await library.call("search", { query, ...options, now: localClock() }).catch((error: unknown) => {
      if (!(error instanceof LibraryError) || !error.at) throw error;
      const { message, kind, at: { from, to } } = error;
      throw new LibraryError(message, kind, { from: toUnits(query, from), to: toUnits(query, to) });
    });
    const chips = answer.chips.map((chip) => ({ ...chip, from: toUnits(query, chip.from), to: toUnits(query, chip.to) }));
    return { ...answer, chips };
  },

  async complete(query, cursor) {
    const { library } = await ready();
    const found = await library.call("complete", { query, cursor: toPoints(query, cursor), now: localClock() });
    return found.map(({ replace: [from, to], ...rest }) => ({ ...rest, replace: [toUnits(query, from), toUnits(query, to)] }));
  },

  async similar(photo, options = {}) {
    const engine = await ready();
    if (typeof photo === "string") return engine.library.call("similar", { id: photo, ...options });
    const { pixels, width, height } = await decodePicture(photo, engine.library);
    return engine.library.call("similar", { pixels, width, height, ...options }, [pixels.buffer]);
  },

  async photo(id) {
    return (await ready()).library.call("photo", { id });
  },

  async photos(options = {}) {
    return (await ready()).library.call("photos", { ...options });
  },

  async tags() {
    return (await ready()).library.call("tags", {});
  },

  async failures() {
    return (await ready()).additions.listFailures();
  },

  async favourite(ids, yes = true) {
    return (await ready()).sayings.say("favourite", { ids, yes });
  },

  async undo(change) {
    const kinds = ["said", "removed", "restored"];
    if (!kinds.some((kind) => kind in Object(change))) throw new Error("Give “undo” what a change was answered with under that name.");
    return (await ready()).undo(change);
  },

  async remove(ids) {
    const { changed, undo } = await (await ready()).remove(ids);
    return { removed: changed, undo };
  },

  async clear() {
    await (await ready()).clear();
  },

  async pause() {
    await theEngine().additions.pause();
  },

  async resume() {
    await theEngine().additions.resume();
    theEngine().faces.poke();
    theEngine().text.poke();
    theEngine().renewal.lookAgain();
  },

  async verify() {
    const { library, sayings, problems: loading } = await ready();
    const [checked, thumbs, { ids }, { bare }] = await Promise.all([sayings.verify(), thumbIds(), library.grid(), library.call("stats", {})]);
    const problems = [...loading, ...checked.problems];
    const have = new Set(thumbs);
    const without = ids.filter((id) => !have.has(id)).length - bare;
    if (without > 0) problems.push(`${without} photos have no thumbnail. Add their folder again to make them anew.`);
    return { ok: problems.length === 0, problems };
  },

  async settings() {
    return { ...settings.value };
  },

  async configure(changes) {
    await check(changes);
    const before = settings.peek();
    const engine = theEngine();
    // With photos in the library, another pack has to look at them first.
    const later = changes.pack !== undefined && grid.peek().ids.length > 0;
    const after: Settings = { ...before, ...changes, ...(later ? { pack: before.pack } : {}) };
    await writeSettings(after);
    settings.value = after;
    if (later) await (changes.pack === before.pack ? engine.packs.cancel() : engine.packs.begin(changes.pack!));
    engine.additions.poke();
    engine.faces.poke();
    engine.text.poke();
    if (after.pack !== before.pack) location.reload();
    else if (after.backend !== before.backend) {
      await engine.ready;
      keepOffline(await engine.library.configure(engine.inferenceOptions(after)));
    }
    return { ...after };
  },

  async stats() {
    const engine = await ready();
    const [stored, networks, room, persistent] = await Promise.all([
      engine.library.call("stats", {}), engine.library.inferenceFacts(), usage(), isPersistent(),
    ]);
    const timings: Record<string, number> = { ...engine.timings };
    const measured = { imageMs: networks.image, textMs: networks.text, wasmMs: networks.choice?.wasm, webgpuMs: networks.choice?.webgpu };
    for (const [name, ms] of Object.entries(measured)) if (ms !== null && ms !== undefined) timings[name] = ms;
    return {
      photos: stored.photos,
      faces: stored.faces,
      texts: stored.texts,
      failed: engine.additions.listFailures().length,
      bytes: room.bytes,
      quota: room.quota,
      persistent,
      backend: networks.engine ?? "wasm",
      backendReason: networks.choice?.why ?? "",
      threads: engine.threads,
      isolated: globalThis.crossOriginIsolated,
      packs: [settings.value.pack],
      timings,
    };
  },
};

(globalThis as { shoebox?: Shoebox }).shoebox = shoebox;
