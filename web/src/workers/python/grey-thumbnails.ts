/** Thumbnails in grey for Python, made in workers of their own while Python compares those before them. */
import type { DecodeService, Greys } from "../../messages";
import { WorkerHandle } from "../../worker-handle";

const LIMIT_MS = 60_000;
/** One alone takes longer over a thumbnail than Python does; decoders proper run in Chromium's own threads beside them. */
const WORKERS = 2;

export class GreyThumbnails {
  private readonly workers: WorkerHandle<DecodeService>[] = [];
  private coming: { ids: Set<string>; side: number | null; made: Promise<Greys> } | null = null;

  /** Those of these photos that can be had; with a side, squashed to squares. */
  async of(ids: string[], side: number | null): Promise<Greys> {
    const known = this.coming?.side === side ? this.coming.ids : null;
    const made = known ? [this.coming!.made] : [];
    const rest = known ? ids.filter((id) => !known.has(id)) : ids;
    if (rest.length > 0) made.push(this.make(rest, side));
    this.coming = null;
    return together(await Promise.all(made));
  }

  /** Begin with those of photos that will be asked for soon. */
  ahead(ids: string[], side: number | null): void {
    if (ids.length === 0) return;
    const made = this.make(ids, side);
    // Who asks for them hears of it.
    made.catch(() => undefined);
    this.coming = { ids: new Set(ids), side, made };
  }

  end(): void {
    for (const worker of this.workers.splice(0)) worker.end();
    this.coming = null;
  }

  private async make(ids: string[], side: number | null): Promise<Greys> {
    const share = Math.ceil(ids.length / WORKERS);
    const shares = Array.from({ length: WORKERS }, (_, place) => ids.slice(place * share, (place + 1) * share));
    return together(await Promise.all(shares.map((part, place) => this.worker(place).call((remote) => remote.greys(part, side), LIMIT_MS))));
  }

  private worker(place: number): WorkerHandle<DecodeService> {
    const known = this.workers[place];
    return known?.alive ? known : (this.workers[place] = new WorkerHandle<DecodeService>("decode", "decode"));
  }
}

function together(parts: Greys[]): Greys {
  return { ids: parts.flatMap((part) => part.ids), values: parts.flatMap((part) => part.values), sizes: parts.flatMap((part) => part.sizes) };
}
