"""The facts of a photo: when, where, with what, how large, which way up."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

from shoebox.photo import tiff
from shoebox.photo.formats import Format
from shoebox.photo.headers import Header
from shoebox.photo.moments import Moment, edit_of_tags, moment_of_name, moment_of_tags

_MAKE, _MODEL, _LENS, _LENS_MAKE, _DNG_LENS = 0x010F, 0x0110, 0xA434, 0xA433, 0xC630
_EXPOSURE, _SHUTTER_SPEED, _F_NUMBER, _APERTURE = 0x829A, 0x9201, 0x829D, 0x9202
_ISO, _SENSITIVITY_TYPES, _FOCAL, _FOCAL_35 = 0x8827, (0x8832, 0x8831, 0x8833), 0x920A, 0xA405
_LATITUDE_REF, _LATITUDE, _LONGITUDE_REF, _LONGITUDE, _ALTITUDE_REF, _ALTITUDE = 1, 2, 3, 4, 5, 6

# Seven decimals of a degree are 11 mm: more than any receiver knows, and no visible rounding.
_DEGREE_DECIMALS: Final = 7
# Within this of 0 N 0 E (11 m) it is a receiver without a fix, not a photo from that buoy in the Gulf of Guinea.
_NO_FIX: Final = 1e-4
# From below the Dead Sea's mines to above airliners and balloons.
_LOWEST_METRES, _HIGHEST_METRES = -5_000.0, 50_000.0
# ISO of 65,535 means 'more than this field holds'; the real value then stands in another field.
_ISO_OVERFLOW: Final = 65_535

# How makers sign themselves, and what people call them. Others are taken as they are, less the words of company law.
_MAKERS: Final = {
    "nikon corporation": "Nikon",
    "nikon": "Nikon",
    "canon": "Canon",
    "sony": "Sony",
    "apple": "Apple",
    "samsung": "Samsung",
    "samsung techwin": "Samsung",
    "fujifilm": "Fujifilm",
    "fuji photo film": "Fujifilm",
    "olympus imaging": "Olympus",
    "olympus": "Olympus",
    "olympus optical": "Olympus",
    "om digital solutions": "OM System",
    "eastman kodak company": "Kodak",
    "eastman kodak": "Kodak",
    "panasonic": "Panasonic",
    "pentax": "Pentax",
    "pentax corporation": "Pentax",
    "asahi optical": "Pentax",
    "ricoh": "Ricoh",
    "ricoh imaging company": "Ricoh",
    "leica camera ag": "Leica",
    "casio computer": "Casio",
    "konica minolta camera": "Konica Minolta",
    "minolta": "Minolta",
    "hewlett-packard": "HP",
    "hewlett-packard company": "HP",
    "google": "Google",
    "htc": "HTC",
    "huawei": "Huawei",
    "xiaomi": "Xiaomi",
    "oneplus": "OnePlus",
    "motorola": "Motorola",
    "lge": "LG",
    "lg electronics": "LG",
    "sanyo electric": "Sanyo",
    "dji": "DJI",
    "gopro": "GoPro",
    "hasselblad": "Hasselblad",
}
_COMPANY_WORDS: Final = frozenset({"co", "ltd", "corp", "inc", "gmbh", "co.,ltd"})
_NO_LENS: Final = frozenset({"", "unknown", "none", "n/a", "0.0 mm f/0.0", "0 mm f/0"})


@dataclass(frozen=True, slots=True)
class PhotoFacts:
    """What a photo's file says about it. All fields are plain data; None where the file says nothing that can be believed.

    Attributes
    ----------
    format, mime : str
        'JPEG' and 'image/jpeg'.
    width, height : int
        Size of the upright photo in pixels; 0 if the beginning of the file does not tell.
    stored_width, stored_height : int
        Size as stored, before it is turned upright.
    orientation : int
        1 to 8 as EXIF counts; 1 where the file says something else or nothing.
    animated : bool
        Whether it moves.
    taken : str or None
        ISO 8601, wall clock, with the zone where it is known: '2019-05-01T12:34:56.120+02:00'; '2019-05-01' if only the day is
        known.
    taken_ms : float or None
        Milliseconds from 1970 to the wall clock of `taken`, read as though in UTC whatever the zone: for sorting and for
        grouping by day and month. Show it with UTC, or show `taken`.
    taken_from : str or None
        'camera', 'name' (of the file), or 'edit' (when the tags were last written; weakest).
    utc_offset_minutes : int or None
        The zone, where known.
    modified : str or None
        When the tags were last written, ISO 8601; an editor's clock, never taken for the camera's while there is better.
    latitude, longitude : float or None
        Degrees, north and east positive, rounded to 7 decimals. Both or neither.
    altitude : float or None
        Metres above the sea.
    make, model, camera, lens : str or None
        As the file says, cleaned; `camera` is maker and model together as people say it ('Nikon D5300').
    exposure_seconds, aperture, iso, focal_length, focal_length_35mm : float or None
        Seconds, f-number, ISO speed, millimetres, millimetres.
    """

    format: str
    mime: str
    width: int = 0
    height: int = 0
    stored_width: int = 0
    stored_height: int = 0
    orientation: int = 1
    animated: bool = False
    taken: str | None = None
    taken_ms: float | None = None
    taken_from: str | None = None
    utc_offset_minutes: int | None = None
    modified: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    altitude: float | None = None
    make: str | None = None
    model: str | None = None
    camera: str | None = None
    lens: str | None = None
    exposure_seconds: float | None = None
    aperture: float | None = None
    iso: float | None = None
    focal_length: float | None = None
    focal_length_35mm: float | None = None


def facts_of(name: str, kind: Format, header: Header) -> PhotoFacts:
    """Gather the facts of a photo.

    Parameters
    ----------
    name : str
        The file's name, perhaps with folders; it gives the date where the tags do not.
    kind : Format
        The kind of file.
    header : Header
        What the beginning of the file says.

    Returns
    -------
    PhotoFacts
        Never raises.
    """
    tags = header.tags
    edited = edit_of_tags(tags)
    moment = moment_of_tags(tags) or moment_of_name(name) or edited
    width, height = header.width, header.height
    if header.orientation >= 5:
        width, height = height, width
    latitude, longitude = place_of_tags(tags.gps)
    make, model, camera = _camera(tags)
    return PhotoFacts(
        format=kind.name,
        mime=kind.mime,
        width=width,
        height=height,
        stored_width=header.width,
        stored_height=header.height,
        orientation=header.orientation,
        animated=header.animated,
        taken=moment.iso() if moment else None,
        taken_ms=moment.sort_key() if moment else None,
        taken_from=moment.source if moment else None,
        utc_offset_minutes=_offset_minutes(moment),
        modified=edited.iso() if edited else None,
        latitude=latitude,
        longitude=longitude,
        altitude=_altitude(tags.gps),
        make=make,
        model=model,
        camera=camera,
        lens=_lens(tags),
        exposure_seconds=_exposure(tags),
        aperture=_aperture(tags),
        iso=_iso(tags),
        focal_length=_positive(tags, _FOCAL),
        focal_length_35mm=_positive(tags, _FOCAL_35),
    )


def place_of_tags(gps: tiff.Directory) -> tuple[float, float] | tuple[None, None]:
    """Latitude and longitude in degrees, or two times None where they are missing or cannot be true."""
    latitude = _degrees(gps, _LATITUDE, _LATITUDE_REF, "N", "S", 90.0)
    longitude = _degrees(gps, _LONGITUDE, _LONGITUDE_REF, "E", "W", 180.0)
    if latitude is None or longitude is None or (abs(latitude) < _NO_FIX and abs(longitude) < _NO_FIX):
        return None, None
    return latitude, longitude


def _degrees(gps: tiff.Directory, tag: int, ref_tag: int, positive: str, negative: str, limit: float) -> float | None:
    """Degrees, minutes and seconds with a letter for the hemisphere as signed degrees."""
    parts = tiff.numbers(gps, tag)
    hemisphere = tiff.text(gps, ref_tag).upper()[:1]
    if not 1 <= len(parts) <= 3 or hemisphere not in (positive, negative):
        return None
    degrees, minutes, seconds = (*parts, 0.0, 0.0)[:3]
    # Some writers put a signed angle beside the letter; the letter is what readers go by, so a sign there is not believed.
    if degrees < 0 or not 0 <= minutes < 60.0001 or not 0 <= seconds < 60.0001:
        return None
    value = degrees + minutes / 60 + seconds / 3600
    if value > limit:
        return None
    return round(-value if hemisphere == negative else value, _DEGREE_DECIMALS) + 0.0


def _altitude(gps: tiff.Directory) -> float | None:
    value = tiff.numbers(gps, _ALTITUDE)[:1]
    if not value:
        return None
    reference = gps.get(_ALTITUDE_REF, ())
    below = bool(reference) and reference[0] in (1, 3, ord("1"))
    metres = -value[0] if below else value[0]
    return round(metres, 2) if _LOWEST_METRES <= metres <= _HIGHEST_METRES else None


def _camera(tags: tiff.TiffTags) -> tuple[str | None, str | None, str | None]:
    """Maker, model, and both as people say it."""
    make, model = tiff.text(tags.image, _MAKE), tiff.text(tags.image, _MODEL)
    words = make.lower().replace(".", "").replace(",", " ").split()
    while len(words) > 1 and words[-1] in _COMPANY_WORDS:
        words.pop()
    maker = _MAKERS.get(" ".join(words), " ".join(make.split()[: len(words)]).rstrip(",."))
    bare = model
    for said in (make, maker):
        # 'NIKON D5300' by 'NIKON CORPORATION': the model repeats the maker's first word.
        first = said.split(" ")[0]
        if first and bare.lower().startswith(first.lower() + " "):
            bare = bare[len(first) + 1 :].strip()
    return make or None, model or None, f"{maker} {bare}".strip() or None


def _lens(tags: tiff.TiffTags) -> str | None:
    lens = tiff.text(tags.photo, _LENS) or tiff.text(tags.image, _LENS)
    if lens.lower() in _NO_LENS or not any(c.isalnum() for c in lens):
        return None
    maker = tiff.text(tags.photo, _LENS_MAKE)
    return f"{maker} {lens}" if maker and maker.split()[0].lower() not in lens.lower() else lens


def _positive(tags: tiff.TiffTags, *names: int) -> float | None:
    """The first of some numbers that is above 0."""
    for name in names:
        for value in (tiff.numbers(tags.photo, name) or tiff.numbers(tags.image, name))[:1]:
            if value > 0:
                return _short(value)
    return None


def _exposure(tags: tiff.TiffTags) -> float | None:
    direct = _positive(tags, _EXPOSURE)
    if direct is not None:
        return direct
    apex = tiff.numbers(tags.photo, _SHUTTER_SPEED)[:1]
    return _short(2.0 ** -apex[0]) if apex and -30 < apex[0] < 30 and apex[0] else None


def _aperture(tags: tiff.TiffTags) -> float | None:
    direct = _positive(tags, _F_NUMBER)
    if direct is not None:
        return direct
    apex = tiff.numbers(tags.photo, _APERTURE)[:1]
    return round(2.0 ** (apex[0] / 2), 1) if apex and 0 < apex[0] < 20 else None


def _iso(tags: tiff.TiffTags) -> float | None:
    value = _positive(tags, _ISO)
    return _positive(tags, *_SENSITIVITY_TYPES) or value if value == _ISO_OVERFLOW else value


def _short(value: float) -> float:
    """Six significant digits: 1/3 s is 0.333333, not seventeen digits of it."""
    return float(f"{value:.6g}")


def _offset_minutes(moment: Moment | None) -> int | None:
    if moment is None or moment.offset is None:
        return None
    return math.floor(moment.offset.total_seconds() / 60)
