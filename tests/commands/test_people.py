from __future__ import annotations

from pathlib import Path

import pytest
from PIL import ImageOps

from shoebox.commands import resources
from shoebox.commands.problems import CommandError
from tests.commands.shell import Shell
from tests.photos import Photo, picture


@pytest.fixture(scope="module")
def people(tmp_path_factory: pytest.TempPathFactory) -> Shell:
    """Two photos of one person, and one of a cup of coffee, looked at for faces."""
    try:
        resources.face_pack(None)
    except CommandError as error:
        pytest.skip(str(error))
    folder = tmp_path_factory.mktemp("people") / "people"
    Photo("first.jpg", "astronaut").write(folder)
    ImageOps.grayscale(ImageOps.mirror(picture("astronaut"))).resize((400, 400)).save(folder / "second.jpg", quality=90)
    Photo("coffee.jpg", "coffee").write(folder)
    shell = Shell(folder.parent / "people.shoebox")
    assert shell.ask("index", folder)["faces"] is None
    assert shell.ask("people") == []
    assert "--faces" in shell("people").out
    found = shell.ask("index", folder, "--faces")["faces"]
    assert found["photos"] == 3
    assert found["waiting"] == 0
    return shell


def test_who_is_on_several_photos_is_one_person(people: Shell) -> None:
    person = max(people.ask("people"), key=lambda each: each["count"])
    assert person["count"] == 2
    photos = people.ask("people", "photos", person["id"])["photos"]
    assert sorted(people.ask("info", photo)["name"] for photo in photos) == ["people/first.jpg", "people/second.jpg"]


def test_nobody_looks_twice(people: Shell) -> None:
    folder = people.library.parent / "people"
    before = people.library.read_bytes()
    assert people.ask("index", folder, "--faces")["faces"]["photos"] == 0
    assert people.library.read_bytes() == before


def test_a_name_lasts_and_finds_photos(people: Shell) -> None:
    person = max(people.ask("people"), key=lambda each: each["count"])["id"]
    answer = people.ask("people", "name", person[:8], "Eileen Collins")
    assert answer["person"] == person
    assert answer["changed"] > 0
    assert people("people", "name", "eileen collins", "Eileen Collins").out == "That is known already.\n"
    assert "Eileen Collins" in people("people").out
    found = {hit["name"] for hit in people.ask("search", 'person:"Eileen Collins"')["results"]}
    assert found == {"people/first.jpg", "people/second.jpg"}
    assert people.ask("people", "hide", "Eileen")["changed"] == 1
    assert "hidden" in people("people").out
    assert people.ask("people", "show", "Eileen")["changed"] == 1
    assert people.ask("verify")["ok"]


def test_what_is_said_about_people_must_make_sense(people: Shell) -> None:
    person = people.ask("people")[0]["id"]
    assert people("people", "name", "Nobody", "Somebody").status == 1
    assert people("people", "merge", person).status == 2
    assert people("people", "differ", person, person).status == 2
    assert isinstance(people.ask("people", "suggest"), list)


def test_faces_stay_unlooked_for_where_their_pack_is_not_whole(people: Shell, tmp_path: Path) -> None:
    said = people("index", people.library.parent / "people", "--faces", "--face-pack", tmp_path)
    assert said.status == 1
    assert "no pack.toml" in said.err
