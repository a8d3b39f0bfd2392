/** The two networks of a pack on their engines, and the choice between engines. */
import { packFiles, readPackFile } from "../../pack-files";
import type { Choice, Engine, FaceNetwork, InferenceFacts, InferenceOptions, NetworkSource, NetworkSources, NextNetwork, PackNetwork, Tensor, TextNetwork } from "../../messages";
import { agreement, canary, pieces, rows, rowsFrom, sound, stacked, withRows } from "./batches";
import { Lanes } from "./lanes";
import type { TaskQueue } from "./queue";
import { gpuAdapter, loadRuntime, openSession, runSession, timed, type Ran, type Runtime, type Session } from "./runtime";

/** WebGPU must see the canary as WASM does: cosine above this. */
const LEAST_AGREEMENT = 0.99;
/** A GPU that takes this many times as long for one photo will not catch up with batches. */
const HOPELESS = 6;
const FASTER = "Measured: the faster one here.";

/** The image network on an engine. */
interface ImageNetwork {
  readonly engine: Engine;
  /** How many batches run at once. */
  readonly abreast: number;
  run(feeds: Tensor[]): Promise<Ran>;
  release(): Promise<void>;
}

/** How many batches of photos run side by side on WebAssembly: a third one would cost more memory than it brings. */
const MOST_LANES = 2;

export class Engines {
  readonly variant: Engine;
  private readonly facts: InferenceFacts;
  private image: Promise<ImageNetwork> | null = null;
  private text: Promise<Session> | null = null;
  private faces: Lanes | null = null;
  private reading: Lanes | null = null;
  private neighbours: Lanes | null = null;
  private next: Lanes | null = null;
  /** What WASM sees in the canary, once that was measured. */
  private seen: Tensor[] | null = null;

  private constructor(
    private readonly ort: Runtime,
    private readonly options: InferenceOptions,
    private readonly adapter: string | null,
    private readonly files: Record<PackNetwork, string>,
  ) {
    this.variant = adapter === null ? "wasm" : "webgpu";
    this.facts = { engine: null, threads: options.threads, choice: null, image: null, text: null };
  }

  static async load(options: InferenceOptions): Promise<Engines> {
    const adapter = options.backend === "wasm" ? null : await gpuAdapter(options.backend === "webgpu");
    const [ort, { networks }] = await Promise.all([
      loadRuntime(adapter === null ? "wasm" : "webgpu", options.threads), packFiles(options.pack),
    ]);
    return new Engines(ort, options, adapter, networks);
  }

  report(): InferenceFacts {
    return { ...this.facts, choice: this.facts.choice && { ...this.facts.choice } };
  }

  /** Let go of what runs elsewhere: other options take over. */
  async end(): Promise<void> {
    await this.useFaces(null);
    await this.useReading(null);
    await this.useNext(null);
    await this.neighbours?.release();
    await (await this.image?.catch(() => null))?.release();
  }

  /** Where the networks for faces are; null ends those that run. */
  async useFaces(sources: NetworkSources | null): Promise<void> {
    const before = this.faces;
    this.faces = sources && this.lanes(sources);
    await before?.release();
  }

  /** Where the networks that read text are; null ends those that run. */
  async useReading(sources: NetworkSources | null): Promise<void> {
    const before = this.reading;
    this.reading = sources && this.lanes(sources);
    await before?.release();
  }

  async runReading(network: TextNetwork, feeds: Tensor[]): Promise<Tensor[]> {
    if (!this.reading) throw new Error("Reading text in photos is turned off. Turn it on in the settings.");
    return (await this.reading.run(network, feeds)).outputs;
  }

  /**
   * The network that compares all photos with each other, in one lane: its products are large enough for all threads. Kept from then
   * on, since a lane that is idle ends by itself.
   */
  useNeighbours(network: Uint8Array<ArrayBuffer>): void {
    const { threads } = this.options;
    this.neighbours ??= new Lanes({ networks: { neighbours: { bytes: network } }, variant: this.variant, threads }, 1);
  }

  /** A network of the pack that comes next; null ends it. One lane, so that searches and new photos come first. */
  async useNext(sources: Partial<Record<NextNetwork, NetworkSource>> | null): Promise<void> {
    const before = this.next;
    const { threads } = this.options;
    this.next = sources && new Lanes({ networks: sources, variant: this.variant, threads }, 1);
    await before?.release();
  }

