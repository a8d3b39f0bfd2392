"""The taxonomy, and the files of a pack that it is compiled into."""

from __future__ import annotations

import tomllib
from pathlib import Path

import numpy as np
import pytest

from models.training.concepts import prompts, unit, with_concepts, write
from models.training.taxonomy import TaxonomyError, read_taxonomy, relatives
from shoebox.model.concepts import Calibration, read_concepts

SMALL = """
[[concept]]
name = "beagle kennel"
parents = ["dog"]
prompts = ["beagles in a kennel"]

[[concept]]
name = "dog"
parents = ["animal"]
synonyms = ["hound"]
kinds = ["mongrel"]
classes = [
  { class = 1, name = "beagle" },
  { class = [0, 2], name = "crane (bird)", also = ["animal"] },
]

[[concept]]
name = "animal"
"""


def taxonomy(folder: Path, text: str) -> Path:
    """A taxonomy in a file."""
    path = folder / "taxonomy.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_parents_come_first_whatever_the_order_of_the_file(tmp_path: Path) -> None:
    entries = read_taxonomy(taxonomy(tmp_path, SMALL), 3)
    assert [entry.concept.name for entry in entries] == ["animal", "dog", "beagle kennel", "beagle", "crane (bird)"]
    assert [entry.concept.number for entry in entries] == list(range(5))
    assert entries[4].concept.parents == (0, 1)
    assert entries[4].concept.classes == (0, 2)


def test_a_concept_is_recognised_by_its_captions_or_else_by_its_plain_name(tmp_path: Path) -> None:
    entries = read_taxonomy(taxonomy(tmp_path, SMALL), 3)
    assert prompts(entries[2]) == ["beagles in a kennel"]
    assert prompts(entries[4]) == ["crane", "a photo of a crane"]


def test_relatives_lie_above_or_under(tmp_path: Path) -> None:
    related = relatives(read_taxonomy(taxonomy(tmp_path, SMALL), 3))
    assert related[2] == {0, 1, 2}
    assert related[1] == {0, 1, 2, 3, 4}


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ('name = "animal"', 'name = "animal"\nparents = ["beagle"]', "in a circle"),
        ('parents = ["animal"]', 'parents = ["creature"]', "does not exist"),
        ('synonyms = ["hound"]', 'synonyms = ["Beagles"]', "names both"),
        ('kinds = ["mongrel"]', 'kinds = ["animals"]', "is said of"),
        ("class = 1", "class = 2", "exactly one concept"),
        ("class = 1", "class = 3", "exactly one concept"),
        ('name = "beagle"', 'name = "dog"', "two concepts"),
        ('name = "animal"', 'name = "animal"\nparrents = []', "unknown field parrents"),
        ("class = 1,", 'class = 1, prompts = ["x"],', "unknown field prompts"),
    ],
)
def test_a_taxonomy_that_contradicts_itself_is_refused(tmp_path: Path, before: str, after: str, said: str) -> None:
    assert before in SMALL
    with pytest.raises(TaxonomyError, match=said):
        read_taxonomy(taxonomy(tmp_path, SMALL.replace(before, after)), 3)


def test_what_is_written_into_a_pack_is_what_the_app_reads(tmp_path: Path) -> None:
    entries = read_taxonomy(taxonomy(tmp_path, SMALL), 3)
    steps = np.random.default_rng(1).integers(-9, 10, (5, 6)).astype(np.int8)
    steps[:, 0] = 5
    (tmp_path / "pack.toml").write_text('id = "x"\n', encoding="utf-8")
    slope, half = np.array([0, 0, 3, 0, 0], np.float32), np.full(5, 0.5, np.float32)
    written = Calibration(unit(steps.astype(np.float32)), slope, -half, half, 0.9)
    write(tmp_path, entries, steps, written)
    read = read_concepts((tmp_path / "concepts.json").read_bytes(), (tmp_path / "concepts.npz").read_bytes(), 3, 6)
    assert list(read) == [entry.concept for entry in entries]
    for field in ("vectors", "slope", "offset", "thresholds", "least_cosine"):
        np.testing.assert_allclose(getattr(read.calibration, field), getattr(written, field), atol=1e-6)


def test_compiling_again_replaces_what_the_manifest_says_of_concepts_and_nothing_else(tmp_path: Path) -> None:
    for name in ("concepts.json", "concepts.npz"):
        (tmp_path / name).write_bytes(b"first")
    once = with_concepts('id = "x"\n\n[space]\nz = 2.25\n', tmp_path)
    (tmp_path / "concepts.npz").write_bytes(b"second time")
    twice = with_concepts(once, tmp_path)
    assert once != twice == with_concepts(twice, tmp_path)
    told = tomllib.loads(twice)
    assert told["space"] == {"z": 2.25}
    assert told["concepts"]["numbers"]["bytes"] == len(b"second time")


def test_the_taxonomy_of_the_project_names_what_people_ask_for() -> None:
    named = {entry.concept.name for entry in read_taxonomy()}
    wanted = "screenshot receipt document whiteboard food beach snow night indoor person group selfie dog cat"
    assert set(wanted.split()) <= named
