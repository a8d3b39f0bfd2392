"""Facts of photos: times, places, cameras, sizes."""

from __future__ import annotations

import json
import math
import struct
from collections import Counter
from dataclasses import asdict
from datetime import datetime, timedelta

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from shoebox.photo import formats, tiff
from shoebox.photo.facts import PhotoFacts, facts_of, place_of_tags
from shoebox.photo.headers import read_header
from shoebox.photo.moments import moment_of_name, parse_time, zone_by_satellite
from tests.unit.making import (
    ascii_entry,
    collection,
    encoded,
    heif,
    jpeg_with,
    picture,
    rational_entry,
    short_entry,
    tiff_block,
)

TAKEN = ascii_entry(0x9003, "2019:05:01 12:34:56")


def facts(data: bytes, name: str = "photo.jpg") -> PhotoFacts:
    kind = formats.sniff(data, name)
    return facts_of(name, kind, read_header(data, kind))


def gps(latitude: float, longitude: float, north: str = "N", east: str = "E") -> list[tuple[int, int, int, bytes]]:
    def parts(value: float) -> list[tuple[int, int]]:
        degrees, minutes = int(value), int(value * 60 % 60)
        return [(degrees, 1), (minutes, 1), (round((value * 3600 - degrees * 3600 - minutes * 60) * 1_000_000), 1_000_000)]

    return [
        ascii_entry(1, north),
        rational_entry(2, *parts(latitude)),
        ascii_entry(3, east),
        rational_entry(4, *parts(longitude)),
    ]


class TestTaken:
    def test_wall_clock_without_a_zone(self) -> None:
        found = facts(jpeg_with(tiff_block(photo=[TAKEN])))
        assert (found.taken, found.taken_from, found.utc_offset_minutes) == ("2019-05-01T12:34:56", "camera", None)
        assert found.taken_ms == 1556714096000.0

    @pytest.mark.parametrize(
        ("zone", "suffix", "minutes"),
        [
            ("+02:00", "+02:00", 120),
            ("-03:30", "-03:30", -210),
            ("Z", "+00:00", 0),
            ("+00:00", "+00:00", 0),
            ("+05:45", "+05:45", 345),
        ],
    )
    def test_zone_beside_the_time(self, zone: str, suffix: str, minutes: int) -> None:
        found = facts(jpeg_with(tiff_block(photo=[TAKEN, ascii_entry(0x9011, zone)])))
        assert found.taken == "2019-05-01T12:34:56" + suffix
        assert found.utc_offset_minutes == minutes

    @pytest.mark.parametrize("zone", ["", "   :  ", "+25:00", "-13:00", "02:00", "+1:75", "\u0662"])
    def test_zones_that_cannot_be_are_left_out(self, zone: str) -> None:
        assert facts(jpeg_with(tiff_block(photo=[TAKEN, ascii_entry(0x9011, zone)]))).taken == "2019-05-01T12:34:56"

    def test_sorting_is_by_the_wall_clock_whatever_the_zone(self) -> None:
        here = facts(jpeg_with(tiff_block(photo=[TAKEN])))
        there = facts(jpeg_with(tiff_block(photo=[TAKEN, ascii_entry(0x9011, "+09:00")])))
        assert here.taken_ms == there.taken_ms

    def test_fractions_of_a_second(self) -> None:
        found = facts(jpeg_with(tiff_block(photo=[TAKEN, ascii_entry(0x9291, "12"), ascii_entry(0x9011, "+02:00")])))
        assert found.taken == "2019-05-01T12:34:56.120+02:00"
        assert found.taken_ms == 1556714096120.0

    def test_digitised_when_there_is_no_original(self) -> None:
        found = facts(jpeg_with(tiff_block(photo=[ascii_entry(0x9004, "2001:02:03 04:05:06")])))
        assert (found.taken, found.taken_from) == ("2001-02-03T04:05:06", "camera")

    def test_the_name_is_better_than_an_edit_and_an_edit_better_than_nothing(self) -> None:
        data = jpeg_with(tiff_block(image=[ascii_entry(0x0132, "2021:01:01 10:00:00")]))
        named, other = facts(data, "2019/IMG_20190501_123456.jpg"), facts(data, "holiday.jpg")
        assert (named.taken, named.taken_from) == ("2019-05-01T12:34:56", "name")
        assert (other.taken, other.taken_from) == ("2021-01-01T10:00:00", "edit")
        assert named.modified == other.modified == "2021-01-01T10:00:00"

    @pytest.mark.parametrize(
        "text",
        ["0000:00:00 00:00:00", "    :  :     :  :  ", "2019:13:01 12:00:00", "2019:02:30 12:00:00", "1970:01:01 00:00:00",
         "1980:01:01 00:00:00", "1700:01:01 00:00:00", "yesterday", "", "\u0662\u0660\u0661\u0669:01:01 00:00:00"],
    )  # fmt: skip
    def test_times_that_cannot_be(self, text: str) -> None:
        assert parse_time(text) is None

    @pytest.mark.parametrize(
        ("text", "time"),
        [
            ("2019:05:01 12:34:56", datetime(2019, 5, 1, 12, 34, 56)),
            ("2019-05-01T12:34:56.789Z", datetime(2019, 5, 1, 12, 34, 56, 789000)),
            ("2019/05/01 12:34", datetime(2019, 5, 1, 12, 34)),
            ("2019:05:01", datetime(2019, 5, 1)),
            ("2016:12:31 23:59:60", datetime(2016, 12, 31, 23, 59, 59)),
            ("1843:05:01 12:00:00", datetime(1843, 5, 1, 12)),
        ],
    )
    def test_times_as_careless_writers_write_them(self, text: str, time: datetime) -> None:
        assert parse_time(text) == time

    @settings(deadline=None)
    @given(st.datetimes(datetime(1826, 1, 1), datetime(2100, 12, 31)))
    def test_every_time_comes_back(self, time: datetime) -> None:
        time = time.replace(microsecond=0)
        if (time.month, time.day, time.hour, time.minute, time.second) == (1, 1, 0, 0, 0):
            time += timedelta(seconds=1)
        found = facts(jpeg_with(tiff_block(photo=[ascii_entry(0x9003, time.strftime("%Y:%m:%d %H:%M:%S").rjust(19, "0"))])))
        assert found.taken == time.isoformat()
        assert found.taken_ms == (time - datetime(1970, 1, 1)).total_seconds() * 1000


