"""`models/taxonomy.toml`: concepts in an order in which parents come first, and the captions that each is recognised by."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shoebox.model.concepts import Concept
from shoebox.model.names import key

TAXONOMY = Path(__file__).parents[1] / "taxonomy.toml"
CLASSES = 1000
_FIELDS = {"name", "parents", "synonyms", "kinds", "prompts", "classes"}
_CLASS_FIELDS = {"class", "name", "also", "synonyms", "kinds"}


class TaxonomyError(ValueError):
    """The taxonomy contradicts itself."""


@dataclass(frozen=True)
class Entry:
    """A concept as the taxonomy has it.

    Attributes
    ----------
    concept : Concept
    prompts : tuple of str
        Captions of photos that show it; none where only classes say so.
    """

    concept: Concept
    prompts: tuple[str, ...]

    @property
    def plain_name(self) -> str:
        """The name without what tells it apart: 'crane' for 'crane (bird)'."""
        return re.sub(r" \(.*\)$", "", self.concept.name)


@dataclass(frozen=True)
class _Named:
    name: str
    parents: tuple[str, ...]
    synonyms: tuple[str, ...]
    kinds: tuple[str, ...]
    prompts: tuple[str, ...]
    classes: tuple[int, ...]


def read_taxonomy(path: Path = TAXONOMY, classes: int = CLASSES) -> list[Entry]:
    """The entries of a taxonomy, by number.

    Raises
    ------
    TaxonomyError
        If a name means two things, a parent does not exist, concepts lie under each other in a circle, or a class does not
        belong to exactly one concept.
    """
    found = {}
    for named in _flattened(tomllib.loads(path.read_text(encoding="utf-8"))["concept"]):
        if named.name in found:
            raise TaxonomyError(f"There are two concepts of the name {named.name}.")
        found[named.name] = named
    order = _parents_first(found)
    number = {name: place for place, name in enumerate(order)}
    entries = []
    for name in order:
        named = found[name]
        parents = tuple(sorted(number[parent] for parent in named.parents))
        entries.append(Entry(Concept(number[name], name, named.synonyms, named.kinds, parents, named.classes), named.prompts))
    _check_names(entries)
    owned = sorted(each for entry in entries for each in entry.concept.classes)
    if owned != list(range(classes)):
        wrong = sorted({each for each in owned if owned.count(each) > 1} | (set(range(classes)) ^ set(owned)))
        raise TaxonomyError(f"These classes do not belong to exactly one concept: {wrong}.")
    return entries


def relatives(entries: Iterable[Entry]) -> list[set[int]]:
    """For each concept the numbers of all that lie above or under it, and its own."""
    above: list[set[int]] = []
    for entry in entries:
        above.append({entry.concept.number}.union(*(above[parent] for parent in entry.concept.parents)))
    related = [set(each) for each in above]
    for number, each in enumerate(above):
        for ancestor in each:
            related[ancestor].add(number)
    return related


def _flattened(rows: Iterable[Mapping[str, Any]]) -> Iterable[_Named]:
    for row in rows:
        _refuse(set(row) - _FIELDS, row)
        parents = tuple(row.get("parents", ()))
        if "name" in row:
            yield _Named(
                row["name"],
                parents,
                tuple(row.get("synonyms", ())),
                tuple(row.get("kinds", ())),
                tuple(row.get("prompts", ())),
                (),
            )
        for each in row.get("classes", ()):
            _refuse(set(each) - _CLASS_FIELDS, each)
            own = each["class"] if isinstance(each["class"], list) else [each["class"]]
            above = (row["name"],) if "name" in row else parents
            yield _Named(
                each["name"],
                above + tuple(each.get("also", ())),
                tuple(each.get("synonyms", ())),
                tuple(each.get("kinds", ())),
                (),
                tuple(own),
            )


def _refuse(unknown: set[str], row: Mapping[str, Any]) -> None:
    if unknown:
        raise TaxonomyError(f"{row.get('name', row)} has the unknown field {', '.join(sorted(unknown))}.")


def _parents_first(found: Mapping[str, _Named]) -> list[str]:
    order: dict[str, None] = {}

    def visit(name: str, below: tuple[str, ...]) -> None:
        if name in order:
            return
        if name in below:
            raise TaxonomyError(f"These lie under each other in a circle: {' > '.join((*below[below.index(name) :], name))}.")
        if name not in found:
            raise TaxonomyError(f"{below[-1]} lies under {name}, which does not exist.")
        for parent in found[name].parents:
            visit(parent, (*below, name))
        order[name] = None

    for name in found:
        visit(name, ())
    return list(order)


def _check_names(entries: Iterable[Entry]) -> None:
    names: dict[tuple[str, ...], str] = {}
    entries = list(entries)
    for entry in entries:
        for name in (entry.concept.name, *entry.concept.synonyms):
            if names.setdefault(key(name), entry.concept.name) != entry.concept.name:
                raise TaxonomyError(f"“{name}” names both {names[key(name)]} and {entry.concept.name}.")
    kinds: dict[tuple[str, ...], str] = {}
    for entry in entries:
        for kind in entry.concept.kinds:
            taken = names.get(key(kind)) or kinds.setdefault(key(kind), entry.concept.name)
            if taken != entry.concept.name or key(kind) in names:
                raise TaxonomyError(f"“{kind}”, a kind of {entry.concept.name}, is said of {taken} too.")
