"""When a photo was taken: from its EXIF block, or failing that from its file name.

EXIF times are the clock on the wall where the photo was taken; a zone stands beside them only in newer files. So a moment here
is a wall clock with a zone where one is known, and photos are sorted by the wall clock: a phone that knows its zone and a
camera that does not, side by side on one trip, then stay in order.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Final, Literal

from shoebox.photo import tiff

#: Where a moment comes from: the camera's clock, the name of the file, or the last edit of the file's tags (weakest).
Source = Literal["camera", "name", "edit"]

_TAKEN: Final = ((0x9003, 0x9011, 0x9291), (0x9004, 0x9012, 0x9292))
_EDITED: Final = (0x0132, 0x9010, 0x9290)
_ZONES: Final = (0x9011, 0x9012, 0x9010)
_GPS_TIME: Final = 7
_GPS_DATE: Final = 29

# The first photograph that survives is of 1826 or 1827; scans carry the years of their originals.
_EARLIEST_YEAR: Final = 1826
_LATEST_YEAR: Final = 2100
# Digits in a file name are a date only in the years of digital cameras.
_EARLIEST_YEAR_IN_NAME: Final = 1990
_LATEST_YEAR_IN_NAME: Final = 2069
# The first instants of the clocks of cameras that lost theirs.
_RESET_CLOCKS: Final = frozenset({datetime(1970, 1, 1), datetime(1980, 1, 1), datetime(1904, 1, 1), datetime(1900, 1, 1)})

# UTC-12:00 to UTC+14:00 are in use.
_EASTMOST, _WESTMOST = timedelta(hours=14), timedelta(hours=-12)
# A satellite fix may be older than the photo, and a camera's clock a little off; beyond this the two times tell nothing of a
# zone.
_GPS_TOLERANCE: Final = timedelta(minutes=2)
# Zones off the half hour: Nepal, Eucla, Chatham in winter and summer.
_QUARTER_ZONES: Final = tuple(timedelta(hours=h, minutes=45) for h in (5, 8, 12, 13))

_EXIF_TIME: Final = re.compile(
    r"(\d{4})[:\-/. ](\d{1,2})[:\-/. ](\d{1,2})(?:[T ]+(\d{1,2}):(\d{1,2})(?::(\d{1,2}))?(?:\.(\d+))?)?", re.ASCII
)
_ZONE: Final = re.compile(r"([+-])(\d{1,2}):?(\d{2})", re.ASCII)
_DAY: Final = r"(?<!\d)(\d{4})([-_.]?)(0[1-9]|1[0-2])\2(0[1-9]|[12]\d|3[01])"
_CLOCK: Final = r"([01]\d|2[0-3])[-_.:hH]?([0-5]\d)[-_.:mM]?([0-5]\d)(\d{3})?"
_NAME_WITH_CLOCK: Final = re.compile(_DAY + r"(?:[-_ T.]|\s+at\s+|,\s*)?" + _CLOCK + r"(?!\d)", re.ASCII)
_NAME_WITH_DAY: Final = re.compile(_DAY + r"(?!\d)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Moment:
    """A wall clock.

    Attributes
    ----------
    wall : datetime
        Without a zone; whole milliseconds.
    offset : timedelta or None
        The zone's offset from UTC, where known.
    source : str
        'camera', 'name' or 'edit'.
    whole_day : bool
        Whether only the day is known.
    """

    wall: datetime
    offset: timedelta | None
    source: Source
    whole_day: bool = False

    def iso(self) -> str:
        """ISO 8601: '2019-05-01', '2019-05-01T12:34:56', '2019-05-01T12:34:56.120+02:00'."""
        if self.whole_day:
            return self.wall.date().isoformat()
        stamp = self.wall if self.offset is None else self.wall.replace(tzinfo=timezone(self.offset))
        return stamp.isoformat(timespec="milliseconds" if self.wall.microsecond else "seconds")

    def sort_key(self) -> float:
        """Milliseconds from 1970 to the wall clock, as though the wall were in Greenwich."""
        return (self.wall - datetime(1970, 1, 1)) / timedelta(milliseconds=1)


def moment_of_tags(tags: tiff.TiffTags) -> Moment | None:
    """When the camera's clock says the photo was taken; None where the tags do not say."""
    for time_tag, zone_tag, fraction_tag in _TAKEN:
        wall = _wall(tags.photo, time_tag, fraction_tag) or _wall(tags.image, time_tag, fraction_tag)
        if wall is not None:
            zone = _zone_of(tags, zone_tag)
            return Moment(wall, zone_by_satellite(wall, tags.gps) if zone is None else zone, "camera")
    return None


def edit_of_tags(tags: tiff.TiffTags) -> Moment | None:
    """When the tags were last written: the moment of the photo for the oldest cameras, of an edit otherwise."""
    time_tag, zone_tag, fraction_tag = _EDITED
    wall = _wall(tags.image, time_tag, 0)
    if wall is None:
        return None
    return Moment(_with_fraction(wall, tags.photo, fraction_tag), _zone(tiff.text(tags.photo, zone_tag)), "edit")


