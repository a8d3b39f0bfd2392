"""The best photos, covers, and pictures that are cut around what matters, in the page."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from PIL import Image, ImageFilter
from playwright.sync_api import expect

from tests.browser.app import App
from tests.photos import Photo, picture


def write(folder: Path, name: str, image: Image.Image, taken: datetime | None = None) -> None:
    """Write a JPEG of a picture, with a date if one is given."""
    folder.mkdir(exist_ok=True)
    image.save(folder / name, quality=90, exif=Photo(name, "", taken=taken).exif())


def large(scene: str) -> Image.Image:
    return picture(scene).resize((1500, 1000), Image.Resampling.LANCZOS)


def a_year_ago() -> datetime:
    now = datetime.now()
    day = min(now.day, 28) if now.month == 2 else now.day
    return now.replace(year=now.year - 1, day=day)


def test_the_best_photos_are_found(app: App, tmp_path: Path) -> None:
    folder = tmp_path / "photos"
    write(folder, "sharp.jpg", large("cat"))
    write(folder, "blurred.jpg", large("coffee").filter(ImageFilter.GaussianBlur(12)))
    write(folder, "tiny.jpg", picture("rocket").resize((60, 40)))
    app.add(folder)
    assert app.found("is:best") == ["photos/sharp.jpg"]
    names = app.names()
    quality = {name: app.photo(photo)["quality"] for name, photo in names.items()}
    assert quality["photos/sharp.jpg"] > 0.55 > max(quality["photos/blurred.jpg"], quality["photos/tiny.jpg"])


def test_the_cover_of_a_day_is_its_best_photo(app: App, tmp_path: Path) -> None:
    folder = tmp_path / "photos"
    taken = a_year_ago()
    write(folder, "sharp.jpg", large("coffee"), taken.replace(hour=9))
    write(folder, "blurred.jpg", large("cat").filter(ImageFilter.GaussianBlur(12)), taken.replace(hour=18))
    app.add(folder)
    (day,) = app.js("() => shoebox.onThisDay()")
    assert day["count"] == 2
    assert day["cover"] == app.names()["photos/sharp.jpg"]
    app.page.goto(f"{app.site.origin}/#/")
    expect(app.see("day-card").locator("img")).to_be_visible()


def test_a_panorama_in_the_grid_shows_its_subject(app: App, tmp_path: Path) -> None:
    folder = tmp_path / "photos"
    wide = Image.new("RGB", (3000, 500), (120, 130, 125))
    wide.paste(picture("coffee").resize((500, 500)), (2500, 0))
    write(folder, "wide.jpg", wide)
    write(folder, "plain.jpg", large("cat"))
    app.add(folder)
    names = app.names()
    app.page.goto(f"{app.site.origin}/#/")
    tile = app.page.locator(f"[data-testid=tile][data-id='{names['photos/wide.jpg']}'] img")
    expect(tile).to_have_css("object-position", "100% 35%")
    plain = app.page.locator(f"[data-testid=tile][data-id='{names['photos/plain.jpg']}'] img")
    expect(plain).to_have_css("object-position", "50% 50%")
