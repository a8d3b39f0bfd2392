/** What the person says about photos: asked of Python, stored, told to the other tabs; one thing after the other. */
import { splitIds, type Library } from "./client";
import type { Changed } from "./contract";
import type { SaidAnswer, Verb, Verbs } from "./messages";
import { favourites, peopleVersion } from "./state";
import { eraseFaces } from "./storage/faces";
import { readFindings } from "./storage/findings";
import { appendStatements, readStatements, replaceStatements } from "./storage/statements";

/** Tabs tell each other that there are new statements. */
const CHANNEL = "shoebox-statements";

/** The verbs that say something. */
export type SayingVerb = { [V in Verb]: Verbs[V]["answer"] extends SaidAnswer ? V : never }[Verb];
/** `person`: whom a change of people is about; `album`: which one a change of albums is. */
interface About {
  person?: string;
  album?: string;
}
type Said = Changed & About;

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

  say<V extends SayingVerb>(verb: V, args: Verbs[V]["args"]): Promise<Said> {
    return this.alone(async () => {
      const answer: SaidAnswer & About = await this.library.call(verb, args);
      const { batch, statements, changed, undo, ...about } = answer;
      const told: Said = { changed, undo: { said: undo }, ...about };
      if (batch === null) return told;
      await this.keep(batch, async () => [await appendStatements(statements)]);
      this.channel.postMessage(null);
      await this.show();
      await this.fold();
      return told;
    });
  }

  /** Do what must not meet a statement on its way, such as emptying the library. */
  alone<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.work.then(work);
    this.work = turn.catch(() => undefined);
    return turn;
  }

  /** Statements were stored by somebody else in this tab: take note of them, and tell the other tabs. */
  caughtUp(): Promise<void> {
    return this.alone(async () => {
      await this.hear();
      this.channel.postMessage(null);
      await this.show();
      await this.fold();
    });
  }

  /** Check the library, and that all that was said, all faces and all text are stored. */
  verify(): Promise<Verbs["verify"]["answer"]> {
    return this.alone(async () => {
      const [{ runs: statements }, faces, texts] = await Promise.all([readStatements(), readFindings("faces"), readFindings("texts")]);
      return this.library.call("verify", { statements, faces, texts });
    });
  }

  /** Delete all faces and what was said about people; answers the library's new generation. */
  eraseFaces(): Promise<number> {
    return this.alone(async () => {
      // Another tab may say something in between; what it said is then taken in, and deleting begins again.
      for (;;) {
        await this.hear();
        const plan = await this.library.call("faces_erase", {});
        const erased = await eraseFaces(plan.put, plan.delete, this.held).catch(async (error: unknown) => {
          await this.library.call("reject", { batch: plan.batch });
          throw error;
        });
        if (erased === null) {
          await this.library.call("reject", { batch: plan.batch });
          continue;
        }
        await this.library.call("accept", { batch: plan.batch, keys: erased.keys });
        this.held = new Set(erased.keys);
        await this.show();
        return erased.generation;
      }
    });
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
    peopleVersion.value += 1;
  }
}