class TestZoneBySatellite:
    @staticmethod
    def gps_time(hour: int, minute: int, second: int, day: str = "2019:05:01") -> tiff.Directory:
        return {7: (float(hour), float(minute), float(second)), 29: day.encode() + b"\0"}

    @pytest.mark.parametrize(
        ("hour", "minute", "second", "zone"),
        [(10, 34, 50, 120), (12, 34, 56, 0), (7, 5, 30, 330), (6, 50, 0, 345), (19, 34, 0, -420), (23, 50, 0, None)],
    )
    def test_agrees_within_two_minutes_or_says_nothing(self, hour: int, minute: int, second: int, zone: int | None) -> None:
        found = zone_by_satellite(datetime(2019, 5, 1, 12, 34, 56), self.gps_time(hour, minute, second))
        assert found == (None if zone is None else timedelta(minutes=zone))

    def test_across_midnight(self) -> None:
        assert zone_by_satellite(datetime(2019, 5, 2, 1, 0), self.gps_time(23, 0, 30)) == timedelta(hours=2)

    @pytest.mark.parametrize("clock", [(24.0, 0.0, 0.0), (1.0, math.nan, 0.0), (1.0, 2.0), (-1.0, 0.0, 0.0)])
    def test_clocks_that_cannot_be(self, clock: tuple[float, ...]) -> None:
        assert zone_by_satellite(datetime(2019, 5, 1), {7: clock, 29: b"2019:05:01\0"}) is None

    def test_another_day_says_nothing(self) -> None:
        assert zone_by_satellite(datetime(2019, 5, 1, 12), self.gps_time(12, 0, 0, "2019:05:04")) is None

    def test_a_zone_in_the_file_is_believed_first(self) -> None:
        clock = [rational_entry(7, (9, 1), (34, 1), (56, 1)), ascii_entry(29, "2019:05:01")]
        both = tiff_block(photo=[TAKEN, ascii_entry(0x9011, "+00:00")], gps=clock)
        alone = tiff_block(photo=[TAKEN], gps=clock)
        assert facts(jpeg_with(both)).taken == "2019-05-01T12:34:56+00:00"
        assert facts(jpeg_with(alone)).taken == "2019-05-01T12:34:56+03:00"


