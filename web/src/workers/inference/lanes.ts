/**
 * The networks for photos on WebAssembly: a few workers, each of which takes a batch.
 *
 * [Note: Lanes, not threads] Threads that share a batch wait for each other after every layer, in a loop that keeps the core busy:
 * with decoders on the same two cores that cost 86 core-ms a photo where one thread takes 60. Batches side by side do not wait for
 * each other; and the words of a search, which run in the inference worker itself, do not wait for photos.
 */
import type { LaneOptions, LaneService, Network, Tensor } from "../../messages";
import { WorkerHandle } from "../../worker-handle";
import { timed, type Ran } from "./runtime";

const IDLE_MS = 15_000;

interface Lane {
  handle: WorkerHandle<LaneService>;
  opened: Promise<void>;
  free: boolean;
}

export class Lanes {
  readonly engine = "wasm";
  private lanes: Lane[] = [];
  private readonly waiting: ((lane: Lane) => void)[] = [];
  private idle = 0;

  constructor(
    private readonly options: LaneOptions,
    /** How many batches run at once. */
    readonly abreast: number,
  ) {}

  /** Run a batch in the next free lane. */
  async run(network: Network, feeds: Tensor[]): Promise<Ran> {
    const lane = await this.take();
    try {
      await lane.opened;
      return await timed(() => lane.handle.call((remote) => remote.run(network, feeds)));
    } finally {
      this.give(lane);
    }
  }

  /** End the workers; their memory comes back with them. */
  async release(): Promise<void> {
    clearTimeout(this.idle);
    for (const { handle } of this.lanes) handle.end();
    this.lanes = [];
  }

  private take(): Promise<Lane> {
    clearTimeout(this.idle);
    this.lanes = this.lanes.filter(({ handle }) => handle.alive);
    const lane = this.lanes.find(({ free }) => free) ?? (this.lanes.length < this.abreast ? this.start() : null);
    if (!lane) return new Promise((resolve) => this.waiting.push(resolve));
    lane.free = false;
    return Promise.resolve(lane);
  }

  private start(): Lane {
    const handle = new WorkerHandle<LaneService>("lane", `lane ${this.lanes.length + 1}`);
    const opened = handle.call((remote) => remote.open(this.options));
    // A lane that cannot open the network is ended; the batch that waits for it hears why.
    opened.catch((error: unknown) => handle.end(error instanceof Error ? error : new Error(String(error))));
    const lane = { handle, opened, free: false };
    this.lanes.push(lane);
    return lane;
  }

  private give(lane: Lane): void {
    lane.free = true;
    const next = this.waiting.shift();
    if (next) void this.take().then(next);
    else if (this.lanes.every(({ free }) => free)) this.idle = self.setTimeout(() => void this.release(), IDLE_MS);
  }
}
