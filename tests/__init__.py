"""Everything that is tested: units, tooling, the unit tests inside Pyodide, the page in Chromium, the benchmark."""