@pytest.mark.parametrize(
    ("name", "iso"),
    [
        ("IMG_20190501_123456.jpg", "2019-05-01T12:34:56"),
        ("a/b/2019-05-01 12.34.56.jpg", "2019-05-01T12:34:56"),
        ("2019-05-01 12.34.56-1.jpg", "2019-05-01T12:34:56"),
        ("IMG-20190501-WA0001.jpg", "2019-05-01"),
        ("WhatsApp Image 2019-05-01 at 12.34.56.jpeg", "2019-05-01T12:34:56"),
        ("PXL_20210102_030405678.jpg", "2021-01-02T03:04:05.678+00:00"),
        ("PXL_20210102_030405678.PORTRAIT.jpg", "2021-01-02T03:04:05.678+00:00"),
        ("Screenshot_20200315-174501.png", "2020-03-15T17:45:01"),
        ("Screenshot_2020-03-15-17-45-01-123_com.app.jpg", "2020-03-15T17:45:01"),
        ("Screenshot 2024-11-02 at 09.08.07.png", "2024-11-02T09:08:07"),
        ("signal-2019-05-01-123456.jpg", "2019-05-01T12:34:56"),
        ("20190501_123456.jpg", "2019-05-01T12:34:56"),
        ("20190501123456.jpg", "2019-05-01T12:34:56"),
        ("photo_2019-05-01_12-34-56.jpg", "2019-05-01T12:34:56"),
        ("2019-05-01.jpg", "2019-05-01"),
        ("IMG_20190501_993456.jpg", "2019-05-01"),
        ("C:\\photos\\20190501_123456.jpg", "2019-05-01T12:34:56"),
    ],
)
def test_dates_in_names(name: str, iso: str) -> None:
    found = moment_of_name(name)
    assert found is not None
    assert (found.iso(), found.source) == (iso, "name")


@pytest.mark.parametrize(
    "name",
    ["IMG_1025.JPG", "DSC00001.jpg", "20191301.jpg", "12345678901234567890.jpg", "2019/IMG_1.jpg", "20190230_120000.jpg",
     "18991231_235959.jpg", "scan 1987.tif", "2019-05_01.jpg", "FB_IMG_1556712345678.jpg", "", "20190501/cat.jpg"],
)  # fmt: skip
def test_names_without_a_date(name: str) -> None:
    assert moment_of_name(name) is None


@settings(deadline=None)
@given(st.text())
def test_no_name_breaks_anything(name: str) -> None:
    moment_of_name(name)
    formats.sniff(b"II*\0\x08\0\0\0", name)


class TestPlace:
    @settings(deadline=None)
    @given(st.floats(-90, 90), st.floats(-180, 180))
    def test_round_trip_to_six_decimals(self, latitude: float, longitude: float) -> None:
        block = tiff_block(
            gps=gps(abs(latitude), abs(longitude), "N" if latitude >= 0 else "S", "E" if longitude >= 0 else "W")
        )
        found = facts(jpeg_with(block))
        if abs(latitude) < 1.1e-4 and abs(longitude) < 1.1e-4:
            return
        assert found.latitude == pytest.approx(latitude, abs=5e-7)
        assert found.longitude == pytest.approx(longitude, abs=5e-7)

    def test_nowhere_in_the_gulf_of_guinea_is_no_place(self) -> None:
        assert facts(jpeg_with(tiff_block(gps=gps(0, 0)))).latitude is None

    def test_on_the_equator_is_a_place(self) -> None:
        found = facts(jpeg_with(tiff_block(gps=gps(0, 32.5))))
        assert (found.latitude, found.longitude) == (0.0, 32.5)

    @pytest.mark.parametrize(
        ("latitude", "north", "longitude", "east"),
        [
            ((91.0, 0.0, 0.0), "N", (2.0, 0.0, 0.0), "E"),
            ((48.0, 0.0, 0.0), "N", (181.0, 0.0, 0.0), "E"),
            ((48.0, 61.0, 0.0), "N", (2.0, 0.0, 0.0), "E"),
            ((48.0, 0.0, 0.0), "", (2.0, 0.0, 0.0), "E"),
            ((48.0, 0.0, 0.0), "X", (2.0, 0.0, 0.0), "E"),
            ((math.nan, 0.0, 0.0), "N", (2.0, 0.0, 0.0), "E"),
            ((48.0, math.nan, 0.0), "N", (2.0, 0.0, 0.0), "E"),
            ((), "N", (2.0, 0.0, 0.0), "E"),
            ((-48.0, 0.0, 0.0), "N", (2.0, 0.0, 0.0), "E"),
        ],
    )
    def test_places_that_cannot_be(
        self, latitude: tuple[float, ...], north: str, longitude: tuple[float, ...], east: str
    ) -> None:
        directory: tiff.Directory = {1: north.encode(), 2: latitude, 3: east.encode(), 4: longitude}
        assert place_of_tags(directory) == (None, None)

    def test_degrees_alone_are_enough(self) -> None:
        assert place_of_tags({1: b"S\0", 2: (33.9592,), 3: b"E\0", 4: (18.47351,)}) == (-33.9592, 18.47351)

    @pytest.mark.parametrize(("reference", "metres"), [(0, 415.25), (1, -415.25)])
    def test_altitude(self, reference: int, metres: float) -> None:
        block = tiff_block(gps=[(5, 1, 1, bytes([reference])), rational_entry(6, (41525, 100))])
        assert facts(jpeg_with(block)).altitude == metres

    def test_altitude_that_cannot_be(self) -> None:
        assert facts(jpeg_with(tiff_block(gps=[rational_entry(6, (4294967295, 1))]))).altitude is None


