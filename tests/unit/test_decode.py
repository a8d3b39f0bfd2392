"""Decoding with Pillow: upright, opaque, small, whatever the file."""

from __future__ import annotations

import io
import struct
import warnings
from collections import Counter

import numpy as np
import pytest
from PIL import Image, ImageFile, features

from shoebox.errors import UnreadablePhoto
from shoebox.photo import formats
from shoebox.photo.decode import decode_photo, jpeg_size, target_size
from tests.unit.making import (
    UPRIGHT,
    collection,
    corners,
    encoded,
    jpeg_with,
    picture,
    short_entry,
    textured,
    tiff_block,
    turned,
)

LOSSLESS = ["PNG", "TIFF", "BMP"]


class TestOrientation:
    @pytest.mark.parametrize("orientation", range(1, 9))
    @pytest.mark.parametrize("form", ["JPEG", "PNG", "TIFF", "WebP"])
    def test_photos_come_out_upright(self, form: str, orientation: int) -> None:
        exif = Image.Exif()
        exif[0x112] = orientation
        decoded = decode_photo(encoded(turned(picture(300, 200), orientation), form, exif=exif))
        assert corners(decoded.pixels) == UPRIGHT
        assert decoded.pixels.shape == (200, 300, 3)
        assert (decoded.photo_width, decoded.photo_height) == (300, 200)
        assert (decoded.thumbnail_width, decoded.thumbnail_height) == (300, 200)

    @pytest.mark.skipif(not features.check("avif"), reason="this Pillow has no AVIF")
    @pytest.mark.parametrize("orientation", range(1, 9))
    def test_avif_turns_by_its_container(self, orientation: int) -> None:
        exif = Image.Exif()
        exif[0x112] = orientation
        decoded = decode_photo(encoded(turned(picture(300, 200), orientation), "AVIF", exif=exif))
        assert corners(decoded.pixels) == UPRIGHT

    @pytest.mark.parametrize("orientation", range(1, 9))
    def test_an_orientation_given_goes_before_the_file(self, orientation: int) -> None:
        wrong = tiff_block(image=[short_entry(0x112, 3)])
        decoded = decode_photo(jpeg_with(wrong, turned(picture(300, 200), orientation)), orientation=orientation)
        assert corners(decoded.pixels) == UPRIGHT

    def test_pixels_and_thumbnail_agree(self) -> None:
        exif = Image.Exif()
        exif[0x112] = 6
        decoded = decode_photo(encoded(turned(picture(900, 500), 6), "JPEG", exif=exif))
        with Image.open(io.BytesIO(decoded.thumbnail)) as thumbnail:
            assert thumbnail.format == "JPEG"
            assert thumbnail.size == (decoded.thumbnail_width, decoded.thumbnail_height) == (400, 222)
            assert corners(np.asarray(thumbnail.convert("RGB"))) == UPRIGHT


