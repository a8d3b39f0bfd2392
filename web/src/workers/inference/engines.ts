/** The two networks of a pack on their engines, and the choice between engines. */
import { fetchBytes, packFiles, packFolder } from "../../pack-files";
import type { Engine, InferenceFacts, InferenceOptions, Network, Tensor } from "../../messages";
import { agreement, canary, FULL_BATCH, rowOf, rows, sound, stacked, withRows } from "./batches";
import { gpuAdapter, loadRuntime, openSession, runSession, type Runtime, type Session } from "./runtime";

/** WebGPU must see the canary as WASM does: cosine above this. */
const LEAST_AGREEMENT = 0.99;
/** A GPU that takes this many times as long for one photo will not catch up with batches. */
const HOPELESS = 6;
const FASTER = "Measured: the faster one here.";

interface Running {
  engine: Engine;
  session: Session;
}

export class Engines {
  readonly variant: Engine;
  private readonly facts: InferenceFacts;
  private image: Running | null = null;
  private text: Running | null = null;

  private constructor(
    private readonly ort: Runtime,
    private readonly options: InferenceOptions,
    private readonly adapter: string | null,
    private readonly files: Record<Network, string>,
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

  /** Text always runs on WASM: one short sentence is done there before a GPU has begun. */
  async prepareText(): Promise<Running> {
    this.text ??= await this.open("text", "wasm");
    return this.text;
  }

  async runText(feeds: Tensor[]): Promise<Tensor[]> {
    const { session } = await this.prepareText();
    const begun = performance.now();
    const outputs = await runSession(this.ort, session, feeds);
    this.facts.text = performance.now() - begun;
    if (!sound(outputs)) throw new Error("The words could not be understood by the network: it gave no usable numbers. Reload the page.");
    return outputs;
  }

  /** Run photos; where the GPU fails or gives nonsense, the same photos run again on WASM. */
  async runImage(feeds: Tensor[], giveWay: () => Promise<void>): Promise<Tensor[]> {
    this.image ??= await this.choose(feeds, giveWay);
    const begun = performance.now();
    const outputs = await this.attempt(this.image, feeds);
    this.facts.image = (performance.now() - begun) / Math.max(1, rows(feeds));
    return outputs;
  }

  private async attempt(running: Running, feeds: Tensor[]): Promise<Tensor[]> {
    const count = rows(feeds);
    try {
      const answer = running.engine === "webgpu" ? await this.runInShapes(running.session, feeds, count) : await runSession(this.ort, running.session, feeds);
      if (sound(answer)) return answer;
      if (running.engine === "wasm") throw new Error("The network gave no usable numbers for these photos.");
    } catch (error) {
      if (running.engine === "wasm") throw error;
      console.warn("WebGPU failed; going on without it.", error);
    }
    await this.fallBack("The graphics processor stopped answering.");
    return this.attempt(await this.ensureImage(), feeds);
  }

  /** Only in the two shapes that are compiled already: a few photos one by one, more of them as a full batch. */
  private async runInShapes(session: Session, feeds: Tensor[], count: number): Promise<Tensor[]> {
    if (count >= FULL_BATCH || count === 1) return runSession(this.ort, session, feeds);
    if (count >= FULL_BATCH / 2) return withRows(await runSession(this.ort, session, withRows(feeds, FULL_BATCH)), count);
    const answers: Tensor[][] = [];
    for (let row = 0; row < count; row++) answers.push(await runSession(this.ort, session, rowOf(feeds, row)));
    return stacked(answers);
  }

  private async ensureImage(): Promise<Running> {
    this.image ??= await this.open("image", "wasm");
    return this.image;
  }

  private async fallBack(why: string): Promise<void> {
    const lost = this.image;
    this.image = await this.open("image", "wasm");
    this.settle("wasm", why, this.facts.choice?.wasm ?? null, this.facts.choice?.webgpu ?? null);
    await lost?.session.release().catch(() => undefined);
  }

  private async open(network: Network, engine: Engine): Promise<Running> {
    const bytes = await fetchBytes(new URL(this.files[network], packFolder(this.options.pack)));
    return { engine, session: await openSession(this.ort, bytes, engine) };
  }

  private get key(): string {
    return [this.options.pack, this.adapter ?? "no adapter", this.options.threads].join(" | ");
  }

  private settle(engine: Engine, why: string, wasm: number | null, webgpu: number | null): void {
    this.facts.engine = engine;
    this.facts.choice = { engine, key: this.key, why, wasm, webgpu };
  }

  /** Open the image network on the engine that is faster here, both warm, on batches of the shape that is asked for. */
  private async choose(feeds: Tensor[], giveWay: () => Promise<void>): Promise<Running> {
    const { remembered, backend } = this.options;
    if (this.adapter === null) {
      const why = backend === "wasm" ? "Chosen in the settings." : "This browser offers no graphics processor to web pages.";
      this.settle("wasm", why, null, null);
      return this.open("image", "wasm");
    }
    if (remembered?.key === this.key && (backend === "auto" || remembered.engine === backend)) {
      try {
        const running = await this.open("image", remembered.engine);
        this.facts.engine = remembered.engine;
        this.facts.choice = remembered;
        return running;
      } catch (error) {
        console.warn("What was fastest here no longer runs; measuring again.", error);
      }
    }
    const wasm = await this.open("image", "wasm");
    let gpu: Running | null = null;
    try {
      await giveWay();
      gpu = await this.open("image", "webgpu");
      return await this.compare(wasm, gpu, canary(feeds), giveWay);
    } catch (error) {
      console.warn("WebGPU cannot run this network.", error);
      await gpu?.session.release().catch(() => undefined);
      this.settle("wasm", "The graphics processor cannot run this network.", null, null);
      return wasm;
    }
  }

  private async compare(wasm: Running, gpu: Running, batch: Tensor[], giveWay: () => Promise<void>): Promise<Running> {
    const one = withRows(batch, 1);
    const [alone, alike] = [await this.time(gpu, one, giveWay), await this.time(wasm, one, giveWay)];
    const cosine = agreement(alike.outputs, alone.outputs);
    if (!sound(alone.outputs) || cosine <= LEAST_AGREEMENT) {
      return this.keep(wasm, gpu, `The graphics processor gives other results (cosine ${cosine.toFixed(3)}).`, alike.ms, alone.ms);
    }
    if (this.options.backend === "webgpu") return this.keep(gpu, wasm, "Chosen in the settings.", alike.ms, alone.ms);
    // Batches help either engine by far less than this.
    if (alone.ms > HOPELESS * alike.ms) return this.keep(wasm, gpu, FASTER, alike.ms, alone.ms);
    const [onGpu, onWasm] = [await this.time(gpu, batch, giveWay), await this.time(wasm, batch, giveWay)];
    const wins = onGpu.ms < onWasm.ms;
    return this.keep(wins ? gpu : wasm, wins ? wasm : gpu, FASTER, onWasm.ms, onGpu.ms);
  }

  private async keep(kept: Running, left: Running, why: string, wasm: number, webgpu: number): Promise<Running> {
    this.settle(kept.engine, why, wasm, webgpu);
    await left.session.release().catch(() => undefined);
    return kept;
  }

  /** Milliseconds a photo, after one run that warms up (WebGPU compiles its programs in it). */
  private async time(running: Running, batch: Tensor[], giveWay: () => Promise<void>): Promise<{ ms: number; outputs: Tensor[] }> {
    await runSession(this.ort, running.session, batch);
    await giveWay();
    const begun = performance.now();
    const outputs = await runSession(this.ort, running.session, batch);
    const ms = (performance.now() - begun) / rows(batch);
    await giveWay();
    return { ms, outputs };
  }
}
