"""A pack of a few kilobytes that is shaped like CLIP and its like: planes of numbers in, vectors of any length out, byte pairs,
texts of a fixed length one by one, and no concepts or background of its own. It knows the same colours as `tiny_pack`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from shoebox.api import Shoebox
from shoebox.model.clip_bpe import BYTES
from shoebox.model.pack import Pack
from shoebox.sessions.protocol import Arrays, Network
from tests.unit.tiny_pack import COLOURS, DIMENSION, DIRECTIONS, colour_vectors

SIDE, MAX_TOKENS, SCALE = 12, 16, 7.0
MEAN, DEVIATION = (120.0, 110.0, 100.0), (60.0, 50.0, 40.0)
# Vectors of photos and of words lie in two cones, as CLIP's do.
GAP = 0.5


def _merges() -> list[tuple[str, str]]:
    """Merges that make each colour one token."""
    found: dict[tuple[str, str], None] = {}
    # Green comes first, or the "re" of red would tear it apart.
    for name in ("green", *COLOURS):
        left = name[0]
        for place, letter in enumerate(name[1:], 2):
            right = letter + ("</w>" if place == len(name) else "")
            found.setdefault((left, right))
            left += right
    return list(found)


MERGES = _merges()
PIECES = BYTES + len(MERGES) + 2
TOKENS = {left + right: BYTES + place for place, (left, right) in enumerate(MERGES)}
# What the image network multiplies (n, 3) mean colours of 0 to 255 with, and adds.
IMAGE_WEIGHT = (SCALE * DIRECTIONS[:3] / 255).astype(np.float32)
IMAGE_BIAS = (SCALE * (GAP * DIRECTIONS[3] - 0.5 * DIRECTIONS[:3].sum(axis=0))).astype(np.float32)
TOKEN_WEIGHT = np.zeros((PIECES, DIMENSION), np.float32)
for _name, _colour in COLOURS.items():
    TOKEN_WEIGHT[TOKENS[f"{_name}</w>"]] = 2 * (colour_vectors(np.array([_colour], np.float32))[0] - 0.8 * DIRECTIONS[3])
TOKEN_WEIGHT[PIECES - 1] = -0.1 * DIRECTIONS[3]


def image_network(image: NDArray[np.float32]) -> Arrays:
    """What visual.onnx computes, (n, 3, side, side) in."""
    colours = image.mean(axis=(2, 3)) * np.array(DEVIATION, np.float32) + np.array(MEAN, np.float32)
    return {"embedding": (colours @ IMAGE_WEIGHT + IMAGE_BIAS).astype(np.float32)}


def text_network(text: NDArray[np.int32]) -> Arrays:
    """What textual.onnx computes, (1, MAX_TOKENS) in and nothing else."""
    assert text.shape == (1, MAX_TOKENS)
    assert text.dtype == np.int32
    return {"embedding": TOKEN_WEIGHT[text].sum(axis=1)}


class ClipSession:
    """One of the two networks, in numpy."""

    def __init__(self, network: Network) -> None:
        self._network = network

    async def run(self, inputs: Mapping[str, NDArray[Any]]) -> Arrays:
        return image_network(inputs["image"]) if self._network == "image" else text_network(inputs["text"])


class ClipSessions:
    """Both networks in numpy."""

    async def open(self, network: Network) -> ClipSession:
        return ClipSession(network)


def merges_file() -> bytes:
    """The file of merges, as CLIP's."""
    return "\n".join(["#version: 0.2", *(f"{left} {right}" for left, right in MERGES), ""]).encode()


def files(version: str = "1") -> dict[str, bytes]:
    """The pack's files by name; the networks are stand-ins of the right names."""
    made = {"visual.onnx": b"visual", "textual.onnx": b"textual", "merges.txt": merges_file()}
    return {"pack.toml": manifest(made, version).encode(), **made}


def manifest(made: Mapping[str, bytes], version: str = "1") -> str:
    """The pack.toml of these files."""

    def entry(name: str) -> str:
        return f'file = "{name}"\nbytes = {len(made[name])}\nsha256 = "{hashlib.sha256(made[name]).hexdigest()}"'

    return f"""
id = "clip-colours"
title = "Colours after CLIP"
version = "{version}"
licence = "CC0-1.0"
terms = "Made for a test: it knows eight colours."
embedding = {DIMENSION}
preprocessing = "crop-{SIDE}"
unscaled = true

[image]
{entry("visual.onnx")}
side = {SIDE}
fit = "crop"
resampling = "bilinear"
batch = 1
input = "image"
outputs = ["embedding"]

[image.pixels]
order = "rgb"
mean = {list(MEAN)}
scale = {[1 / each for each in DEVIATION]}

[text]
{entry("textual.onnx")}
inputs = ["text"]
output = "embedding"
max_tokens = {MAX_TOKENS}
numbers = "int32"
batch = 1
prompts = ["{{}}", "a photo of {{}}"]

[space]
# Eight colours lie too near each other for the usual 2.25.
z = 0.8

[tokenizer]
kind = "clip"
{entry("merges.txt")}
pieces = {PIECES}
"""


def clip_box(version: str = "1") -> Shoebox:
    """An empty library with the pack."""
    return Shoebox(Pack.from_files(files(version)), ClipSessions())


def write_networks(folder: Path) -> Pack:
    """Write the whole pack with real ONNX networks into a folder (needs the package onnx)."""
    import onnx
    from onnx import TensorProto, helper, numpy_helper

    def constant(name: str, value: Any) -> Any:
        return numpy_helper.from_array(np.array(value), name)

    image = helper.make_graph(
        [
            helper.make_node("ReduceMean", ["image", "space"], ["middle"], keepdims=0),
            helper.make_node("Mul", ["middle", "deviation"], ["spread"]),
            helper.make_node("Add", ["spread", "mean"], ["colours"]),
            helper.make_node("MatMul", ["colours", "weight"], ["mixed"]),
            helper.make_node("Add", ["mixed", "bias"], ["embedding"]),
        ],
        "visual",
        [helper.make_tensor_value_info("image", TensorProto.FLOAT, [1, 3, SIDE, SIDE])],
        [helper.make_tensor_value_info("embedding", TensorProto.FLOAT, [1, DIMENSION])],
        [
            constant("space", np.array([2, 3], np.int64)),
            constant("deviation", np.array(DEVIATION, np.float32)),
            constant("mean", np.array(MEAN, np.float32)),
            constant("weight", IMAGE_WEIGHT),
            constant("bias", IMAGE_BIAS),
        ],
    )
    text = helper.make_graph(
        [
            helper.make_node("Gather", ["pieces", "text"], ["found"], axis=0),
            helper.make_node("ReduceSum", ["found", "tokens"], ["embedding"], keepdims=0),
        ],
        "textual",
        [helper.make_tensor_value_info("text", TensorProto.INT32, [1, MAX_TOKENS])],
        [helper.make_tensor_value_info("embedding", TensorProto.FLOAT, [1, DIMENSION])],
        [constant("pieces", TOKEN_WEIGHT), constant("tokens", np.array([1], np.int64))],
    )
    made = {name: data for name, data in files().items() if name != "pack.toml"}
    for name, graph in (("visual.onnx", image), ("textual.onnx", text)):
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=10)
        onnx.checker.check_model(model)
        made[name] = model.SerializeToString()
    for name, data in {**made, "pack.toml": manifest(made).encode()}.items():
        (folder / name).write_bytes(data)
    return Pack.from_folder(folder)
