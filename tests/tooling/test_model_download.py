"""Downloads from a server that fails, stalls, breaks off and lies."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar

import pytest

from tooling.model_download import DownloadProblem, Patience, download
from tooling.model_recipes import Known

CONTENT = bytes(range(256)) * 4000
KNOWN = Known(len(CONTENT), hashlib.sha256(CONTENT).hexdigest())

Answer = Callable[["Handler", int], None]


class Handler(BaseHTTPRequestHandler):
    """Does for each address what the test says; counts how often it was asked."""

    behaviours: ClassVar[dict[str, Answer]] = {}
    asked: ClassVar[list[tuple[str, str]]] = []
    released: ClassVar[threading.Event] = threading.Event()

    def do_GET(self) -> None:
        times = sum(path == self.path for path, _ in self.asked)
        self.asked.append((self.path, self.headers.get("Range", "")))
        self.behaviours[self.path](self, times)

    def log_message(self, *_: object) -> None:
        """Keep the test's output clean."""

    def give(self, body: bytes, start: int = 0, promised: int | None = None, status: int = 200, kind: str = "x/y") -> None:
        self.send_response(206 if start else status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body) - start if promised is None else promised))
        if start:
            self.send_header("Content-Range", f"bytes {start}-{len(body) - 1}/{len(body)}")
        self.end_headers()
        self.wfile.write(body[start:])

    @property
    def start(self) -> int:
        """Where it should begin."""
        return int(self.headers.get("Range", "bytes=0-").removeprefix("bytes=").rstrip("-"))


@pytest.fixture
def server() -> Iterator[str]:
    """The address of a server; behaviours are put into `Handler.behaviours` by path."""
    Handler.behaviours, Handler.asked, Handler.released = {}, [], threading.Event()
    made = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    made.daemon_threads = True
    threading.Thread(target=made.serve_forever, args=(0.02,), daemon=True).start()
    yield f"http://127.0.0.1:{made.server_port}"
    Handler.released.set()
    made.shutdown()
    made.server_close()


class Naps(list[float]):
    """Remembers how long it was told to sleep, and does not."""

    def patience(self) -> Patience:
        return Patience(attempts=3, pause=1.0, silence=0.5, sleep=self.append)


def fetch(server: str, tmp_path: Path, *paths: str, known: Known = KNOWN, naps: Naps | None = None) -> tuple[Known, str]:
    naps = Naps() if naps is None else naps
    return download([server + path for path in paths], tmp_path / "file.onnx", known, naps.patience())


def whole(handler: Handler, _: int) -> None:
    handler.give(CONTENT, handler.start)


def broken_off(handler: Handler, times: int) -> None:
    """Breaks off once in the middle, and then goes on from where it is asked to."""
    if times:
        handler.give(CONTENT, handler.start)
    else:
        handler.give(CONTENT[:300_000], promised=len(CONTENT))


def test_a_file_comes_whole_and_is_not_fetched_twice(server: str, tmp_path: Path) -> None:
    Handler.behaviours["/a"] = whole
    assert fetch(server, tmp_path, "/a") == (KNOWN, f"{server}/a")
    assert (tmp_path / "file.onnx").read_bytes() == CONTENT
    assert fetch(server, tmp_path, "/a") == (KNOWN, "")
    assert len(Handler.asked) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["file.onnx"]


def test_a_file_that_is_there_but_wrong_is_fetched_anew(server: str, tmp_path: Path) -> None:
    Handler.behaviours["/a"] = whole
    (tmp_path / "file.onnx").write_bytes(b"something else")
    fetch(server, tmp_path, "/a")
    assert (tmp_path / "file.onnx").read_bytes() == CONTENT


def test_what_breaks_off_is_gone_on_with_from_there(server: str, tmp_path: Path) -> None:
    Handler.behaviours["/a"] = broken_off
    fetch(server, tmp_path, "/a")
    assert (tmp_path / "file.onnx").read_bytes() == CONTENT
    assert [asked for _, asked in Handler.asked] == ["", "bytes=300000-"]


def test_the_next_run_goes_on_where_the_last_one_ended(server: str, tmp_path: Path) -> None:
    Handler.behaviours["/a"] = lambda handler, _: (
        handler.give(CONTENT[:300_000], promised=len(CONTENT)) if not handler.start else handler.send_error(500)
    )
    with pytest.raises(DownloadProblem):
        fetch(server, tmp_path, "/a")
    assert not (tmp_path / "file.onnx").exists()
    Handler.behaviours["/a"] = whole
    fetch(server, tmp_path, "/a")
    assert Handler.asked[-1] == ("/a", "bytes=300000-")


