import gzip
import http.client
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tooling.compress import Gzip
from tooling.policy import HEADERS
from tooling.serve import locate, running

PAGE = b"<!doctype html>" + b"<p>shoebox</p>" * 500
RANDOM = os.urandom(4096)


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    base = tmp_path_factory.mktemp("serve")
    (base / "secret.txt").write_text("secret")
    folder = base / "dist"
    (folder / "ort").mkdir(parents=True)
    (folder / "index.html").write_bytes(PAGE)
    (folder / ".hidden").write_text("hidden")
    (folder / "app.ABCDEFGH.js").write_text("run()" * 100)
    (folder / "ort" / "runtime.wasm").write_bytes(RANDOM)
    (folder / "a photo.png").write_bytes(RANDOM)
    (folder / "way-out.txt").symlink_to(base / "secret.txt")
    return folder


@pytest.fixture(scope="module")
def host(root: Path) -> Iterator[str]:
    with running(root) as address:
        yield urlsplit(address).netloc


@pytest.fixture(scope="module")
def bare_host(root: Path) -> Iterator[str]:
    with running(root, headers=False) as address:
        yield urlsplit(address).netloc


def ask(host: str, target: str, method: str = "GET", **headers: str) -> tuple[http.client.HTTPResponse, bytes]:
    connection = http.client.HTTPConnection(host, timeout=10)
    try:
        connection.putrequest(method, target, skip_accept_encoding=True)
        for name, value in headers.items():
            connection.putheader(name.replace("_", "-"), value)
        connection.endheaders()
        answer = connection.getresponse()
        return answer, answer.read()
    finally:
        connection.close()


def test_every_answer_carries_the_headers(host: str) -> None:
    for target in ["/", "/ort/runtime.wasm", "/nothing"]:
        answer, _ = ask(host, target)
        for name, value in HEADERS.items():
            assert answer.getheader(name) == value, (target, name)


def test_a_bare_host_sends_none_of_them(bare_host: str) -> None:
    answer, body = ask(bare_host, "/")
    assert body == PAGE
    assert not [name for name in HEADERS if answer.getheader(name)]
    assert answer.getheader("Cache-Control") == "max-age=600"


def test_media_types(host: str) -> None:
    assert ask(host, "/")[0].getheader("Content-Type") == "text/html; charset=utf-8"
    assert ask(host, "/ort/runtime.wasm")[0].getheader("Content-Type") == "application/wasm"
    assert ask(host, "/app.ABCDEFGH.js")[0].getheader("Content-Type") == "text/javascript; charset=utf-8"


def test_gzip_for_those_who_take_it(host: str, root: Path) -> None:
    answer, body = ask(host, "/", Accept_Encoding="br, gzip")
    assert answer.getheader("Content-Encoding") == "gzip"
    assert gzip.decompress(body) == PAGE
    assert len(body) == int(answer.getheader("Content-Length") or 0) == Gzip().wire_bytes(root / "index.html")


@pytest.mark.parametrize("accepted", ["", "br", "gzip;q=0", "gzip; q=0.0, br"])
def test_plain_for_those_who_do_not(host: str, accepted: str) -> None:
    answer, body = ask(host, "/", Accept_Encoding=accepted)
    assert answer.getheader("Content-Encoding") is None
    assert body == PAGE


def test_what_does_not_shrink_travels_as_it_is(host: str) -> None:
    for target in ["/ort/runtime.wasm", "/a%20photo.png"]:
        answer, body = ask(host, target, Accept_Encoding="gzip")
        assert answer.getheader("Content-Encoding") is None
        assert body == RANDOM


@pytest.mark.parametrize("accepted", ["identity", "gzip"])
def test_an_unchanged_file_is_not_sent_again(host: str, accepted: str) -> None:
    tag = ask(host, "/", Accept_Encoding=accepted)[0].getheader("ETag")
    assert tag
    answer, body = ask(host, "/", Accept_Encoding=accepted, If_None_Match=f'"other", W/{tag}')
    assert answer.status == 304
    assert body == b""
    assert answer.getheader("ETag") == tag
    assert answer.getheader("Cross-Origin-Embedder-Policy") == "require-corp"