class TestCamera:
    @pytest.mark.parametrize(
        ("make", "model", "camera"),
        [
            ("NIKON CORPORATION", "NIKON D5300", "Nikon D5300"),
            ("Canon", "Canon EOS 6D", "Canon EOS 6D"),
            ("OLYMPUS IMAGING CORP.  ", "E-M10", "Olympus E-M10"),
            ("Google", "Pixel 6", "Google Pixel 6"),
            ("SAMSUNG", "SM-G991B", "Samsung SM-G991B"),
            ("Eastman Kodak Company", "KODAK DC240 ZOOM DIGITAL CAMERA", "Kodak DC240 ZOOM DIGITAL CAMERA"),
            ("Hewlett-Packard", "HP PhotoSmart 735", "HP PhotoSmart 735"),
            ("CASIO COMPUTER CO.,LTD.", "EX-S1", "Casio EX-S1"),
            ("Fairphone", "FP4", "Fairphone FP4"),
            ("", "Lumix", "Lumix"),
            ("Apple", "", "Apple"),
        ],
    )
    def test_as_people_say_it(self, make: str, model: str, camera: str) -> None:
        found = facts(jpeg_with(tiff_block(image=[ascii_entry(0x10F, make), ascii_entry(0x110, model)])))
        assert found.camera == camera
        assert found.make == (make.strip() or None)
        assert found.model == (model or None)

    def test_text_is_cleaned(self) -> None:
        raw = b"Canon\0\0garbage"
        found = facts(jpeg_with(tiff_block(image=[(0x10F, 2, len(raw), raw), ascii_entry(0x110, "  EOS\t \x07 6D ")])))
        assert (found.make, found.model) == ("Canon", "EOS 6D")

    @pytest.mark.parametrize("lens", ["", "----", "0.0 mm f/0.0", "Unknown", "\0\0\0"])
    def test_lenses_that_are_none(self, lens: str) -> None:
        assert facts(jpeg_with(tiff_block(photo=[ascii_entry(0xA434, lens)]))).lens is None

    def test_exposure(self) -> None:
        block = tiff_block(
            photo=[
                rational_entry(0x829A, (1, 250)),
                rational_entry(0x829D, (28, 10)),
                short_entry(0x8827, 400),
                rational_entry(0x920A, (50, 1)),
                short_entry(0xA405, 75),
                ascii_entry(0xA434, "EF50mm f/1.8 STM"),
            ]
        )
        found = facts(jpeg_with(block))
        assert (found.exposure_seconds, found.aperture, found.iso) == (0.004, 2.8, 400.0)
        assert (found.focal_length, found.focal_length_35mm, found.lens) == (50.0, 75.0, "EF50mm f/1.8 STM")

    def test_exposure_from_apex_values(self) -> None:
        block = tiff_block(photo=[rational_entry(0x9201, (8, 1)), rational_entry(0x9202, (4, 1))])
        found = facts(jpeg_with(block))
        assert found.exposure_seconds == pytest.approx(1 / 256, rel=1e-5)
        assert found.aperture == 4.0

    def test_high_iso_stands_in_another_field(self) -> None:
        block = tiff_block(photo=[short_entry(0x8827, 65535), (0x8832, 4, 1, struct.pack("<I", 102400))])
        assert facts(jpeg_with(block)).iso == 102400.0

    @settings(deadline=None)
    @given(st.integers(0, 2**32 - 1), st.integers(0, 2**32 - 1))
    @example(1, 0)
    @example(0, 0)
    def test_any_rational_gives_a_positive_finite_number_or_none(self, above: int, below: int) -> None:
        photo = [rational_entry(tag, (above, below)) for tag in (0x829A, 0x829D, 0x9201, 0x9202, 0x920A)]
        place = [ascii_entry(1, "N"), rational_entry(2, (above, below)), ascii_entry(3, "E"), rational_entry(4, (above, below))]
        found = facts(jpeg_with(tiff_block(photo=photo, gps=[*place, rational_entry(6, (above, below))])))
        for value in (found.exposure_seconds, found.aperture, found.focal_length):
            assert value is None or (math.isfinite(value) and value > 0)
        for value in (found.latitude, found.longitude, found.altitude):
            assert value is None or math.isfinite(value)


