/** ONNX Runtime Web: which of its files to load, and how it is set. */
import type * as Ort from "onnxruntime-web";
import type { Engine, Tensor } from "../../messages";

export type Runtime = typeof Ort;
export type Session = Ort.InferenceSession;

/**
 * Load ONNX Runtime Web.
 *
 * [Note: One runtime a device] The `webgpu` file holds the WASM engine too, with the same kernels (measured: 21 ms a photo either
 * way on one thread), so each device needs exactly one: the small one where there is no GPU adapter, else the large one.
 */
export async function loadRuntime(variant: Engine, threads: number): Promise<Runtime> {
  const ort: Runtime = variant === "webgpu" ? await import("onnxruntime-web/webgpu") : await import("onnxruntime-web/wasm");
  ort.env.wasm.wasmPaths = new URL("../ort/", self.location.href).href;
  ort.env.wasm.numThreads = threads;
  ort.env.wasm.proxy = false;
  ort.env.logLevel = "error";
  return ort;
}

/** The adapter's name, or null where WebGPU cannot be used. A software adapter counts only when it is asked for. */
export async function gpuAdapter(insist: boolean): Promise<string | null> {
  try {
    const adapter = await (self.navigator as { gpu?: GPU }).gpu?.requestAdapter({ powerPreference: "high-performance" });
    if (!adapter) return null;
    const { info } = adapter;
    const software = info.isFallbackAdapter || /swiftshader|llvmpipe|basic render/i.test(`${info.architecture} ${info.description}`);
    if (software && !insist) return null;
    return [info.vendor, info.architecture, info.device, info.description].filter(Boolean).join(" ") || "unnamed adapter";
  } catch {
    return null;
  }
}

export function openSession(ort: Runtime, network: Uint8Array<ArrayBuffer>, engine: Engine): Promise<Session> {
  return ort.InferenceSession.create(network, {
    executionProviders: [engine],
    graphOptimizationLevel: "all",
    // Threads that spin while they wait take the cores from the decoders.
    extra: { session: { intra_op: { allow_spinning: "0" } } },
  });
}

/** The results of a batch, and for how many milliseconds it ran. */
export interface Ran {
  outputs: Tensor[];
  ms: number;
}

export async function timed(run: () => Promise<Tensor[]>): Promise<Ran> {
  const begun = performance.now();
  return { outputs: await run(), ms: performance.now() - begun };
}

/** Run once and free everything that belongs to the runtime. */
export async function runSession(ort: Runtime, session: Session, feeds: Tensor[]): Promise<Tensor[]> {
  const inputs: Record<string, Ort.Tensor> = {};
  for (const { name, type, data, dims } of feeds) inputs[name] = new ort.Tensor(type, data, dims);
  const outputs = await session.run(inputs);
  const answers: Tensor[] = [];
  for (const name of session.outputNames) {
    const output = outputs[name];
    if (!output) continue;
    const data = (await output.getData()) as Tensor["data"];
    // The buffer may be the runtime's own: only a buffer of exactly this size can be given away.
    const own = data.byteLength === data.buffer.byteLength ? data : (data.slice() as Tensor["data"]);
    answers.push({ name, type: output.type as Tensor["type"], dims: [...output.dims], data: own });
    output.dispose();
  }
  for (const input of Object.values(inputs)) input.dispose();
  return answers;
}
