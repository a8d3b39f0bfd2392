from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from tooling import wheels
from tooling.environment import EnvironmentProblem
from tooling.serve import running
from tooling.stamps import digest_bytes
from tooling.wheels import MirrorProblem, Wheel, fetch_wheels, find_wheel

INDEX = """<!doctype html><html><body>
<a href="../../files/open_webui-0.12.3-py3-none-any.whl#sha256=aa">open_webui-0.12.3-py3-none-any.whl</a>
<a href="../../files/open_webui-0.12.4.tar.gz#sha256=bb">open_webui-0.12.4.tar.gz</a>
<a data-requires-python="&gt;=3.11" href="../../files/open_webui-0.12.4-py3-none-any.whl#sha256=cc">wheel</a>
<a href="../../files/open_webui-0.12.40-py3-none-any.whl">open_webui-0.12.40-py3-none-any.whl</a>
</body></html>"""


@pytest.fixture
def index(tmp_path: Path) -> Iterator[str]:
    page = tmp_path / "simple" / "open-webui" / "index.html"
    page.parent.mkdir(parents=True)
    page.write_text(INDEX)
    with running(tmp_path) as address:
        yield f"{address}simple"


def test_the_wheel_of_just_that_version_is_found(index: str) -> None:
    with requests.Session() as session:
        address = find_wheel(index, "open-webui", "0.12.4", session)
    assert address == index.removesuffix("simple") + "files/open_webui-0.12.4-py3-none-any.whl"


def test_a_version_that_is_not_listed_is_a_plain_problem(index: str) -> None:
    with requests.Session() as session, pytest.raises(MirrorProblem, match=r"no wheel of open-webui 9\.9"):
        find_wheel(index, "open-webui", "9.9", session)


def test_what_is_there_and_right_is_not_fetched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "numpy.whl").write_bytes(b"right")
    monkeypatch.setattr(wheels, "OFFICIAL", "http://127.0.0.1:9/{version}/{name}")
    assert fetch_wheels([Wheel("numpy.whl", digest_bytes(b"right"))], tmp_path) == [tmp_path / "numpy.whl"]


@pytest.mark.parametrize("served", [b"right", b"wrong"])
def test_only_the_right_bytes_count(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, served: bytes) -> None:
    host = tmp_path / "host"
    host.mkdir()
    (host / "numpy.whl").write_bytes(served)
    folder = tmp_path / "wheels"
    folder.mkdir()
    (folder / "numpy.whl").write_bytes(b"damaged on disk")

    def no_mirror(missing: list[Wheel]) -> dict[str, bytes]:
        raise MirrorProblem("no mirror in this test")

    monkeypatch.setattr(wheels, "_from_mirror", no_mirror)
    monkeypatch.setattr(wheels, "_from_whole_mirror", no_mirror)
    with running(host) as address:
        monkeypatch.setattr(wheels, "OFFICIAL", address + "{name}")
        wheel = Wheel("numpy.whl", digest_bytes(b"right"))
        if served == b"right":
            assert fetch_wheels([wheel], folder)[0].read_bytes() == b"right"
        else:
            with pytest.raises(EnvironmentProblem, match=r"numpy\.whl has other bytes"):
                fetch_wheels([wheel], folder)
