"""Packs that are shaped like CLIP: no concepts, no background, planes of numbers, one text at a time."""

from __future__ import annotations

import asyncio
import io
import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from shoebox.errors import PackError
from shoebox.model.arrays import MOST_BYTES, read_arrays
from shoebox.model.pack import Pack
from shoebox.sessions.native import NativeSessions
from tests.unit.clip_pack import (
    DEVIATION,
    MAX_TOKENS,
    MEAN,
    SIDE,
    TOKENS,
    ClipSessions,
    clip_box,
    files,
    write_networks,
)
from tests.unit.test_api import Page, png
from tests.unit.tiny_pack import COLOURS, DIMENSION, run
from tests.unit.tiny_pack import files as tiny_files


def changed(old: str, new: str) -> dict[str, bytes]:
    made = files()
    text = made["pack.toml"].decode()
    assert old in text
    return {**made, "pack.toml": text.replace(old, new, 1).encode()}


@pytest.fixture
def page() -> Page:
    """A library with five photos of each colour."""
    page = Page()
    page.box = clip_box()
    page.add(*[(f"{colour}/{salt}.png", png(colour, (30, 20), salt)) for colour in COLOURS for salt in range(5)])
    return page


def test_such_a_pack_is_read_with_all_that_it_says() -> None:
    pack = Pack.from_files(files("2"))
    assert (pack.id, pack.version, pack.dimension) == ("clip-colours", "2", DIMENSION)
    assert pack.terms == "Made for a test: it knows eight colours."
    assert pack.model.preprocessing == f"crop-{SIDE}/crop-bilinear-1"
    assert (pack.image.logits, pack.text.mask, pack.text.numbers, pack.text.batch) == ("", "", "int32", 1)
    assert pack.text.prompts == ("{}", "a photo of {}")
    assert (pack.space, pack.z, pack.unit) == (None, 0.8, False)
    assert len(pack.concepts) == 0
    np.testing.assert_allclose(pack.image.pixels.mean, MEAN)
    np.testing.assert_allclose(pack.image.pixels.scale, 1 / np.array(DEVIATION), rtol=1e-6)
    assert TOKENS["magenta</w>"] in pack.tokenizer.ids("Magenta")


def test_words_find_the_photos_that_show_them_and_no_others(page: Page) -> None:
    for colour in COLOURS:
        answer = run(page.box.search(colour, limit=5))
        assert {hit["name"].split("/")[0] for hit in answer["results"]} == {colour}
        assert 5 <= answer["relevant"] <= 10


def test_sentences_find_photos_too(page: Page) -> None:
    assert run(page.box.search("all in blue", limit=1))["results"][0]["name"].startswith("blue/")


def test_everything_else_works_without_concepts(page: Page) -> None:
    assert page.box.tags() == []
    shown = page.box.photo(page.id("red/0.png"))
    assert shown["tags"] == []
    assert page.box.albums.albums() == []
    assert run(page.box.similar(page.id("red/0.png"), limit=4))["results"][0]["name"].startswith("red/")
    assert run(page.box.search("red -green", limit=1))["results"][0]["name"].startswith("red/")
    assert run(page.box.search("is:best"))["total"] >= 0
    assert page.box.complete("re", 2) is not None
    assert page.box.verify()["ok"]