  async runNext(network: NextNetwork, feeds: Tensor[]): Promise<Tensor[]> {
    if (!this.next) throw new Error("No other model pack is being tried out. Choose one in the settings.");
    return (await this.next.run(network, feeds)).outputs;
  }

  /** Faces go through lanes of their own, also where photos go through the GPU: pictures of many sizes would be compiled anew each. */
  async runFaces(network: FaceNetwork, feeds: Tensor[]): Promise<Tensor[]> {
    if (network === "neighbours" && this.neighbours) return (await this.neighbours.run(network, feeds)).outputs;
    if (!this.faces) throw new Error("Looking for faces is turned off. Turn it on in the settings.");
    return (await this.faces.run(network, feeds)).outputs;
  }

  /** Text always runs on WASM: one short sentence is done there before a GPU has begun. */
  prepareText(): Promise<Session> {
    this.text ??= this.session("text", "wasm");
    return this.text;
  }

  async runText(feeds: Tensor[]): Promise<Tensor[]> {
    const session = await this.prepareText();
    const begun = performance.now();
    const outputs = await runSession(this.ort, session, feeds);
    this.facts.text = performance.now() - begun;
    if (!sound(outputs)) throw new Error("The words could not be understood by the network: it gave no usable numbers. Reload the page.");
    return outputs;
  }

  /** Run photos; where the GPU fails or gives nonsense, the same photos run again on WASM. */
  async runImage(feeds: Tensor[], queue: TaskQueue): Promise<Tensor[]> {
    this.image ??= queue.run(() => this.choose(feeds, () => queue.giveWay()), false);
    const chosen = this.image;
    let network: ImageNetwork;
    try {
      network = await chosen;
    } catch (error) {
      if (this.image === chosen) this.image = null;
      throw error;
    }
    if (network.engine === "wasm") return this.runSound(network, feeds);
    try {
      return await queue.run(() => this.runSound(network, feeds), false);
    } catch (error) {
      console.warn("WebGPU failed; going on without it.", error);
      // Of several batches that fail together, the first one changes the engine.
      if (this.image === chosen) {
        this.image = Promise.resolve(this.imageLanes());
        this.settle("wasm", "The graphics processor stopped answering, so the processor goes on.", this.facts.choice?.wasm ?? null, this.facts.choice?.webgpu ?? null);
        await network.release().catch(() => undefined);
      }
      return this.runImage(feeds, queue);
    }
  }

  private async runSound(network: ImageNetwork, feeds: Tensor[]): Promise<Tensor[]> {
    const { outputs, ms } = await network.run(feeds);
    if (!sound(outputs)) throw new Error("The network gave no usable numbers for these photos.");
    this.facts.image = ms / Math.max(1, rows(feeds)) / network.abreast;
    return outputs;
  }

  private lanes(networks: NetworkSources): Lanes {
    const count = Math.min(MOST_LANES, Math.max(1, navigator.hardwareConcurrency || 1));
    return new Lanes({ networks, variant: this.variant, threads: Math.max(1, Math.floor(this.options.threads / count)) }, count);
  }

  private imageLanes(): ImageNetwork {
    const lanes = this.lanes({ image: { pack: this.options.pack, file: this.files.image } });
    return { engine: "wasm", abreast: lanes.abreast, run: (feeds) => lanes.run("image", feeds), release: () => lanes.release() };
  }

  private async gpu(): Promise<ImageNetwork> {
    const session = await this.session("image", "webgpu");
    return {
      engine: "webgpu",
      abreast: 1,
      run: (feeds) => timed(() => this.runInShapes(session, feeds)),
      release: () => session.release(),
    };
  }

  private open(engine: Engine): Promise<ImageNetwork> {
    return engine === "webgpu" ? this.gpu() : Promise.resolve(this.imageLanes());
  }

  /** Only in the two shapes that are compiled already: full batches, filled up with nothing, and the last few photos one by one. */
  private async runInShapes(session: Session, feeds: Tensor[]): Promise<Tensor[]> {
    const answers: Tensor[][] = [];
    for (const { from, count, size } of pieces(rows(feeds))) {
      answers.push(withRows(await runSession(this.ort, session, withRows(rowsFrom(feeds, from, count), size)), count));
    }
    return stacked(answers);
  }

  private async session(network: PackNetwork, engine: Engine): Promise<Session> {
    return openSession(this.ort, await readPackFile(this.options.pack, this.files[network]), engine);
  }

