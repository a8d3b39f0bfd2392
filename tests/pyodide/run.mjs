/**
 * Runs pytest inside Pyodide under Node.
 *
 *     node run.mjs PYODIDE REPOSITORY PACKAGES REPORT [pytest arguments...]
 *
 * PYODIDE is the folder that the build puts into dist/, with its frozen lock file and wheels; PACKAGES holds pytest and what it needs;
 * REPORT is where the JUnit report goes. Ends with pytest's own exit status.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const [pyodideFolder, repository, packages, report, ...pytestArguments] = process.argv.slice(2);
const { loadPyodide } = await import(pathToFileURL(join(pyodideFolder, "pyodide.mjs")).href);

const pyodide = await loadPyodide({
  indexURL: `${pyodideFolder}/`,
  // Where CI is set, hypothesis tries the same examples in every run: nobody's change is refused for what chance finds on that day.
  env: {
    HOME: "/tmp",
    PYTHONDONTWRITEBYTECODE: "1",
    HYPOTHESIS_STORAGE_DIRECTORY: "/tmp/hypothesis",
    ...(process.env.CI && { CI: process.env.CI }),
  },
});
await pyodide.loadPackage(["shoebox"], { messageCallback: () => {} });
pyodide.FS.mkdirTree("/repository");
pyodide.mountNodeFS("/repository", repository);
pyodide.FS.mkdirTree("/packages");
pyodide.mountNodeFS("/packages", packages);

// An error's trace would otherwise quote megabytes of minified code.
const fail = (error) => {
  console.error(error.message);
  process.exit(70);
};

const status = await pyodide.runPythonAsync(
  `
import os
import sys

sys.path.append("/packages")
os.chdir("/repository")

import pytest

int(pytest.main([*arguments, "--junit-xml=/tmp/report.xml"]))
`,
  { globals: pyodide.toPy({ arguments: pytestArguments }) },
).catch(fail);
writeFileSync(report, pyodide.FS.readFile("/tmp/report.xml"));
process.exit(status);
