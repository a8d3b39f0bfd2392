"""What statements are about: photos, faces, albums, and pairs of them, as short texts.

======  ===================================  ===========================================================
kind    text                                 known by
======  ===================================  ===========================================================
photo   ``photo:0123456789abcdef``           the first 8 bytes of the sha256 of its bytes
face    ``face:0123456789abcdef/9,7,40,52``  its photo, and its box in whole pixels of the upright photo
person  ``person:0123456789abcdef``          a number drawn when the person was first spoken of
album   ``album:0123456789abcdef``           what `shoebox.albums.identity` says
pair    ``pair:A|B``                         two of the above, the lesser text first
======  ===================================  ===========================================================

None of them holds a file's name, a row or anything of a model pack, so that what was said outlives renames, re-indexing,
another pack, and the photo's own coming and going.
"""

from __future__ import annotations

import re

from shoebox.store.rows import id_text

PHOTO, FACE, PERSON, ALBUM, PAIR = "photo", "face", "person", "album", "pair"

# A face may be cut by the border of its photo, so that its box begins outside.
_PLACE, _SIDE = "(0|-?[1-9][0-9]{0,5})", "(0|[1-9][0-9]{0,5})"
_BOX = f"{_PLACE},{_PLACE},{_SIDE},{_SIDE}"
_SINGLE = re.compile(rf"(photo|person|album):[0-9a-f]{{16}}|face:[0-9a-f]{{16}}/{_BOX}")


def photo(number: int) -> str:
    """The subject of a photo, by its id as a number."""
    return f"{PHOTO}:{id_text(number)}"


def photo_number(subject: str) -> int:
    """The id of the photo that `photo` wrote, as a number."""
    return int(subject.removeprefix(f"{PHOTO}:"), 16)


def face(key: str) -> str:
    """The subject of a face, by its key: its photo's id, "/", and left, top, width and height of its box."""
    return f"{FACE}:{key}"


def album(number: str) -> str:
    """The subject of an album, by its number."""
    return f"{ALBUM}:{number}"


def pair(one: str, other: str) -> str:
    """The subject of two others, the same whichever is named first."""
    first, second = sorted((one, other))
    return f"{PAIR}:{first}|{second}"


def is_about_people(subject: str) -> bool:
    """Whether a subject is a face, a person, or a pair with one of them."""
    return any(part.startswith((f"{FACE}:", f"{PERSON}:")) for part in subject.removeprefix(f"{PAIR}:").split("|"))


def kind_of(subject: str) -> str | None:
    """What a text is about (`PHOTO`, `FACE`, ...), or None if it is no subject."""
    kind, _, rest = subject.partition(":")
    if kind == PAIR:
        one, _, other = rest.partition("|")
        both = _SINGLE.fullmatch(one) and _SINGLE.fullmatch(other) and one < other
        return PAIR if both else None
    return kind if _SINGLE.fullmatch(subject) else None
