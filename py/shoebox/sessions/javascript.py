"""Data across the border between Python and JavaScript inside Pyodide.

Arrays cross through the buffer interface, never as lists: 20 MB of float32 take 50 ms instead of 400. Every buffer is
copied at the border, since a view of Python's heap dies when the heap grows. Many strings cross as one: 100,000 ids
take 5 ms instead of 150.
"""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

# JavaScript's typed arrays by numpy's name of the type.
TYPED_ARRAYS = {
    "uint8": "Uint8Array",
    "uint16": "Uint16Array",
    "int32": "Int32Array",
    "uint32": "Uint32Array",
    "int64": "BigInt64Array",
    "float32": "Float32Array",
    "float64": "Float64Array",
}


def plain(value: Any) -> Any:
    """JavaScript data as Python data: objects to dict, arrays to list, typed arrays and buffers to memoryview (copies).

    What is Python data already passes through; null and undefined are both None.
    """
    to_py = getattr(value, "to_py", None)
    return value if to_py is None else _without_null(to_py(), _null())


def _null() -> Any:
    """JavaScript's null as Pyodide shows it in Python."""
    return getattr(importlib.import_module("pyodide.ffi"), "jsnull", None)


def _without_null(value: Any, null: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_null(inner, null) for key, inner in value.items()}
    if isinstance(value, list):
        return [_without_null(inner, null) for inner in value]
    return None if value is null else value


def typed_array(array: NDArray[Any] | bytes | bytearray | memoryview) -> Any:
    """A new JavaScript typed array, flat, with the numbers of `array` and a buffer of its own."""
    flat = np.ascontiguousarray(np.frombuffer(array, np.uint8) if not isinstance(array, np.ndarray) else array).reshape(-1)
    made = getattr(importlib.import_module("js"), TYPED_ARRAYS[flat.dtype.name]).new(flat.size)
    if flat.size:
        made.assign(flat)
    return made


def numpy_array(data: Any) -> NDArray[Any]:
    """A numpy array with the numbers of a JavaScript typed array: one copy, which Python owns."""
    return np.asarray(data.to_py())


def to_javascript(value: Mapping[str, Any]) -> tuple[Any, list[Any]]:
    """Python data as a JavaScript object, and the list of the buffers in it for `postMessage`.

    Mappings become objects, sequences arrays, None null, bytes Uint8Array, numpy arrays the typed array of their type.
    """
    buffers: list[Any] = []
    null = _null()

    def swap(part: Any) -> Any:
        if isinstance(part, bytes | bytearray | memoryview | np.ndarray):
            made = typed_array(part)
            buffers.append(made.buffer)
            return made
        if isinstance(part, dict):
            return {key: swap(inner) for key, inner in part.items()}
        if isinstance(part, list | tuple):
            return [swap(inner) for inner in part]
        if part is None:
            return null
        return part.item() if isinstance(part, np.generic) else part

    return as_object(swap(value)), buffers


def as_object(value: Any) -> Any:
    """Dicts and lists as JavaScript objects and arrays, all the way down; JavaScript values inside pass through."""
    return importlib.import_module("pyodide.ffi").to_js(value, dict_converter=importlib.import_module("js").Object.fromEntries)
