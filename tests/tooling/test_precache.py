import hashlib
import json
from pathlib import Path

import pytest

from tooling.policy import HEADERS, content_security_policy, media_type
from tooling.precache import Entry, entries, group_of, release, service_worker


@pytest.fixture
def dist(tmp_path: Path) -> Path:
    for name, content in {
        "index.html": "<p>",
        "service-worker.js": "old",
        "ort/ort-wasm-simd-threaded.wasm": "wasm",
        "pyodide/pyodide.asm.wasm": "python",
        "models/default/pack.toml": "id = 'default'",
    }.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
    return tmp_path


@pytest.mark.parametrize(
    ("path", "group"),
    [
        ("index.html", "shell"),
        ("app.ABCDEFGH.js", "shell"),
        ("workers/python.js", "shell"),
        ("workers/chunks/chunk.ABCDEFGH.js", "shell"),
        ("icons/icon-192.png", "shell"),
        ("pyodide/pyodide.asm.wasm", "common"),
        ("models/default/image.onnx", "common"),
        ("models/default/CARD.md", "extra"),
        ("models/other/image.onnx", "extra"),
        ("ort/ort-wasm-simd-threaded.wasm", "ort:wasm"),
        ("ort/ort-wasm-simd-threaded.mjs", "ort:wasm"),
        ("ort/ort-wasm-simd-threaded.asyncify.wasm", "ort:webgpu"),
        ("ort/other.wasm", "extra"),
        ("places/towns.npz", "extra"),
        ("codecs/libheif.js", "extra"),
        ("codecs/libheif.wasm", "extra"),
    ],
)
def test_groups(path: str, group: str) -> None:
    assert group_of(path) == group


def test_entries_list_every_file_but_the_service_worker(dist: Path) -> None:
    found = {entry.path: entry for entry in entries(dist)}
    assert set(found) == {
        "index.html",
        "ort/ort-wasm-simd-threaded.wasm",
        "pyodide/pyodide.asm.wasm",
        "models/default/pack.toml",
    }
    page = found["index.html"]
    assert page == Entry("index.html", hashlib.sha256(b"<p>").hexdigest()[:16], 3, "text/html; charset=utf-8", "shell")


def test_the_version_changes_with_any_file_and_only_then(dist: Path) -> None:
    before = release(entries(dist))["version"]
    (dist / "service-worker.js").write_text("new")
    assert release(entries(dist))["version"] == before
    (dist / "models/default/pack.toml").write_text("id = 'defaulu'")
    assert release(entries(dist))["version"] != before


def test_the_script_begins_with_the_release(dist: Path) -> None:
    text = service_worker("run();", entries(dist))
    line, code = text.split("\n", 1)
    assert code == "run();"
    told = json.loads(line.removeprefix("self.SHOEBOX=").removesuffix(";"))
    assert told["headers"] == HEADERS
    assert {file["path"] for file in told["files"]} == {entry.path for entry in entries(dist)}


def test_the_policy_lets_nothing_out() -> None:
    policy = dict(part.split(" ", 1) for part in content_security_policy().split("; "))
    assert policy["default-src"] == "'none'"
    assert policy["connect-src"] == "'self'"
    assert "unsafe-eval" not in policy["script-src"].replace("wasm-unsafe-eval", "")
    assert not any("http" in value or "*" in value for value in policy.values())


def test_the_policy_in_the_page_is_that_of_the_header_but_for_framing() -> None:
    assert content_security_policy(in_page=True) + "; frame-ancestors 'none'" == content_security_policy()


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("ort.wasm", "application/wasm"),
        ("ort.MJS", "text/javascript; charset=utf-8"),
        ("manifest.webmanifest", "application/manifest+json"),
        ("numpy.whl", "application/octet-stream"),
        ("noending", "application/octet-stream"),
        (".wasm", "application/octet-stream"),
    ],
)
def test_media_types(name: str, kind: str) -> None:
    assert media_type(name) == kind
