"""Files set aside by a list and a script; the script is run."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shoebox.duplicates.leaving import FOLDER, listing, place_of, script

NASTY = [
    "2019/it's here.jpg",
    '2019/a $HOME `id` "x".jpg',
    "2019/-rf.jpg",
    "2019/new\nline.jpg",
    "2019/sub/ü ß.jpg",
    "--help.jpg",
]


def test_files_go_into_one_folder_of_their_top_folder_as_they_lay() -> None:
    assert place_of("2019/sub/a.jpg") == f"2019/{FOLDER}/sub/a.jpg"
    assert place_of("a.jpg") == f"{FOLDER}/a.jpg"
    assert listing(["a.jpg", "b/c.jpg"]) == "a.jpg\nb/c.jpg\n"


@given(st.lists(st.text("abc/ ", min_size=1, max_size=12).filter(lambda name: not name.startswith("/")), unique=True))
def test_no_two_files_go_to_one_place(names: list[str]) -> None:
    assert len({place_of(name) for name in names}) == len(names)


@pytest.mark.cpython_only
def test_the_script_moves_what_it_names_and_nothing_else_twice_over(tmp_path: Path) -> None:
    others = ["2019/stays.jpg", "stays.jpg"]
    for name in [*NASTY, *others]:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name)
    (tmp_path / "set-aside.sh").write_text(script(NASTY))
    for _ in range(2):
        subprocess.run(["sh", "set-aside.sh"], cwd=tmp_path, check=True, capture_output=True)
        assert all((tmp_path / place_of(name)).read_text() == name for name in NASTY)
        assert not any((tmp_path / name).exists() for name in NASTY)
        assert all((tmp_path / name).read_text() == name for name in others)


@pytest.mark.cpython_only
def test_the_script_replaces_nothing(tmp_path: Path) -> None:
    there = tmp_path / place_of("2019/a.jpg")
    there.parent.mkdir(parents=True)
    there.write_text("older")
    (tmp_path / "2019" / "a.jpg").write_text("newer")
    (tmp_path / "set-aside.sh").write_text(script(["2019/a.jpg"]))
    subprocess.run(["sh", "set-aside.sh"], cwd=tmp_path, check=True, capture_output=True)
    assert there.read_text() == "older"
    assert (tmp_path / "2019" / "a.jpg").read_text() == "newer"
