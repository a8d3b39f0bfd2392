/** Only one tab changes the library at a time. Within a tab the lock can be held several times over. */

const NAME = "shoebox-indexer";

export class LibraryLock {
  private holders = 0;
  private held: Promise<void> | null = null;
  private free: () => void = () => undefined;

  /**
   * @param onTaken called after the lock was taken, before anyone works: another tab may have changed the library meanwhile.
   * @param onWait called when another tab holds it.
   */
  constructor(private readonly onTaken: () => Promise<void>, private readonly onWait: (waiting: boolean) => void) {}

  /** Run with the lock held. */
  async with<T>(work: () => Promise<T>): Promise<T> {
    await this.hold();
    try {
      return await work();
    } finally {
      this.release();
    }
  }

  hold(): Promise<void> {
    this.holders += 1;
    this.held ??= this.take();
    return this.held.catch((error: unknown) => {
      this.release();
      throw error;
    });
  }

  release(): void {
    this.holders -= 1;
    if (this.holders > 0) return;
    this.held = null;
    this.free();
  }

  private take(): Promise<void> {
    // Browsers without locks (none of today's) have no tabs to fear.
    if (!navigator.locks) return this.onTaken();
    return new Promise((resolve, reject) => {
      const timer = window.setTimeout(() => this.onWait(true), 300);
      const until = new Promise<void>((free) => { this.free = free; });
      navigator.locks.request(NAME, async () => {
        clearTimeout(timer);
        this.onWait(false);
        try {
          await this.onTaken();
          resolve();
        } catch (error) {
          reject(error);
          return;
        }
        await until;
      }).catch(reject);
    });
  }
}
