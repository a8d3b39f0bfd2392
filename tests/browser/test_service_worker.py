"""The service worker by itself, around a tiny release whose files the tests can change."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, Playwright

from tests.browser.chrome import launch
from tests.browser.site import Site
from tests.browser.waiting import wait_until
from tooling import bundle, precache
from tooling.paths import WEB
from tooling.policy import HEADERS, content_security_policy

PAGE = """<!doctype html><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<link rel="icon" href="icon.svg"><title>{title}</title><script type="module" src="probe.js"></script>
"""
# The page's half, as the app uses it.
PROBE = """
import {{ keepOffline, offline, startOffline, takeUpdate, updateReady }} from "{offline}";
Object.assign(globalThis, {{ keepOffline, offline, takeUpdate, updateReady }});
await startOffline();
globalThis.started = true;
"""
WASM, WEBGPU = precache.ORT_VARIANTS["wasm"], precache.ORT_VARIANTS["webgpu"]


class Release:
    """A folder with a small app of the real one's shape, and the real service worker."""

    def __init__(self, folder: Path, work: Path) -> None:
        self.folder = folder
        work.mkdir(parents=True)
        probe = work / "probe.ts"
        probe.write_text(PROBE.format(offline=(bundle.SOURCE / "offline.ts").as_posix()))
        # Where modules are looked for follows from where a file lies, so the packages are named to esbuild.
        modules = (WEB / "node_modules").as_posix()
        (script,) = bundle.esbuild(
            [str(probe)], work / "page", "--format=esm", f"--alias:@preact/signals={modules}/@preact/signals"
        )
        self.write("probe.js", script.read_text("utf-8"))
        self.worker = bundle.bundle_service_worker(work / "worker").read_text("utf-8")
        self.write("index.html", PAGE.format(policy=content_security_policy(in_page=True), title="first"))
        self.write("icon.svg", '<svg xmlns="http://www.w3.org/2000/svg"/>')
        self.write("pyodide/python.wasm", "python")
        self.write("models/default/image.onnx", "image")
        for stem in (WASM, WEBGPU):
            self.write(f"ort/{stem}.mjs", stem)
            self.write(f"ort/{stem}.wasm", stem * 2)
        self.publish()

    def write(self, path: str, text: str) -> None:
        target = self.folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")

    def publish(self) -> None:
        """Write the service worker for the files as they are now."""
        self.write(precache.SCRIPT, precache.service_worker(self.worker, precache.entries(self.folder)))


@pytest.fixture
def release(tmp_path: Path) -> Release:
    return Release(tmp_path / "host" / "shoebox", tmp_path / "work")


@pytest.fixture
def host(release: Release) -> Iterator[Site]:
    """The release under a sub-path."""
    site = Site(release.folder.parent)
    yield site
    site.stop()


@pytest.fixture
def bare_host(release: Release) -> Iterator[Site]:
    """The same on a host that sends no headers."""
    site = Site(release.folder.parent, headers=False)
    yield site
    site.stop()


@pytest.fixture
def browser_context(playwright: Playwright, tmp_path: Path) -> Iterator[BrowserContext]:
    context = launch(playwright, tmp_path / "profile")
    context.set_default_timeout(20_000)
    yield context
    context.close()


def visit(context: BrowserContext, site: Site) -> Page:
    page = context.pages[0]
    page.goto(f"{site.origin}/shoebox/")
    wait_until(page, "globalThis.started")
    return page


def keep(page: Page, variant: str = "wasm") -> None:
    page.evaluate("(variant) => keepOffline(variant)", variant)
    wait_until(page, "offline.value.phase === 'kept'")


def get(page: Page, path: str) -> dict[str, Any]:
    answer: dict[str, Any] = page.evaluate(
        """async (path) => {
          const answer = await fetch(path);
          return { status: answer.status, text: await answer.text(), headers: Object.fromEntries(answer.headers) };
        }""",
        path,
    )
    return answer


def kept_paths(page: Page) -> set[str]:
    paths: list[str] = page.evaluate(
        """async () => {
          const keys = [];
          for (const name of await caches.keys()) keys.push(...await (await caches.open(name)).keys());
          return keys.map((key) => new URL(key.url).pathname.slice("/shoebox/".length));
        }"""
    )
    assert len(paths) == len(set(paths)), "two copies of one file"
    return set(paths)


def asked(site: Site) -> list[str]:
    """Paths that the server had to answer, in order."""
    return [request.target.partition("?")[0].removeprefix("/shoebox/") for request in site.log]


SHELL = {"index.html", "probe.js", "icon.svg"}
COMMON = {"pyodide/python.wasm", "models/default/image.onnx"}


def test_the_first_visit_keeps_the_shell_and_takes_control(browser_context: BrowserContext, host: Site) -> None:
    page = visit(browser_context, host)
    assert page.evaluate("navigator.serviceWorker.controller !== null")
    assert kept_paths(page) == SHELL


def test_all_works_without_the_server_once_kept(browser_context: BrowserContext, host: Site) -> None:
    page = visit(browser_context, host)
    keep(page)
    assert kept_paths(page) == SHELL | COMMON | {f"ort/{WASM}.mjs", f"ort/{WASM}.wasm"}
    host.stop()
    page.reload()
    wait_until(page, "globalThis.started")
    assert page.title() == "first"
    assert page.evaluate("crossOriginIsolated")
    assert get(page, "models/default/image.onnx")["text"] == "image"
    assert get(page, "./?any=query")["text"].startswith("<!doctype html>")


def test_every_answer_carries_the_headers(browser_context: BrowserContext, bare_host: Site) -> None:
    page = visit(browser_context, bare_host)
    for path, kind in {"pyodide/python.wasm": "application/wasm", f"ort/{WASM}.mjs": "text/javascript; charset=utf-8"}.items():
        for _ in ["from the network", "from this device"]:
            headers = get(page, path)["headers"]
            assert headers["content-type"] == kind
            for name, value in HEADERS.items():
                assert headers[name.lower()] == value


