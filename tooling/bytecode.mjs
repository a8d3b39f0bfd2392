/**
 * Compiles Python archives with the interpreter that will run them: Pyodide, here under Node.
 *
 *     node bytecode.mjs PYODIDE SOURCE TARGET [SOURCE TARGET ...]
 *
 * PYODIDE is a folder with Pyodide's own files. See bytecode.py for what is done and why.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const [folder, ...paths] = process.argv.slice(2);
const { loadPyodide } = await import(pathToFileURL(join(folder, "pyodide.mjs")).href);
const pyodide = await loadPyodide({ indexURL: `${folder}/` });
pyodide.runPython(readFileSync(new URL("bytecode_inside.py", import.meta.url), "utf-8"));
const compile = pyodide.globals.get("compile_archive");
for (let at = 0; at + 1 < paths.length; at += 2) {
  pyodide.FS.writeFile("/source.zip", readFileSync(paths[at]));
  try {
    compile("/source.zip", "/target.zip");
  } catch (error) {
    // An error's trace would otherwise quote megabytes of minified code.
    console.error(`${paths[at]}: ${error.message}`);
    process.exit(1);
  }
  writeFileSync(paths[at + 1], pyodide.FS.readFile("/target.zip"));
}
