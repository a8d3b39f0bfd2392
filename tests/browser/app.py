"""Driving the page: opening it, giving it files, asking it, and reading what it has stored."""

from __future__ import annotations

import base64
import contextlib
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, ConsoleMessage, Error, JSHandle, Locator, Page, Playwright

from tests.browser.chrome import kill, launch
from tests.browser.site import Site
from tests.browser.waiting import PATIENCE_MS, wait_until

# Runs before anything of the page: what the tests want to know later and cannot ask for afterwards.
WITNESS = """
globalThis.witness = { violations: [], kept: false, errors: [] };
document.addEventListener("securitypolicyviolation", (event) => {
  witness.violations.push(`${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}`);
});
addEventListener("error", (event) => witness.errors.push(event.message));
addEventListener("unhandledrejection", (event) => witness.errors.push(String(event.reason)));
navigator.serviceWorker?.addEventListener("message", ({ data }) => {
  if (data?.type === "kept" && data.done === data.total) witness.kept = true;
});
"""

# Takes the next drop away from the page, and keeps the handle of what was dropped.
CATCH = """
() => {
  const over = (event) => { event.preventDefault(); event.stopImmediatePropagation(); };
  const options = { capture: true };
  addEventListener("dragover", over, options);
  window.dropped = new Promise((resolve, reject) => {
    addEventListener("drop", (event) => {
      over(event);
      removeEventListener("dragover", over, options);
      event.dataTransfer.items[0].getAsFileSystemHandle().then(resolve, reject);
    }, { ...options, once: true });
  });
}
"""

ADD = """
async (source) => {
  window.progress = [];
  return await shoebox.add(source.files ?? source, { onProgress: (step) => { window.progress.push({ ...step }); } });
}
"""

READ_STORE = """
async (store) => {
  const db = await new Promise((resolve, reject) => {
    const request = indexedDB.open("shoebox");
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  const values = await new Promise((resolve, reject) => {
    const request = db.transaction(store).objectStore(store).getAll();
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  db.close();
  const text = (bytes) => {
    let binary = "";
    for (let i = 0; i < bytes.length; i += 32768) binary += String.fromCharCode(...bytes.subarray(i, i + 32768));
    return btoa(binary);
  };
  return values.map((value) => text(value instanceof Uint8Array ? value : value.bytes));
}
"""


