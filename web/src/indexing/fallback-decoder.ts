/**
 * Python as a decoder, for what the browser cannot decode: a second Pyodide in a worker of its own, started when the first such
 * photo comes. A hostile file can stop this worker, never the one that searches.
 */
import { transfer } from "comlink";
import type { Decoded, PythonService, Shown } from "../messages";
import { WorkerHandle } from "../worker-handle";

const IDLE_MS = 15_000;
const LIMIT_MS = 20_000;
const BOOT_LIMIT_MS = 120_000;

export interface FallbackOrder {
  data: Uint8Array<ArrayBuffer>;
  name: string;
  /** Applied instead of what the file says. */
  orientation?: number;
  minSide: number;
  thumbSide: number;
}

/** Python says why a photo cannot be shown; the sentence is for the list of failures. */
export class Undecodable extends Error {
  override name = "Undecodable";
  constructor(message: string, readonly permanent: boolean) {
    super(message);
  }
}

export class FallbackDecoder {
  private handle: WorkerHandle<PythonService> | null = null;
  private booted: Promise<unknown> | null = null;
  private last: Promise<unknown> = Promise.resolve();
  private open = 0;
  private idle = 0;

  decode(order: FallbackOrder): Promise<Decoded> {
    return this.inTurn("decode", order);
  }

  /** A photo in full. */
  show(order: Pick<FallbackOrder, "data" | "name">): Promise<Shown> {
    return this.inTurn("show", order);
  }

  /** One photo after the other. */
  private inTurn<T>(verb: "decode" | "show", order: { data: Uint8Array<ArrayBuffer> }): Promise<T> {
    clearTimeout(this.idle);
    this.open += 1;
    const work = this.last.then(() => this.one<T>(verb, order));
    this.last = work.catch(() => undefined).then(() => {
      this.open -= 1;
      if (this.open === 0) this.idle = window.setTimeout(() => this.end(), IDLE_MS);
    });
    return work;
  }

  end(): void {
    this.handle?.end();
    this.handle = null;
    this.booted = null;
  }

  private async one<T>(verb: "decode" | "show", order: { data: Uint8Array<ArrayBuffer> }): Promise<T> {
    const handle = await this.ready();
    const answer = await handle.call((remote) => remote.call(verb, transfer({ ...order }, [order.data.buffer])), LIMIT_MS);
    if (answer.error !== undefined) throw new Undecodable(answer.error, answer.permanent ?? answer.kind === "UnreadablePhoto");
    return answer.value as T;
  }

  private async ready(): Promise<WorkerHandle<PythonService>> {
    if (!this.handle?.alive) {
      const handle = new WorkerHandle<PythonService>("python", "fallback decoder");
      this.handle = handle;
      this.booted = handle.call((remote) => remote.boot("decode", "", null), BOOT_LIMIT_MS);
    }
    await this.booted;
    return this.handle;
  }
}
