"""A whole model pack of a few kilobytes that really works: it knows colours.

The image network takes the mean colour of a photo into a space of 16 dimensions, the text network takes the names of colours
to the same places, and the concepts are colours too. The networks are written down once, in numpy; `write_networks` makes the
same graphs in ONNX. `NumpySessions` runs them everywhere, so that tests need neither weights nor onnxruntime; a test holds both
together.
"""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Coroutine, Mapping
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from shoebox.api import Shoebox
from shoebox.model.pack import Pack
from shoebox.sessions.protocol import Arrays, Network, SessionError

SIDE, DIMENSION, BATCH, MAX_TOKENS = 8, 16, 4, 10
COLOURS = {
    "red": (255, 0, 0),
    "green": (0, 255, 0),
    "blue": (0, 0, 255),
    "yellow": (255, 255, 0),
    "cyan": (0, 255, 255),
    "magenta": (255, 0, 255),
    "white": (255, 255, 255),
    "black": (0, 0, 0),
}
# What is warm adds up from three classes; no class says grey, only the photo's vector does.
WARM, GREY = 0, 1 + len(COLOURS)
CONCEPTS: list[dict[str, Any]] = [
    {"name": "warm colour", "synonyms": ["warm color"], "kinds": ["orange"]},
    *(
        {"name": name, "parents": [WARM] if name in ("red", "yellow", "magenta") else [], "classes": [place]}
        for place, name in enumerate(COLOURS)
    ),
    {"name": "grey", "synonyms": ["gray"]},
]
NUMBERS = {concept["name"]: number for number, concept in enumerate(CONCEPTS)}
THRESHOLD = 0.2
VOCABULARY = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", *COLOURS, "and", "##ish", "-", "a", "photo", "##s"]

Result = TypeVar("Result")


def run(task: Coroutine[Any, Any, Result]) -> Result:
    """Run what waits for nothing outside Python, on CPython and in Pyodide alike (which cannot block on its event loop)."""
    try:
        task.send(None)
    except StopIteration as end:
        return end.value  # type: ignore[no-any-return]
    task.close()
    raise AssertionError("this waits for something outside Python")


def _directions() -> NDArray[np.float32]:
    """(4, 16) orthonormal rows: one for each channel, and one that all photos share."""
    square = np.random.default_rng(8).standard_normal((DIMENSION, 4))
    return np.linalg.qr(square)[0].T.astype(np.float32)


DIRECTIONS = _directions()
COMMON = 0.4
# What the image network multiplies (n, 192) pixels of 0 to 1 with, and adds.
IMAGE_WEIGHT = (np.tile(DIRECTIONS[:3], (SIDE * SIDE, 1)) / (SIDE * SIDE)).astype(np.float32)
IMAGE_BIAS = (COMMON * DIRECTIONS[3] - 0.5 * DIRECTIONS[:3].sum(axis=0)).astype(np.float32)


def unit(vectors: NDArray[np.floating[Any]]) -> NDArray[np.float32]:
    """Rows of length one."""
    return np.asarray(vectors / np.maximum(np.linalg.norm(vectors, axis=-1, keepdims=True), 1e-9), np.float32)


def colour_vectors(colours: NDArray[np.floating[Any]]) -> NDArray[np.float32]:
    """Where mean colours (n, 3) of 0 to 255 lie, before they are scaled to length one."""
    return np.asarray((colours / 255 - 0.5) @ DIRECTIONS[:3] + COMMON * DIRECTIONS[3], np.float32)


TAG_WEIGHT = (20 * unit(colour_vectors(np.array(list(COLOURS.values()), np.float32)))).T.astype(np.float32)
TOKEN_WEIGHT = np.zeros((len(VOCABULARY), DIMENSION), np.float32)
for _place, _word in enumerate(VOCABULARY):
    if _word in COLOURS:
        TOKEN_WEIGHT[_place] = colour_vectors(np.array([COLOURS[_word]], np.float32))[0]
TOKEN_WEIGHT[2] = 0.01 * DIRECTIONS[3]


