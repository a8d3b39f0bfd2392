/**
 * The files of the app on this device. A file is kept under its path and its hash, so two releases share what did not
 * change: a new release fetches only what has other bytes, and the old one stays whole until the new one takes over.
 */
import { sha256 } from "../sha256";
import type { Release, ReleaseFile } from "./release";

const CACHE = "shoebox-files";
const HASH_PARAMETER = "sha256";

/** A file could not be had whole and right; the message says which and why. */
export class FetchProblem extends Error {
  override name = "FetchProblem";
}

export class Shelf {
  private readonly byPath: Map<string, ReleaseFile>;
  /** Files on their way, so that the page and the background never fetch one twice. */
  private readonly onTheWay = new Map<string, Promise<void>>();

  constructor(private readonly release: Release, private readonly scope: string) {
    this.byPath = new Map(release.files.map((file) => [file.path, file]));
  }

  /** The release's file behind an address, or undefined where the release has none. */
  fileAt(address: URL): ReleaseFile | undefined {
    const whole = address.origin + address.pathname;
    if (!whole.startsWith(this.scope)) return undefined;
    const path = decodeURIComponent(whole.slice(this.scope.length));
    return this.byPath.get(path === "" || path.endsWith("/") ? `${path}index.html` : path);
  }

  filesOf(...groups: string[]): ReleaseFile[] {
    return this.release.files.filter((file) => groups.includes(file.group));
  }

  /** The kept copy of a file, with the headers that every answer carries. */
  async find(file: ReleaseFile): Promise<Response | undefined> {
    const cache = await caches.open(CACHE);
    const kept = await cache.match(this.key(file));
    return kept && this.dress(kept.body, file);
  }

  async has(file: ReleaseFile): Promise<boolean> {
    const cache = await caches.open(CACHE);
    return (await cache.match(this.key(file))) !== undefined;
  }

  /**
   * A file for the page: the kept copy, or from the network while a copy is put on the shelf beside it.
   * `until` is told what must finish before the worker may be stopped.
   */
  async serve(file: ReleaseFile, until: (work: Promise<unknown>) => void): Promise<Response> {
    const kept = await this.find(file);
    if (kept) return kept;
    const coming = this.onTheWay.get(file.path);
    if (coming) {
      await coming.catch(() => undefined);
      const arrived = await this.find(file);
      if (arrived) return arrived;
    }
    const pair = this.fetch(file).then((answer) => ({ answer, copy: answer.clone() }));
    // A copy that cannot be kept (a full disk, a host in the middle of an update) must not spoil the page's own.
    until(this.track(file, pair.then(({ copy }) => this.put(file, copy))).catch(() => undefined));
    const { answer } = await pair;
    return this.dress(answer.body, file);
  }

  /** Put a file on the shelf unless it is there. Rejects with FetchProblem, or with the browser's QuotaExceededError. */
  async keep(file: ReleaseFile): Promise<void> {
    if (await this.has(file)) return;
    const coming = this.onTheWay.get(file.path);
    if (coming) return coming;
    return this.track(file, this.fetch(file).then((answer) => this.put(file, answer)));
  }

  async drop(files: ReleaseFile[]): Promise<void> {
    const cache = await caches.open(CACHE);
    await Promise.all(files.map((file) => cache.delete(this.key(file))));
  }

  /** Files of this release of which some release's copy is kept: what this device has come to need. */
  async inUse(): Promise<ReleaseFile[]> {
    const cache = await caches.open(CACHE);
    const paths = new Set((await cache.keys()).map((key) => this.fileAt(new URL(key.url))?.path));
    return this.release.files.filter((file) => paths.has(file.path));
  }

  /** Forget the copies of other releases. */
  async tidy(): Promise<void> {
    const cache = await caches.open(CACHE);
    const current = new Set(this.release.files.map((file) => this.key(file)));
    const stale = (await cache.keys()).filter((key) => !current.has(key.url));
    await Promise.all(stale.map((key) => cache.delete(key)));
  }

  /** An answer with the app's headers around a body. */
  dress(body: BodyInit | null, file: Pick<ReleaseFile, "type"> & { bytes?: number }, status = 200): Response {
    const headers = new Headers(this.release.headers);
    headers.set("Content-Type", file.type);
    if (file.bytes !== undefined) headers.set("Content-Length", String(file.bytes));
    return new Response(body, { status, headers });
  }

  private key(file: ReleaseFile): string {
    const address = new URL(encodeURI(file.path), this.scope);
    address.searchParams.set(HASH_PARAMETER, file.hash);
    return address.href;
  }

  private async fetch(file: ReleaseFile): Promise<Response> {
    // Some hosts redirect index.html to its folder, so the folder is what is asked for.
    const address = new URL(encodeURI(file.path.replace(/(^|\/)index\.html$/, "$1")), this.scope);
    // no-cache asks the host whether the browser's own copy is current; "error" keeps redirects from leading elsewhere.
    const answer = await fetch(address, { cache: "no-cache", redirect: "error", credentials: "same-origin" });
    if (answer.status !== 200 || answer.type !== "basic") {
      throw new FetchProblem(`The server answered ${answer.status} for ${file.path}.`);
    }
    return answer;
  }

  private async put(file: ReleaseFile, answer: Response): Promise<void> {
    const bytes = await answer.arrayBuffer();
    const hash = await sha256(bytes);
    if (!hash.startsWith(file.hash)) {
      throw new FetchProblem(`${file.path} is not the file of this version; the server may be in the middle of an update.`);
    }
    const cache = await caches.open(CACHE);
    await cache.put(this.key(file), new Response(bytes, { headers: { "Content-Type": file.type } }));
  }

  private track(file: ReleaseFile, work: Promise<void>): Promise<void> {
    const tracked = work.finally(() => this.onTheWay.delete(file.path));
    this.onTheWay.set(file.path, tracked);
    return tracked;
  }
}
