"""What kind of file this is, by its first bytes, and who can turn it into a picture."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from PIL import features

from shoebox.photo import pillow_heif, tiff


class Decoder(StrEnum):
    """Who decodes a photo: a decode worker of the page (the browser's decoders, or a codec that it loads), or Pillow."""

    BROWSER = "browser"
    PYTHON = "python"


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of file.

    Attributes
    ----------
    name : str
        As people call it: 'JPEG', 'HEIC', 'PDF'.
    mime : str
        Media type; '' where it is no image.
    decoder : Decoder or None
        Who decodes it first; None where nobody can, and `reason` says why.
    pillow : tuple of str
        Pillow's names of the readers that may open it; empty where Pillow cannot.
    reason : str
        What to tell a person when it cannot be decoded because of what it is.
    raw : bool
        Whether it is a camera's raw file, of which the embedded preview is shown.
    feature : str
        The part of Pillow (`PIL.features`) that must be there for Pillow to open it, or `pillow_heif.PACKAGE`; '' where none is
        needed.
    """

    name: str
    mime: str = ""
    decoder: Decoder | None = None
    pillow: tuple[str, ...] = ()
    reason: str = ""
    raw: bool = False
    feature: str = ""

    @property
    def is_image(self) -> bool:
        """Whether it is a picture at all, readable or not."""
        return bool(self.mime)

    def pillow_can(self) -> bool:
        """Whether the Pillow that is running here can open it."""
        if self.feature == pillow_heif.PACKAGE:
            return pillow_heif.available()
        return bool(self.pillow) and (not self.feature or bool(features.check(self.feature)))


def _damaged(name: str) -> str:
    article = "an" if name[0] in "AEIO" or name.startswith("H") else "a"
    return f"The file looks like {article} {name} photo, but it is damaged or of an unusual kind, and cannot be shown."


def _image(name: str, mime: str, decoder: Decoder, *pillow: str, feature: str = "") -> Format:
    return Format(name, mime, decoder, pillow, _damaged(name), feature=feature)


def _browser_only(name: str, mime: str) -> Format:
    return Format(name, mime, Decoder.BROWSER, (), f"{name} is not supported by this browser yet.")


def _raw(name: str, mime: str) -> Format:
    reason = f"This {name} raw file holds no preview picture that can be shown."
    return Format(name, mime, Decoder.PYTHON, ("JPEG", "MPO"), reason, raw=True)


def _other(name: str, what: str) -> Format:
    return Format(name, reason=f"This is {what}, not a photo.")


JPEG: Final = _image("JPEG", "image/jpeg", Decoder.BROWSER, "JPEG", "MPO")
PNG: Final = _image("PNG", "image/png", Decoder.BROWSER, "PNG")
WEBP: Final = _image("WebP", "image/webp", Decoder.BROWSER, "WEBP", feature="webp")
GIF: Final = _image("GIF", "image/gif", Decoder.BROWSER, "GIF")
BMP: Final = _image("BMP", "image/bmp", Decoder.BROWSER, "BMP")
AVIF: Final = _image("AVIF", "image/avif", Decoder.BROWSER, "AVIF", feature="avif")
TIFF: Final = _image("TIFF", "image/tiff", Decoder.PYTHON, "TIFF")
JP2: Final = _image("JPEG 2000", "image/jp2", Decoder.BROWSER, "JPEG2000", feature="jpg_2000")
PSD: Final = _image("Photoshop", "image/vnd.adobe.photoshop", Decoder.PYTHON, "PSD")
HEIC: Final = _image("HEIC", "image/heic", Decoder.BROWSER, "HEIF", feature=pillow_heif.PACKAGE)
JXL: Final = _browser_only("JPEG XL", "image/jxl")
CR2: Final = _raw("CR2", "image/x-canon-cr2")
CR3: Final = _raw("CR3", "image/x-canon-cr3")
CRW: Final = _raw("CRW", "image/x-canon-crw")
RAF: Final = _raw("RAF", "image/x-fuji-raf")
RW2: Final = _raw("RW2", "image/x-panasonic-rw2")
ORF: Final = _raw("ORF", "image/x-olympus-orf")
DNG: Final = _raw("DNG", "image/x-adobe-dng")
MRW: Final = _raw("MRW", "image/x-minolta-mrw")
X3F: Final = _raw("X3F", "image/x-sigma-x3f")

# These are TIFF structures without a signature of their own: the file's name tells the maker's raw files from plain TIFF.
_RAW_BY_ENDING: Final = {
    "nef": _raw("NEF", "image/x-nikon-nef"),
    "nrw": _raw("NRW", "image/x-nikon-nrw"),
    "arw": _raw("ARW", "image/x-sony-arw"),
    "sr2": _raw("SR2", "image/x-sony-sr2"),
    "srf": _raw("SRF", "image/x-sony-srf"),
    "pef": _raw("PEF", "image/x-pentax-pef"),
    "srw": _raw("SRW", "image/x-samsung-srw"),
    "3fr": _raw("3FR", "image/x-hasselblad-3fr"),
    "iiq": _raw("IIQ", "image/x-phaseone-iiq"),
    "dcr": _raw("DCR", "image/x-kodak-dcr"),
    "kdc": _raw("KDC", "image/x-kodak-kdc"),
    "erf": _raw("ERF", "image/x-epson-erf"),
    "mos": _raw("MOS", "image/x-leaf-mos"),
    "rwl": _raw("RWL", "image/x-leica-rwl"),
    "dng": DNG,
    "cr2": CR2,
}
#: Every kind of picture that may become a photo here.
IMAGES: Final = (
    *(JPEG, PNG, WEBP, GIF, BMP, AVIF, TIFF, JP2, PSD, HEIC, JXL),
    *(CR3, CRW, RAF, RW2, ORF, MRW, X3F, *_RAW_BY_ENDING.values()),
)
_DNG_VERSION: Final = 0xC612
_NEW_SUBFILE_TYPE: Final = 0x00FE

EMPTY: Final = Format("empty", reason="The file is empty.")
BLANK: Final = Format("blank", reason="The file holds only zeros; it was probably never copied completely. Copy it again.")
UNKNOWN: Final = Format("unknown", reason="This is not a photo of any kind that Shoebox knows.")
TEXT: Final = _other("text", "a text file")
VIDEO: Final = _other("video", "a video")
AUDIO: Final = _other("audio", "a sound recording")
_PNM: Final = Format("PNM", reason="This is a picture of a kind (PNM) that Shoebox does not read. Save it as PNG first.")
_SVG: Final = _other("SVG", "a drawing (SVG)")
_HTML: Final = _other("HTML", "a web page")
_SIDECAR: Final = _other("sidecar", "a file of notes about a photo (XMP)")

_BY_START: Final[tuple[tuple[bytes, Format], ...]] = (
    (b"\xff\xd8\xff", JPEG),
    (b"\x89PNG\r\n\x1a\n", PNG),
    (b"GIF87a", GIF),
    (b"GIF89a", GIF),
    (b"FUJIFILMCCD-RAW", RAF),
    (b"IIU\0", RW2),
    (b"IIRO", ORF),
    (b"IIRS", ORF),
    (b"MMOR", ORF),
    (b"II\x1a\0\0\0HEAPCCDR", CRW),
    (b"\0MRM", MRW),
    (b"FOVb", X3F),
    (b"II+\0", TIFF),
    (b"MM\0+", TIFF),
    (b"\0\0\0\x0cjP  \r\n\x87\n", JP2),
    (b"\xff\x4f\xff\x51", JP2),
    (b"\0\0\0\x0cJXL \r\n\x87\n", JXL),
    (b"\xff\x0a", JXL),
    (b"8BPS", PSD),
    (b"%PDF", _other("PDF", "a PDF document")),
    (b"PK\x03\x04", _other("ZIP", "a ZIP archive or an office document")),
    (b"PK\x05\x06", _other("ZIP", "an empty ZIP archive")),
    (b"\x1f\x8b", _other("gzip", "a compressed archive")),
    (b"BZh", _other("bzip2", "a compressed archive")),
    (b"\xfd7zXZ\0", _other("xz", "a compressed archive")),
    (b"7z\xbc\xaf\x27\x1c", _other("7z", "a compressed archive")),
    (b"Rar!\x1a\x07", _other("RAR", "a compressed archive")),
    (b"\x1aE\xdf\xa3", VIDEO),
    (b"\0\0\x01\xba", VIDEO),
    (b"\0\0\x01\xb3", VIDEO),
    (b"FLV\x01", VIDEO),
    (b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", VIDEO),
    (b"ID3", AUDIO),
    (b"fLaC", AUDIO),
    (b"OggS", AUDIO),
    (b"\0\0\x01\0", _other("icon", "an icon")),
    (b"\0\x05\x16\x07", _other("AppleDouble", "a helper file that macOS leaves beside a photo")),
    (b"Bud1", _other("DS_Store", "a folder note of macOS")),
    (b"\0\0\0\x01Bud1", _other("DS_Store", "a folder note of macOS")),
    (b"bplist", _other("plist", "a settings file of macOS")),
    (b"\xff\x01Exiv2", _other("EXV", "a file of notes about a photo")),
    (b"SQLite format 3\0", _other("SQLite", "a database")),
    (b"\x7fELF", _other("program", "a program")),
    (b"MZ", _other("program", "a program")),
)

# Brands of the 'ftyp' box. The major brand decides where it names a format, else the compatible ones do.
_BRANDS: Final[dict[bytes, Format]] = {
    **dict.fromkeys((b"avif", b"avis"), AVIF),
    **dict.fromkeys((b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"mif2", b"msf1"), HEIC),
    b"crx ": CR3,
    b"jxl ": JXL,
    b"jp2 ": JP2,
    **dict.fromkeys((b"M4A ", b"M4B "), AUDIO),
}
# Brands that only say 'some still image': what it is stands among the others.
_GENERIC_BRANDS: Final = frozenset({b"mif1", b"mif2", b"msf1", b"miaf"})

_TEXT_STARTS: Final = (
    (b"<svg", _SVG),
    (b"<!doctype html", _HTML),
    (b"<html", _HTML),
    (b"<x:xmpmeta", _SIDECAR),
    (b"<?xpacket", _SIDECAR),
)


def sniff(head: bytes, name: str = "") -> Format:
    """Tell what kind of file begins with these bytes.

    Parameters
    ----------
    head : bytes
        The first bytes of the file; a few hundred are enough, raw files are told apart better with more.
    name : str
        The file's name. Believed only between plain TIFF and the raw files that share its signature; any other ending may lie.

    Returns
    -------
    Format
        Always one; `EMPTY`, `TEXT`, `UNKNOWN` and others say what it is instead of a photo.
    """
    if not head:
        return EMPTY
    if head[:4] in (b"II*\0", b"MM\0*"):
        return _tiff_family(head, name)
    for start, kind in _BY_START:
        if head.startswith(start):
            return kind
    if head[:4] == b"RIFF":
        return {b"WEBP": WEBP, b"AVI ": VIDEO, b"WAVE": AUDIO}.get(head[8:12], UNKNOWN)
    if head[4:8] == b"ftyp":
        return _by_brand(head)
    if head[4:8] in (b"moov", b"mdat", b"wide", b"skip", b"free", b"pnot"):
        return VIDEO
    # 'BM' is weak evidence: a bitmap's header size, 12 to 124, follows at byte 14.
    if head[:2] == b"BM" and len(head) >= 18 and head[14] in (12, 16, 40, 52, 56, 64, 108, 124) and not any(head[15:18]):
        return BMP
    if head[:1] == b"P" and head[1:2] in b"1234567" and head[2:3] in b" \t\r\n":
        return _PNM
    if not head.strip(b"\0"):
        return BLANK
    return _text_or_unknown(head)


def _tiff_family(head: bytes, name: str) -> Format:
    """Plain TIFF, or a raw file with its signature."""
    ending = name.rsplit(".", 1)[-1].lower() if "." in name else ""
    if head[8:10] == b"CR":
        return CR2
    if ending in _RAW_BY_ENDING:
        return _RAW_BY_ENDING[ending]
    tags = tiff.read_tiff(head)
    # The main directory of a raw file without a telling name is a thumbnail, and the sensor's image is in another one.
    if _DNG_VERSION in tags.image or (tags.others and tiff.integers(tags.image, _NEW_SUBFILE_TYPE)[:1] == (1,)):
        return DNG
    return TIFF


def _by_brand(head: bytes) -> Format:
    """The format that an 'ftyp' box names; any other brand is a video."""
    size = min(int.from_bytes(head[:4], "big"), len(head), 256)
    major = head[8:12]
    brands = [major, *(head[start : start + 4] for start in range(16, size - 3, 4))]
    for brand in brands:
        if brand in _BRANDS and brand not in _GENERIC_BRANDS:
            return _BRANDS[brand]
        if brand == major and brand not in _GENERIC_BRANDS:
            return VIDEO
    return HEIC


def _text_or_unknown(head: bytes) -> Format:
    """Text in UTF-8 or UTF-16, or nothing known."""
    sample = head[:4096]
    if sample.startswith((b"\xff\xfe", b"\xfe\xff")):
        return TEXT
    start = sample.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    for beginning, kind in _TEXT_STARTS:
        if start.startswith(beginning):
            return kind
    if b"<svg" in start and start.startswith(b"<?xml"):
        return _SVG
    try:
        # A character may be cut off at the end of the sample: forgive up to three bytes.
        decoded = sample.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.start < len(sample) - 3:
            return UNKNOWN
        decoded = sample[: error.start].decode("utf-8")
    return TEXT if decoded and all(c.isprintable() or c in "\t\n\r\f" for c in decoded) else UNKNOWN
