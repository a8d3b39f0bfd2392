"""The development server: plain files from ``dist/``, with the headers that the app is meant to have."""

from __future__ import annotations

import re
import socket
import sys
import threading
import urllib.parse
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from tooling.compress import Gzip
from tooling.paths import DIST
from tooling.policy import HEADERS, media_type
from tooling.stamps import digest_file, files_under

HASHED = re.compile(r"\.[0-9A-Za-z]{8,}\.(js|css)$|-[0-9A-Z]{8}\.js$")
BLOCK = 256 * 1024


class Digests:
    """The sha256 of served files, computed anew only when size or time of a file changes."""

    def __init__(self) -> None:
        self._known: dict[Path, tuple[int, int, str]] = {}

    def of(self, path: Path) -> str:
        """Return the sha256 of a file in hex."""
        status = path.stat()
        known = self._known.get(path)
        if known is None or known[:2] != (status.st_size, status.st_mtime_ns):
            known = (status.st_size, status.st_mtime_ns, digest_file(path))
            self._known[path] = known
        return known[2]


def locate(root: Path, target: str) -> Path | None:
    """Return the file that a request target means, or None if it means none inside `root`.

    Parameters
    ----------
    root : Path
        The folder that is served, resolved.
    target : str
        The request target as it came: percent-encoded, maybe with a query, maybe hostile.
    """
    text = urllib.parse.unquote(target.partition("?")[0].partition("#")[0])
    parts = text.split("/")
    if not text.startswith("/") or "\\" in text or "\0" in text or any(part.startswith(".") for part in parts):
        return None
    path = root.joinpath(*[part for part in parts if part])
    if text.endswith("/"):
        path = path / "index.html"
    path = path.resolve()
    return path if path.is_relative_to(root) and path.is_file() else None


class Handler(BaseHTTPRequestHandler):
    """Answers GET and HEAD with files; everything else is refused."""

    protocol_version = "HTTP/1.1"
    server_version = "Shoebox"
    timeout = 60

    def __init__(self, *arguments: object, root: Path, headers: bool, gzip: Gzip, digests: Digests, quiet: bool) -> None:
        self.root = root
        self.with_headers = headers
        self.gzip = gzip
        self.digests = digests
        self.quiet = quiet
        super().__init__(*arguments)  # type: ignore[arg-type]

    def do_GET(self) -> None:
        """Send a file."""
        self._answer(with_body=True)

    def do_HEAD(self) -> None:
        """Send a file's headers."""
        self._answer(with_body=False)

    def _refuse(self) -> None:
        self.close_connection = True  # its body, if any, is not read
        text = "Only GET and HEAD: nothing is ever sent to this server."
        self._sentence(HTTPStatus.METHOD_NOT_ALLOWED, text, {"Allow": "GET, HEAD"})

    do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = do_TRACE = do_CONNECT = _refuse

    def _answer(self, with_body: bool) -> None:
        path = locate(self.root, self.path)
        if path is None:
            self._sentence(HTTPStatus.NOT_FOUND, "There is no such file.", {}, with_body)
            return
        digest = self.digests.of(path)
        small = self.gzip.compressed(path, digest) if self._takes_gzip() else None
        tag = f'"{digest[:32]}{"-gz" if small else ""}"'
        facts = {"ETag": tag, "Vary": "Accept-Encoding", "Cache-Control": self._caching(path.name)}
        if tag in [given.strip().removeprefix("W/") for given in self.headers.get("If-None-Match", "").split(",")]:
            self._begin(HTTPStatus.NOT_MODIFIED, facts)
            self.end_headers()
            return
        facts["Content-Type"] = media_type(path.name)
        if small:
            facts["Content-Encoding"] = "gzip"
        with (small or path).open("rb") as file:
            size = file.seek(0, 2)
            file.seek(0)
            self._begin(HTTPStatus.OK, facts | {"Content-Length": str(size)})
            self.end_headers()
            while with_body and (block := file.read(BLOCK)):
                self.wfile.write(block)

    def _takes_gzip(self) -> bool:
        accepted = self.headers.get("Accept-Encoding", "").lower()
        return bool(re.search(r"\bgzip\b(?!\s*;\s*q=0(\.0*)?\s*(,|$))", accepted))

    def _caching(self, name: str) -> str:
        if not self.with_headers:
            return "max-age=600"  # what GitHub Pages says of every file
        return "public, max-age=31536000, immutable" if HASHED.search(name) else "no-cache"

    def _begin(self, status: HTTPStatus, facts: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in (facts | (HEADERS if self.with_headers else {})).items():
            self.send_header(name, value)

    def _sentence(self, status: HTTPStatus, text: str, facts: dict[str, str], with_body: bool = True) -> None:
        body = f"{text}\n".encode()
        kind = {"Content-Type": "text/plain; charset=utf-8", "Cache-Control": "no-store", "Content-Length": str(len(body))}
        self._begin(status, facts | kind)
        self.end_headers()
        if with_body:
            self.wfile.write(body)

    def version_string(self) -> str:
        """Name the server without the versions of what it runs on."""
        return self.server_version

    def log_message(self, format: str, *arguments: object) -> None:
        """Print a request unless told to be quiet."""
        if not self.quiet:
            super().log_message(format, *arguments)


class Server(ThreadingHTTPServer):
    """A thread per connection. Closing it ends the connections too, so that a closed server answers nobody."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, address: tuple[str, int], make_handler: Callable[..., BaseHTTPRequestHandler]) -> None:
        self._connections: set[socket.socket] = set()
        super().__init__(address, make_handler)

    def process_request(self, request: Any, client_address: Any) -> None:
        """Remember the connection, and serve it in a thread of its own."""
        self._connections.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        """Forget a connection that has ended."""
        self._connections.discard(request)
        super().shutdown_request(request)

    def server_close(self) -> None:
        """Stop listening, and cut the connections that browsers keep open for later."""
        super().server_close()
        for connection in list(self._connections):
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Stay silent about connections that break off, since browsers do that; report the rest."""
        if not isinstance(sys.exc_info()[1], ConnectionError | TimeoutError):
            super().handle_error(request, client_address)


def make_server(root: Path = DIST, port: int = 8000, headers: bool = True, quiet: bool = False) -> Server:
    """Return a server for `root` on 127.0.0.1, not yet running.

    Parameters
    ----------
    root : Path
        The folder to serve.
    port : int
        The port; 0 takes any free one, see ``server.server_port``.
    headers : bool
        False imitates a host such as GitHub Pages, where nobody can set headers.
    quiet : bool
        True prints no line per request.
    """
    make = partial(Handler, root=root.resolve(), headers=headers, gzip=Gzip(), digests=Digests(), quiet=quiet)
    return Server(("127.0.0.1", port), make)


@contextmanager
def running(root: Path = DIST, port: int = 0, headers: bool = True) -> Iterator[str]:
    """Serve `root` in the background and yield its address, ``http://127.0.0.1:PORT/``."""
    server = make_server(root, port, headers, quiet=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def serve(port: int, headers: bool) -> None:
    """Serve ``dist/`` until interrupted.

    Raises
    ------
    OSError
        If the port is taken.
    """
    print("Compressing what is new …", flush=True)
    Gzip().prepare(files_under(DIST))
    with make_server(DIST, port, headers) as server:
        kind = "" if headers else ", without headers as on GitHub Pages"
        print(f"Shoebox is at http://127.0.0.1:{server.server_port}{kind}. Ctrl+C stops it.", flush=True)
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            print()
