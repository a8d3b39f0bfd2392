"""The built app on a local server that remembers who asked for what, and that a test can stop and start again."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from http.client import HTTPMessage
from pathlib import Path
from typing import Any

from tooling.serve import Handler, make_server


@dataclass
class Request:
    """One request as the server saw it, and how many bytes it answered, headers and all, compressed as they travel."""

    method: str
    target: str
    headers: Mapping[str, str]
    answered: int = 0


class Counted:
    """What a handler writes to, counting."""

    def __init__(self, inner: Any, handler: RecordingHandler) -> None:
        self.inner = inner
        self.handler = handler

    def write(self, data: bytes) -> int:
        """Send bytes."""
        if self.handler.current:
            self.handler.current.answered += len(data)
        return int(self.inner.write(data))

    def __getattr__(self, name: str) -> Any:
        return getattr(self.inner, name)


class RecordingHandler(Handler):
    """The project's own handler, writing down every request before answering it."""

    def __init__(self, *arguments: object, site: Site, **options: Any) -> None:
        self.site = site
        self.current: Request | None = None
        super().__init__(*arguments, **options)

    def setup(self) -> None:
        """Count what is sent from the first byte."""
        super().setup()
        self.wfile = Counted(self.wfile, self)  # type: ignore[assignment]

    def parse_request(self) -> bool:
        """Read the request line and headers, and remember them; wait where the test holds this file back."""
        understood = super().parse_request()
        headers = self.headers if understood else HTTPMessage()
        self.current = Request(self.command or "", getattr(self, "path", ""), dict(headers.items()))
        self.site.log.append(self.current)
        if self.current.target.startswith(self.site.held):
            self.site.released.wait()
        return understood

    def send_header(self, keyword: str, value: str) -> None:
        """Send a header, or what the test put in its place."""
        super().send_header(keyword, self.site.extra.get(keyword, value))


class Site:
    """A folder served on 127.0.0.1 under one port for as long as the object lives, also across `stop` and `start`.

    Parameters
    ----------
    folder : Path
        What is served.
    headers : bool
        False imitates a host that sends no headers of its own, such as GitHub Pages.
    extra : mapping of str to str
        Values that take the place of the server's for headers that it sends.

    Attributes
    ----------
    log : list of Request
        All requests so far.
    held : tuple of str
        Beginnings of targets that are not answered until the event `released` is set.
    """

    def __init__(self, folder: Path, headers: bool = True, extra: Mapping[str, str] | None = None) -> None:
        self.folder = folder
        self.headers = headers
        self.extra = extra or {}
        self.log: list[Request] = []
        self.held: tuple[str, ...] = ()
        self.released = threading.Event()
        self._port = 0
        self._running: threading.Thread | None = None
        self.start()

    @property
    def origin(self) -> str:
        """Scheme, host and port, without a slash at the end."""
        return f"http://127.0.0.1:{self._port}"

    def start(self) -> None:
        """Answer requests, under the same port as before."""
        if self._running:
            return
        self._server = make_server(self.folder, self._port, self.headers, quiet=True)
        handler = self._server.RequestHandlerClass
        assert isinstance(handler, partial)
        self._server.RequestHandlerClass = partial(RecordingHandler, site=self, **handler.keywords)
        self._port = self._server.server_port
        self._running = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        self._running.start()

    def stop(self) -> None:
        """Refuse connections, as a server that is switched off."""
        if not self._running:
            return
        self._server.shutdown()
        self._server.server_close()
        self._running.join()
        self._running = None
