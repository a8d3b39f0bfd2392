/** Work that only one tab does at a time; the others wait until it has, or is closed. */
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