def image_network(pixels: NDArray[np.uint8]) -> Arrays:
    """What image.onnx computes."""
    flat = (pixels.astype(np.float32) / np.float32(255)).reshape(len(pixels), -1)
    embedding = unit(flat @ IMAGE_WEIGHT + IMAGE_BIAS)
    return {"embedding": embedding, "logits": embedding @ TAG_WEIGHT}


def text_network(ids: NDArray[np.int64], mask: NDArray[np.int64]) -> Arrays:
    """What text.onnx computes."""
    pieces = TOKEN_WEIGHT[ids] * mask[:, :, None].astype(np.float32)
    return {"embedding": unit(pieces.sum(axis=1))}


def concept_numbers(**changed: Any) -> bytes:
    """The file concepts.npz, with some of its arrays changed."""
    colours = np.array([*COLOURS.values(), (128, 128, 128)], np.float32)
    vectors = unit(colour_vectors(colours))
    warm = unit(vectors[[place for place, concept in enumerate(CONCEPTS[1:]) if concept.get("parents")]].sum(axis=0))
    grey = (np.arange(len(CONCEPTS)) == GREY).astype(np.float32)
    arrays = {
        "vectors": np.rint(np.vstack([warm, vectors]) * 100).astype(np.int8),
        # A cosine of 0.98 is as good as even.
        "slope": 200 * grey,
        "offset": -196 * grey,
        "thresholds": np.full(len(CONCEPTS), THRESHOLD, np.float32),
        "least_cosine": np.float32(0.8),
    }
    written = io.BytesIO()
    np.savez(written, allow_pickle=False, **{**arrays, **changed})
    return written.getvalue()


class NumpySession:
    """One of the two networks, in numpy. Counts its runs, and fails as often as it is told to."""

    def __init__(self, network: Network) -> None:
        self.network = network
        self.shapes: list[tuple[int, ...]] = []
        self.failures = 0

    async def run(self, inputs: Mapping[str, NDArray[Any]]) -> Arrays:
        self.shapes.append(next(iter(inputs.values())).shape)
        if self.failures:
            self.failures -= 1
            raise SessionError("The graphics processor was lost.")
        return image_network(inputs["pixels"]) if self.network == "image" else text_network(inputs["ids"], inputs["mask"])


class NumpySessions:
    """Both networks in numpy."""

    def __init__(self) -> None:
        self.image, self.text = NumpySession("image"), NumpySession("text")

    async def open(self, network: Network) -> NumpySession:
        return self.image if network == "image" else self.text


def files(version: str = "1") -> dict[str, bytes]:
    """The pack's files by name. The networks are stand-ins of the right names; `write_networks` writes real ones."""
    colours = np.random.default_rng(5).uniform(0, 255, (4000, 3))
    photos = unit(colour_vectors(colours))
    mean = photos.mean(axis=0)
    values, axes = np.linalg.eigh(np.cov((photos - mean).T))
    space = io.BytesIO()
    np.savez(
        space,
        mean=mean.astype(np.float32),
        factor=(axes[:, -3:] * np.sqrt(values[-3:])).astype(np.float32),
        rest=np.float32(0.01),
    )
    made = {
        "image.onnx": b"image",
        "text.onnx": b"text",
        "vocab.txt": ("\n".join(VOCABULARY) + "\n").encode(),
        "concepts.json": json.dumps(CONCEPTS).encode(),
        "concepts.npz": concept_numbers(),
        "space.npz": space.getvalue(),
    }
    return {"pack.toml": manifest(made, version).encode(), **made}


