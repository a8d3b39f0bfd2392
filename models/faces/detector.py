"""The detector: SSD on MobileNetV1, as face-api's ``ssdMobilenetv1`` computes it, for input of any size."""

from __future__ import annotations

from collections.abc import Sequence

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
# Up to where the finest grid begins, and from where it pays: the 1 x 1 convolutions of these blocks take half of the time in
# bytes. Before them, pictures have few channels and many pixels, and there is nothing to be gained.
IN_BYTES = range(5, FIRST_HEAD + 1)
# Beyond this side a picture is looked at for small faces only, which the finest grid finds; large ones are found in smaller
# pictures, whose numbers are face-api's own: bytes shift them by up to 0.12, too much for a second look at what may be a face.
COARSE = 320


def build(weights: dict[str, Weight], exact: bool = False) -> bytes:
    """The network.

    ``pixels`` uint8 (n, height, width, 3) in; out come, for each of the boxes that `anchor_sizes` describes, ``scores``
    (n, boxes), the probability of a face, and ``offsets`` (n, boxes, 4), how far centre and size are from the box's own
    (y, x, height, width).

    Parameters
    ----------
    weights : dict of str to Weight
    exact : bool
        Give face-api's own numbers, at any size. Otherwise pictures with a longer side than `COARSE` are seen with most of the
        work done in bytes (`IN_BYTES`), and only the boxes of the finest grid come out.
    """
    graph = Graph("detector")
    # face-api divides by 127.5 and takes off 1.
    flow = _clipped(graph, graph.pixels("pixels", [127.5] * 3, 1 / 127.5), weights, "MobilenetV1/Conv2d_0_pointwise", 2)
    for block in range(1, IN_BYTES.start):
        flow = _block(graph, flow, weights, block)
    if exact:
        scores, offsets = _all_grids(graph, flow, weights)
    else:
        sides = graph.add("Shape", "pixels", start=1, end=3)
        small = graph.add("LessOrEqual", graph.add("ReduceMax", sides, keepdims=0), graph.constant(COARSE, np.int64))
        yes, no = Graph("all", graph), Graph("finest", graph)
        scores, offsets = graph.either(small, yes, _all_grids(yes, flow, weights), no, _finest_grid(no, flow, weights))
    return graph.model(
        {"pixels": ["n", "height", "width", 3]},
        {"scores": (scores, ["n", "boxes"]), "offsets": (offsets, ["n", "boxes", 4])},
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


def _all_grids(graph: Graph, flow: str, weights: dict[str, Weight]) -> tuple[str, str]:
    """Scores and offsets of the boxes of all grids, from what the first blocks give."""
    for block in range(IN_BYTES.start, FIRST_HEAD + 1):
        flow = _block(graph, flow, weights, block)
    return _boxes(graph, _heads(graph, [flow, *_coarse(graph, flow, weights)], weights))


def _finest_grid(graph: Graph, flow: str, weights: dict[str, Weight]) -> tuple[str, str]:
    """Those of the finest grid, computed in bytes."""
    for block in IN_BYTES:
        flow = _block(graph, flow, weights, block, in_bytes=True)
    return _boxes(graph, _heads(graph, [flow], weights))


def _block(graph: Graph, source: str, weights: dict[str, Weight], block: int, *, in_bytes: bool = False) -> str:
    """A depthwise and a pointwise convolution; what each gives is cut off at 0 and 6, in bytes by what bytes can say."""
    name = f"MobilenetV1/Conv2d_{block}"
    gamma, beta, mean, variance = (
        weights[f"{name}_depthwise/BatchNorm/{part}"].numbers for part in ("gamma", "beta", "moving_mean", "moving_variance")
    )
    factor = gamma / np.sqrt(variance + EPSILON)
    filters, stride = weights[f"{name}_depthwise/depthwise_weights"], 2 if block in DOWN else 1
    flow = graph.convolution(source, filters, beta - mean * factor, stride, depthwise=True, factor=factor)
    if not in_bytes:
        return _clipped(graph, _relu6(graph, flow), weights, f"{name}_pointwise", 1)
    bias = weights[f"{name}_pointwise/convolution_bn_offset"].numbers
    return graph.byte_convolution(flow, weights[f"{name}_pointwise/weights"], bias, 6 / 255)


def _coarse(graph: Graph, source: str, weights: dict[str, Weight]) -> list[str]:
    """What the coarser grids are made of."""
    for block in range(FIRST_HEAD + 1, BLOCKS + 1):
        source = _block(graph, source, weights, block)
    sources = [source]
    for place in range(0, 8, 2):
        source = _clipped(graph, source, weights, f"Prediction/Conv2d_{place}_pointwise", 1)
        source = _clipped(graph, source, weights, f"Prediction/Conv2d_{place + 1}_pointwise", 2)
        sources.append(source)
    return sources


def _heads(graph: Graph, sources: Sequence[str], weights: dict[str, Weight]) -> list[tuple[str, str]]:
    """Classes and offsets of the boxes of the grids, the finest first."""
    names = [f"Prediction/BoxPredictor_{place}" for place in range(len(sources))]
    return [
        (
            _head(graph, source, weights, f"{name}/ClassPredictor", CLASSES),
            _head(graph, source, weights, f"{name}/BoxEncodingPredictor", 4),
        )
        for source, name in zip(sources, names, strict=True)
    ]


def _boxes(graph: Graph, heads: Sequence[tuple[str, str]]) -> tuple[str, str]:
    """Scores and offsets of all boxes, one grid after another."""
    classes, offsets = zip(*heads, strict=True)
    face = graph.add("Gather", graph.add("Concat", *classes, axis=1), graph.constant(FACE, np.int64), axis=2)
    return graph.add("Sigmoid", face), graph.add("Concat", *offsets, axis=1)


def _relu6(graph: Graph, source: str) -> str:
    return graph.add("Clip", source, graph.constant(0), graph.constant(6))


def _head(graph: Graph, source: str, weights: dict[str, Weight], name: str, width: int) -> str:
    found = graph.convolution(source, weights[f"{name}/weights"], weights[f"{name}/biases"].numbers)
    rows = graph.add("Transpose", found, perm=[0, 2, 3, 1])
    return graph.add("Reshape", rows, graph.constant([0, -1, width], np.int64))