class App:
    """The app in one tab of a browser with a profile of its own.

    Parameters
    ----------
    playwright : Playwright
        Starts the browser.
    site : Site
        Where the app is served.
    profile : Path
        The browser's profile folder; a second `App` on the same folder, after `close` or `kill`, finds what the first stored.
    flags : sequence of str
        Further switches for Chromium.
    options
        Passed on to `launch`.
    """

    def __init__(self, playwright: Playwright, site: Site, profile: Path, flags: Sequence[str] = (), **options: Any) -> None:
        self.site = site
        self.profile = profile
        self.failures_before = 0  # failed tests when this app was last put in order
        self.context: BrowserContext = launch(playwright, profile, flags, **options)
        self.context.set_default_timeout(PATIENCE_MS)
        self.context.add_init_script(WITNESS)
        self.console: list[str] = []
        self.requests: list[tuple[str, str, str | None]] = []  # method, address, body
        self.context.on("console", self._hear)
        self.context.on("request", lambda request: self.requests.append((request.method, request.url, request.post_data)))
        self.page: Page = self.context.pages[0] if self.context.pages else self.context.new_page()

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.console.append(f"{message.type}: {message.text}")

    def open(self, path: str = "/") -> App:
        """Load the page and wait until the library can be searched."""
        self.page.goto(f"{self.site.origin}{path}")
        return self.wait_until_ready()

    def wait_until_ready(self) -> App:
        """Wait for `shoebox.ready`, across the reload with which a page may isolate itself."""
        self.wait("globalThis.shoebox?.ready?.then(() => true)")
        return self

    def wait_until_kept(self) -> None:
        """Wait until the service worker has everything that this device needs."""
        self.wait("navigator.serviceWorker.controller && witness.kept")

    def reload(self) -> App:
        """Reload the page and wait until the library can be searched."""
        self.page.reload()
        return self.wait_until_ready()

    def close(self) -> None:
        """End the browser in good order."""
        self.context.close()

    def kill(self) -> None:
        """End the browser as a crash does."""
        kill(self.profile)
        # Playwright may have seen the end by itself.
        with contextlib.suppress(Error):
            self.context.close()

    def js(self, script: str, argument: Any = None) -> Any:
        """Evaluate a script in the page."""
        return self.page.evaluate(script, argument)

    def files(self, paths: Sequence[Path]) -> JSHandle:
        """Hand files to the page; answers an input element whose `files` they are. A single folder is given as a whole."""
        folder = len(paths) == 1 and paths[0].is_dir()
        element = self.page.evaluate_handle(
            """(folder) => {
              const input = document.createElement("input");
              input.type = "file";
              input.multiple = true;
              input.webkitdirectory = folder;
              return input;
            }""",
            folder,
        ).as_element()
        assert element
        element.set_input_files([str(path) for path in paths])
        return element

    def add(self, *paths: Path) -> dict[str, Any]:
        """`shoebox.add` with files, or with all the files of one folder; answers what it answers."""
        answer: dict[str, Any] = self.js(ADD, self.files(paths))
        return answer

    def folder(self, path: Path) -> JSHandle:
        """The handle of a folder, which the browser gives for one that is really dropped on the page."""
        self.js(CATCH)
        self.drop(path)
        return self.page.evaluate_handle("dropped")

    def drop(self, path: Path) -> None:
        """Drop a file or folder on the page, as the operating system does."""
        session = self.context.new_cdp_session(self.page)
        data = {"items": [], "files": [str(path)], "dragOperationsMask": 1}
        for step in ("dragEnter", "dragOver", "drop"):
            session.send("Input.dispatchDragEvent", {"type": step, "x": 200, "y": 200, "data": data})
        session.detach()

    def add_folder(self, path: Path) -> dict[str, Any]:
        """`shoebox.add` with the handle of a folder, as a person drops it; answers what it answers."""
        answer: dict[str, Any] = self.js(ADD, self.folder(path))
        return answer

    def start_adding(self, *paths: Path) -> None:
        """Begin `shoebox.add` and return at once."""
        self.js(
            "(input) => { window.adding = shoebox.add(input.files); window.adding.catch(() => undefined); }", self.files(paths)
        )

    def wait_until_photos(self, count: int) -> None:
        """Wait until at least `count` photos are in the library."""
        self.wait("async (count) => (await shoebox.stats()).photos >= count", count)

    def wait_until_idle(self) -> None:
        """Wait until no photo waits to be indexed any more."""
        self.wait(
            """async () => {
              const db = await new Promise((resolve, reject) => {
                const request = indexedDB.open("shoebox");
                request.onsuccess = () => resolve(request.result);
                request.onerror = () => reject(request.error);
              });
              const count = await new Promise((resolve) => {
                const request = db.transaction("pending").objectStore("pending").count();
                request.onsuccess = () => resolve(request.result);
              });
              db.close();
              return count === 0;
            }"""
        )

    def wait(self, condition: str, argument: Any = None) -> Any:
        """Wait until a script's value, or what its promise brings, is true, and answer it."""
        return wait_until(self.page, condition, argument)

    def wait_for(self, condition: Callable[[], bool]) -> None:
        """Wait until a condition holds that only this side of the browser can see."""
        deadline = time.monotonic() + PATIENCE_MS / 1000
        while not condition():
            assert time.monotonic() < deadline, "what was waited for never came"
            self.page.wait_for_timeout(100)  # lets Playwright hear the browser's events meanwhile

    def search(self, query: str, **options: Any) -> dict[str, Any]:
        """`shoebox.search`."""
        answer: dict[str, Any] = self.js("([query, options]) => shoebox.search(query, options)", [query, options])
        return answer

    def found(self, query: str, **options: Any) -> list[str]:
        """The names of what `shoebox.search` finds and believes in, best first."""
        answer = self.search(query, **options)
        return [hit["name"] for hit in answer["results"][: answer["relevant"]]]

    def similar(self, photo: str, limit: int = 10) -> list[dict[str, Any]]:
        """The results of `shoebox.similar` for a photo's id."""
        answer: list[dict[str, Any]] = self.js(
            "async ([photo, limit]) => (await shoebox.similar(photo, { limit })).results", [photo, limit]
        )
        return answer

    def names(self) -> dict[str, str]:
        """Ids by name of all photos."""
        photos = self.js("async () => (await shoebox.photos({ limit: 1_000_000 })).results")
        return {photo["name"]: photo["id"] for photo in photos}

    def photo(self, photo: str) -> dict[str, Any]:
        """`shoebox.photo` for an id."""
        answer: dict[str, Any] = self.js("(id) => shoebox.photo(id)", photo)
        return answer

    def failures(self) -> dict[str, str]:
        """Reasons by name of the files that could not be read."""
        return {failure["name"]: failure["reason"] for failure in self.js("() => shoebox.failures()")}

    def stored(self, store: str) -> list[bytes]:
        """The bytes in one of the database's stores, in the order of their keys."""
        return [base64.b64decode(text) for text in self.js(READ_STORE, store)]

    def see(self, name: str) -> Locator:
        """The element that carries the test id `name`."""
        return self.page.get_by_test_id(name)

    def problems(self, allowed: Iterable[str] = ()) -> list[str]:
        """Errors of the page and of its workers so far, without those that contain one of the `allowed` texts."""
        told = [*self.console, *self.js("() => [...witness.errors, ...witness.violations]")]
        return [problem for problem in told if not any(text in problem for text in allowed)]
