"""The detector: SSD on MobileNetV1, as face-api's ``ssdMobilenetv1`` computes it, for input of any size."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from models.faces.graph import Graph
from models.faces.shards import ShardProblem, Weight

MODEL = "ssd_mobilenetv1_model"
# TensorFlow's batch normalisation.
EPSILON = 0.0010000000474974513
DOWN = (2, 4, 6, 12)
BLOCKS = 13
FIRST_HEAD = 11
CLASSES = 3
FACE = 1
# Input to the finest and coarsest grid: a cell is this many pixels wide. Then, how many boxes stand at each cell.
STRIDES = (16, 32, 64, 128, 256, 512)
BOXES_PER_CELL = (3, 6, 6, 6, 6, 6)
TRAINED_SIDE = 512


def build(weights: dict[str, Weight]) -> bytes:
    """The network.

    ``pixels`` uint8 (n, height, width, 3) in; out come, for each of the boxes that `anchor_sizes` describes, ``scores``
    (n, boxes), the probability of a face, and ``offsets`` (n, boxes, 4), how far centre and size are from the box's own
    (y, x, height, width).
    """
    graph = Graph("detector")
    # face-api divides by 127.5 and takes off 1.
    flow = _clipped(graph, graph.pixels("pixels", [127.5] * 3, 1 / 127.5), weights, "MobilenetV1/Conv2d_0_pointwise", 2)
    sources = []
    for block in range(1, BLOCKS + 1):
        name = f"MobilenetV1/Conv2d_{block}"
        flow = _depthwise(graph, flow, weights, f"{name}_depthwise", 2 if block in DOWN else 1)
        flow = _clipped(graph, flow, weights, f"{name}_pointwise", 1)
        if block == FIRST_HEAD:
            sources.append(flow)
    sources.append(flow)
    for place in range(0, 8, 2):
        flow = _clipped(graph, flow, weights, f"Prediction/Conv2d_{place}_pointwise", 1)
        flow = _clipped(graph, flow, weights, f"Prediction/Conv2d_{place + 1}_pointwise", 2)
        sources.append(flow)
    heads = [f"Prediction/BoxPredictor_{place}" for place in range(len(sources))]
    offsets = [_head(graph, s, weights, f"{head}/BoxEncodingPredictor", 4) for s, head in zip(sources, heads, strict=True)]
    classes = [_head(graph, s, weights, f"{head}/ClassPredictor", CLASSES) for s, head in zip(sources, heads, strict=True)]
    face = graph.add("Gather", graph.add("Concat", *classes, axis=1), graph.constant(FACE, np.int64), axis=2)
    return graph.model(
        {"pixels": ["n", "height", "width", 3]},
        {
            "scores": (graph.add("Sigmoid", face), ["n", "boxes"]),
            "offsets": (graph.add("Concat", *offsets, axis=1), ["n", "boxes", 4]),
        },
    )


def anchor_sizes(weights: dict[str, Weight]) -> list[NDArray[np.float32]]:
    """The boxes at each cell of each grid, from the table that comes with the weights.

    Returns
    -------
    list of (boxes at a cell, 2) float32
        Height and width, in pixels of the input.

    Raises
    ------
    ShardProblem
        If the table does not put the same boxes at every cell.
    """
    (table,) = weights["Output/extra_dim"].values.astype(np.float64)
    sizes, place = [], 0
    for stride, boxes in zip(STRIDES, BOXES_PER_CELL, strict=True):
        side = TRAINED_SIDE // stride
        cells = table[place : place + side * side * boxes].reshape(side * side, boxes, 4) * TRAINED_SIDE
        place += side * side * boxes
        every = cells[..., 2:] - cells[..., :2]
        if np.ptp(every, axis=0).max() > 1e-3:
            raise ShardProblem("The detector's table of boxes is not regular.")
        sizes.append(every[0].astype(np.float32))
    if place != len(table):
        raise ShardProblem(f"The detector's table has {len(table)} boxes, not {place}.")
    return sizes


def _clipped(graph: Graph, source: str, weights: dict[str, Weight], name: str, stride: int) -> str:
    bias = weights[f"{name}/convolution_bn_offset"].numbers
    return _relu6(graph, graph.convolution(source, weights[f"{name}/weights"], bias, stride))


def _depthwise(graph: Graph, source: str, weights: dict[str, Weight], name: str, stride: int) -> str:
    gamma, beta, mean, variance = (
        weights[f"{name}/BatchNorm/{part}"].numbers for part in ("gamma", "beta", "moving_mean", "moving_variance")
    )
    factor = gamma / np.sqrt(variance + EPSILON)
    filters = weights[f"{name}/depthwise_weights"]
    return _relu6(graph, graph.convolution(source, filters, beta - mean * factor, stride, depthwise=True, factor=factor))


def _relu6(graph: Graph, source: str) -> str:
    return graph.add("Clip", source, graph.constant(0), graph.constant(6))


def _head(graph: Graph, source: str, weights: dict[str, Weight], name: str, width: int) -> str:
    found = graph.convolution(source, weights[f"{name}/weights"], weights[f"{name}/biases"].numbers)
    rows = graph.add("Transpose", found, perm=[0, 2, 3, 1])
    return graph.add("Reshape", rows, graph.constant([0, -1, width], np.int64))
