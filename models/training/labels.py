"""Names for the 1,000 ImageNet classes that a person would use."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

# Two classes share one word and have no other; the numbers are those of the class list without background.
TOLD_APART = {134: "crane (bird)", 517: "crane (machine)", 638: "maillot (tights)", 639: "swimsuit"}


def class_synonyms(path: Path) -> list[list[str]]:
    """Synonyms of each class in the order of the network's outputs; the file begins with the background class."""
    lines = path.read_text(encoding="utf-8").splitlines()[1:]
    return [[name.strip() for name in line.split(",")] for line in lines]


def tag_names(synonyms: list[list[str]]) -> list[str]:
    """One distinct name a class: its first synonym, or where two classes share that, its last."""
    first = Counter(names[0].lower() for names in synonyms)
    chosen = [names[0] if first[names[0].lower()] == 1 else names[-1] for names in synonyms]
    return [TOLD_APART.get(index, name) for index, name in enumerate(chosen)]