class TestSize:
    @pytest.mark.parametrize(
        ("size", "target"),
        [
            ((4000, 3000), (512, 384)),
            ((3000, 4000), (384, 512)),
            ((512, 512), (512, 512)),
            ((300, 200), (300, 200)),
            ((1, 1), (1, 1)),
            ((12000, 2000), (1344, 224)),
            ((30000, 1000), (4096, 137)),
            ((9000, 30), (4096, 14)),
            ((100, 3000), (100, 3000)),
            ((60000, 1), (4096, 1)),
        ],
    )
    def test_long_side_of_512_but_a_short_side_that_panoramas_can_live_with(
        self, size: tuple[int, int], target: tuple[int, int]
    ) -> None:
        assert target_size(*size) == target

    @pytest.mark.parametrize(
        ("size", "target"),
        [
            ((4000, 3000), (500, 375)),
            ((3000, 4000), (375, 500)),
            ((4001, 3001), (501, 376)),
            ((1600, 1200), (400, 300)),
            ((720, 540), (450, 338)),
            ((666, 400), (417, 250)),
            ((665, 400), (665, 400)),
            ((300, 200), (300, 200)),
            ((4000, 700), (1500, 263)),
            ((12000, 2000), (1500, 250)),
            ((30000, 1000), (4096, 137)),
            ((1, 1), (1, 1)),
        ],
    )
    def test_jpeg_comes_at_the_least_eighth_that_is_enough_as_in_the_page(
        self, size: tuple[int, int], target: tuple[int, int]
    ) -> None:
        assert jpeg_size(*size) == target

    @pytest.mark.parametrize("side", [*range(1600, 1617), 8, 9, 15])
    def test_an_eighth_is_what_libjpeg_makes_of_it_to_the_pixel(self, side: int) -> None:
        decoded = decode_photo(encoded(picture(side, 1200), "JPEG"))
        assert decoded.pixels.shape[1::-1] == jpeg_size(side, 1200)

    @pytest.mark.parametrize("form", ["JPEG", "PNG", "WebP"])
    def test_large_photos_come_out_small(self, form: str) -> None:
        decoded = decode_photo(encoded(textured(1600, 1200), form))
        assert decoded.pixels.shape == ((300, 400, 3) if form == "JPEG" else (384, 512, 3))
        assert decoded.pixels.dtype == np.uint8
        assert decoded.pixels.flags.c_contiguous and decoded.pixels.flags.owndata
        assert (decoded.photo_width, decoded.photo_height) == (1600, 1200)
        assert (decoded.thumbnail_width, decoded.thumbnail_height) == (400, 300)
        assert decoded.complete

    def test_nothing_is_enlarged(self) -> None:
        decoded = decode_photo(encoded(picture(20, 10), "PNG"))
        assert decoded.pixels.shape == (10, 20, 3)
        assert (decoded.thumbnail_width, decoded.thumbnail_height) == (20, 10)

    def test_drafts_look_like_the_photo(self) -> None:
        image = textured(2048, 1536)
        exact = np.asarray(image.resize((512, 384), Image.Resampling.BOX), np.float32)
        decoded = decode_photo(encoded(image, quality=95)).pixels.astype(np.float32)
        assert np.abs(decoded - exact).mean() < 5