def test_a_changed_file_is_seen_at_once(tmp_path: Path) -> None:
    path = tmp_path / "index.html"
    path.write_text("one")
    with running(tmp_path) as address:
        host = urlsplit(address).netloc
        tag = ask(host, "/")[0].getheader("ETag") or ""
        path.write_text("two!")
        answer, body = ask(host, "/", If_None_Match=tag)
        assert (answer.status, body) == (200, b"two!")


def test_only_names_that_carry_a_hash_are_kept_for_ever(host: str) -> None:
    assert "immutable" in (ask(host, "/app.ABCDEFGH.js")[0].getheader("Cache-Control") or "")
    for target in ["/", "/ort/runtime.wasm"]:
        assert ask(host, target)[0].getheader("Cache-Control") == "no-cache"


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"])
def test_other_methods_are_refused(host: str, method: str) -> None:
    answer, body = ask(host, "/", method)
    assert answer.status == 405
    assert answer.getheader("Allow") == "GET, HEAD"
    assert b"<p>" not in body


def test_head_has_the_headers_of_get(host: str) -> None:
    got, _ = ask(host, "/")
    head, body = ask(host, "/", "HEAD")
    assert body == b""
    assert head.status == 200
    for name in ["Content-Length", "Content-Type", "ETag"]:
        assert head.getheader(name) == got.getheader(name)


@pytest.mark.parametrize(
    "target",
    [
        "/../secret.txt",
        "/ort/../../secret.txt",
        "/%2e%2e/secret.txt",
        "/..%2fsecret.txt",
        "/%2e%2e%2fsecret.txt",
        "/..\\secret.txt",
        "/..%5csecret.txt",
        "//secret.txt/..",
        "/way-out.txt",
        "/.hidden",
        "/ort",
        "/ort/",
        "/index.html/",
        "/index.html%00.png",
        "/nothing.js",
        "/%ff",
        "index.html",
        "*",
        "http://elsewhere.example/",
    ],
)
def test_what_is_not_in_the_folder_is_not_found(host: str, root: Path, target: str) -> None:
    assert locate(root.resolve(), target) is None
    answer, body = ask(host, target)
    assert answer.status == 404
    assert b"secret" not in body.replace(b"secret.txt", b"")


@pytest.mark.parametrize("target", ["/", "/index.html", "/?query", "/index.html?a/../b", "//"])
def test_the_page_has_several_addresses(root: Path, target: str) -> None:
    assert locate(root.resolve(), target) == (root / "index.html").resolve()


def test_a_connection_serves_many_requests(host: str) -> None:
    connection = http.client.HTTPConnection(host, timeout=10)
    for _ in range(3):
        connection.request("GET", "/ort/runtime.wasm")
        assert connection.getresponse().read() == RANDOM
    connection.close()


def test_a_closed_server_answers_nobody(root: Path) -> None:
    with running(root) as address:
        connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=10)
        connection.request("GET", "/ort/runtime.wasm")
        assert connection.getresponse().read() == RANDOM
    with pytest.raises((OSError, http.client.HTTPException)):
        connection.request("GET", "/ort/runtime.wasm")
        connection.getresponse()


def test_many_who_ask_for_a_new_file_at_once_all_get_it(tmp_path: Path) -> None:
    (tmp_path / "new.txt").write_text("".join(map(str, range(300_000))))
    with running(tmp_path) as address, ThreadPoolExecutor(8) as pool:
        host = urlsplit(address).netloc
        bodies = list(pool.map(lambda _: ask(host, "/new.txt", Accept_Encoding="gzip")[1], range(8)))
    assert {gzip.decompress(body) for body in bodies} == {(tmp_path / "new.txt").read_bytes()}


def test_compressed_copies_are_made_once_and_forgotten_with_their_file(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_bytes(PAGE)
    store = Gzip(tmp_path / "gzip")
    kept = store.compressed(path)
    assert kept and kept == store.compressed(path)
    path.write_bytes(PAGE + b"more")
    store.prepare([path])
    assert not kept.exists()
    assert len(list((tmp_path / "gzip").iterdir())) == 1
