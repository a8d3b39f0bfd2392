"""SentencePiece models: the pieces of a `.model` file with their scores, and how its texts are made ready.

The file is a protocol buffer (sentencepiece_model.proto, Apache-2.0, Kudo and Richardson 2018). Read by hand, since only a
dozen fields matter and no package for protocol buffers runs in the browser's Python for free.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

from shoebox.errors import PackError

UNIGRAM, BPE = 1, 2


class Kind(IntEnum):
    """What a piece is, as the file says it."""

    NORMAL = 1
    UNKNOWN = 2
    CONTROL = 3
    USER_DEFINED = 4
    UNUSED = 5
    BYTE = 6


@dataclass(frozen=True, slots=True)
class SpmModel:
    """A SentencePiece model, read and checked.

    Attributes
    ----------
    pieces : tuple of str
        By id.
    scores : tuple of float
        Log probabilities ('unigram'), or minus the place in the order of merges ('bpe').
    kinds : bytes
        A `Kind` each.
    algorithm : int
        `UNIGRAM` or `BPE`.
    by_bytes : bool
        Whether what no piece covers is split into bytes.
    charsmap : bytes
        The compiled rules of normalisation; empty for none.
    dummy_prefix, remove_extra, escape, suffix : bool
        Whether a blank is put before the text; whether blanks at the ends and beside others go; whether blanks become '▁'; and
        whether the blank that is put goes behind the text instead.
    """

    pieces: tuple[str, ...]
    scores: tuple[float, ...]
    kinds: bytes
    algorithm: int
    by_bytes: bool
    charsmap: bytes
    dummy_prefix: bool
    remove_extra: bool
    escape: bool
    suffix: bool

    @classmethod
    def parse(cls, data: bytes) -> SpmModel:
        """The model in a file.

        Raises
        ------
        PackError
            If it is not one, or of a kind that cannot be run here.
        """
        pieces: list[str] = []
        scores: list[float] = []
        kinds = bytearray()
        trainer: dict[int, int | bytes] = {}
        normaliser: dict[int, int | bytes] = {}
        try:
            place, end = 0, len(data)
            number: int
            value: int | bytes
            while place < end:
                # Short pieces, which nearly all are, at a stroke: see `_piece`.
                if data[place] == _PIECE_NEXT and place + 1 < end and data[place + 1] < 0x80:
                    start, place = place + 2, place + 2 + data[place + 1]
                    number, value = _PIECES, _checked(data[start:place], place, end)
                else:
                    number, value, place = _field(data, place)
                if number == _PIECES:
                    piece, score, kind = _piece(_bytes(value))
                    pieces.append(piece)
                    scores.append(score)
                    kinds.append(kind)
                elif number == _TRAINER:
                    trainer.update(_fields(_bytes(value)))
                elif number == _NORMALISER:
                    normaliser.update(_fields(_bytes(value)))
            if set(kinds) - set(Kind):
                raise ValueError("it has pieces of a kind that is not known")
        except (ValueError, KeyError, struct.error) as error:
            raise PackError(f"The SentencePiece model of the model pack cannot be read: {error}.") from error
        algorithm = trainer.get(3, UNIGRAM)
        if not isinstance(algorithm, int) or algorithm not in (UNIGRAM, BPE):
            raise PackError(
                "The SentencePiece model of the model pack splits into words or characters, which is not known here."
            )
        if kinds.count(Kind.UNKNOWN) != 1 or len(set(pieces)) != len(pieces) or "" in pieces:
            raise PackError("The SentencePiece model of the model pack needs one unknown piece, and no piece twice or empty.")
        if trainer.get(35) and kinds.count(Kind.BYTE) != 256:
            raise PackError("The SentencePiece model of the model pack falls back to bytes but has not all 256.")
        return cls(
            tuple(pieces),
            tuple(scores),
            bytes(kinds),
            algorithm,
            by_bytes=bool(trainer.get(35, 0)),
            charsmap=_bytes(normaliser.get(2, b"")),
            dummy_prefix=bool(normaliser.get(3, 1)),
            remove_extra=bool(normaliser.get(4, 1)),
            escape=bool(normaliser.get(5, 1)),
            suffix=bool(trainer.get(24, 0)),
        )


# Fields of ModelProto.
_PIECES: Final = 1
_TRAINER: Final = 2
_NORMALISER: Final = 3

_VARINT, _EIGHT_BYTES, _RUN, _FOUR_BYTES = 0, 1, 2, 5
# The keys of a piece and of its fields: number and wire.
_PIECE_NEXT: Final = 1 << 3 | _RUN
_TEXT_FIRST: Final = 1 << 3 | _RUN
_SCORE_NEXT: Final = 2 << 3 | _FOUR_BYTES
_KIND_LAST: Final = 3 << 3 | _VARINT
_FLOAT: Final = struct.Struct("<f")
# Ten bytes hold 64 bits.
_LONGEST_VARINT: Final = 70


def _piece(record: bytes) -> tuple[str, float, int]:
    """Text, score and kind of a piece.

    Nearly all are written alike: text, score, and a kind where it is not normal. These are read at a stroke, since Gemma's
    model has 256,000 of them: 1.7 seconds in Pyodide.
    """
    if len(record) > 2 and record[0] == _TEXT_FIRST and record[1] < 0x80:
        end = 2 + record[1]
        rest = len(record) - end
        if rest == 5 and record[end] == _SCORE_NEXT:
            return record[2:end].decode(), _FLOAT.unpack_from(record, end + 1)[0], Kind.NORMAL
        if rest == 7 and record[end] == _SCORE_NEXT and record[end + 5] == _KIND_LAST:
            return record[2:end].decode(), _FLOAT.unpack_from(record, end + 1)[0], record[end + 6]
    fields = dict(_fields(record))
    kind = _number(fields.get(3, Kind.NORMAL))
    if kind > max(Kind):
        raise ValueError("it has a piece of a kind that is not known")
    return _bytes(fields[1]).decode(), _FLOAT.unpack(_bytes(fields.get(2, b"\0\0\0\0")))[0], kind


def _fields(data: bytes) -> Iterator[tuple[int, int | bytes]]:
    """The fields of a message in order: whole numbers as they are, everything else as its bytes."""
    place = 0
    while place < len(data):
        number, value, place = _field(data, place)
        yield number, value


def _field(data: bytes, place: int) -> tuple[int, int | bytes, int]:
    """Number and value of the field at a place, and where the next one begins."""
    key, place = _varint(data, place)
    wire = key & 7
    if wire == _VARINT:
        value, place = _varint(data, place)
        return key >> 3, value, place
    if wire == _RUN:
        length, place = _varint(data, place)
    elif wire in (_FOUR_BYTES, _EIGHT_BYTES):
        length = 4 if wire == _FOUR_BYTES else 8
    else:
        raise ValueError("it is no protocol buffer")
    return key >> 3, _checked(data[place : place + length], place + length, len(data)), place + length


def _checked(run: bytes, end: int, size: int) -> bytes:
    if end > size:
        raise ValueError("it is cut off")
    return run


def _varint(data: bytes, place: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        if place >= len(data) or shift > _LONGEST_VARINT:
            raise ValueError("it is cut off")
        byte = data[place]
        value |= (byte & 0x7F) << shift
        place += 1
        if byte < 0x80:
            return value, place
        shift += 7


def _bytes(value: int | bytes) -> bytes:
    if isinstance(value, int):
        raise ValueError("it has a number where there should be text")
    return value


def _number(value: int | bytes) -> int:
    if isinstance(value, bytes):
        raise ValueError("it has text where there should be a number")
    return value
