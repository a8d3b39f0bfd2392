"""The 68 points of a face, as face-api's ``faceLandmark68Net`` computes them."""

from __future__ import annotations

import numpy as np

from models.faces.graph import Graph
from models.faces.shards import Weight

MODEL = "face_landmark_68_model"
SIDE = 112
POINTS = 68
# Red, green, blue: the mean pixel of the photos that dlib's and face-api's networks were trained on.
MEAN = (122.782, 117.001, 104.298)
SCALE = 1 / 255


def build(weights: dict[str, Weight]) -> bytes:
    """The network: ``pixels`` uint8 (n, 112, 112, 3) in, ``points`` (n, 68, 2) out, x and y as shares of the square's side."""
    graph = Graph("landmarks")
    flow = graph.pixels("pixels", MEAN, SCALE)
    for block in range(4):
        flow = _dense(graph, flow, weights, f"dense{block}", first=block == 0)
    flow = graph.add("ReduceMean", flow, graph.constant([2, 3], np.int64), keepdims=0)
    flat = graph.add("Gemm", flow, graph.weight(weights["fc/weights"]), graph.constant(weights["fc/bias"].numbers))
    points = graph.add("Reshape", flat, graph.constant([0, POINTS, 2], np.int64))
    return graph.model({"pixels": ["n", SIDE, SIDE, 3]}, {"points": (points, ["n", POINTS, 2])})


def _dense(graph: Graph, source: str, weights: dict[str, Weight], name: str, *, first: bool) -> str:
    """Four convolutions; each but the first reads the sum of all before it."""
    if first:
        start = graph.convolution(source, weights[f"{name}/conv0/filters"], weights[f"{name}/conv0/bias"].numbers, 2)
    else:
        start = _separable(graph, source, weights, f"{name}/conv0", 2)
    flow = total = graph.add("Relu", start)
    for place in (1, 2, 3):
        total = graph.add("Add", total, _separable(graph, flow, weights, f"{name}/conv{place}", 1))
        flow = graph.add("Relu", total)
    return flow


def _separable(graph: Graph, source: str, weights: dict[str, Weight], name: str, stride: int) -> str:
    filters = weights[f"{name}/depthwise_filter"]
    flow = graph.convolution(source, filters, np.zeros(filters.values.shape[2]), stride, depthwise=True)
    return graph.convolution(flow, weights[f"{name}/pointwise_filter"], weights[f"{name}/bias"].numbers)
