"""JSON out of files and stored rows, refused before its nesting can exhaust the stack."""

from __future__ import annotations

import json
import re
from typing import Any

# What Shoebox writes has 3 levels. CPython answers too deep a nesting with RecursionError, but under Pyodide its C code
# overflows the browser's stack first (seen at 100,000 levels, in Node), and that ends the interpreter.
DEEPEST = 64

_STRING = re.compile(rb'"(?:[^"\\]|\\.)*+"?', re.DOTALL)
_BRACKET = re.compile(rb"[\[\]{}]")


def parse(text: bytes) -> Any:
    """The value that `text` spells.

    Raises
    ------
    ValueError
        If it is not JSON in UTF-8, or nested deeper than `DEEPEST`.
    """
    # A text without that many brackets is not nested deeper: true of every stored row, and cheap.
    if len(text) > DEEPEST and text.count(b"[") + text.count(b"{") > DEEPEST and _depth(text) > DEEPEST:
        raise ValueError(f"nested deeper than {DEEPEST} levels")
    return json.loads(text)


def _depth(text: bytes) -> int:
    """How many brackets are open at most, outside strings."""
    depth = deepest = 0
    for bracket in _BRACKET.findall(_STRING.sub(b"", text)):
        depth += 1 if bracket in b"[{" else -1
        deepest = max(deepest, depth)
    return deepest
