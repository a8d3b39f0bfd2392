from __future__ import annotations

import json
import shutil
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.commands.shell import Shell, shoebox
from tests.photos import LIBRARY, Photo, picture


def test_photos_are_found_by_what_is_in_them(library: Shell) -> None:
    answer = library.ask("search", "a cat")
    assert answer["results"][0]["name"] == "holidays/2019/cat.jpg"
    said = library("search", "a cat")
    assert said.out.splitlines()[0].endswith("holidays/2019/cat.jpg")
    assert answer["explanation"] in said.out


def test_names_alone_can_be_passed_on(library: Shell) -> None:
    said = library("search", "in:2019", "--names")
    assert sorted(said.out.splitlines()) == [f"holidays/2019/{name}.jpg" for name in ("astronaut", "cat", "coffee")]


def test_places_have_names_where_the_table_is_here(library: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    table = Path(__file__).parents[2] / "dist" / "places" / "towns.npz"
    if not table.exists():
        pytest.skip("the table of places is built by: python build.py build")
    assert [hit["name"] for hit in library.ask("search", "place:paris")["results"]] == ["holidays/2019/cat.jpg"]
    (tmp_path / "places").mkdir()
    (tmp_path / "places" / "towns.npz").write_bytes(b"damaged")
    monkeypatch.setenv("SHOEBOX_DATA", str(tmp_path))
    assert library.ask("info", "cat.jpg")["place"]["town"] == ""


def test_a_query_that_makes_no_sense_is_said_so(library: Shell) -> None:
    said = library("search", "in:never")
    assert (said.status, said.out) == (1, "")
    assert "is not a date" in said.err


def test_like_a_photo_of_the_library_or_any_other(library: Shell, tmp_path: Path) -> None:
    by_name = library.ask("similar", "2019/cat.jpg")["results"]
    stranger = tmp_path / "stranger.png"
    picture("cat").crop((20, 10, 420, 290)).save(stranger)
    by_file = library.ask("similar", stranger, "--limit", "3")["results"]
    assert by_file[0]["name"] == "holidays/2019/cat.jpg"
    assert len(by_file) == 3
    assert "holidays/2019/cat.jpg" not in [hit["name"] for hit in by_name]


def test_a_photo_goes_by_its_id_its_name_or_its_file(library: Shell, photos: Path) -> None:
    photo = library.ask("info", "holidays/2019/cat.jpg")
    ways = ("cat.jpg", photo["id"], photo["id"][:7], photos / "2019" / "cat.jpg")
    assert [library.ask("info", way)["id"] for way in ways] == [photo["id"]] * len(ways)
    assert photo["camera"]["name"] == "Canon EOS 6D"
    said = library("info", "cat.jpg").out
    assert all(word in said for word in (photo["id"], photo["hash"], "Canon EOS 6D", "451 x 300"))


@pytest.mark.parametrize("said", ["nobody.jpg", "ffff", ""])
def test_a_photo_that_is_not_there_is_said(library: Shell, said: str) -> None:
    assert library("info", said).status == 1


def test_tags_are_counted(library: Shell) -> None:
    assert {"tag": "animal", "count": 1} in library.ask("tags") or library.ask("tags")
    assert library("tags").out


@pytest.fixture
def twice(tmp_path: Path) -> Shell:
    """Photos that are there more than once, in one way or the other."""
    folder = tmp_path / "photos"
    cat = Photo("cat.jpg", "cat").write(folder)
    shutil.copy(cat, folder / "cat again.jpg")
    picture("coffee").save(folder / "coffee.png")
    picture("coffee").resize((300, 200)).save(folder / "coffee small.jpg")
    for shot in range(3):
        taken = datetime(2020, 6, 1, 12) + timedelta(seconds=shot)
        part = picture("astronaut").crop((40 * shot, 25 * shot, 400 + 40 * shot, 400 + 25 * shot))
        part.save(folder / f"IMG_{shot}.jpg", quality=92, exif=Photo("x.jpg", "astronaut", taken=taken).exif())
    shell = Shell(tmp_path / "photos.shoebox")
    shell.ask("index", folder)
    return shell


def test_what_is_there_more_than_once_is_found_and_can_be_set_aside(twice: Shell, tmp_path: Path) -> None:
    groups = twice.ask("duplicates")
    found = {group["kind"]: {file["name"].removeprefix("photos/") for file in group["files"]} for group in groups}
    assert found == {
        "identical": {"cat.jpg", "cat again.jpg"},
        "same-picture": {"coffee.png", "coffee small.jpg"},
        "burst": {"IMG_0.jpg", "IMG_1.jpg", "IMG_2.jpg"},
    }
    assert [group["kind"] for group in twice.ask("duplicates", "--kind", "burst")] == ["burst"]
    kept = {group["files"][0]["name"] for group in groups}
    listed = twice("duplicates", "--list").out.splitlines()
    assert len(listed) == 4
    assert kept.isdisjoint(listed)
    said = twice("duplicates", "--script").out
    assert said.startswith("#!/bin/sh")
    assert "photos/Set aside by Shoebox/" in said
    assert "same picture" in twice("duplicates").out
    assert twice.ask("info")["photos"] == 6


def test_without_thumbnails_it_is_said_what_cannot_be_compared(twice: Shell, tmp_path: Path) -> None:
    bare = tmp_path / "bare.shoebox"
    twice.ask("export", bare, "--no-thumbnails")
    said = Shell(bare)("duplicates")
    assert "could not be compared closely" in said.err
    assert "coffee small.jpg" not in said.out


def test_nothing_to_set_aside_is_an_empty_list(library: Shell) -> None:
    assert library("duplicates", "--list").out == ""
    assert library.ask("duplicates", "--script")["files"] == []
    assert "Nothing is there more than once" in library("duplicates").out


def test_albums_are_listed_and_looked_into(library: Shell) -> None:
    albums = library.ask("albums")
    assert isinstance(albums, list)
    said = library("albums").out
    assert all(album["title"] in said for album in albums if not album["hidden"])
    for album in albums:
        assert library.ask("albums", album["id"])["photos"] == album["photos"]
        assert len(library("albums", album["id"]).out.splitlines()) == album["count"]
    assert library("albums", "No such album").status == 1


def test_a_whole_library_is_called_so(library: Shell) -> None:
    assert library.ask("verify") == {"ok": True, "problems": []}
    assert "All is well" in library("verify").out
    assert library.ask("info")["photos"] == len(LIBRARY)


def test_without_a_library_it_is_asked_which(library: Shell, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    said = shoebox("search", "a cat")
    assert said.status == 2
    assert "--library" in said.err
    monkeypatch.setenv("SHOEBOX_LIBRARY", str(library.library))
    assert json.loads(shoebox("search", "a cat", "--json").out)["results"]
    assert "There is no library" in Shell(tmp_path / "nowhere")("tags").err


def test_a_folder_without_a_pack_is_refused(library: Shell, tmp_path: Path) -> None:
    said = library("search", "a cat", "--pack", tmp_path)
    assert said.status == 1
    assert "no pack.toml" in said.err
