"""The files of a pack that its taxonomy becomes: names, and the vectors of names in the pack's own space."""

from __future__ import annotations

import hashlib
import json
import re
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from models.training.taxonomy import CLASSES, Entry
from shoebox.model.concepts import Calibration
from shoebox.model.preprocess import squash
from shoebox.model.tokenizer import Tokenizer
from shoebox.photo.decode import decode_photo

NAMES, NUMBERS = "concepts.json", "concepts.npz"
# For concepts without captions of their own: what people type, and what they would write under a photo.
TEMPLATES = ("{}", "a photo of a {}")
# Vectors are stored as whole steps of this share of a component's usual size, 1/sqrt(d): about three bits each after
# compression, and a cosine of 0.99 with the exact vector. Thresholds are found with what is stored, so nothing is lost.
STEP = 0.5


class Networks:
    """The two networks of a pack folder, by its pack.toml alone: the concepts need not be there yet."""

    def __init__(self, folder: Path, threads: int = 0) -> None:
        self.toml: dict[str, Any] = tomllib.loads((folder / "pack.toml").read_text(encoding="utf-8"))
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        image, text = self.toml["image"], self.toml["text"]
        self._image, self._text = (
            onnxruntime.InferenceSession(str(folder / each["file"]), options, providers=["CPUExecutionProvider"])
            for each in (image, text)
        )
        vocabulary = (folder / self.toml["tokenizer"]["file"]).read_text(encoding="utf-8").removesuffix("\n").split("\n")
        self.tokenizer = Tokenizer(vocabulary, text["max_tokens"])

    def texts(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Unit vectors (n, d)."""
        text = self.toml["text"]
        rows = []
        for line in texts:
            ids, mask = self.tokenizer.batch([line])
            rows.append(self._text.run([text["output"]], dict(zip(text["inputs"], (ids, mask), strict=True)))[0][0])
        return unit(np.stack(rows))

    def photos(self, files: Sequence[Path]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Unit vectors (n, d) and logits (n, classes), with the app's own decoding and squashing."""
        image = self.toml["image"]
        found: list[list[NDArray[np.float32]]] = []
        for low in range(0, len(files), image["batch"]):
            part = [decode_photo(file.read_bytes()).pixels for file in files[low : low + image["batch"]]]
            squares = np.stack([squash(photo, image["side"]) for photo in part])
            found.append(self._image.run(image["outputs"], {image["input"]: squares}))
        return unit(np.concatenate([each[0] for each in found])), np.concatenate([each[1] for each in found])


def unit(rows: NDArray[np.floating[Any]]) -> NDArray[np.float32]:
    """Rows of length one."""
    return (rows / np.linalg.norm(rows, axis=-1, keepdims=True)).astype(np.float32)


def concept_steps(entries: Sequence[Entry], networks: Networks) -> NDArray[np.int8]:
    """The vectors of concepts, each the mean of its captions' vectors, in whole steps: int8 (n, d)."""
    texts = [prompts(entry) for entry in entries]
    vectors = networks.texts([line for lines in texts for line in lines])
    ends = np.cumsum([len(lines) for lines in texts])
    means = unit(np.stack([part.mean(axis=0) for part in np.split(vectors, ends[:-1])]))
    return np.clip(np.rint(means * np.sqrt(means.shape[1]) / STEP), -127, 127).astype(np.int8)


def prompts(entry: Entry) -> list[str]:
    """The texts whose mean stands for a concept."""
    return list(entry.prompts) or [template.format(entry.plain_name) for template in TEMPLATES]


def write(folder: Path, entries: Sequence[Entry], steps: NDArray[np.int8], calibration: Calibration) -> None:
    """Write both files and name them in pack.toml."""
    rows = []
    for entry in entries:
        concept = entry.concept
        row: dict[str, Any] = {"name": concept.name}
        for field in ("parents", "classes", "synonyms", "kinds"):
            if getattr(concept, field):
                row[field] = list(getattr(concept, field))
        rows.append(json.dumps(row, ensure_ascii=False, separators=(",", ":")))
    (folder / NAMES).write_text("[\n" + ",\n".join(rows) + "\n]\n", encoding="utf-8")
    np.savez_compressed(
        folder / NUMBERS,
        allow_pickle=False,
        vectors=steps,
        slope=calibration.slope.astype(np.float32),
        offset=calibration.offset.astype(np.float32),
        thresholds=calibration.thresholds.astype(np.float32),
        least_cosine=np.float32(calibration.least_cosine),
    )
    manifest = folder / "pack.toml"
    manifest.write_text(with_concepts(manifest.read_text(encoding="utf-8"), folder), encoding="utf-8")


def with_concepts(manifest: str, folder: Path) -> str:
    """The text of a pack.toml whose last two tables name the files in `folder`; all other tables stay as they are."""

    def entry(name: str) -> str:
        data = (folder / name).read_bytes()
        return f'file = "{name}"\nbytes = {len(data)}\nsha256 = "{hashlib.sha256(data).hexdigest()}"\n'

    others = re.sub(r"^\[concepts[^\n]*\n(?:(?!\[)[^\n]*\n?)*", "", manifest, flags=re.MULTILINE).rstrip("\n")
    return f"{others}\n\n[concepts]\n{entry(NAMES)}classes = {CLASSES}\n\n[concepts.numbers]\n{entry(NUMBERS)}"
