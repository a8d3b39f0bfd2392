"""PP-OCR's networks as Shoebox runs them: bytes in, little out, and weights in one byte until a session opens.

What is changed, and why:

* Inputs are pixels as they come, uint8 NHWC in RGB. The networks want BGR planes from -1 to 1; done here it costs nothing, in
  Python it would be a copy of each picture four times as large.
* The detector answers its map of probabilities in bytes, and the recogniser, for each step, only the likeliest of its 18,710
  characters and how likely that is: 9 bytes instead of 75 KB.
* Weights are stored as int8 with a scale for each output channel, or float16 (see `Precision`). Sessions turn them back once,
  when they open, so that computing is as it was.
"""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

Precision = Literal["int8", "float16", "float32"]

# The recogniser's ArgMax and the int8 weights' Cast are the same since.
LEAST_OPSET = 11
# Smaller tensors stay as they are: biases and scales, which cost nothing and on which much depends.
SMALL = 2048
PIXELS = "pixels"
# Apache-2.0 wants changed files to say so.
CHANGED = (
    "Changed for Shoebox: the input takes bytes, the output is reduced, and the weights are stored in fewer bits. "
    "Converted from an official PaddleOCR model and packaged for use with RapidOCR. The upstream model weights are copyright "
    "Baidu and/or the applicable PaddleOCR rights holders and are licensed under the Apache License, Version 2.0."
)


class TextNetworkProblem(Exception):
    """A network is not the one that this recipe was written for; the message says what is wrong."""


def detector(source: bytes, precision: Precision = "int8") -> bytes:
    """The detector: `pixels` uint8 (n, height, width, 3), sides multiples of 32, to `map` uint8 (n, height, width), 255 for
    sure.

    Raises
    ------
    TextNetworkProblem
    """
    model = _load(source)
    graph = model.graph
    output = _only(graph.output)
    _feed_bytes(graph)
    graph.node.extend(
        [
            helper.make_node("Squeeze", [output], ["flat"], axes=[1]),
            helper.make_node("Mul", ["flat", _constant(graph, "full", 255.0)], ["scaled"]),
            helper.make_node("Round", ["scaled"], ["rounded"]),
            helper.make_node("Cast", ["rounded"], ["map"], to=TensorProto.UINT8),
        ]
    )
    _answer(graph, {"map": (TensorProto.UINT8, ["n", "height", "width"])})
    return _finished(model, precision, ["n", "height", "width", 3])


def recogniser(source: bytes, precision: Precision = "int8") -> tuple[bytes, list[str]]:
    """The recogniser: `pixels` uint8 (n, 48, width, 3) to `characters` int32 and `probabilities` float32, (n, steps) each.

    Returns
    -------
    network : bytes
    characters : list of str
        What the numbers stand for; 0 is no character.

    Raises
    ------
    TextNetworkProblem
    """
    model = _load(source)
    graph = model.graph
    output = _only(graph.output)
    told = {entry.key: entry.value for entry in model.metadata_props}.get("character", "")
    # A blank is the last character, as in rapidocr's CTCLabelDecode, and nothing the first.
    characters = ["", *told.split("\n"), " "]
    classes = graph.output[0].type.tensor_type.shape.dim[-1].dim_value
    if len(characters) != classes or len(set(characters)) != classes or any(len(each) > 1 for each in characters):
        raise TextNetworkProblem(f"The recogniser tells {len(characters)} characters apart, and names {classes}.")
    del model.metadata_props[:]
    _feed_bytes(graph)
    graph.node.extend(
        [
            helper.make_node("ArgMax", [output], ["likeliest"], axis=2, keepdims=0),
            helper.make_node("Cast", ["likeliest"], ["characters"], to=TensorProto.INT32),
            helper.make_node("ReduceMax", [output], ["probabilities"], axes=[2], keepdims=0),
        ]
    )
    shape = ["n", "steps"]
    _answer(graph, {"characters": (TensorProto.INT32, shape), "probabilities": (TensorProto.FLOAT, shape)})
    return _finished(model, precision, ["n", 48, "width", 3]), characters


