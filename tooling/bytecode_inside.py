"""Runs inside Pyodide, for bytecode.mjs: archives of Python sources become archives of bytecode."""

from __future__ import annotations

import importlib.util
import zipfile
from importlib._bootstrap_external import _code_to_hash_pyc  # type: ignore[attr-defined]  # what py_compile itself calls

# The earliest moment that the zip format knows, so that equal contents give equal bytes.
EPOCH = (1980, 1, 1, 0, 0, 0)
# As `python -OO`: nobody reads docstrings in the page, and they would be a third of the bytes.
LEVEL = 2
# What compilers and type checkers want of a wheel, numpy's Fortran tools, and our own command line: no page ever runs these,
# and they would be 0.7 MB of the first visit.
UNUSED_KINDS = (".pyi", ".h", ".c", ".a", ".pxd", ".pyf", ".f", ".f90")
UNUSED_FOLDERS = ("numpy/f2py/", "shoebox/commands/")


def compile_archive(source: str, target: str) -> None:
    """Write the zip file `target`: that of `source`, with every `x.py` replaced by an `x.pyc` that is never checked again.

    What no page runs is left out.
    """
    with zipfile.ZipFile(source) as read, zipfile.ZipFile(target, "w") as write:
        for member in read.infolist():
            name, content = member.filename, read.read(member)
            if name.endswith(UNUSED_KINDS) or name.startswith(UNUSED_FOLDERS):
                continue
            if name.endswith(".py"):
                code = compile(content, name, "exec", dont_inherit=True, optimize=LEVEL)
                name, content = f"{name}c", bytes(_code_to_hash_pyc(code, importlib.util.source_hash(content), checked=False))
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.external_attr = member.external_attr
            write.writestr(entry, content, zipfile.ZIP_DEFLATED, compresslevel=9)
