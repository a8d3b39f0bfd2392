"""The command line: `python -m shoebox`, on CPython only; see docs/command-line.md.

The same library as the page's, with files, processes and a terminal around it: `arguments` says what can be typed, `running`
does it, `printing` says what people read. Photos go through `scanning`, `decoders` and `indexing`.
"""
