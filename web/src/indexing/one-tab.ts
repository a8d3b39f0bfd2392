/** Work that only one tab does at a time; the others wait until it has, or is closed. */
/** Do some work when no other tab does it; rejects when the signal comes first. */
export async function alone(name: string, signal: AbortSignal, work: () => Promise<void>): Promise<void> {
  if (!navigator.locks) return work();
  await navigator.locks.request(name, { signal }, work);
}

/** The same where the end of the work is another call. */
export class OneTab {
  private letGo: (() => void) | null = null;

  constructor(private readonly name: string) {}

  /** Wait until it is this tab; rejects when the signal comes first. */
  async take(signal: AbortSignal): Promise<void> {
    if (this.letGo || !navigator.locks) return;
    await new Promise<void>((resolve, reject) => {
      navigator.locks.request(this.name, { signal }, () => new Promise<void>((free) => {
        this.letGo = free;
        resolve();
      })).catch(reject);
    });
  }

  /** Other tabs may. */
  release(): void {
    this.letGo?.();
    this.letGo = null;
  }
}