  private get key(): string {
    return [this.options.pack, this.adapter ?? "no adapter", this.options.threads].join(" | ");
  }

  private settle(engine: Engine, why: string, wasm: number | null, webgpu: number | null): void {
    this.facts.engine = engine;
    this.facts.choice = { engine, key: this.key, why, wasm, webgpu, ...(this.seen && { canary: this.seen }) };
  }

  /** A GPU that was chosen at an earlier start must still see the canary as WASM saw it then: its driver may be another by now. */
  private async probe(network: ImageNetwork, { canary: seen }: Choice, feeds: Tensor[]): Promise<void> {
    if (network.engine === "wasm") return;
    try {
      if (!seen) throw new Error("Nothing to compare with was kept.");
      const { outputs } = await network.run(withRows(canary(feeds), 1));
      if (!sound(outputs) || agreement(seen, outputs) <= LEAST_AGREEMENT) throw new Error("The graphics processor gives other results than before.");
    } catch (error) {
      await network.release().catch(() => undefined);
      throw error;
    }
  }

  /** Open the image network on the engine that is faster here, both warm, on batches of the shape that is asked for. */
  private async choose(feeds: Tensor[], giveWay: () => Promise<void>): Promise<ImageNetwork> {
    const { remembered, backend } = this.options;
    if (this.adapter === null) {
      const why = backend === "wasm" ? "Chosen in the settings." : "This browser offers no graphics processor to web pages.";
      this.settle("wasm", why, null, null);
      return this.open("wasm");
    }
    if (remembered?.key === this.key && (backend === "auto" || remembered.engine === backend)) {
      try {
        const running = await this.open(remembered.engine);
        await this.probe(running, remembered, feeds);
        this.facts.engine = remembered.engine;
        this.facts.choice = remembered;
        return running;
      } catch (error) {
        console.warn("What was fastest here no longer runs; measuring again.", error);
      }
    }
    const wasm = await this.open("wasm");
    let gpu: ImageNetwork | null = null;
    try {
      await giveWay();
      gpu = await this.open("webgpu");
      return await this.compare(wasm, gpu, canary(feeds), giveWay);
    } catch (error) {
      console.warn("WebGPU cannot run this network.", error);
      await gpu?.release().catch(() => undefined);
      this.settle("wasm", "The graphics processor cannot run this network.", null, null);
      return wasm;
    }
  }

  private async compare(wasm: ImageNetwork, gpu: ImageNetwork, batch: Tensor[], giveWay: () => Promise<void>): Promise<ImageNetwork> {
    const one = withRows(batch, 1);
    const [alone, alike] = [await this.time(gpu, one, giveWay), await this.time(wasm, one, giveWay)];
    const cosine = agreement(alike.outputs, alone.outputs);
    this.seen = alike.outputs;
    if (!sound(alone.outputs) || cosine <= LEAST_AGREEMENT) {
      return this.keep(wasm, gpu, `The graphics processor gives other results (cosine ${cosine.toFixed(3)}).`, alike.ms, alone.ms);
    }
    if (this.options.backend === "webgpu") return this.keep(gpu, wasm, "Chosen in the settings.", alike.ms, alone.ms);
    // Batches help either engine by far less than this.
    if (alone.ms > HOPELESS * alike.ms) return this.keep(wasm, gpu, FASTER, alike.ms, alone.ms);
    const [onGpu, onWasm] = [await this.time(gpu, batch, giveWay), await this.time(wasm, batch, giveWay)];
    const together = onWasm.ms / wasm.abreast;
    const wins = onGpu.ms < together;
    return this.keep(wins ? gpu : wasm, wins ? wasm : gpu, FASTER, together, onGpu.ms);
  }

  private async keep(kept: ImageNetwork, left: ImageNetwork, why: string, wasm: number, webgpu: number): Promise<ImageNetwork> {
    this.settle(kept.engine, why, wasm, webgpu);
    await left.release().catch(() => undefined);
    return kept;
  }

  /** Milliseconds a photo, after one run that warms up (WebGPU compiles its programs in it). */
  private async time(network: ImageNetwork, batch: Tensor[], giveWay: () => Promise<void>): Promise<{ ms: number; outputs: Tensor[] }> {
    await network.run(batch);
    await giveWay();
    const { outputs, ms } = await network.run(batch);
    await giveWay();
    return { ms: ms / rows(batch), outputs };
  }
}
