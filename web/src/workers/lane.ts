/** One lane of the image network on WebAssembly, for the inference worker: see inference/lanes.ts. */
import * as Comlink from "comlink";
import type { LaneService } from "../messages";
import { fetchBytes, packFiles, packFolder } from "../pack-files";
import { loadRuntime, openSession, runSession, type Runtime, type Session } from "./inference/runtime";

let opened: { ort: Runtime; session: Session } | null = null;

const service: LaneService = {
  async open({ pack, variant, threads }) {
    const [ort, { networks }] = await Promise.all([loadRuntime(variant, threads), packFiles(pack)]);
    opened = { ort, session: await openSession(ort, await fetchBytes(new URL(networks.image, packFolder(pack))), "wasm") };
  },

  async run(feeds) {
    if (!opened) throw new Error("The network has not been opened yet. Reload the page.");
    const outputs = await runSession(opened.ort, opened.session, feeds);
    return Comlink.transfer(outputs, outputs.map(({ data }) => data.buffer));
  },
};

Comlink.expose(service);
