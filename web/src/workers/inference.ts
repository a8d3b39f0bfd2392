/** The inference worker: networks on ONNX Runtime Web, for the Python worker (over a port) and the page. */
import * as Comlink from "comlink";
import type { InferenceService, NetworkSources, Tensor } from "../messages";
import { Engines } from "./inference/engines";
import { TaskQueue } from "./inference/queue";

const queue = new TaskQueue();
let engines: Promise<Engines> | null = null;
let loaded: Engines | null = null;
/** Other options take the networks for faces over. */
let faces: NetworkSources | null = null;
/** Likewise those that read text. */
let reading: NetworkSources | null = null;
let neighbours: Uint8Array<ArrayBuffer> | null = null;

function ready(): Promise<Engines> {
  return engines ?? Promise.reject(new Error("The networks have not been set up yet. Reload the page."));
}

const service: InferenceService = {
  async configure(options) {
    const before = loaded;
    engines = Engines.load(options);
    loaded = await engines;
    await before?.end();
    await loaded.useFaces(faces);
    await loaded.useReading(reading);
    if (neighbours) loaded.useNeighbours(neighbours);
    // Searching needs the text network at once; the image network is opened by the first photo.
    await queue.run(() => loaded!.prepareText(), true);
    return { variant: loaded.variant };
  },

  connect(port) {
    Comlink.expose({ run: service.run }, port);
  },

  async useFaces(sources) {
    faces = sources;
    await loaded?.useFaces(faces);
  },

  async useReading(sources) {
    reading = sources;
    await loaded?.useReading(reading);
  },

  useNeighbours(network) {
    neighbours = network;
    loaded?.useNeighbours(network);
  },

  async useNext(sources) {
    await (await ready()).useNext(sources);
  },

  async run(network, feeds) {
    const running = await ready();
    const outputs = await (network === "text" ? queue.run(() => running.runText(feeds), true)
      : network === "image" ? running.runImage(feeds, queue)
      : network === "next-image" || network === "next-text" ? running.runNext(network, feeds)
      : network === "text-detector" || network === "text-recogniser" ? running.runReading(network, feeds) : running.runFaces(network, feeds));
    return Comlink.transfer(outputs, outputs.map((output: Tensor) => output.data.buffer));
  },

  facts() {
    return loaded?.report() ?? { engine: null, threads: 0, choice: null, image: null, text: null };
  },
};

Comlink.expose(service);