class TestModes:
    @pytest.mark.parametrize("mode", ["1", "L", "P", "RGB", "RGBA", "LA", "I;16", "I", "F", "CMYK", "YCbCr", "LAB"])
    def test_every_mode_of_tiff(self, mode: str) -> None:
        image = picture(64, 48)
        if mode in ("I;16", "I"):
            grey = np.asarray(image.convert("L"), np.uint16) * 257
            image = Image.fromarray(grey if mode == "I;16" else grey.astype(np.int32))
        elif mode == "LAB":
            image = Image.new("LAB", (64, 48), (128, 0, 0))
        else:
            image = image.convert(mode)
        decoded = decode_photo(encoded(image, "TIFF"))
        assert decoded.pixels.shape == (48, 64, 3)
        assert decoded.pixels.max() > 0

    def test_sixteen_bits_keep_their_brightness(self) -> None:
        grey = np.linspace(0, 65535, 64 * 48).reshape(48, 64).astype(np.uint16)
        for form in ("PNG", "TIFF"):
            decoded = decode_photo(encoded(Image.fromarray(grey), form)).pixels
            assert np.abs(decoded[..., 0].astype(int) - np.rint(grey / 257).astype(int)).max() <= 1

    def test_floating_point_goes_by_its_range(self) -> None:
        values = np.linspace(-2, 6, 64 * 48, dtype=np.float32).reshape(48, 64)
        values[0, 1] = np.nan
        decoded = decode_photo(encoded(Image.fromarray(values), "TIFF")).pixels
        assert (int(decoded[0, 0, 0]), int(decoded[-1, -1, 0])) == (0, 255)

    @pytest.mark.parametrize("form", ["PNG", "WebP", "TIFF"])
    def test_transparency_becomes_white(self, form: str) -> None:
        image = picture(64, 48).convert("RGBA")
        image.paste((0, 0, 0, 0), (0, 0, 32, 24))
        options = {"lossless": True} if form == "WebP" else {}
        pixels = decode_photo(encoded(image, form, **options)).pixels
        assert tuple(pixels[8, 8]) == (255, 255, 255)
        assert corners(pixels)[1:] == UPRIGHT[1:]

    def test_transparent_palettes_become_white(self) -> None:
        image = Image.new("P", (40, 40), 1)
        image.putpalette([255, 0, 0, 0, 0, 0])
        image.paste(0, (20, 0, 40, 40))
        for form in ("GIF", "PNG"):
            pixels = decode_photo(encoded(image, form, transparency=1)).pixels
            assert tuple(pixels[20, 5]) == (255, 255, 255)
            assert tuple(pixels[20, 35]) == (255, 0, 0)

    def test_a_colour_declared_transparent_becomes_white(self) -> None:
        image = Image.new("RGB", (40, 40), (1, 2, 3))
        assert tuple(decode_photo(encoded(image, "PNG", transparency=(1, 2, 3))).pixels[5, 5]) == (255, 255, 255)

    def test_cmyk_jpeg_keeps_its_colours(self) -> None:
        assert corners(decode_photo(encoded(picture(64, 48).convert("CMYK"))).pixels) == UPRIGHT

    @pytest.mark.parametrize("form", ["GIF", "WebP", "PNG", "TIFF"])
    def test_animations_show_their_first_frame(self, form: str) -> None:
        frames = [picture(64, 48), Image.new("RGB", (64, 48), "white"), Image.new("RGB", (64, 48), "black")]
        data = encoded(frames[0], form, save_all=True, append_images=frames[1:])
        assert corners(decode_photo(data).pixels) == UPRIGHT

    @pytest.mark.skipif(not features.check("jpg_2000"), reason="this Pillow has no JPEG 2000")
    def test_jpeg_2000(self) -> None:
        assert corners(decode_photo(encoded(picture(64, 48), "JPEG2000")).pixels) == UPRIGHT

    def test_progressive_jpeg(self) -> None:
        assert corners(decode_photo(encoded(picture(800, 600), progressive=True)).pixels) == UPRIGHT


class TestRaw:
    @staticmethod
    def raw(orientation: int = 1, preview: Image.Image | None = None, width: int = 6000, height: int = 4000) -> bytes:
        """What a maker's raw file looks like from outside: a TIFF structure, sensor data, two previews."""
        tags = tiff_block(
            [(0x100, 4, 1, struct.pack("<I", width)), (0x101, 4, 1, struct.pack("<I", height)), short_entry(0x112, orientation)]
        )
        noise = np.random.default_rng(1).bytes(20_000)
        icon = encoded(Image.new("RGB", (160, 120), "white"))
        lossless = b"\xff\xd8\xff\xc3\x00\x11\x0e\x0f\xa0\x17\x70\x03\x01\x11\x00\x02\x11\x00\x03\x11\x00\xff\xda\x00\x08"
        return tags + icon + noise + lossless + noise + encoded(preview or picture(1200, 800)) + noise

    def test_shows_the_largest_preview(self) -> None:
        decoded = decode_photo(self.raw(), "DSC_0001.NEF")
        assert corners(decoded.pixels) == UPRIGHT
        assert (decoded.photo_width, decoded.photo_height) == (1200, 800)

    def test_turns_the_preview_as_the_raw_file_says(self) -> None:
        decoded = decode_photo(self.raw(8, turned(picture(800, 1200), 8)), "DSC_0001.NEF")
        assert corners(decoded.pixels) == UPRIGHT
        assert decoded.pixels.shape[0] > decoded.pixels.shape[1]

    def test_leaves_a_preview_that_stands_already(self) -> None:
        assert corners(decode_photo(self.raw(8, picture(800, 1200)), "DSC_0001.NEF").pixels) == UPRIGHT

    def test_finds_the_preview_without_a_telling_name(self) -> None:
        assert corners(decode_photo(self.raw()).pixels) == UPRIGHT

    def test_says_so_when_there_is_none(self) -> None:
        with pytest.raises(UnreadablePhoto, match="This NEF raw file holds no preview picture that can be shown"):
            decode_photo(tiff_block([short_entry(0x112, 1)]) + bytes(1000), "DSC_0001.NEF")

    def test_an_icon_is_no_preview(self) -> None:
        with pytest.raises(UnreadablePhoto, match="no preview"):
            decode_photo(tiff_block([short_entry(0x112, 1)]) + encoded(picture(64, 48)), "DSC_0001.NEF")


