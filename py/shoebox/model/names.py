"""Names as people type them: whatever their case, accents, hyphens, and whether they mean one thing or several."""

from __future__ import annotations

import re

from shoebox.model.tokenizer import words

Key = tuple[str, ...]

# The words of printable ASCII, where nothing has to be taken off; a pack has thousands of such names to read at start.
_PLAIN = re.compile(r"[a-z0-9]+")

# Plurals that no rule below reaches.
_IRREGULAR = {
    "men": "man",
    "women": "woman",
    "children": "child",
    "mice": "mouse",
    "geese": "goose",
    "feet": "foot",
    "teeth": "tooth",
    "oxen": "ox",
    "cacti": "cactus",
    "fungi": "fungus",
    "wolves": "wolf",
    "knives": "knife",
    "leaves": "leaf",
    "loaves": "loaf",
    "shelves": "shelf",
    "scarves": "scarf",
    "calves": "calf",
    "lenses": "lens",
    "people": "person",
}
# No shorter word is a plural: 'bus', 'gas', 'yes'.
_SHORTEST = 4


def singular(word: str) -> str:
    """One form for a word and its plural, not always a word itself: 'horse' and 'horses' both become 'hors'.

    Rules of English spelling, applied to singulars too, so that both meet: -s falls, but not -ss, -us, -is; then -e after a
    hissing sound or o ('boxes', 'tomatoes'); -ie becomes -y ('puppies', 'cookie').
    """
    word = _IRREGULAR.get(word, word)
    if len(word) >= _SHORTEST and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        word = word[:-1]
    if len(word) >= _SHORTEST and word.endswith(("se", "xe", "ze", "che", "she", "oe")):
        word = word[:-1]
    if len(word) >= _SHORTEST and word.endswith("ie"):
        word = word[:-2] + "y"
    return word


def key(text: str) -> Key:
    """What two spellings of one name have in common: words in one form, no punctuation."""
    plain = text.isascii() and text.isprintable()
    found = _PLAIN.findall(text.lower()) if plain else [word for word in words(text) if word[0].isalnum()]
    return tuple(map(singular, found))
