/** Thumbnails in grey for Python, made in a worker of their own while Python compares those before them. */
import type { DecodeService, Greys } from "../../messages";
import { WorkerHandle } from "../../worker-handle";

const LIMIT_MS = 60_000;

export class GreyThumbnails {
  private worker: WorkerHandle<DecodeService> | null = null;
  private coming: { ids: Set<string>; side: number | null; made: Promise<Greys> } | null = null;

  /** Those of these photos that can be had; with a side, squashed to squares. */
  async of(ids: string[], side: number | null): Promise<Greys> {
    const known = this.coming?.side === side ? this.coming.ids : null;
    const made = known ? [this.coming!.made] : [];
    const rest = known ? ids.filter((id) => !known.has(id)) : ids;
    if (rest.length > 0) made.push(this.make(rest, side));
    this.coming = null;
    const parts = await Promise.all(made);
    return {
      ids: parts.flatMap((part) => part.ids), values: parts.flatMap((part) => part.values), sizes: parts.flatMap((part) => part.sizes),
    };
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
    this.worker?.end();
    this.worker = this.coming = null;
  }

  private make(ids: string[], side: number | null): Promise<Greys> {
    if (!this.worker?.alive) this.worker = new WorkerHandle<DecodeService>("decode", "decode");
    return this.worker.call((remote) => remote.greys(ids, side), LIMIT_MS);
  }
}
