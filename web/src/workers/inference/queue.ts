/**
 * One task at a time, urgent ones first.
 *
 * ONNX Runtime Web answers "Session already started" when sessions are created or run side by side. A search that is typed while
 * photos are being indexed must not wait behind the batches that are queued, so text goes first.
 */
export class TaskQueue {
  private readonly urgent: (() => Promise<void>)[] = [];
  private readonly patient: (() => Promise<void>)[] = [];
  private busy = false;

  run<T>(task: () => Promise<T>, urgent: boolean): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      (urgent ? this.urgent : this.patient).push(() => task().then(resolve, reject));
      void this.work();
    });
  }

  /** For long tasks to call between their steps: lets what is urgent go first. */
  async giveWay(): Promise<void> {
    for (let next = this.urgent.shift(); next; next = this.urgent.shift()) await next();
  }

  private async work(): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    try {
      for (let next = this.urgent.shift() ?? this.patient.shift(); next; next = this.urgent.shift() ?? this.patient.shift()) await next();
    } finally {
      this.busy = false;
    }
  }
}
