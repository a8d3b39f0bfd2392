"""What to do with a file, judged by its first bytes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, Literal

from shoebox.photo import formats
from shoebox.photo.facts import PhotoFacts, facts_of
from shoebox.photo.formats import Decoder
from shoebox.photo.headers import read_header
from shoebox.photo.limits import too_large

# In these formats the size stands at the very beginning: a file without one is damaged, and no decoder need be asked.
_SIZE_COMES_FIRST: Final = frozenset(
    kind.name for kind in (formats.JPEG, formats.PNG, formats.GIF, formats.WEBP, formats.BMP, formats.PSD)
)


@dataclass(frozen=True, slots=True)
class Inspection:
    """What to do with a file.

    Attributes
    ----------
    action : str
        'decode' (by `decoder`), 'fail' (show `reason`), or 'whole' (ask again with all bytes).
    decoder : Decoder or None
        Who decodes it, for 'decode'.
    fallback : Decoder or None
        Who may try when `decoder` fails, for 'decode'.
    mime : str
        Media type for the decoder; '' for files that are no images.
    facts : PhotoFacts or None
        What the file says about the photo, for 'decode'.
    reason : str
        A plain sentence. For 'fail': why. For 'decode': what to say if decoding fails. '' for 'whole'.
    permanent : bool
        Whether that failure would come again with the same bytes in any browser.
    display_p3 : bool
        Whether a decoder that leaves colours as they are stored gives Display P3, for 'decode'.
    """

    action: Literal["decode", "fail", "whole"]
    decoder: Decoder | None = None
    fallback: Decoder | None = None
    mime: str = ""
    facts: PhotoFacts | None = None
    reason: str = ""
    permanent: bool = True
    display_p3: bool = False

    def order(self) -> dict[str, Any]:
        """How to decode the file, as the page is told; only for 'decode'."""
        assert self.facts is not None and self.decoder is not None
        return {
            "action": "decode",
            "decoder": self.decoder.value,
            "fallback": None if self.fallback is None else self.fallback.value,
            "mime": self.mime,
            "orientation": self.facts.orientation,
            "width": self.facts.stored_width,
            "height": self.facts.stored_height,
            "displayP3": self.display_p3,
            "reason": self.reason,
        }


def inspect_head(name: str, head: bytes, whole: bool) -> Inspection:
    """Judge a file by its first bytes, without decoding it.

    Parameters
    ----------
    name : str
        The file's name, perhaps with folders.
    head : bytes
        Its first bytes; 256 KiB are enough for nearly every photo.
    whole : bool
        Whether these are all its bytes.

    Returns
    -------
    Inspection
        Never raises.
    """
    kind = formats.sniff(head, name)
    if kind.decoder is None:
        return Inspection("fail", reason=kind.reason)
    header = read_header(head, kind)
    if header.cut and not whole:
        return Inspection("whole", mime=kind.mime)
    if kind.name in _SIZE_COMES_FIRST and not (header.width and header.height):
        return Inspection("fail", mime=kind.mime, reason=kind.reason)
    reason = too_large(kind, header.width, header.height)
    if reason is not None:
        return Inspection("fail", mime=kind.mime, reason=reason)
    return Inspection(
        "decode",
        decoder=kind.decoder,
        fallback=Decoder.PYTHON if kind.decoder is Decoder.BROWSER and kind.pillow_can() else None,
        mime=kind.mime,
        facts=facts_of(name, kind, header),
        reason=kind.reason,
        permanent=bool(kind.pillow),
        display_p3=header.display_p3,
    )