def test_a_host_without_headers_is_isolated_after_one_reload(browser_context: BrowserContext, bare_host: Site) -> None:
    loads: list[str] = []
    browser_context.pages[0].on("domcontentloaded", lambda page: loads.append(page.url))
    page = visit(browser_context, bare_host)
    assert page.evaluate("crossOriginIsolated")
    assert len(loads) == 2
    page.reload()
    wait_until(page, "globalThis.started")
    assert len(loads) == 3


def test_a_file_is_fetched_once_however_many_ask(browser_context: BrowserContext, host: Site) -> None:
    page = visit(browser_context, host)
    page.evaluate(
        """async () => {
          keepOffline("wasm");
          await Promise.all(Array.from({ length: 6 }, async () => (await fetch("pyodide/python.wasm")).text()));
        }"""
    )
    wait_until(page, "offline.value.phase === 'kept'")
    assert asked(host).count("pyodide/python.wasm") == 1


def test_only_the_runtime_that_is_used_is_kept(browser_context: BrowserContext, host: Site) -> None:
    page = visit(browser_context, host)
    get(page, f"ort/{WEBGPU}.wasm")  # tried, and found slower
    keep(page, "wasm")
    assert {path for path in kept_paths(page) if path.startswith("ort/")} == {f"ort/{WASM}.mjs", f"ort/{WASM}.wasm"}
    keep(page, "webgpu")
    assert {path for path in kept_paths(page) if path.startswith("ort/")} == {f"ort/{WEBGPU}.mjs", f"ort/{WEBGPU}.wasm"}


def test_unknown_addresses_are_answered_and_never_kept(browser_context: BrowserContext, host: Site) -> None:
    page = visit(browser_context, host)
    assert get(page, "nothing.js")["status"] == 404
    (host.folder / "shoebox" / "later.txt").write_text("later")
    assert get(page, "later.txt")["text"] == "later"
    assert kept_paths(page) == SHELL
    host.stop()
    answer = get(page, "later.txt")
    assert answer["status"] == 503
    assert "You are offline" in answer["text"]
    answer = get(page, "models/default/image.onnx")
    assert answer["status"] == 503
    assert "not on this device yet" in answer["text"]


def test_other_origins_are_out_of_reach(browser_context: BrowserContext, host: Site, release: Release) -> None:
    other = Site(release.folder.parent)
    try:
        page = visit(browser_context, host)
        failed = page.evaluate(
            "(address) => fetch(address, {mode: 'no-cors'}).then(() => false, () => true)", f"{other.origin}/"
        )
        assert failed
        assert other.log == []
    finally:
        other.stop()


def test_bytes_of_another_version_are_not_kept(browser_context: BrowserContext, host: Site, release: Release) -> None:
    page = visit(browser_context, host)
    release.write("models/default/image.onnx", "of the next version")
    assert get(page, "models/default/image.onnx")["status"] == 200
    page.evaluate("keepOffline('wasm')")
    wait_until(page, "offline.value.phase === 'stopped'")
    assert "middle of an update" in page.evaluate("offline.value.reason")
    assert "models/default/image.onnx" not in kept_paths(page)
    release.write("models/default/image.onnx", "image")
    keep(page)


def test_a_new_version_waits_and_fetches_only_what_changed(
    browser_context: BrowserContext, host: Site, release: Release
) -> None:
    page = visit(browser_context, host)
    keep(page)
    before = len(host.log)
    release.write("index.html", (release.folder / "index.html").read_text().replace("first", "second"))
    release.write("models/default/image.onnx", "a better image")
    release.publish()
    page.evaluate("navigator.serviceWorker.getRegistration().then((registration) => registration.update())")
    wait_until(page, "updateReady.value")
    assert sorted(asked(host)[before:]) == ["", "models/default/image.onnx", "service-worker.js"]
    page.reload()
    wait_until(page, "globalThis.started && updateReady.value")
    assert page.title() == "first"
    assert get(page, "models/default/image.onnx")["text"] == "image"
    host.stop()
    with page.expect_navigation():
        page.evaluate("takeUpdate()")
    wait_until(page, "globalThis.started")
    assert page.title() == "second"
    assert get(page, "models/default/image.onnx")["text"] == "a better image"
    assert kept_paths(page) == SHELL | COMMON | {f"ort/{WASM}.mjs", f"ort/{WASM}.wasm"}


def test_an_update_that_breaks_off_leaves_the_old_version_whole(
    browser_context: BrowserContext, host: Site, release: Release
) -> None:
    page = visit(browser_context, host)
    keep(page)
    release.write("index.html", (release.folder / "index.html").read_text().replace("first", "second"))
    release.publish()
    release.write("index.html", "half upl")
    page.evaluate(
        "navigator.serviceWorker.getRegistration().then((registration) => registration.update()).catch(() => undefined)"
    )
    wait_until(page, "navigator.serviceWorker.getRegistration().then((registration) => !registration.installing)")
    assert not page.evaluate("updateReady.value")
    host.stop()
    page.reload()
    wait_until(page, "globalThis.started")
    assert page.title() == "first"


def test_the_release_names_every_file_of_the_built_app(dist: Path) -> None:
    first = (dist / precache.SCRIPT).read_text("utf-8").partition("\n")[0]
    told = json.loads(first.removeprefix("self.SHOEBOX=").removesuffix(";"))
    assert {file["path"] for file in told["files"]} == {
        path.relative_to(dist).as_posix() for path in dist.rglob("*") if path.is_file() and path.name != precache.SCRIPT
    }
