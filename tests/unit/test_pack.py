"""Model packs: what a good one holds, and that no other is taken."""

from __future__ import annotations

import dataclasses
import hashlib
import io
import re
from pathlib import Path

import numpy as np
import pytest

from shoebox.errors import PackError
from shoebox.model.pack import Pack
from tests.unit.tiny_pack import (
    BATCH,
    COLOURS,
    CONCEPTS,
    DIMENSION,
    MAX_TOKENS,
    SIDE,
    VOCABULARY,
    files,
    manifest,
    tiny_pack,
    write_networks,
)


def test_a_pack_is_read_with_all_that_it_says() -> None:
    pack = tiny_pack("7")
    assert (pack.id, pack.version, pack.licence, pack.dimension) == ("colours", "7", "CC0-1.0", DIMENSION)
    assert (pack.image.side, pack.image.batch, pack.image.input) == (SIDE, BATCH, "pixels")
    assert (pack.image.embedding, pack.image.logits) == ("embedding", "logits")
    assert (pack.text.ids, pack.text.mask, pack.text.embedding, pack.text.max_tokens) == (
        "ids",
        "mask",
        "embedding",
        MAX_TOKENS,
    )
    assert [VOCABULARY[number] for number in pack.tokenizer.ids("red")] == ["[CLS]", "red", "[SEP]"]
    assert [concept.name for concept in pack.concepts] == [concept["name"] for concept in CONCEPTS]
    assert pack.concepts.classes == len(COLOURS)
    assert pack.concepts.calibration.vectors.shape == (len(CONCEPTS), DIMENSION)
    assert pack.space is not None
    assert pack.space.mean.shape == (DIMENSION,)
    assert pack.space.z == pack.z == 1.0


def test_vectors_of_another_version_or_preparation_have_another_model() -> None:
    one, other = tiny_pack("1"), tiny_pack("2")
    assert one.model != other.model
    assert one.model.preprocessing == f"squash-{SIDE}/squash-bicubic-1"
    assert one.model == tiny_pack("1").model


def test_nothing_in_a_pack_can_be_changed() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        tiny_pack().id = "other"  # type: ignore[misc]


@pytest.mark.parametrize("name", ["pack.toml", "vocab.txt", "concepts.json", "concepts.npz", "space.npz"])
def test_a_missing_file_is_named(name: str) -> None:
    made = files()
    del made[name]
    with pytest.raises(PackError, match=re.escape(name)):
        Pack.from_files(made)


@pytest.mark.parametrize("name", ["vocab.txt", "concepts.json", "concepts.npz", "space.npz"])
def test_a_file_that_is_not_the_one_named_is_refused(name: str) -> None:
    made = files()
    with pytest.raises(PackError, match=r"bytes"):
        Pack.from_files({**made, name: made[name] + b"x"})
    with pytest.raises(PackError, match="not the one"):
        Pack.from_files({**made, name: bytes([made[name][0] ^ 1]) + made[name][1:]})


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('id = "colours"', "id = 5"),
        ('id = "colours"', 'id = ""'),
        ('id = "colours"', ""),
        ("embedding = 16", "embedding = 0"),
        ("embedding = 16", "embedding = true"),
        ("embedding = 16", "embedding = 17"),
        ("side = 8", "side = 8.5"),
        ("side = 8", "side = 100000"),
        ("batch = 4", "batch = -1"),
        ('outputs = ["embedding", "logits"]', 'outputs = ["embedding"]'),
        ('outputs = ["embedding", "logits"]', 'outputs = "embedding"'),
        ('inputs = ["ids", "mask"]', 'inputs = ["ids", 2]'),
        ("max_tokens = 10", "max_tokens = 2"),
        ("classes = 8", "classes = 9"),
        ("classes = 8", "classes = 0"),
        ("[concepts.numbers]", "[numbers]"),
        ("z = 1.0", 'z = "3"'),
        ('file = "image.onnx"', 'file = "../image.onnx"'),
        ('file = "image.onnx"', 'file = ".hidden"'),
        ('sha256 = "', 'sha256 = "x'),
        ("[space]", "[place]"),
        ("version", "="),
    ],
)
def test_a_pack_toml_with_a_wrong_value_is_refused_in_a_sentence(old: str, new: str) -> None:
    made = files()
    text = made["pack.toml"].decode()
    assert old in text
    changed = text.replace(old, new, 1)
    with pytest.raises(PackError) as caught:
        Pack.from_files({**made, "pack.toml": changed.encode()})
    assert caught.value.what.endswith(".")
    assert caught.value.advice


@pytest.mark.parametrize(
    "arrays",
    [
        {"mean": np.zeros(3), "factor": np.zeros((16, 2)), "rest": 0.1},
        {"mean": np.zeros(16), "factor": np.zeros((2, 16)), "rest": 0.1},
        {"mean": np.zeros(16), "factor": np.full((16, 2), np.nan), "rest": 0.1},
        {"mean": np.zeros(16), "factor": np.zeros((16, 2)), "rest": np.zeros(2)},
        {"mean": np.zeros(16)},
    ],
)
def test_a_space_that_does_not_fit_the_vectors_is_refused(arrays: dict[str, np.ndarray]) -> None:
    made = files()
    data = io.BytesIO()
    np.savez(data, **arrays)  # type: ignore[arg-type]
    made["space.npz"] = data.getvalue()
    with pytest.raises(PackError, match=r"space\.npz"):
        Pack.from_files({**made, "pack.toml": manifest({k: v for k, v in made.items() if k != "pack.toml"}).encode()})


def test_a_space_that_is_no_archive_is_refused() -> None:
    made = files()
    made["space.npz"] = b"no archive"
    with pytest.raises(PackError, match=r"space\.npz"):
        Pack.from_files({**made, "pack.toml": manifest({k: v for k, v in made.items() if k != "pack.toml"}).encode()})


@pytest.mark.cpython_only
def test_a_pack_in_a_folder_has_its_networks_checked_too(tmp_path: Path) -> None:
    pack = write_networks(tmp_path)
    image = (tmp_path / "image.onnx").read_bytes()
    assert hashlib.sha256(image).hexdigest() == pack.image.file.sha256
    (tmp_path / "image.onnx").write_bytes(image[:-1])
    with pytest.raises(PackError, match=r"image\.onnx"):
        Pack.from_folder(tmp_path)
    (tmp_path / "image.onnx").unlink()
    with pytest.raises(PackError, match="cannot be read"):
        Pack.from_folder(tmp_path)
