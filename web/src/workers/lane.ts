/** One lane of networks on WebAssembly, for the inference worker: see inference/lanes.ts. */
import * as Comlink from "comlink";
import type { LaneService, Network } from "../messages";
import { loadRuntime, openSession, runSession, type Runtime, type Session } from "./inference/runtime";
import { networkBytes } from "./inference/sources";

let opened: { ort: Runtime; sessions: Map<string, Session> } | null = null;

const service: LaneService = {
  async open({ networks, variant, threads }) {
    const names = Object.keys(networks) as Network[];
    const [ort, ...files] = await Promise.all([loadRuntime(variant, threads), ...names.map((name) => networkBytes(networks[name]!))]);
    const sessions = new Map<string, Session>();
    for (const [index, name] of names.entries()) sessions.set(name, await openSession(ort, files[index]!, "wasm"));
    opened = { ort, sessions };
  },

  async run(network, feeds) {
    const session = opened?.sessions.get(network);
    if (!opened || !session) throw new Error("The network has not been opened yet. Reload the page.");
    const outputs = await runSession(opened.ort, session, feeds);
    return Comlink.transfer(outputs, outputs.map(({ data }) => data.buffer));
  },
};

Comlink.expose(service);