def test_photos_of_another_pack_wait_to_be_looked_at_again(page: Page) -> None:
    other = Page()
    other.journal = page.journal
    other.reload()
    assert other.box.stats()["outdated"] == 40
    assert run(other.box.search("red"))["total"] == 0


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('fit = "crop"', 'fit = "stretch"'),
        ('fit = "crop"', 'fitt = "crop"'),
        ('resampling = "bilinear"', 'resampling = "magic"'),
        ('kind = "clip"', 'kind = "morse"'),
        ('kind = "clip"', 'kind = "sentencepiece"'),
        ('kind = "clip"', 'kind = "wordpiece"'),
        ("pieces = ", "pieces = 9"),
        ("pieces = ", "piecse = "),
        ("unscaled = true", "unscaled = 1"),
        ('inputs = ["text"]', "inputs = []"),
        ('inputs = ["text"]', 'inputs = ["a", "b", "c"]'),
        ('numbers = "int32"', 'numbers = "float32"'),
        ('prompts = ["{}"', 'prompts = ["photo"'),
        ('prompts = ["{}"', 'prompts = ["{} and {}"'),
        ('prompts = ["{}"', 'prompts = ["{0}{}"'),
        ('order = "rgb"', 'order = "xyz"'),
        ("mean = [", "mean = [1, "),
        ('outputs = ["embedding"]', 'outputs = ["embedding", "logits"]'),
        ('terms = "Made', 'terms = 5\nother = "Made'),
        ("[image.pixels]", "[image.pixel]"),
    ],
)
def test_a_pack_toml_with_a_wrong_value_is_refused_in_a_sentence(old: str, new: str) -> None:
    with pytest.raises(PackError) as caught:
        Pack.from_files(changed(old, new))
    assert re.search(r"\.$", caught.value.what)
    assert caught.value.advice


def test_notes_for_people_may_stand_beside_files() -> None:
    notes = '[text]\nurls = ["https://example.org/textual.onnx"]\nlicence = "CC0-1.0"\nhome = "https://example.org"'
    assert Pack.from_files(changed("[text]", notes)).text.max_tokens == MAX_TOKENS


@pytest.mark.cpython_only
def test_its_networks_in_onnx_give_what_the_ones_in_numpy_give(tmp_path: Path) -> None:
    pack = write_networks(tmp_path)
    squares = np.random.default_rng(3).integers(0, 256, (1, SIDE, SIDE, 3), dtype=np.uint8)
    feeds = {
        "image": {"image": pack.image.pixels.feed(squares)},
        "text": {"text": pack.tokenizer.batch(["red"])[0].astype(np.int32)},
    }

    async def both(network: str) -> list[np.ndarray]:
        sessions = [NativeSessions(tmp_path, pack, 1), ClipSessions()]
        found = [await (await each.open(network)).run(feeds[network]) for each in sessions]  # type: ignore[attr-defined]
        return [outputs["embedding"] for outputs in found]

    for network in ("image", "text"):
        native, ours = asyncio.run(both(network))
        np.testing.assert_allclose(native, ours, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize(
    "value",
    [
        *('""', "-1", "1e400", "nan", "inf", "true", "[]", "{}", "1979-05-27", "[[[[1]]]]", "[1, [2]]", '["a"]', '"\\u0000"'),
        *("1" * 400, "9" * 5000, "[" + "1" * 400 + "]", '"' + "x" * 10_000 + '"', "[" * 3000 + "]" * 3000),
    ],
)
@pytest.mark.parametrize("files", [files, tiny_files], ids=["clip", "colours"])
def test_whatever_stands_in_a_place_of_a_manifest_it_is_taken_or_refused_in_a_sentence(
    files: Callable[[], dict[str, bytes]], value: str
) -> None:
    made = files()
    lines = made["pack.toml"].decode().split("\n")
    for place, line in enumerate(lines):
        if "=" not in line:
            continue
        text = "\n".join([*lines[:place], f"{line.split('=')[0]}= {value}", *lines[place + 1 :]])
        try:
            Pack.from_files({**made, "pack.toml": text.encode()})
        except PackError as error:
            assert error.what.endswith(".")
            assert len(error.what) < 400


def test_arrays_that_would_unpack_to_more_than_they_may_are_refused() -> None:
    bomb = io.BytesIO()
    np.savez_compressed(bomb, mean=np.zeros(MOST_BYTES, np.uint8))
    assert len(bomb.getvalue()) < MOST_BYTES // 100
    with pytest.raises(PackError, match="larger than it may be"):
        read_arrays(bomb.getvalue(), ["mean"], "The file space.npz")
