"""The library, one file a module; the same tests run on CPython and inside Pyodide."""
