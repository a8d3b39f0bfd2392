/**
 * The service worker: keeps the app on this device so that it works offline, and adds the headers that isolate the page on
 * hosts that send none. It fetches files of this release from its own origin and nothing else.
 *
 * The first visit keeps the small shell and takes control at once; everything heavy is kept while the page asks for it or
 * when the page says `keep`, each file fetched once. A new release waits until the person agrees or all tabs are closed.
 */
import type { Engine } from "./messages";
import type { FromServiceWorker, ToServiceWorker } from "./service-worker/messages";
import type { Release, ReleaseFile } from "./service-worker/release";
import { FetchProblem, Shelf } from "./service-worker/shelf";

declare const self: ServiceWorkerGlobalScope & { readonly SHOEBOX: Release };

const AT_ONCE = 3;
const TEXT = { type: "text/plain; charset=utf-8" };

const shelf = new Shelf(self.SHOEBOX, self.registration.scope);

self.addEventListener("install", (event) => {
  event.waitUntil(install());
});

self.addEventListener("activate", (event) => {
  event.waitUntil(shelf.tidy().then(() => self.clients.claim()));
});

self.addEventListener("fetch", (event) => {
  const address = new URL(event.request.url);
  if (address.origin !== self.location.origin) {
    event.respondWith(Response.error());
  } else if (event.request.method === "GET") {
    event.respondWith(answer(event, address));
  }
});

self.addEventListener("message", (event) => {
  const message = event.data as ToServiceWorker;
  if (message.type === "activate") event.waitUntil(self.skipWaiting());
  else if (message.type === "keep") event.waitUntil(keepFor(message.variant));
});

/** The shell, and the new copies of whatever the release before had come to hold on this device. */
async function install(): Promise<void> {
  const wanted = new Set([...shelf.filesOf("shell"), ...(await shelf.inUse())]);
  await keepAll([...wanted], () => undefined);
  if (self.registration.active) await tell({ type: "update-ready" });
}

async function answer(event: FetchEvent, address: URL): Promise<Response> {
  const file = shelf.fileAt(address);
  try {
    if (file) return await shelf.serve(file, (work) => { event.waitUntil(work); });
    // A navigation's redirect is the browser's to follow; any other must not lead to another origin.
    const found = await fetch(event.request, event.request.mode === "navigate" ? {} : { redirect: "error" });
    return found.type === "basic" ? new Response(found.body, { status: found.status, headers: withPolicy(found.headers) }) : found;
  } catch (problem) {
    if (problem instanceof FetchProblem) return shelf.dress(`${problem.message}\n`, TEXT, 502);
    const sentence = file
      ? "This part of Shoebox is not on this device yet. Connect to the network once and it stays.\n"
      : "You are offline, and this address is not a part of Shoebox.\n";
    return shelf.dress(sentence, TEXT, 503);
  }
}

function withPolicy(headers: Headers): Headers {
  const all = new Headers(headers);
  for (const [name, value] of Object.entries(self.SHOEBOX.headers)) all.set(name, value);
  // The body is already unpacked here.
  all.delete("Content-Encoding");
  all.delete("Content-Length");
  return all;
}

/** Runs follow one another: a page that asks again is told how far things are even if all is here already. */
let keeping: Promise<void> = Promise.resolve();

async function keepFor(variant: Engine): Promise<void> {
  keeping = keeping.then(() => keepDevice(variant));
  await keeping;
}

async function keepDevice(variant: Engine): Promise<void> {
  const runtime = `ort:${variant}`;
  const wanted = shelf.filesOf("shell", "common", runtime);
  try {
    const total = sizeOf(wanted);
    await keepAll(wanted, (done) => { if (done < total) void tell({ type: "kept", done, total }); });
    const others = self.SHOEBOX.files.filter((file) => file.group.startsWith("ort:") && file.group !== runtime);
    await shelf.drop(others);
    await tell({ type: "kept", done: total, total });
  } catch (problem) {
    const full = problem instanceof DOMException && problem.name === "QuotaExceededError";
    const reason = full
      ? "This device has no room left to keep Shoebox for offline use. Free some space and reload."
      : `Shoebox is not yet whole on this device: ${problem instanceof Error ? problem.message : String(problem)}`;
    await tell({ type: "keep-failed", reason });
  }
}

/** Keep files, a few at a time, in the order given. */
async function keepAll(files: ReleaseFile[], onProgress: (done: number) => void): Promise<void> {
  const waiting = [...files];
  let done = 0;
  const work = async () => {
    for (let file = waiting.shift(); file; file = waiting.shift()) {
      try {
        await shelf.keep(file);
      } catch (problem) {
        waiting.length = 0;
        throw problem;
      }
      done += file.bytes;
      onProgress(done);
    }
  };
  // All have ended before a failure is told, so that nothing is told after it.
  const ends = await Promise.allSettled(Array.from({ length: AT_ONCE }, work));
  for (const end of ends) if (end.status === "rejected") throw end.reason;
}

function sizeOf(files: ReleaseFile[]): number {
  return files.reduce((sum, file) => sum + file.bytes, 0);
}

async function tell(message: FromServiceWorker): Promise<void> {
  const pages = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  for (const page of pages) page.postMessage(message);
}
