"""The network that finds neighbours: all likenesses of two blocks of vectors, and the largest of each row.

numpy in WebAssembly multiplies matrices at 4 GFLOP/s on one core, ONNX Runtime Web at 60 on two. So the one heavy step of
grouping, n * n * d multiplications, is a network of three nodes, run block by block::

    rows (b, d), columns (c, d), most (1)  ->  Gemm (columns transposed)  ->  TopK  ->  likeness (b, most), place (b, most)

It has no weights, so its file of some 300 bytes is written here, field by field, as Protocol Buffers lay it out
(https://protobuf.dev/programming-guides/encoding and onnx.proto3): no build step, and nothing to download.
"""

from __future__ import annotations

# Of onnx.proto3: TensorProto.DataType and AttributeProto.AttributeType.
FLOAT, INT32, INT64 = 1, 6, 7
ATTRIBUTE_INT = 2
# The oldest version in which TopK takes the number as an input and Cast, Gemm are as today; and the file format of its time.
OPSET = 13
FILE_FORMAT = 7


def neighbour_network() -> bytes:
    """The network's file, the same bytes every time."""
    scores = _node("Gemm", ["rows", "columns"], ["scores"], _attribute("transB", 1))
    best = _node("TopK", ["scores", "most"], ["likeness", "wide"])
    # Half the bytes to carry from worker to worker.
    narrow = _node("Cast", ["wide"], ["place"], _attribute("to", INT32))
    graph = b"".join(_bytes(1, node) for node in (scores, best, narrow))
    graph += _bytes(2, b"neighbours")
    graph += _bytes(11, _value("rows", FLOAT, ["b", "d"]))
    graph += _bytes(11, _value("columns", FLOAT, ["c", "d"]))
    graph += _bytes(11, _value("most", INT64, [1]))
    graph += _bytes(12, _value("likeness", FLOAT, ["b", "k"]))
    graph += _bytes(12, _value("place", INT32, ["b", "k"]))
    return _number(1, FILE_FORMAT) + _bytes(7, graph) + _bytes(8, _bytes(1, b"") + _number(2, OPSET))


def _node(kind: str, inputs: list[str], outputs: list[str], *attributes: bytes) -> bytes:
    """A NodeProto."""
    names = b"".join(_bytes(1, name.encode()) for name in inputs) + b"".join(_bytes(2, name.encode()) for name in outputs)
    return names + _bytes(4, kind.encode()) + b"".join(_bytes(5, attribute) for attribute in attributes)


def _attribute(name: str, value: int) -> bytes:
    """An AttributeProto with a whole number."""
    return _bytes(1, name.encode()) + _number(3, value) + _number(20, ATTRIBUTE_INT)


def _value(name: str, kind: int, shape: list[str | int]) -> bytes:
    """A ValueInfoProto: a tensor of a type and a shape; names are lengths that may be anything."""
    sides = b"".join(_bytes(1, _number(1, side) if isinstance(side, int) else _bytes(2, side.encode())) for side in shape)
    return _bytes(1, name.encode()) + _bytes(2, _bytes(1, _number(1, kind) + _bytes(2, sides)))


def _number(field: int, value: int) -> bytes:
    """A field with a whole number."""
    return _varint(field << 3) + _varint(value)


def _bytes(field: int, data: bytes) -> bytes:
    """A field with text, bytes or a message."""
    return _varint(field << 3 | 2) + _varint(len(data)) + data


def _varint(value: int) -> bytes:
    """Seven bits a byte, the lowest first, the top bit set in all but the last."""
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*out, value])
