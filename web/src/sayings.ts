/** What the person says about photos: asked of Python, stored, told to the other tabs; one thing after the other. */
import { splitIds, type Library } from "./client";
import type { Changed } from "./contract";
import type { Verbs } from "./messages";
import { favourites } from "./state";
import { appendStatements, readStatements, replaceStatements } from "./storage/statements";

/** Tabs tell each other that there are new statements. */
const CHANNEL = "shoebox-statements";

/** The verbs that say something. */
type SayingVerb = "favourite" | "undo";

export class Sayings {
  private readonly channel = new BroadcastChannel(CHANNEL);
  /** Keys of the stored runs that Python knows. */
  private held = new Set<number>();
  private work: Promise<unknown> = Promise.resolve();

  constructor(private readonly library: Library) {}

  /** Python has loaded what lies under these keys. */
  async loaded(keys: number[]): Promise<void> {
    this.held = new Set(keys);
    await this.show();
  }

  /** Listen to other tabs; also after a time in which this one was put to sleep and may have missed them. */
  listen(): void {
    const hear = (): void => void this.alone(() => this.hear()).catch((error: unknown) => console.error(error));
    this.channel.addEventListener("message", hear);
    document.addEventListener("visibilitychange", () => { if (document.visibilityState === "visible") hear(); });
  }

  say<V extends SayingVerb>(verb: V, args: Verbs[V]["args"]): Promise<Changed> {
    return this.alone(async () => {
      const { batch, statements, changed, undo } = await this.library.call(verb, args);
      if (batch === null) return { changed, undo: { said: undo } };
      await this.keep(batch, async () => [await appendStatements(statements)]);
      this.channel.postMessage(null);
      await this.show();
      await this.fold();
      return { changed, undo: { said: undo } };
    });
  }

  /** Do what must not meet a statement on its way, such as emptying the library. */
  alone<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.work.then(work);
    this.work = turn.catch(() => undefined);
    return turn;
  }

  /** Check the library, and that all that was said is stored. */
  verify(): Promise<Verbs["verify"]["answer"]> {
    return this.alone(async () => this.library.call("verify", { statements: (await readStatements()).runs }));
  }

  /** Store what Python has staged, and tell it how that went. */
  private async keep(batch: number, store: () => Promise<number[] | null>): Promise<void> {
    let keys: number[] | null;
    try {
      keys = await store();
    } catch (error) {
      await this.library.call("reject", { batch });
      throw error;
    }
    if (keys === null) return void (await this.library.call("reject", { batch }));
    await this.library.call("accept", { batch, keys });
    for (const key of keys) this.held.add(key);
  }

  private async hear(): Promise<void> {
    const { keys, runs } = await readStatements(this.held);
    if (keys.length === 0) return;
    const { problems } = await this.library.call("hear", { statements: runs, keys });
    for (const problem of problems) console.warn(problem);
    for (const key of keys) this.held.add(key);
    await this.show();
  }

  private async fold(): Promise<void> {
    const plan = await this.library.call("fold", {});
    // A failure loses nothing: the runs are only more than they need be, and the next change tries again.
    if (plan) await this.keep(plan.batch, () => replaceStatements(plan.put, plan.delete)).catch((error: unknown) => console.warn(error));
  }

  private async show(): Promise<void> {
    favourites.value = new Set(splitIds((await this.library.call("favourites", {})).ids));
  }
}