def test_a_server_that_cannot_resume_gives_all_again(server: str, tmp_path: Path) -> None:
    Handler.behaviours["/a"] = lambda handler, times: (
        handler.give(CONTENT) if times else handler.give(CONTENT[:9], promised=len(CONTENT))
    )
    fetch(server, tmp_path, "/a")
    assert (tmp_path / "file.onnx").read_bytes() == CONTENT


def test_a_part_that_was_of_another_file_is_thrown_away(server: str, tmp_path: Path) -> None:
    Handler.behaviours["/a"] = whole
    (tmp_path / "file.onnx.part").write_bytes(b"x" * 1000)
    fetch(server, tmp_path, "/a")
    assert (tmp_path / "file.onnx").read_bytes() == CONTENT


def test_a_part_that_is_longer_than_the_file_is_thrown_away(server: str, tmp_path: Path) -> None:
    Handler.behaviours["/a"] = lambda handler, _: handler.send_error(416) if handler.start else handler.give(CONTENT)
    (tmp_path / "file.onnx.part").write_bytes(b"x" * (len(CONTENT) + 5))
    fetch(server, tmp_path, "/a")
    assert (tmp_path / "file.onnx").read_bytes() == CONTENT


@pytest.mark.parametrize("status", [500, 503, 429])
def test_a_server_that_fails_is_asked_again_after_growing_pauses(server: str, tmp_path: Path, status: int) -> None:
    naps = Naps()
    Handler.behaviours["/a"] = lambda handler, times: whole(handler, 0) if times == 2 else handler.send_error(status)
    fetch(server, tmp_path, "/a", naps=naps)
    assert naps == [1.0, 2.0]


def test_a_server_that_stalls_is_asked_again(server: str, tmp_path: Path) -> None:
    def stalls(handler: Handler, times: int) -> None:
        if times:
            whole(handler, 0)
            return
        handler.give(CONTENT[:1000], promised=len(CONTENT))
        handler.wfile.flush()
        Handler.released.wait(20)

    Handler.behaviours["/a"] = stalls
    fetch(server, tmp_path, "/a")
    assert Handler.asked[-1] == ("/a", "bytes=1000-")


@pytest.mark.parametrize(
    ("liar", "said"),
    [
        (lambda handler, _: handler.give(CONTENT[:-1] + b"!"), "another file"),
        (lambda handler, _: handler.give(CONTENT + b"!"), "more than"),
        (lambda handler, _: handler.give(CONTENT[:-1]), "broke off"),
        (lambda handler, _: handler.give(b"<html>log in first</html>", kind="text/html"), "web page"),
        (lambda handler, _: handler.send_error(404), "404"),
        (lambda handler, _: handler.send_error(403), "403"),
    ],
)
def test_a_server_that_lies_is_not_believed_and_the_next_one_is_asked(
    server: str, tmp_path: Path, liar: Answer, said: str
) -> None:
    Handler.behaviours.update({"/liar": liar, "/honest": whole})
    assert fetch(server, tmp_path, "/liar", "/honest")[1] == f"{server}/honest"
    (tmp_path / "file.onnx").unlink()
    with pytest.raises(DownloadProblem, match=said):
        fetch(server, tmp_path, "/liar")
    assert not (tmp_path / "file.onnx").exists()


def test_a_file_that_nobody_vouches_for_is_measured(server: str, tmp_path: Path) -> None:
    Handler.behaviours["/a"] = whole
    (tmp_path / "file.onnx.part").write_bytes(CONTENT[:500])
    assert fetch(server, tmp_path, "/a", known=Known())[0] == KNOWN
    assert Handler.asked == [("/a", "")]


@pytest.mark.parametrize("body", [b"", b"version https://git-lfs.github.com/spec/v1\noid sha256:00\n"])
def test_a_pointer_is_not_taken_for_the_file_itself(server: str, tmp_path: Path, body: bytes) -> None:
    Handler.behaviours["/a"] = lambda handler, _: handler.give(body)
    with pytest.raises(DownloadProblem, match="pointer"):
        fetch(server, tmp_path, "/a", known=Known())


def test_where_no_server_answers_every_address_is_named(tmp_path: Path) -> None:
    with pytest.raises(DownloadProblem) as caught:
        fetch("http://127.0.0.1:1", tmp_path, "/a", "/b")
    assert "http://127.0.0.1:1/a" in str(caught.value)
    assert "http://127.0.0.1:1/b" in str(caught.value)