def moment_of_name(name: str) -> Moment | None:
    """When the file's name says that the photo was taken.

    Cameras, phones and messengers write the day, and mostly the time, into the name: IMG_20190501_123456.jpg,
    2019-05-01 12.34.56.jpg, PXL_20210102_030405678.jpg (always UTC), IMG-20190501-WA0001.jpg (day only).
    """
    stem = name.replace("\\", "/").rsplit("/", 1)[-1]
    found = _NAME_WITH_CLOCK.search(stem)
    if found:
        year, _, month, day, hour, minute, second, thousandths = found.groups()
        wall = _datetime(year, month, day, hour, minute, second)
        if wall is not None and _plausible_in_name(wall):
            wall += timedelta(milliseconds=int(thousandths or 0))
            return Moment(wall, timedelta(0) if stem.upper().startswith("PXL_") else None, "name")
    found = _NAME_WITH_DAY.search(stem)
    if found:
        year, _, month, day = found.groups()
        wall = _datetime(year, month, day)
        if wall is not None and _plausible_in_name(wall):
            return Moment(wall, None, "name", whole_day=True)
    return None


def parse_time(value: str) -> datetime | None:
    """A time as EXIF writes it ('2019:05:01 12:34:56'), and as careless writers do; None if it is none or cannot be."""
    found = _EXIF_TIME.match(value.strip())
    if not found:
        return None
    *parts, fraction = found.groups()
    wall = _datetime(*(part or "0" for part in parts))
    if wall is None or wall in _RESET_CLOCKS or not _EARLIEST_YEAR <= wall.year <= _LATEST_YEAR:
        return None
    return wall + _fraction(fraction or "")


def zone_by_satellite(wall: datetime, gps: tiff.Directory) -> timedelta | None:
    """The zone in which a wall clock shows what satellites show in UTC; None unless the two agree on one within two minutes.

    It is the zone of the clock: a traveller's camera that still shows the time at home gets the zone of home, and so the true
    instant.
    """
    clock = tiff.numbers(gps, _GPS_TIME)
    day = parse_time(tiff.text(gps, _GPS_DATE))
    if day is None or len(clock) != 3 or not (0 <= clock[0] < 24 and 0 <= clock[1] < 60 and 0 <= clock[2] < 61):
        return None
    difference = wall - (day + timedelta(hours=clock[0], minutes=clock[1], seconds=clock[2]))
    if not _WESTMOST - _GPS_TOLERANCE <= difference <= _EASTMOST + _GPS_TOLERANCE:
        return None
    half_hour = timedelta(minutes=30)
    for zone in (half_hour * round(difference / half_hour), *_QUARTER_ZONES):
        if abs(difference - zone) <= _GPS_TOLERANCE:
            return zone
    return None


def _wall(directory: tiff.Directory, time_tag: int, fraction_tag: int) -> datetime | None:
    wall = parse_time(tiff.text(directory, time_tag))
    return None if wall is None else _with_fraction(wall, directory, fraction_tag)


def _with_fraction(wall: datetime, directory: tiff.Directory, fraction_tag: int) -> datetime:
    return wall if wall.microsecond else wall + _fraction(tiff.text(directory, fraction_tag))


def _fraction(digits: str) -> timedelta:
    """Decimal digits behind the second, cut to milliseconds."""
    if not digits.isascii() or not digits.isdigit():
        return timedelta(0)
    return timedelta(milliseconds=int(f"{digits:0<3}"[:3]))


def _zone_of(tags: tiff.TiffTags, first: int) -> timedelta | None:
    """The zone beside a time; another time's zone of the same photo will do, since one clock wrote them."""
    for tag in (first, *_ZONES):
        zone = _zone(tiff.text(tags.photo, tag))
        if zone is not None:
            return zone
    return None


def _zone(value: str) -> timedelta | None:
    if value.strip() == "Z":
        return timedelta(0)
    found = _ZONE.fullmatch(value.strip())
    if not found:
        return None
    sign, hours, minutes = found.groups()
    zone = timedelta(hours=int(hours), minutes=int(minutes)) * (-1 if sign == "-" else 1)
    return zone if _WESTMOST <= zone <= _EASTMOST and int(minutes) < 60 else None


def _datetime(*parts: str) -> datetime | None:
    values = [int(part) for part in parts]
    if len(values) == 6 and values[5] == 60:
        values[5] = 59
    try:
        return datetime(*values)  # type: ignore[arg-type]
    except ValueError:
        return None


def _plausible_in_name(wall: datetime) -> bool:
    return _EARLIEST_YEAR_IN_NAME <= wall.year <= _LATEST_YEAR_IN_NAME
