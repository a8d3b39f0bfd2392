"""The synonyms of the 1,000 ImageNet classes, as texts to learn from."""

from __future__ import annotations

from pathlib import Path


def class_synonyms(path: Path) -> list[list[str]]:
    """Synonyms of each class in the order of the network's outputs; the file begins with the background class."""
    lines = path.read_text(encoding="utf-8").splitlines()[1:]
    return [[name.strip() for name in line.split(",")] for line in lines]
