"""`build.py models list | add | from | pack`, with a server beside the test and packs of a few kilobytes."""

from __future__ import annotations

import hashlib
import json
import re
import tomllib
from pathlib import Path

import pytest

from shoebox.errors import PackError
from shoebox.faces.pack import FacePack
from shoebox.model.clip_bpe import VISIBLE
from shoebox.model.pack import Pack
from tests.tooling.test_model_download import Handler, Naps, server
from tests.unit import clip_pack, tiny_pack
from tests.unit.test_tokenizer_sentencepiece import trained
from tooling.environment import EnvironmentProblem
from tooling.model_packs import add_pack, list_packs, main, make_file, read_pack, take_pack
from tooling.model_recipes import RECIPES, Known, Recipe, RecipeProblem, recipes
from tooling.site import ADDED, PACK_LIST, _added_packs
from tooling.stamps import Stamps

__all__ = ["server"]


class Place:
    """Folders for recipes and for what is added, and what was said."""

    def __init__(self, folder: Path, address: str) -> None:
        self.described, self.added, self.address = folder / "packs", folder / "added", address
        self.described.mkdir()
        self.said: list[str] = []
        self.files = clip_pack.files()

    def describe(self, leave_out: str = "bytes|sha256", files: dict[str, bytes] | None = None) -> None:
        """Write the recipe of the pack, and let the server give its files."""
        self.files = files or self.files
        text = self.files["pack.toml"].decode()
        for name in self.files:
            text = text.replace(f'file = "{name}"', f'file = "{name}"\nurls = ["{self.address}/{name}"]')
        if leave_out:
            text = re.sub(rf"(?m)^({leave_out}) = .*\n", "", text)
        (self.described / "clip-colours.toml").write_text(text)
        for name, data in self.files.items():
            self.give(name, data)

    def give(self, name: str, data: bytes) -> None:
        Handler.behaviours[f"/{name}"] = lambda handler, _: handler.give(data)

    def add(self, name: str = "clip-colours") -> Path:
        return add_pack(name, self.said.append, self.added, self.described, Naps().patience())

    def list(self) -> str:
        list_packs(self.said.append, self.added, self.described)
        return "\n".join(self.said)


@pytest.fixture
def place(tmp_path: Path, server: str) -> Place:
    return Place(tmp_path, server)


def test_a_pack_is_fetched_checked_and_put_in_its_place(place: Place) -> None:
    place.describe()
    folder = place.add()
    assert {path.name for path in folder.iterdir()} == set(clip_pack.files())
    pack = Pack.from_folder(folder)
    assert (pack.id, pack.dimension) == ("clip-colours", tiny_pack.DIMENSION)
    said = "\n".join(place.said)
    assert "CC0-1.0" in said
    assert "it knows eight colours" in said
    assert hashlib.sha256(b"visual").hexdigest() in said
    assert [path.name for path in place.added.iterdir()] == ["clip-colours"]


def test_what_nobody_vouched_for_is_held_to_from_the_first_time_on(place: Place) -> None:
    place.describe()
    place.add()
    lock = tomllib.loads((place.described / "clip-colours.lock.toml").read_text())
    assert lock["visual.onnx"] == {"bytes": 6, "sha256": hashlib.sha256(b"visual").hexdigest()}
    place.give("visual.onnx", b"vicious")
    with pytest.raises(EnvironmentProblem, match=r"visual\.onnx could not be had"):
        place.add()
    assert (place.added / "clip-colours" / "visual.onnx").read_bytes() == b"visual"
    place.give("visual.onnx", b"viscid")
    with pytest.raises(EnvironmentProblem, match="another file"):
        place.add()


def test_a_recipe_that_vouches_for_all_needs_no_lock(place: Place) -> None:
    place.describe(leave_out="")
    place.add()
    assert [path.name for path in place.described.iterdir()] == ["clip-colours.toml"]