class TestDamage:
    def test_a_jpeg_that_lost_its_last_rows_is_shown(self) -> None:
        data = encoded(textured(640, 480))
        decoded = decode_photo(data[: len(data) * 4 // 5])
        assert not decoded.complete
        assert decoded.pixels.shape == (480, 640, 3)
        assert decoded.pixels[:150].min() > 0

    def test_a_jpeg_that_lost_most_of_itself_is_not(self) -> None:
        data = encoded(textured(640, 480))
        with pytest.raises(UnreadablePhoto, match="less than half of the picture is there"):
            decode_photo(data[: len(data) // 4])

    def test_a_png_that_lost_its_last_rows_is_shown(self) -> None:
        data = encoded(textured(640, 480), "PNG")
        assert not decode_photo(data[: len(data) * 4 // 5]).complete

    @pytest.mark.parametrize("form", ["JPEG", "PNG", "GIF", "BMP", "TIFF", "WebP"])
    @pytest.mark.parametrize("share", [0.02, 0.1, 0.3, 0.6, 0.95])
    def test_files_cut_anywhere_give_a_photo_or_a_sentence(self, form: str, share: float) -> None:
        data = encoded(textured(200, 150), form)
        try:
            assert decode_photo(data[: int(len(data) * share)]).pixels.shape[2] == 3
        except UnreadablePhoto as error:
            assert error.reason.endswith(".")

    def test_bombs_are_refused_by_their_size_before_anything_is_decoded(self) -> None:
        data = bytearray(encoded(picture(), "PNG"))
        data[16:24] = struct.pack(">II", 40_000, 40_000)
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            with pytest.raises(UnreadablePhoto, match="claims 40,000 x 40,000 pixels"):
                decode_photo(bytes(data))

    def test_large_photos_raise_no_warning(self) -> None:
        data = encoded(Image.new("L", (10_000, 9_500), 77), quality=50)
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            assert decode_photo(data).photo_width == 10_000

    def test_what_is_no_photo_is_named(self) -> None:
        with pytest.raises(UnreadablePhoto, match="This is a text file, not a photo"):
            decode_photo(b"hello", "photo.jpg")

    def test_what_pillow_cannot_open_here_is_not_called_damaged(self) -> None:
        with pytest.raises(UnreadablePhoto, match="JPEG XL photos cannot be opened here yet") as caught:
            decode_photo(b"\xff\x0a" + bytes(100))
        assert not caught.value.permanent

    def test_pillows_settings_are_left_as_they_were(self) -> None:
        with pytest.raises(UnreadablePhoto):
            decode_photo(encoded(picture())[:200])
        assert not ImageFile.LOAD_TRUNCATED_IMAGES


def test_real_files_decode_as_manifest_and_sizes_say(capsys: pytest.CaptureFixture[str]) -> None:
    folder = collection("formats")
    told: Counter[str] = Counter()
    failed: dict[str, str] = {}
    for path in sorted(folder.iterdir()):
        data = path.read_bytes()
        kind = formats.sniff(data, path.name)
        if path.suffix == ".json" or not kind.pillow_can():
            continue
        try:
            told["shown" if decode_photo(data, path.name).complete else "shown in part"] += 1
        except UnreadablePhoto as error:
            told["not shown"] += 1
            failed[path.name] = error.reason
    with capsys.disabled():
        print(
            "\nof the real files that Pillow knows:", dict(told), *(f"\n  {name[-60:]}: {why}" for name, why in failed.items())
        )
    # The rest were pruned, fuzzed or are test cases for what no decoder must accept.
    assert told["shown"] >= 0.9 * sum(told.values())
