/**
 * Times networks in WebAssembly on one thread: ONNX Runtime Web under Node.
 *
 *     node wasm_timer.mjs ONNXRUNTIME_WEB BATCH SIDE ROUNDS NETWORK...
 *
 * Prints a JSON list: for each network the least milliseconds of CPU a photo, or null where it does not run.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const [folder, batch, side, rounds, ...paths] = process.argv.slice(2);
const ort = await import(pathToFileURL(join(folder, "dist", "ort.wasm.min.mjs")).href);
ort.env.wasm.numThreads = 1;
ort.env.logLevel = "error";
const pixels = Uint8Array.from({ length: batch * side * side * 3 }, (_, at) => (at * 31) % 251);
const feeds = { pixels: new ort.Tensor("uint8", pixels, [Number(batch), Number(side), Number(side), 3]) };

const sessions = await Promise.all(paths.map((path) => ort.InferenceSession.create(readFileSync(path)).catch(() => null)));
const best = sessions.map(() => null);
for (let round = 0; round < Number(rounds); round += 1) {
  for (const [place, session] of sessions.entries()) {
    if (!session) continue;
    const begun = process.cpuUsage();
    await session.run(feeds);
    const { user, system } = process.cpuUsage(begun);
    const ms = (user + system) / 1000 / Number(batch);
    if (best[place] === null || ms < best[place]) best[place] = ms;
  }
}
console.log(JSON.stringify(best));
