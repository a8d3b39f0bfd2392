/**
 * The page's side of the service worker: registers it, lets it isolate the page where the host sends no headers, has it keep
 * what this device needs, and hears of new versions.
 */
import { signal } from "@preact/signals";
import type { Engine } from "./messages";
import type { FromServiceWorker, ToServiceWorker } from "./service-worker/messages";

export interface Offline {
  /** `none`: this browser or window cannot keep the app; `keeping`; `kept`: works offline; `stopped`: see `reason`. */
  phase: "unknown" | "none" | "keeping" | "kept" | "stopped";
  reason: string;
  /** Bytes on this device, of the bytes that it needs. */
  done: number;
  total: number;
}

export const offline = signal<Offline>({ phase: "unknown", reason: "", done: 0, total: 0 });
/** A new version is on this device; `takeUpdate` switches to it. */
export const updateReady = signal(false);

const SCRIPT = "service-worker.js";
const CONTROL_MS = 10_000;
const REPEAT_MS = 60_000;
const RELOADED = "shoebox-reloaded-to-isolate";

/**
 * Register the service worker and wait until it answers for this page, so that what follows is fetched once and kept.
 * On a host without the isolation headers the page reloads, once, into the service worker's; then this never resolves, so that
 * nothing heavy begins before the reload.
 */
export async function startOffline(): Promise<void> {
  if (!("serviceWorker" in navigator)) {
    stop("none", "This browser cannot keep Shoebox for offline use in this window.");
    return;
  }
  navigator.serviceWorker.addEventListener("message", (event) => { hear(event.data as FromServiceWorker); });
  try {
    // A page that was loaded past its service worker (Shift and reload) is not claimed again: nothing to wait for.
    const passedBy = (await navigator.serviceWorker.getRegistration())?.active && !navigator.serviceWorker.controller;
    const registration = await navigator.serviceWorker.register(SCRIPT, { updateViaCache: "none" });
    if (registration.waiting) updateReady.value = true;
    if (!passedBy) await controlled(registration);
  } catch (problem) {
    stop("none", `This browser does not let Shoebox work offline: ${problem instanceof Error ? problem.message : String(problem)}`);
    return;
  }
  await isolated();
}

/** Keep the app, with the runtime of this engine, on this device. Called once the engine is chosen. */
export function keepOffline(variant: Engine): void {
  const ask = () => void send({ type: "keep", variant });
  offline.value = { ...offline.value, phase: offline.value.phase === "none" ? "none" : "keeping" };
  ask();
  // Browsers stop a service worker after a few minutes, and a slow line may need longer.
  const repeat = setInterval(() => {
    if (offline.value.phase === "kept" || offline.value.phase === "none") clearInterval(repeat);
    else ask();
  }, REPEAT_MS);
}

/** Switch to the version that waits; every open tab of the app reloads into it. */
export async function takeUpdate(): Promise<void> {
  const registration = await navigator.serviceWorker.getRegistration();
  if (!registration?.waiting) return;
  registration.waiting.postMessage({ type: "activate" } satisfies ToServiceWorker);
}

/** Delete what is kept of a folder of the app; it is fetched again when it is wanted again. */
export async function forgetKept(folder: string): Promise<void> {
  const address = new URL(folder, document.baseURI).href;
  for (const name of await globalThis.caches?.keys() ?? []) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) if (request.url.startsWith(address)) await cache.delete(request);
  }
}

function hear(message: FromServiceWorker): void {
  if (message.type === "update-ready") updateReady.value = true;
  else if (message.type === "keep-failed") stop("stopped", message.reason);
  else {
    const { done, total } = message;
    offline.value = { phase: done === total ? "kept" : "keeping", reason: "", done, total };
  }
}

async function send(message: ToServiceWorker): Promise<void> {
  const registration = await navigator.serviceWorker?.getRegistration();
  registration?.active?.postMessage(message);
}

/** Wait for a service worker to control this page; the wait ends too when it cannot be installed, or takes long. */
async function controlled(registration: ServiceWorkerRegistration): Promise<void> {
  if (navigator.serviceWorker.controller) {
    reloadOnChange();
    return;
  }
  await new Promise<void>((resolve) => {
    navigator.serviceWorker.addEventListener("controllerchange", () => { resolve(); }, { once: true });
    const installing = registration.installing;
    installing?.addEventListener("statechange", () => { if (installing.state === "redundant") resolve(); });
    setTimeout(resolve, CONTROL_MS);
  });
  reloadOnChange();
}

/** From here on another controller means that a person took an update, in this tab or another. */
function reloadOnChange(): void {
  if (!navigator.serviceWorker.controller) return;
  navigator.serviceWorker.addEventListener("controllerchange", () => { location.reload(); }, { once: true });
}

async function isolated(): Promise<void> {
  if (globalThis.crossOriginIsolated) {
    sessionStorage.removeItem(RELOADED);
  } else if (navigator.serviceWorker.controller && sessionStorage.getItem(RELOADED) === null) {
    sessionStorage.setItem(RELOADED, "yes");
    location.reload();
    await new Promise<never>(() => undefined);
  }
}

function stop(phase: "none" | "stopped", reason: string): void {
  offline.value = { ...offline.value, phase, reason };
}