def manifest(made: Mapping[str, bytes], version: str = "1") -> str:
    """The pack.toml of these files."""

    def entry(name: str) -> str:
        return f'file = "{name}"\nbytes = {len(made[name])}\nsha256 = "{hashlib.sha256(made[name]).hexdigest()}"'

    return f"""
id = "colours"
version = "{version}"
licence = "CC0-1.0"
embedding = {DIMENSION}
preprocessing = "squash-{SIDE}"

[image]
{entry("image.onnx")}
side = {SIDE}
batch = {BATCH}
input = "pixels"
outputs = ["embedding", "logits"]

[text]
{entry("text.onnx")}
inputs = ["ids", "mask"]
output = "embedding"
max_tokens = {MAX_TOKENS}

[tokenizer]
kind = "wordpiece"
{entry("vocab.txt")}

[space]
{entry("space.npz")}
z = 1.0

[concepts]
{entry("concepts.json")}
classes = {len(COLOURS)}

[concepts.numbers]
{entry("concepts.npz")}
"""


def tiny_pack(version: str = "1") -> Pack:
    """The pack, read."""
    return Pack.from_files(files(version))


def tiny_box(version: str = "1") -> tuple[Shoebox, NumpySessions]:
    """An empty library with the pack and the sessions that run it."""
    sessions = NumpySessions()
    return Shoebox(tiny_pack(version), sessions), sessions


def write_networks(folder: Path) -> Pack:
    """Write the whole pack with real ONNX networks into a folder (needs the package onnx)."""
    import onnx
    from onnx import TensorProto, helper, numpy_helper

    def constant(name: str, value: NDArray[Any]) -> Any:
        return numpy_helper.from_array(value, name)

    def normalise(source: str) -> list[Any]:
        return [
            helper.make_node("ReduceL2", [source, "last"], ["length"], keepdims=1),
            helper.make_node("Max", ["length", "tiny"], ["safe"]),
            helper.make_node("Div", [source, "safe"], ["embedding"]),
        ]

    common = [constant("last", np.array([-1], np.int64)), constant("tiny", np.array(1e-9, np.float32))]
    image = helper.make_graph(
        [
            helper.make_node("Cast", ["pixels"], ["numbers"], to=TensorProto.FLOAT),
            helper.make_node("Div", ["numbers", "white"], ["scaled"]),
            helper.make_node("Flatten", ["scaled"], ["flat"], axis=1),
            helper.make_node("MatMul", ["flat", "weight"], ["mixed"]),
            helper.make_node("Add", ["mixed", "bias"], ["vector"]),
            *normalise("vector"),
            helper.make_node("MatMul", ["embedding", "tags"], ["logits"]),
        ],
        "image",
        [helper.make_tensor_value_info("pixels", TensorProto.UINT8, ["n", SIDE, SIDE, 3])],
        [
            helper.make_tensor_value_info("embedding", TensorProto.FLOAT, ["n", DIMENSION]),
            helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["n", len(COLOURS)]),
        ],
        [
            constant("white", np.array(255, np.float32)),
            constant("weight", IMAGE_WEIGHT),
            constant("bias", IMAGE_BIAS),
            constant("tags", TAG_WEIGHT),
            *common,
        ],
    )
    text = helper.make_graph(
        [
            helper.make_node("Gather", ["pieces", "ids"], ["found"], axis=0),
            helper.make_node("Cast", ["mask"], ["weights"], to=TensorProto.FLOAT),
            helper.make_node("Unsqueeze", ["weights", "last"], ["column"]),
            helper.make_node("Mul", ["found", "column"], ["kept"]),
            helper.make_node("ReduceSum", ["kept", "tokens"], ["vector"], keepdims=0),
            *normalise("vector"),
        ],
        "text",
        [helper.make_tensor_value_info(name, TensorProto.INT64, ["n", "t"]) for name in ("ids", "mask")],
        [helper.make_tensor_value_info("embedding", TensorProto.FLOAT, ["n", DIMENSION])],
        [constant("pieces", TOKEN_WEIGHT), constant("tokens", np.array([1], np.int64)), *common],
    )
    made = files()
    for name, graph in (("image.onnx", image), ("text.onnx", text)):
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=10)
        onnx.checker.check_model(model)
        made[name] = model.SerializeToString()
    made["pack.toml"] = manifest({name: data for name, data in made.items() if name != "pack.toml"}).encode()
    for name, data in made.items():
        (folder / name).write_bytes(data)
    return Pack.from_folder(folder)
