/** The Python worker and the inference worker as the page sees them: typed verbs, plain errors. */
import { proxy, transfer, type Remote } from "comlink";
import type { ImportAnswer } from "./contract";
import type { CopyOptions, CopyProgress, DuplicateStep, Engine, InferenceFacts, InferenceOptions, InferenceService, NetworkSources, NextStep, PackFacts, PythonService, RenewStep, Verb, VerbAnswer, Verbs } from "./messages";
import type { Grid } from "./state";
import type { StoredPack } from "./storage/packs";
import { WorkerHandle } from "./worker-handle";

const ID_LENGTH = 16;

/** An error that Python raised on purpose; `kind` is its class, `at` the part of a query that it is about. */
export class LibraryError extends Error {
  override name = "LibraryError";
  constructor(message: string, readonly kind: string, readonly at: { from: number; to: number } | null = null) {
    super(message);
  }
}

/** What a load of the stored library found. */
export interface Loaded {
  photos: number;
  problems: string[];
  generation: number;
  /** Keys of the statements that it took in. */
  statementKeys: number[];
}

export class Library {
  private workers: { python: WorkerHandle<PythonService>; inference: WorkerHandle<InferenceService> } | null = null;

  /** The workers, started with the first use: then the service worker is there already and keeps what they fetch. */
  private get started(): { python: WorkerHandle<PythonService>; inference: WorkerHandle<InferenceService> } {
    this.workers ??= { python: new WorkerHandle("python", "library"), inference: new WorkerHandle("inference", "inference") };
    return this.workers;
  }

  private get python(): WorkerHandle<PythonService> {
    return this.started.python;
  }

  private get inference(): WorkerHandle<InferenceService> {
    return this.started.inference;
  }

  /** Start Python with a pack and connect it to the inference worker. */
  async boot(pack: string): Promise<PackFacts> {
    const { port1, port2 } = new MessageChannel();
    const connected = this.inference.call((remote) => remote.connect(transfer(port2, [port2])));
    const facts = await this.python.call((remote) => remote.boot("library", pack, transfer(port1, [port1])));
    await connected;
    if (!facts) throw new Error("Python started without its library. Reload the page.");
    return facts;
  }

  /** Load the networks; answers which build of the runtime this device uses. */
  async configure(options: InferenceOptions): Promise<Engine> {
    return (await this.inference.call((remote) => remote.configure(options))).variant;
  }

  /** Where the networks for faces are; null where faces are not looked for. */
  useFaces(sources: NetworkSources | null): Promise<void> {
    return this.inference.call((remote) => remote.useFaces(sources));
  }

  /** Where the networks that read text are; null where nothing is read. */
  useReading(sources: NetworkSources | null): Promise<void> {
    return this.inference.call((remote) => remote.useReading(sources));
  }

  /** The network that compares all photos with each other. */
  useNeighbours(network: Uint8Array<ArrayBuffer>): Promise<void> {
    return this.inference.call((remote) => remote.useNeighbours(network));
  }

  /** Go on from what is stored of duplicates; answers the network that compares photos. */
  async recallDuplicates(): Promise<Uint8Array<ArrayBuffer>> {
    return (await this.ask<{ neighbours: Uint8Array<ArrayBuffer> }>((remote) => remote.recallDuplicates())).neighbours;
  }

  /** Compare photos a little further. */
  compareDuplicates(): Promise<DuplicateStep> {
    return this.ask((remote) => remote.compareDuplicates());
  }

  /** Write the library as one file. */
  saveCopy(options: CopyOptions, tell: (photos: number, total: number) => void): Promise<Blob> {
    return this.ask((remote) => remote.saveCopy(options, proxy(tell)));
  }

  /** Take such a file in; called with the library's lock held. Null where it was stopped in time. */
  takeCopy(file: Blob, passphrase: string, tell: (progress: CopyProgress) => void): Promise<ImportAnswer | null> {
    return this.ask((remote) => remote.takeCopy(file, passphrase, proxy(tell)));
  }

  /** What `takeCopy` takes in is not wanted any more. */
  stopCopy(): Promise<void> {
    return this.python.call((remote) => remote.stopCopy());
  }

  /** Check a `.pack` file and keep it. */
  keepPack(file: Blob): Promise<Omit<StoredPack, "files">> {
    return this.ask((remote) => remote.keepPack(file));
  }

  /** Another pack begins to look at photos, or goes on, beside the present one. */
  async beginNext(pack: string): Promise<void> {
    const { image, text } = await this.ask<{ image: string; text: string }>((remote) => remote.beginNext(pack));
    // A pack whose words cannot be understood must never be the one in use: nothing could be searched then.
    await this.inference.call((remote) => remote.useNext({ "next-text": { pack, file: text } }));
    await this.call("switch_probe", {});
    await this.inference.call((remote) => remote.useNext({ "next-image": { pack, file: image } }));
  }

  stepNext(tags: boolean): Promise<NextStep> {
    return this.ask((remote) => remote.stepNext(tags));
  }

  /** Called with the library's lock held; the page must be loaded anew then. */
  finishNext(pack: string): Promise<void> {
    return this.ask((remote) => remote.finishNext(pack));
  }

  /** No other pack, after all. */
  async endNext(): Promise<void> {
    await this.call("switch_end", {});
    await this.inference.call((remote) => remote.useNext(null));
  }

  /** Look again at some photos that another pack has looked at; called with the library's lock held. */
  renew(tags: boolean): Promise<RenewStep> {
    return this.ask((remote) => remote.renew(tags));
  }

  inferenceFacts(): Promise<InferenceFacts> {
    return this.inference.call((remote) => remote.facts());
  }

  /** Load, or load again, what is stored; the worker reads it. */
  load(): Promise<Loaded> {
    return this.ask((remote) => remote.load());
  }

  call<V extends Verb>(verb: V, args: Verbs[V]["args"], buffers: ArrayBuffer[] = []): Promise<Verbs[V]["answer"]> {
    return this.ask((remote) => remote.call(verb, transfer(args as Record<string, unknown>, buffers)));
  }

  /** What Python answers; rejects with what went wrong there. */
  private async ask<T>(question: (remote: Remote<PythonService>) => Promise<VerbAnswer>): Promise<T> {
    const answer = await this.python.call(question);
    if (answer.error !== undefined) throw failure(answer);
    return answer.value as T;
  }

  /** The grid's columns, newest first; with a generation, they are kept as its snapshot. */
  async grid(generation: number | null = null): Promise<Grid> {
    const { ids, taken, aspect } = await this.python.call((remote) => remote.grid(generation));
    return { ids: splitIds(ids), taken, aspect };
  }

  /** Is Python still there? */
  get alive(): boolean {
    return this.python.alive;
  }
}

export function splitIds(joined: string): string[] {
  const ids = new Array<string>(joined.length / ID_LENGTH);
  for (let i = 0; i < ids.length; i++) ids[i] = joined.slice(i * ID_LENGTH, (i + 1) * ID_LENGTH);
  return ids;
}

function failure(answer: VerbAnswer): LibraryError {
  if (answer.trace) console.error(answer.trace);
  const { position, length = 0 } = answer;
  const at = position === undefined ? null : { from: position, to: position + length };
  return new LibraryError(answer.error ?? "", answer.kind ?? "", at);
}
