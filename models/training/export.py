"""Write the pack: ONNX graphs checked against PyTorch, weights narrowed, manifest and background."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch
from torch import Tensor, nn

from models.training import refine
from models.training.backbone import EMBEDDING, IMAGENET_MEAN, IMAGENET_STD, ImageEncoder
from models.training.text import MAX_TOKENS, TextEncoder
from models.training.weights import quantise_weights

SIDE = refine.SIDE
OPSET = 18
LEAST_COSINE = 0.9999  # float32 ONNX against PyTorch
BACKGROUND_RANK = 48


class ImageGraph(nn.Module):
    """What the app calls: uint8 photos (n, side, side, 3) in; normalisation is part of the graph."""

    def __init__(self, encoder: ImageEncoder) -> None:
        super().__init__()
        self.encoder = encoder
        self.register_buffer("mean", torch.tensor(IMAGENET_MEAN).view(1, 3, 1, 1) * 255)
        self.register_buffer("std", torch.tensor(IMAGENET_STD).view(1, 3, 1, 1) * 255)

    def forward(self, pixels: Tensor) -> tuple[Tensor, Tensor]:
        x = (pixels.permute(0, 3, 1, 2).float() - self.mean) / self.std
        return self.encoder(x)


class ExportError(RuntimeError):
    """The exported graph does not do what the trained network does."""


def cosine(a: np.ndarray, b: np.ndarray) -> float:
    """The least cosine between the rows of two arrays."""
    a = a / np.linalg.norm(a, axis=-1, keepdims=True)
    b = b / np.linalg.norm(b, axis=-1, keepdims=True)
    return float((a * b).sum(-1).min())


def run(model: onnx.ModelProto, inputs: dict[str, np.ndarray]) -> list[np.ndarray]:
    """Run a graph once under onnxruntime on the CPU."""
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    results: list[np.ndarray] = session.run(None, inputs)
    return results


def _export(
    module: nn.Module,
    inputs: tuple[Tensor, ...],
    names: list[str],
    outputs: list[str],
    axes: dict[str, dict[int, str]],
    path: Path,
) -> onnx.ModelProto:
    torch.onnx.export(
        module.eval(),
        inputs,
        str(path),
        input_names=names,
        output_names=outputs,
        dynamic_axes=axes,
        opset_version=OPSET,
        dynamo=False,
        do_constant_folding=True,
    )
    model = onnx.load(path)
    onnx.checker.check_model(model)
    return model


def export_image(encoder: ImageEncoder, sample: np.ndarray, path: Path) -> dict[str, float]:
    """Write the image graph with int8 weights; return the checked cosines.

    Raises ExportError where the float32 graph and PyTorch differ.
    """
    full = full_image_graph(encoder, sample, path)
    with torch.inference_mode():
        wanted = [tensor.numpy() for tensor in ImageGraph(encoder).eval()(torch.from_numpy(sample))]
    return _narrow(full, {"pixels": sample}, wanted, path)


def full_image_graph(encoder: ImageEncoder, sample: np.ndarray, path: Path) -> onnx.ModelProto:
    """Write the image graph in full precision; `sample` shows the shape of its input."""
    graph = ImageGraph(encoder.to(memory_format=torch.contiguous_format)).eval()
    axes = {"pixels": {0: "n"}, "embedding": {0: "n"}, "logits": {0: "n"}}
    return _export(graph, (torch.from_numpy(sample[:2]),), ["pixels"], ["embedding", "logits"], axes, path)


def export_text(encoder: TextEncoder, ids: np.ndarray, mask: np.ndarray, path: Path) -> dict[str, float]:
    """Write the text graph with int8 weights; return the checked cosines."""
    axes = {"ids": {0: "n", 1: "t"}, "mask": {0: "n", 1: "t"}, "embedding": {0: "n"}}
    inputs = (torch.from_numpy(ids), torch.from_numpy(mask))
    full = _export(encoder, inputs, ["ids", "mask"], ["embedding"], axes, path)
    with torch.inference_mode():
        wanted = [encoder.eval()(*inputs).numpy()]
    return _narrow(full, {"ids": ids, "mask": mask}, wanted, path)


def _narrow(full: onnx.ModelProto, inputs: dict[str, np.ndarray], wanted: list[np.ndarray], path: Path) -> dict[str, float]:
    exact = min(cosine(got, want) for got, want in zip(run(full, inputs), wanted, strict=True))
    if exact < LEAST_COSINE:
        raise ExportError(f"{path.name}: ONNX and PyTorch agree only to cosine {exact:.6f}")
    small = quantise_weights(full)
    onnx.save(small, path)
    return {"float32": exact, "int8": cosine(run(small, inputs)[0], wanted[0]), "bytes": path.stat().st_size}


def background(vectors: np.ndarray, rank: int = BACKGROUND_RANK) -> dict[str, np.ndarray]:
    """Gaussian model of photo vectors: mean (384,) and factor (384, k), covariance = factor factor^T.

    What a query scores against photos that have nothing to do with it follows from these two,
    so that relevance can end per query instead of at one flat threshold.
    """
    mean = vectors.mean(0)
    centred = vectors - mean
    values, axes = np.linalg.eigh(centred.T @ centred / len(vectors))
    top = np.argsort(values)[::-1][:rank]
    rest = np.sqrt(np.delete(values, top).mean())
    factor = axes[:, top] * np.sqrt(np.maximum(values[top] - rest**2, 0))
    return {"mean": mean.astype(np.float32), "factor": factor.astype(np.float32), "rest": np.float32(rest)}


def digest(path: Path) -> str:
    """sha256 of a file, hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def manifest(folder: Path, version: str, cut: float) -> str:
    """The text of pack.toml for the files that lie in `folder`, without concepts (`concepts.write` adds them)."""
    files = {name: folder / name for name in ("image.onnx", "text.onnx", "vocab.txt", "space.npz")}
    entry = {name: f'file = "{name}"\nbytes = {path.stat().st_size}\nsha256 = "{digest(path)}"' for name, path in files.items()}
    return f'''# Made by `python build.py models train`; the model card is CARD.md.
id = "shoebox-b0"
version = "{version}"
licence = "Apache-2.0"
embedding = {EMBEDDING}
preprocessing = "squash-{SIDE}-bicubic"

[image]
{entry["image.onnx"]}
side = {SIDE}
batch = 8
input = "pixels"
outputs = ["embedding", "logits"]

[text]
{entry["text.onnx"]}
inputs = ["ids", "mask"]
output = "embedding"
max_tokens = {MAX_TOKENS}

[tokenizer]
kind = "wordpiece"
{entry["vocab.txt"]}

[space]
{entry["space.npz"]}
# standard deviations above the background from which a photo counts as relevant
z = {cut}
'''