class TestSizeAndOrientation:
    @pytest.mark.parametrize("orientation", range(1, 9))
    def test_all_orientations(self, orientation: int) -> None:
        found = facts(jpeg_with(tiff_block(image=[short_entry(0x112, orientation)]), picture(60, 40)))
        assert found.orientation == orientation
        assert (found.stored_width, found.stored_height) == (60, 40)
        assert (found.width, found.height) == ((40, 60) if orientation >= 5 else (60, 40))

    @pytest.mark.parametrize("orientation", [0, 9, 255, 65535])
    def test_orientations_that_cannot_be(self, orientation: int) -> None:
        assert facts(jpeg_with(tiff_block(image=[short_entry(0x112, orientation)]))).orientation == 1

    @pytest.mark.parametrize("form", ["JPEG", "PNG", "GIF", "BMP", "TIFF", "WebP", "MPO"])
    def test_size_in_every_format(self, form: str) -> None:
        found = facts(encoded(picture(60, 40), form))
        assert (found.width, found.height, found.animated) == (60, 40, False)
        assert found.format == ("JPEG" if form == "MPO" else form)

    @pytest.mark.parametrize("form", ["PNG", "TIFF", "WebP"])
    def test_exif_in_other_formats(self, form: str) -> None:
        block = tiff_block(image=[short_entry(0x112, 6)], photo=[TAKEN])
        exif = b"Exif\0\0" + block
        found = facts(encoded(picture(60, 40), form, exif=exif))
        assert found.taken == "2019-05-01T12:34:56"
        assert (found.orientation, found.width, found.height) == (6, 40, 60)

    def test_lossless_webp(self) -> None:
        assert (facts(encoded(picture(61, 40), "WebP", lossless=True)).width) == 61

    def test_exif_as_text_in_png(self) -> None:
        block = b"Exif\0\0" + tiff_block(photo=[TAKEN])
        text = b"\nexif\n    " + str(len(block)).encode() + b"\n" + block.hex().encode() + b"\n"
        body = b"Raw profile type exif\0" + text
        chunk = struct.pack(">I", len(body)) + b"tEXt" + body + b"\0\0\0\0"
        data = encoded(picture(), "PNG")
        assert facts(data[:33] + chunk + data[33:]).taken == "2019-05-01T12:34:56"

    @pytest.mark.parametrize("form", ["GIF", "WebP", "PNG"])
    def test_animations(self, form: str) -> None:
        frames = [picture(40, 30).rotate(90 * turn) for turn in range(3)]
        found = facts(encoded(frames[0], form, save_all=True, append_images=frames[1:], duration=100))
        assert found.animated

    @pytest.mark.parametrize("brand", [b"heic", b"avif"])
    @pytest.mark.parametrize(
        ("turns", "mirror", "orientation"),
        [(None, None, 1), (1, None, 8), (2, None, 3), (3, None, 6), (None, 0, 4), (None, 1, 2), (1, 0, 5), (1, 1, 7)],
    )
    def test_heic_and_avif_containers(self, brand: bytes, turns: int | None, mirror: int | None, orientation: int) -> None:
        block = tiff_block(image=[short_entry(0x112, 6)], photo=[TAKEN], gps=gps(51.5, 0.125, "N", "W"))
        found = facts(heif(brand, 4032, 3024, block, turns, mirror))
        assert found.orientation == orientation
        assert (found.stored_width, found.stored_height) == (4032, 3024)
        assert (found.taken, found.latitude, found.longitude) == ("2019-05-01T12:34:56", 51.5, -0.125)

    def test_facts_are_plain_data(self) -> None:
        found = facts(jpeg_with(tiff_block(photo=[TAKEN, ascii_entry(0x9011, "+02:00")], gps=gps(48.85, 2.35))))
        assert PhotoFacts(**json.loads(json.dumps(asdict(found), allow_nan=False))) == found


