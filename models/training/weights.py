"""Weight-only int8: large float32 initialisers become int8 behind a DequantizeLinear.

The runtime widens them once, when a session is created, and then computes in float32, so a
byte buys a parameter and costs no speed (measured: see models/README.md).
"""

from __future__ import annotations

import numpy as np
import onnx
from onnx import helper, numpy_helper

SMALLEST = 4096  # elements; what is smaller stays float32, it would save next to nothing


def quantise_weights(model: onnx.ModelProto) -> onnx.ModelProto:
    """Return a copy with symmetric int8 weights, one scale per output channel.

    The channel axis is 0 for convolutions, Gemm with transB and look-up tables, else the last.
    """
    out = onnx.ModelProto()
    out.CopyFrom(model)
    graph = out.graph
    axes: dict[str, int] = {}
    for node in graph.node:
        for index, name in enumerate(node.input):
            if node.op_type in ("Conv", "Gather") and index == (1 if node.op_type == "Conv" else 0):
                axes[name] = 0
            elif node.op_type == "Gemm" and index == 1:
                transposed = any(a.name == "transB" and a.i for a in node.attribute)
                axes[name] = 0 if transposed else 1
            elif node.op_type == "MatMul" and index == 1:
                axes[name] = -1
    kept, nodes = [], []
    for tensor in graph.initializer:
        array = numpy_helper.to_array(tensor)
        if tensor.name not in axes or array.dtype != np.float32 or array.size < SMALLEST:
            kept.append(tensor)
            continue
        axis = axes[tensor.name] % array.ndim
        others = tuple(a for a in range(array.ndim) if a != axis)
        scale = np.maximum(np.abs(array).max(others), 1e-12) / 127
        shape = [1] * array.ndim
        shape[axis] = -1
        small = np.clip(np.rint(array / scale.reshape(shape)), -127, 127).astype(np.int8)
        kept.append(numpy_helper.from_array(small, f"{tensor.name}.int8"))
        kept.append(numpy_helper.from_array(scale.astype(np.float32), f"{tensor.name}.scale"))
        nodes.append(
            helper.make_node(
                "DequantizeLinear",
                [f"{tensor.name}.int8", f"{tensor.name}.scale"],
                [tensor.name],
                name=f"{tensor.name}.widen",
                axis=axis,
            )
        )
    del graph.initializer[:]
    graph.initializer.extend(kept)
    existing = list(graph.node)
    del graph.node[:]
    graph.node.extend([*nodes, *existing])
    onnx.checker.check_model(out)
    return out
