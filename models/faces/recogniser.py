"""Faces to 128 numbers: dlib's residual network, as face-api's ``faceRecognitionNet`` computes it."""

from __future__ import annotations

import numpy as np

from models.faces.graph import Graph
from models.faces.landmarks import MEAN, SCALE
from models.faces.shards import Weight

MODEL = "face_recognition_model"
SIDE = 150
DIMENSION = 128
# Name, side of what comes out, channels of what goes in and comes out; "down" halves the side.
LAYERS = (
    ("conv32_1", 35, 32, 32),
    ("conv32_2", 35, 32, 32),
    ("conv32_3", 35, 32, 32),
    ("conv64_down", 17, 32, 64),
    ("conv64_1", 17, 64, 64),
    ("conv64_2", 17, 64, 64),
    ("conv64_3", 17, 64, 64),
    ("conv128_down", 8, 64, 128),
    ("conv128_1", 8, 128, 128),
    ("conv128_2", 8, 128, 128),
    ("conv256_down", 4, 128, 256),
    ("conv256_1", 4, 256, 256),
    ("conv256_2", 4, 256, 256),
    ("conv256_down_out", 2, 256, 256),
)


def build(weights: dict[str, Weight]) -> bytes:
    """The network: ``pixels`` uint8 (n, 150, 150, 3), aligned faces, in; ``vectors`` (n, 128), of any length, out."""
    graph = Graph("recogniser")
    flow = _convolution(graph, graph.pixels("pixels", MEAN, SCALE), weights, "conv32_down", 2, padded=False)
    flow = graph.add("MaxPool", graph.add("Relu", flow), kernel_shape=[3, 3], strides=[2, 2])
    came = 35
    for name, side, channels, wanted in LAYERS:
        inner = graph.add("Relu", _convolution(graph, flow, weights, f"{name}/conv1", came // side, padded=side == came))
        inner = _convolution(graph, inner, weights, f"{name}/conv2")
        if side != came:
            # Without padding, what the convolution gives may be one row and column short of what the pooling gives.
            short = side - (came - 1) // 2
            inner = _padded(graph, inner, [0, 0, 0, 0, 0, 0, short, short])
            flow = graph.add("AveragePool", flow, kernel_shape=[2, 2], strides=[2, 2])
            flow = _padded(graph, flow, [0, 0, 0, 0, 0, wanted - channels, 0, 0])
        flow = graph.add("Relu", graph.add("Add", inner, flow))
        came = side
    mean = graph.add("ReduceMean", flow, graph.constant([2, 3], np.int64), keepdims=0)
    vectors = graph.add("MatMul", mean, graph.weight(weights["fc"]))
    return graph.model({"pixels": ["n", SIDE, SIDE, 3]}, {"vectors": (vectors, ["n", DIMENSION])})


def _convolution(
    graph: Graph, source: str, weights: dict[str, Weight], name: str, stride: int = 1, *, padded: bool = True
) -> str:
    """A convolution, with the scale and shift of each channel folded in."""
    factor = weights[f"{name}/scale/weights"].numbers
    bias = weights[f"{name}/conv/bias"].numbers * factor + weights[f"{name}/scale/biases"].numbers
    return graph.convolution(source, weights[f"{name}/conv/filters"], bias, stride, padded=padded, factor=factor)


def _padded(graph: Graph, source: str, pads: list[int]) -> str:
    return graph.add("Pad", source, graph.constant(pads, np.int64)) if any(pads) else source
