/** Starting Python in stages: runtime and packages, the pack's small files, then the library itself. */
import type { PackFacts, PythonRole, Tensor, VerbAnswer } from "../../messages";
import { readSmallFiles } from "../../pack-files";
import { networkRunner } from "./networks";

/** What `shoebox.worker.call` answers: for posting, with the buffers in it. */
export interface RawAnswer extends VerbAnswer {
  transfer?: ArrayBuffer[];
}

export interface Python {
  facts: PackFacts | null;
  call(verb: string, args: Record<string, unknown>): Promise<RawAnswer>;
}

type Runner = (network: string, feeds: Tensor[]) => Promise<Tensor[]>;

/** The functions of py/shoebox/worker.py as Pyodide shows them. */
interface Entry {
  start(role: PythonRole, files: Record<string, Uint8Array> | null, run: Runner | null): Promise<RawAnswer>;
  call(verb: string, args: Record<string, unknown>): Promise<RawAnswer>;
}

/** The part of Pyodide's own interface that is used here. */
interface Pyodide {
  pyimport(module: string): Entry;
}

type LoadPyodide = (options: {
  indexURL: string;
  lockFileURL: string;
  packages: string[];
  stderr: (line: string) => void;
}) => Promise<Pyodide>;

const PACKAGES = ["numpy", "pillow", "shoebox"];

export async function bootPython(role: PythonRole, pack: string, inference: MessagePort | null): Promise<Python> {
  const [pyodide, files] = await Promise.all([loadRuntime(), role === "library" ? readSmallFiles(pack) : null]);
  const entry = pyodide.pyimport("shoebox.worker");
  const { value, error, trace } = await entry.start(role, files, inference && networkRunner(inference));
  if (trace) console.error(trace);
  if (error !== undefined) throw new Error(error);
  return {
    facts: role === "library" ? (value as PackFacts) : null,
    call: (verb, args) => entry.call(verb, args),
  };
}

async function loadRuntime(): Promise<Pyodide> {
  const folder = new URL("../pyodide/", self.location.href).href;
  // A variable keeps the bundler from following this: the file lies beside us, as Pyodide ships it.
  const module = `${folder}pyodide.mjs`;
  const { loadPyodide } = (await import(module)) as { loadPyodide: LoadPyodide };
  return loadPyodide({
    indexURL: folder, lockFileURL: `${folder}pyodide-lock.json`, packages: PACKAGES,
    // Codecs grumble about damaged photos there; what matters comes back as errors.
    stderr: (line) => console.debug(line),
  });
}
