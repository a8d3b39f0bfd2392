from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from shoebox.commands import resources, variables
from shoebox.commands.problems import CommandError

PACKS = [
    pytest.param(resources.model_pack, "model pack", "models/default", "--pack", id="search"),
    pytest.param(resources.face_pack, "face pack", "models/faces", "--face-pack", id="faces"),
    pytest.param(resources.text_pack, "text pack", "models/text", "--text-pack", id="text"),
]
Find = Callable[[Path | None], Path]


@pytest.mark.parametrize(("find", "kind", "usual", "option"), PACKS)
def test_a_pack_is_where_the_person_says(find: Find, kind: str, usual: str, option: str, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=f"There is no {kind} in .*: it has no pack.toml"):
        find(tmp_path)
    (tmp_path / "pack.toml").touch()
    assert find(tmp_path) == tmp_path


@pytest.mark.parametrize(("find", "kind", "usual", "option"), PACKS)
def test_the_likeliest_folder_with_a_pack_is_taken(
    find: Find, kind: str, usual: str, option: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variables.DATA, str(tmp_path))
    (tmp_path / usual).mkdir(parents=True)
    (tmp_path / usual / "pack.toml").touch()
    assert find(None) == tmp_path / usual


@pytest.mark.parametrize(("find", "kind", "usual", "option"), PACKS)
def test_where_no_pack_is_it_is_said_how_to_give_one(
    find: Find, kind: str, usual: str, option: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(resources, "data_folders", lambda: iter([tmp_path]))
    with pytest.raises(CommandError) as refused:
        find(None)
    assert option in str(refused.value)