def test_adding_goes_on_where_it_ended(place: Place) -> None:
    place.describe()
    Handler.behaviours["/textual.onnx"] = lambda handler, _: handler.send_error(500)
    with pytest.raises(EnvironmentProblem, match=r"textual\.onnx"):
        place.add()
    assert not (place.added / "clip-colours").exists()
    assert "clip-colours" in place.list()
    place.give("textual.onnx", b"textual")
    assert Pack.from_folder(place.add()).id == "clip-colours"


def test_a_pack_that_does_not_fit_its_manifest_is_not_put_in_place(place: Place) -> None:
    place.describe(files={**clip_pack.files(), "merges.txt": b"#\nnonsense\n"})
    with pytest.raises(EnvironmentProblem, match="merges"):
        place.add()
    assert not (place.added / "clip-colours").exists()


def test_a_pack_that_is_not_described_is_refused_with_those_that_are(place: Place) -> None:
    place.describe()
    with pytest.raises(EnvironmentProblem, match="There are: clip-colours"):
        place.add("other")


def test_the_list_says_what_is_there_and_what_can_be_added(place: Place) -> None:
    place.describe(leave_out="")
    before = place.list()
    assert re.search(r"default +built in +\d+\.\d MB +Apache-2\.0", before)
    assert re.search(r"clip-colours +can be added +0\.0 MB +CC0-1\.0", before)
    assert "it knows eight colours" in before
    place.add()
    place.said.clear()
    assert re.search(r"clip-colours +added", place.list())
    (place.added / "clip-colours" / "merges.txt").write_bytes(b"damaged")
    place.said.clear()
    assert re.search(r"clip-colours +damaged", place.list())


def test_a_pack_goes_into_one_file_and_comes_out_again(place: Place, tmp_path: Path) -> None:
    place.describe()
    folder = place.add()
    (folder / "notes of mine.md").write_text("not a part of it")
    file = make_file(folder, tmp_path / "one.pack")
    other = tmp_path / "elsewhere"
    taken = take_pack(file, place.said.append, other)
    assert taken == other / "clip-colours"
    assert {path.name: path.read_bytes() for path in taken.iterdir()} == {
        path.name: path.read_bytes() for path in folder.iterdir() if path.suffix != ".md"
    }
    assert [path.name for path in other.iterdir()] == ["clip-colours"]


def test_a_damaged_file_changes_nothing(place: Place, tmp_path: Path) -> None:
    place.describe()
    folder = place.add()
    file = make_file(folder, tmp_path / "one.pack")
    data = bytearray(file.read_bytes())
    data[data.find(b"visual.onnxvisual") + len("visual.onnx")] ^= 1
    file.write_bytes(data)
    with pytest.raises(EnvironmentProblem, match=r"visual\.onnx"):
        take_pack(file, place.said.append, place.added)
    assert Pack.from_folder(folder).id == "clip-colours"
    assert [path.name for path in place.added.iterdir()] == ["clip-colours"]
    file.write_bytes(b"not a pack")
    with pytest.raises(EnvironmentProblem, match=r"no \.pack file"):
        take_pack(file, place.said.append, place.added)
    with pytest.raises(EnvironmentProblem, match="cannot be read"):
        take_pack(tmp_path / "nowhere.pack", place.said.append, place.added)


@pytest.mark.parametrize("name", ["default", "faces", "../evil", ".hidden", "a b"])
def test_a_pack_cannot_take_the_place_of_something_else(place: Place, tmp_path: Path, name: str) -> None:
    files = clip_pack.files()
    manifest = files["pack.toml"].decode().replace('id = "clip-colours"', f'id = "{name}"')
    folder = tmp_path / "made"
    folder.mkdir()
    for path, data in {**files, "pack.toml": manifest.encode()}.items():
        (folder / path).write_bytes(data)
    with pytest.raises(EnvironmentProblem, match="no name for a pack"):
        make_file(folder)


