import copy
import json
import zipfile
from pathlib import Path

import pytest

from tooling.app_wheel import build_wheel, version
from tooling.lockfile import Lock, closure, freeze, wheels_of
from tooling.stamps import digest_file
from tooling.wheels import Wheel

LOCK: Lock = {
    "info": {"python": "3.14.0", "abi_version": "2026_0"},
    "packages": {
        name: {
            "name": shown,
            "version": "1",
            "file_name": f"{name}-1.whl",
            "sha256": name * 2,
            "depends": depends,
            "imports": [name],
        }
        for name, shown, depends in [
            ("numpy", "numpy", []),
            ("pillow", "Pillow", ["jpeg"]),
            ("jpeg", "jpeg", ["Zlib"]),
            ("zlib", "zlib", []),
            ("scipy", "scipy", ["numpy"]),
        ]
    },
}


@pytest.fixture
def source(tmp_path: Path) -> Path:
    folder = tmp_path / "shoebox"
    (folder / "store").mkdir(parents=True)
    (folder / "__init__.py").write_text('"""A package."""\n')
    (folder / "store" / "__init__.py").write_text("")
    (folder / "py.typed").write_text("")
    return folder


def test_closure_follows_dependencies_whatever_their_case() -> None:
    assert closure(LOCK, ["Pillow"]) == ["jpeg", "pillow", "zlib"]


def test_an_unknown_package_is_an_error() -> None:
    with pytest.raises(KeyError):
        closure(LOCK, ["torch"])


def test_wheels_carry_their_sums() -> None:
    assert wheels_of(LOCK, ["numpy"]) == [Wheel("numpy-1.whl", "numpynumpy")]


def test_the_frozen_lock_holds_what_is_used_and_nothing_else(tmp_path: Path) -> None:
    wheels = {f"{name}-1.whl": tmp_path / f"{name}-1.whl" for name in ("jpeg", "numpy", "pillow", "zlib", "shoebox")}
    for name, wheel in wheels.items():
        wheel.write_bytes(f"{name}, compiled".encode())
    before = copy.deepcopy(LOCK)
    frozen = freeze(LOCK, ["numpy", "pillow"], tmp_path, "shoebox-1.whl", "1.2")
    assert before == LOCK
    assert frozen["info"] == LOCK["info"]
    assert list(frozen["packages"]) == ["jpeg", "numpy", "pillow", "shoebox", "zlib"]
    assert frozen["packages"]["shoebox"]["file_name"] == "shoebox-1.whl"
    assert frozen["packages"]["shoebox"]["depends"] == ["numpy", "pillow"]
    for package in frozen["packages"].values():
        assert package["sha256"] == digest_file(wheels[package["file_name"]]), "the bytes that are served"
    without_sum = {key: value for key, value in frozen["packages"]["numpy"].items() if key != "sha256"}
    assert without_sum == {key: value for key, value in LOCK["packages"]["numpy"].items() if key != "sha256"}
    json.dumps(frozen)


def test_the_wheel_is_the_same_bytes_wherever_it_is_built(source: Path, tmp_path: Path) -> None:
    first = build_wheel(tmp_path / "first", source)
    (source / "py.typed").chmod(0o600)
    (source / "__pycache__").mkdir()
    (source / "__pycache__" / "x.pyc").write_bytes(b"")
    second = build_wheel(tmp_path / "second", source)
    assert first.name == second.name == f"shoebox-{version()}-py3-none-any.whl"
    assert first.read_bytes() == second.read_bytes()


def test_the_wheel_holds_the_package(source: Path, tmp_path: Path) -> None:
    names = zipfile.ZipFile(build_wheel(tmp_path / "out", source)).namelist()
    assert {"shoebox/__init__.py", "shoebox/store/__init__.py", "shoebox/py.typed"} <= set(names)
    assert not [name for name in names if not name.startswith(("shoebox/", f"shoebox-{version()}.dist-info/"))]
