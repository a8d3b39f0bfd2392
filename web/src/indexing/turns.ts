/** Turns: work that waits while something else goes first, and ends when somebody says so. */

/** Somebody wants the work to end. */
export class Ended extends Error {}

export class Turns {
  private sleepers: (() => void)[] = [];
  private end = new AbortController();

  constructor(private readonly mayWork: () => boolean) {}

  /** Aborted once the work is to end. */
  get signal(): AbortSignal {
    return this.end.signal;
  }

  begin(): void {
    this.end = new AbortController();
  }

  /** Whoever waits for a turn, or asks for one, gets `Ended`. */
  stop(): void {
    this.end.abort();
    this.wake();
  }

  async take(): Promise<void> {
    for (;;) {
      if (this.signal.aborted) throw new Ended();
      if (this.mayWork()) return;
      await new Promise<void>((wake) => this.sleepers.push(wake));
    }
  }

  /** Maybe it is somebody's turn now. */
  wake(): void {
    for (const wake of this.sleepers.splice(0)) wake();
  }
}