def _load(source: bytes) -> Any:
    model = onnx.load_from_string(source)
    opset = next(each.version for each in model.opset_import if each.domain == "")
    if opset != LEAST_OPSET or len(model.graph.input) != 1 or len(model.graph.output) != 1:
        raise TextNetworkProblem(
            f"A network has opset {opset}, {len(model.graph.input)} inputs, {len(model.graph.output)} outputs."
        )
    return model


def _only(values: Any) -> str:
    (value,) = values
    return str(value.name)


def _constant(graph: Any, name: str, values: Any) -> str:
    graph.initializer.append(numpy_helper.from_array(np.asarray(values, np.float32), name))
    return name


def _feed_bytes(graph: Any) -> None:
    """Let a network take `pixels`: bytes in RGB, to planes in BGR from -1 to 1."""
    wanted = _only(graph.input)
    graph.initializer.append(numpy_helper.from_array(np.array([2, 1, 0], np.int64), "bgr"))
    begin = [
        helper.make_node("Transpose", [PIXELS], ["planes"], perm=[0, 3, 1, 2]),
        helper.make_node("Cast", ["planes"], ["numbers"], to=TensorProto.FLOAT),
        helper.make_node("Gather", ["numbers", "bgr"], ["turned"], axis=1),
        helper.make_node("Mul", ["turned", _constant(graph, "per_half", 1 / 127.5)], ["spread"]),
        helper.make_node("Sub", ["spread", _constant(graph, "one", 1.0)], [wanted]),
    ]
    nodes = [*begin, *graph.node]
    del graph.node[:]
    graph.node.extend(nodes)


def _answer(graph: Any, outputs: dict[str, tuple[int, list[str]]]) -> None:
    del graph.output[:]
    graph.output.extend(helper.make_tensor_value_info(name, kind, shape) for name, (kind, shape) in outputs.items())


def _finished(model: Any, precision: Precision, shape: list[str | int]) -> bytes:
    graph = model.graph
    del graph.input[:]
    graph.input.append(helper.make_tensor_value_info(PIXELS, TensorProto.UINT8, shape))
    # The shapes between were told for the input as it was.
    del graph.value_info[:]
    if precision != "float32":
        _shrink(graph, precision)
    model.producer_name, model.doc_string = "shoebox", CHANGED
    onnx.checker.check_model(model)
    return bytes(model.SerializeToString(deterministic=True))


def _shrink(graph: Any, precision: Precision) -> None:
    """Store large weights in fewer bytes, with the nodes that turn them back."""
    multiplied = {node.input[1] for node in graph.node if node.op_type == "MatMul"}
    kept, nodes = [], []
    for tensor in graph.initializer:
        values = numpy_helper.to_array(tensor)
        if values.dtype != np.float32 or values.size < SMALL:
            kept.append(tensor)
            continue
        name = tensor.name
        if precision == "float16":
            kept.append(numpy_helper.from_array(values.astype(np.float16), f"{name}.small"))
            nodes.append(helper.make_node("Cast", [f"{name}.small"], [name], to=TensorProto.FLOAT))
            continue
        small, scales = quantised(values, values.ndim - 1 if name in multiplied else 0)
        kept += [numpy_helper.from_array(small, f"{name}.small"), numpy_helper.from_array(scales, f"{name}.scales")]
        nodes.append(helper.make_node("Cast", [f"{name}.small"], [f"{name}.wide"], to=TensorProto.FLOAT))
        nodes.append(helper.make_node("Mul", [f"{name}.wide", f"{name}.scales"], [name]))
    every = [*nodes, *graph.node]
    del graph.initializer[:], graph.node[:]
    graph.initializer.extend(kept)
    graph.node.extend(every)


def quantised(values: NDArray[np.float32], axis: int) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    """Numbers as int8 with a scale for each place along an axis: the first times the second is what they were, nearly.

    Parameters
    ----------
    values : float32
    axis : int

    Returns
    -------
    small : int8, of the same shape
    scales : float32, of a shape that spreads over it
    """
    others = tuple(each for each in range(values.ndim) if each != axis)
    scales = np.abs(values).max(axis=others, keepdims=True) / 127
    scales = np.where(scales == 0, 1, scales).astype(np.float32)
    return np.round(values / scales).astype(np.int8), scales