class TestDamagedTags:
    def test_one_bad_entry_does_not_cost_the_others(self) -> None:
        far = (0x9000, 5, 1, b"")
        block = bytearray(tiff_block(photo=[far, TAKEN, short_entry(0xA402, 1)]))
        assert facts(jpeg_with(bytes(block))).taken == "2019-05-01T12:34:56"

    def test_a_directory_that_points_at_itself_ends(self) -> None:
        block = tiff_block(image=[(0x8769, 4, 1, struct.pack("<I", 8)), (0x14A, 4, 1, struct.pack("<I", 8))])
        assert facts(jpeg_with(block)).taken is None

    @settings(deadline=None, max_examples=300)
    @given(st.data())
    def test_no_change_of_bytes_breaks_the_reader(self, data: st.DataObject) -> None:
        block = bytearray(
            tiff_block(image=[ascii_entry(0x10F, "Canon"), short_entry(0x112, 6)], photo=[TAKEN], gps=gps(48.85, 2.35))
        )
        for _ in range(data.draw(st.integers(1, 8))):
            block[data.draw(st.integers(0, len(block) - 1))] = data.draw(st.integers(0, 255))
        cut = data.draw(st.integers(0, len(block)))
        found = facts(jpeg_with(bytes(block[:cut])))
        json.dumps(asdict(found), allow_nan=False)
        assert 1 <= found.orientation <= 8

    @settings(deadline=None)
    @given(st.binary(max_size=300))
    def test_any_bytes_behind_a_byte_order_mark(self, rest: bytes) -> None:
        tiff.read_tiff(b"II*\0" + rest)
        tiff.read_tiff(b"MM\0*" + rest)


# What exiftool calls the formats, in our words.
_TYPES = {
    **{"Extended WEBP": "WebP", "WEBP": "WebP", "APNG": "PNG", "HEIF": "HEIC"},
    **{"JP2": "JPEG 2000", "JXL": "JPEG XL", "PSD": "Photoshop"},
}


def test_agrees_with_exiftool_on_real_files(capsys: pytest.CaptureFixture[str]) -> None:
    folder = collection("formats")
    files = json.loads((folder / "manifest.json").read_text("utf-8"))
    agreed: Counter[str] = Counter()
    for told in files:
        found = facts((folder / told["file"]).read_bytes(), told["file"])
        time = told["dateTimeOriginal"]
        time = parse_time(time) if time else None
        camera_time = found.taken if found.taken_from == "camera" else None
        agreed["type"] += found.format == _TYPES.get(told["fileType"], told["fileType"])
        agreed["size"] += (found.stored_width, found.stored_height) == (told["width"], told["height"])
        agreed["orientation"] += found.orientation == (told["orientation"] or 1)
        agreed["time"] += (camera_time or "")[:19] == (time.isoformat(timespec="seconds") if time else "")
        agreed["zone"] += not told["offsetTimeOriginal"] or (camera_time or "").endswith(told["offsetTimeOriginal"])
        agreed["make"] += (found.make or "") == " ".join((told["make"] or "").split())
        agreed["model"] += (found.model or "") == " ".join(str(told["model"] or "").split())
        if told["lat"] is None:
            agreed["place"] += found.latitude is None
        else:
            agreed["place"] += found.latitude == pytest.approx(told["lat"], abs=1e-6) and found.longitude == pytest.approx(
                told["lon"], abs=1e-6
            )
    with capsys.disabled():
        print("\nagreement with exiftool:", {what: f"{count / len(files):.1%}" for what, count in sorted(agreed.items())})
    assert {what: count / len(files) for what, count in agreed.items() if count < 0.95 * len(files)} == {}
