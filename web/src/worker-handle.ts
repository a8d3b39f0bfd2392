/** A worker under supervision: calls that end when the worker does, and time limits that end the worker. */
import * as Comlink from "comlink";

/** The worker was ended or fell over while this call waited; the call itself may be innocent. */
export class WorkerLost extends Error {
  override name = "WorkerLost";
}

/** This call took too long, and its worker was ended for it. */
export class TooSlow extends Error {
  override name = "TooSlow";
}

/** Where the app's files begin, seen from the page and from workers that start workers. */
const ROOT = /\/workers\/[^/]+$/.test(self.location.pathname) ? new URL("..", self.location.href) : new URL(self.location.href);

export class WorkerHandle<T> {
  readonly remote: Comlink.Remote<T>;
  private readonly worker: Worker;
  /**
   * [Note: No race against a promise that lives long] `Promise.race` with one promise for "the worker is gone" would keep every
   * result alive as long as the worker lives. So each waiting call stands in this set, and only while it waits.
   */
  private readonly waiting = new Set<(reason: Error) => void>();
  private gone: Error | null = null;

  constructor(script: "python" | "inference" | "lane" | "decode", name: string) {
    this.worker = new Worker(new URL(`workers/${script}.js`, ROOT), { type: "module", name });
    this.remote = Comlink.wrap<T>(this.worker);
    this.worker.addEventListener("error", (event) => {
      this.end(new WorkerLost(event.message || `The ${name} worker could not be loaded. Reload the page.`));
    });
    this.worker.addEventListener("messageerror", () => this.end(new WorkerLost(`The ${name} worker sent something unreadable.`)));
  }

  get alive(): boolean {
    return this.gone === null;
  }

  /** Ask the worker. After `limit` milliseconds the worker is ended and the answer is `TooSlow`. */
  call<R>(ask: (remote: Comlink.Remote<T>) => Promise<R>, limit = 0): Promise<R> {
    if (this.gone) return Promise.reject(this.gone);
    return new Promise<R>((resolve, reject) => {
      let timer = 0;
      const settled = (): void => {
        this.waiting.delete(fail);
        clearTimeout(timer);
      };
      const fail = (reason: Error): void => {
        settled();
        reject(reason);
      };
      this.waiting.add(fail);
      if (limit > 0) {
        timer = self.setTimeout(() => {
          fail(new TooSlow(`No answer within ${Math.round(limit / 1000)} seconds.`));
          this.end(new WorkerLost("The worker was ended because of another photo."));
        }, limit);
      }
      ask(this.remote).then((answer) => {
        settled();
        resolve(answer);
      }, fail);
    });
  }

  /** End the worker; what waits for it is rejected with the reason. */
  end(reason: Error = new WorkerLost("The worker has been ended.")): void {
    if (this.gone) return;
    this.gone = reason;
    this.worker.terminate();
    for (const fail of [...this.waiting]) fail(reason);
  }
}
