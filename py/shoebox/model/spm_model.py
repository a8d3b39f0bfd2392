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
    kinds : tuple of Kind
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
    kinds: tuple[Kind, ...]
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
        kinds: list[Kind] = []
        trainer: dict[int, int | bytes] = {}
        normaliser: dict[int, int | bytes] = {}
        try:
            for number, value in _fields(data):
                if number == _PIECES:
                    piece = dict(_fields(_bytes(value)))
                    pieces.append(_bytes(piece[1]).decode())
                    scores.append(struct.unpack("<f", _bytes(piece.get(2, b"\0\0\0\0")))[0])
                    kinds.append(Kind(_number(piece.get(3, Kind.NORMAL))))
                elif number == _TRAINER:
                    trainer.update(_fields(_bytes(value)))
                elif number == _NORMALISER:
                    normaliser.update(_fields(_bytes(value)))
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
            tuple(kinds),
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
# Ten bytes hold 64 bits.
_LONGEST_VARINT: Final = 70


def _fields(data: bytes) -> Iterator[tuple[int, int | bytes]]:
    """The fields of a message in order: whole numbers as they are, everything else as its bytes."""
    place = 0
    while place < len(data):
        key, place = _varint(data, place)
        wire = key & 7
        if wire == _VARINT:
            value, place = _varint(data, place)
            yield key >> 3, value
            continue
        if wire == _RUN:
            length, place = _varint(data, place)
        elif wire in (_FOUR_BYTES, _EIGHT_BYTES):
            length = 4 if wire == _FOUR_BYTES else 8
        else:
            raise ValueError("it is no protocol buffer")
        if place + length > len(data):
            raise ValueError("it is cut off")
        yield key >> 3, data[place : place + length]
        place += length


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