def test_a_folder_that_is_no_pack_becomes_no_file(tmp_path: Path) -> None:
    with pytest.raises(EnvironmentProblem, match=r"pack\.toml"):
        make_file(tmp_path, tmp_path / "x.pack")
    with pytest.raises(PackError):
        read_pack(tmp_path)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('id = "clip-colours"', 'id = "other"'),
        ('title = "', 'titel = "'),
        ('licence = "CC0-1.0"', "licence = 5"),
        ("urls = ", "url = "),
        ('urls = ["http://', 'urls = ["ftp://'),
        ('urls = ["http://127.0.0.1', 'urls = ["http://example.org'),
        ('file = "visual.onnx"', 'file = "../visual.onnx"'),
        ('file = "visual.onnx"', 'file = "textual.onnx"'),
        ("bytes = 6", "bytes = -6"),
        ('sha256 = "', 'sha256 = "x'),
        ("[image]", "[image"),
    ],
)
def test_a_recipe_with_a_wrong_value_is_refused(place: Place, old: str, new: str) -> None:
    place.describe(leave_out="")
    path = place.described / "clip-colours.toml"
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))
    with pytest.raises(RecipeProblem, match=r"clip-colours\.toml.*\."):
        Recipe.read(path)


def test_every_recipe_of_ours_is_a_whole_manifest_once_its_files_are_known() -> None:
    found = {recipe.name: recipe for recipe in recipes(RECIPES)}
    assert {"openclip-vit-b-32", "siglip2-base", "mobileclip2-s0", "yunet-sface"} <= set(found)
    assert "research" in found["mobileclip2-s0"].terms.lower()
    pairs = [f"{left} {right}" for left in VISIBLE for right in VISIBLE][: 49408 - 514]
    stand_ins = {
        "bpe_simple_vocab_16e6.txt.gz": "\n".join(["#", *pairs]).encode(),
        "tokenizer.model": trained("gemma"),
    }
    for recipe in found.values():
        files = {file.name: stand_ins.get(file.name, b"network") for file in recipe.files}
        known = {name: Known(len(data), hashlib.sha256(data).hexdigest()) for name, data in files.items()}
        manifest = recipe.manifest(known).encode()
        if recipe.faces:
            assert FacePack.from_manifest(manifest).id == recipe.name
        else:
            assert Pack.from_files({"pack.toml": manifest, **files}).terms == recipe.terms


def test_the_build_takes_added_packs_along(place: Place, tmp_path: Path) -> None:
    place.describe()
    folder = place.add()
    stamps = Stamps(tmp_path / "stamps")
    made = list(_added_packs(stamps, tmp_path / "dist", [folder]))
    assert {path.name for path in made} == {*clip_pack.files(), PACK_LIST}
    (entry,) = json.loads((tmp_path / "dist" / "models" / PACK_LIST).read_text())
    assert (entry["id"], entry["title"], entry["licence"]) == ("clip-colours", "Colours after CLIP", "CC0-1.0")
    assert entry["terms"] == "Made for a test: it knows eight colours."
    assert Pack.from_folder(tmp_path / "dist" / "models" / "clip-colours").id == "clip-colours"
    assert [path.name for path in _added_packs(stamps, tmp_path / "dist", [])] == [PACK_LIST]


def test_the_commands_take_words_as_they_are_typed(
    place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    place.describe()
    folder = place.add()
    monkeypatch.chdir(tmp_path)
    assert main(["pack", str(folder)]) == 0
    assert (tmp_path / "clip-colours.pack").is_file()
    assert main(["list"]) == 0
    assert "openclip-vit-b-32" in capsys.readouterr().out


def test_added_packs_are_left_alone_by_git() -> None:
    ignored = (RECIPES.parents[1] / ".gitignore").read_text().splitlines()
    assert f"/{ADDED.relative_to(RECIPES.parents[1]).as_posix()}/" in ignored
