"""Shoebox: private photo search. The same package runs on CPython and, inside the browser, in Pyodide."""
