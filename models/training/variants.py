"""Compare the forms in which the image network could ship: ``python -m models.training.variants``.

Full precision, half precision, int8 weights (what ships), and int8 throughout (QDQ, calibrated on training photos): bytes, what
it costs in recall and tags, and time natively and in WebAssembly (ONNX Runtime Web under Node), one thread, as a ratio to full
precision, each the least of alternating runs. Needs the work folder that training left; the table stands in models/README.md.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
from numpy.typing import NDArray
from onnxruntime.quantization import CalibrationDataReader, QuantFormat, QuantType, quantize_static
from onnxruntime.quantization.shape_inference import quant_pre_process
from onnxruntime.transformers.float16 import convert_float_to_float16

from models.evaluation.galleries import labelled_photos, read_galleries
from models.evaluation.native import NativePack
from models.evaluation.recall import text_to_image_recall
from models.training import align, export
from models.training.weights import quantise_weights

ROOT = Path(__file__).parents[2]
PACK = ROOT / "models/default"
WASM_TIMER = Path(__file__).with_name("wasm_timer.mjs")
BATCH = 8
CALIBRATION_PHOTOS = 128
ROUNDS = 7


class Photos(CalibrationDataReader):
    """Batches of photos, for the ranges of all values between layers."""

    def __init__(self, pixels: NDArray[np.uint8]) -> None:
        self._batches: Iterator[dict[str, NDArray[np.uint8]]] = iter(
            {"pixels": pixels[start : start + BATCH]} for start in range(0, len(pixels), BATCH)
        )

    def get_next(self) -> dict[str, NDArray[np.uint8]] | None:
        """The next batch, None after the last."""
        return next(self._batches, None)


def write_variants(work: Path, folder: Path) -> dict[str, Path]:
    """Write the network of `work` in all forms into `folder`."""
    encoder = align.load(work / "aligned.pt")
    pixels = np.load(work / "pixels-train.npy", mmap_mode="r")
    chosen = np.sort(np.random.default_rng(0).permutation(len(pixels))[:CALIBRATION_PHOTOS])
    calibration = np.array(pixels[chosen])
    names = ("float32", "float16", "int8 weights", "int8 throughout")
    paths = {name: folder / f"{name.replace(' ', '-')}.onnx" for name in names}
    full = export.full_image_graph(encoder, calibration[:2], paths["float32"])
    onnx.save(convert_float_to_float16(full, keep_io_types=True), paths["float16"])
    onnx.save(quantise_weights(full), paths["int8 weights"])
    prepared = folder / "prepared.onnx"
    quant_pre_process(paths["float32"], prepared, skip_symbolic_shape=True)
    quantize_static(
        prepared,
        paths["int8 throughout"],
        Photos(calibration),
        quant_format=QuantFormat.QDQ,
        per_channel=True,
        activation_type=QuantType.QUInt8,
        weight_type=QuantType.QInt8,
    )
    return paths


def session(path: Path) -> onnxruntime.InferenceSession:
    """The network natively, on one thread."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    return onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])


def outputs(
    network: onnxruntime.InferenceSession, pixels: NDArray[np.uint8]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Unit vectors (n, 384) and logits (n, 1000)."""
    parts = [network.run(None, {"pixels": pixels[start : start + BATCH]}) for start in range(0, len(pixels), BATCH)]
    vectors, logits = (np.concatenate(column).astype(np.float32) for column in zip(*parts, strict=True))
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True), logits


def native_times(networks: dict[str, onnxruntime.InferenceSession], pixels: NDArray[np.uint8]) -> dict[str, float]:
    """Milliseconds a photo in a batch: the least of alternating runs, which a busy machine disturbs alike."""
    best = dict.fromkeys(networks, np.inf)
    for _ in range(ROUNDS):
        for name, network in networks.items():
            begun = time.perf_counter()
            network.run(None, {"pixels": pixels[:BATCH]})
            best[name] = min(best[name], 1000 * (time.perf_counter() - begun) / BATCH)
    return best


def wasm_times(paths: dict[str, Path], side: int) -> dict[str, float]:
    """The same in WebAssembly; not a number for a network that does not run there."""
    command = ["node", str(WASM_TIMER), str(ROOT / "web/node_modules/onnxruntime-web"), str(BATCH), str(side), str(ROUNDS)]
    run = subprocess.run([*command, *map(str, paths.values())], check=True, capture_output=True, text=True)
    return {name: np.nan if ms is None else ms for name, ms in zip(paths, json.loads(run.stdout), strict=True)}


def main() -> None:
    """Print the table in Markdown."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shared", type=Path, default=ROOT.parent / "shared")
    parser.add_argument("--work", type=Path, default=ROOT / "models/work")
    arguments = parser.parse_args()
    pack = NativePack(PACK)
    dev, *_ = read_galleries(arguments.shared / "photos")
    files, classes = labelled_photos(arguments.shared / "photos")
    texts, squares, labelled = pack.texts(dev.captions), pack.squares(dev.photos), pack.squares(files)
    with tempfile.TemporaryDirectory() as place:
        paths = write_variants(arguments.work, Path(place))
        networks = {name: session(path) for name, path in paths.items()}
        native, wasm = native_times(networks, squares), wasm_times(paths, export.SIDE)
        print("| form | MB | *dev* R@1/5/10 | tags | native | WebAssembly |\n|---|---|---|---|---|---|")
        for name, network in networks.items():
            recall = text_to_image_recall(texts, outputs(network, squares)[0], dev.owner)
            top1 = (outputs(network, labelled)[1].argmax(1) == classes).mean()
            shares = " / ".join(f"{recall[cut]:.3f}" for cut in sorted(recall))
            ratios = [times[name] / times["float32"] for times in (native, wasm)]
            speeds = " | ".join("does not run" if np.isnan(ratio) else f"{ratio:.2f} x" for ratio in ratios)
            print(f"| {name} | {paths[name].stat().st_size / 1e6:.1f} | {shares} | {top1:.3f} | {speeds} |")
    print(f"\nfloat32 takes {native['float32']:.1f} ms a photo natively, {wasm['float32']:.1f} in WebAssembly; one thread.")


if __name__ == "__main__":
    main()
