"""Remote control of a browser: the commands of WebDriver, over HTTP to WebKit's driver or straight to Firefox.

Playwright drives browsers that it has built itself; these two are the ones that people have. Firefox speaks WebDriver's
commands under the name Marionette, each a JSON list with its length in front
(https://firefox-source-docs.mozilla.org/testing/marionette/); geckodriver would only translate them.
"""

from __future__ import annotations

import json
import socket
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any, Protocol

# Pyodide, networks and thirty photos on a machine that has other things to do.
PATIENCE_S = 300.0
PAUSE_S = 0.1
# The key under which WebDriver names elements, https://www.w3.org/TR/webdriver2/#elements
ELEMENT = "element-6066-11e4-a52e-4f735466cecf"

# Runs a function of the page, and answers what its promise brings, or why it was rejected.
CALL = """
const [argument, done] = arguments;
Promise.resolve().then(() => (%s)(argument)).then(
  (value) => done(JSON.stringify({ value: value === undefined ? null : value })),
  (error) => done(JSON.stringify({ error: `${error?.name ?? ""}: ${error?.message ?? error}` })),
);
"""


class RemoteProblem(Exception):
    """The browser, its driver or the page's script refused."""


class Wire(Protocol):
    """Carries WebDriver's commands to a browser."""

    def navigate(self, address: str) -> None:
        """Open an address, and wait until it is loaded."""

    def call(self, script: str, argument: Any) -> str:
        """Run an asynchronous script with one argument and a callback; answers what the callback is given."""

    def type_into(self, selector: str, text: str) -> None:
        """Type into the first element that a CSS selector finds; paths of files, one a line, where it is a chooser of files."""

    def close(self) -> None:
        """End the browser."""


class HttpWire:
    """The W3C protocol, https://www.w3.org/TR/webdriver2/, to a driver that listens at `address`.

    Parameters
    ----------
    address : str
        Without a slash at the end.
    capabilities : dict
        What `alwaysMatch` holds.
    """

    def __init__(self, address: str, capabilities: dict[str, Any]) -> None:
        self.address = address
        answer = self._send("POST", "/session", {"capabilities": {"alwaysMatch": capabilities}})
        self.session = f"/session/{answer['sessionId']}"
        self.capabilities: dict[str, Any] = answer["capabilities"]
        self._send("POST", f"{self.session}/timeouts", {"script": int(PATIENCE_S * 1000), "pageLoad": int(PATIENCE_S * 1000)})

    def _send(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.address + path, data, {"Content-Type": "application/json"}, method=method)
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE_S + 30) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as problem:
            raise RemoteProblem(problem.read().decode(errors="replace")) from problem

    def navigate(self, address: str) -> None:
        """Open an address, and wait until it is loaded."""
        self._send("POST", f"{self.session}/url", {"url": address})

    def call(self, script: str, argument: Any) -> str:
        """Run an asynchronous script with one argument and a callback; answers what the callback is given."""
        return str(self._send("POST", f"{self.session}/execute/async", {"script": script, "args": [argument]}))

    def type_into(self, selector: str, text: str) -> None:
        """Type into the first element that a CSS selector finds."""
        element = self._send("POST", f"{self.session}/element", {"using": "css selector", "value": selector})[ELEMENT]
        self._send("POST", f"{self.session}/element/{element}/value", {"text": text})

    def close(self) -> None:
        """End the browser."""
        self._send("DELETE", self.session)


class MarionetteWire:
    """Firefox's own protocol, on the TCP port `port` of this machine."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_S + 30)
        self.buffer = b""
        self.number = 0
        self._receive()  # the greeting
        timeouts = {"script": int(PATIENCE_S * 1000), "pageLoad": int(PATIENCE_S * 1000)}
        answer = self._send("WebDriver:NewSession", {"strictFileInteractability": False, "timeouts": timeouts})
        self.capabilities: dict[str, Any] = answer["capabilities"]

    def _receive(self) -> Any:
        while b":" not in self.buffer:
            self._more()
        length, _, self.buffer = self.buffer.partition(b":")
        while len(self.buffer) < int(length):
            self._more()
        message, self.buffer = self.buffer[: int(length)], self.buffer[int(length) :]
        return json.loads(message)

    def _more(self) -> None:
        data = self.socket.recv(65536)
        if not data:
            raise RemoteProblem("Firefox hung up.")
        self.buffer += data

    def _send(self, command: str, parameters: dict[str, Any]) -> Any:
        self.number += 1
        message = json.dumps([0, self.number, command, parameters]).encode()
        self.socket.sendall(b"%d:%s" % (len(message), message))
        _, _, error, value = self._receive()
        if error is not None:
            raise RemoteProblem(f"{error['error']}: {error['message']}")
        return value

    def navigate(self, address: str) -> None:
        """Open an address, and wait until it is loaded."""
        self._send("WebDriver:Navigate", {"url": address})

    def call(self, script: str, argument: Any) -> str:
        """Run an asynchronous script with one argument and a callback; answers what the callback is given."""
        return str(self._send("WebDriver:ExecuteAsyncScript", {"script": script, "args": [argument]})["value"])

    def type_into(self, selector: str, text: str) -> None:
        """Type into the first element that a CSS selector finds."""
        found = self._send("WebDriver:FindElement", {"using": "css selector", "value": selector})["value"]
        self._send("WebDriver:ElementSendKeys", {"id": found[ELEMENT], "text": text})

    def close(self) -> None:
        """End the browser."""
        self._send("Marionette:Quit", {"flags": ["eForceQuit"]})
        self.socket.close()


class RemotePage:
    """The app in the one tab of a browser at the other end of a wire.

    Parameters
    ----------
    wire : Wire
    origin : str
        Where the app is served.
    """

    def __init__(self, wire: Wire, origin: str) -> None:
        self.wire = wire
        self.origin = origin

    def open(self, path: str = "/") -> None:
        """Load the page and wait until the library can be searched."""
        self.wire.navigate(f"{self.origin}{path}")
        self.wait("() => globalThis.shoebox?.ready.then(() => true) ?? false")

    def reload(self) -> None:
        """Load the page anew, as its button does, and wait until the library can be searched."""
        # On the document itself: what Firefox runs for its remote control has globals of its own.
        self.js("() => { document.documentElement.classList.add('old'); setTimeout(() => location.reload()); }")
        self.wait("() => !document.querySelector('html.old') && (globalThis.shoebox?.ready.then(() => true) ?? false)")

    def js(self, function: str, argument: Any = None) -> Any:
        """Call a function of the page; answers what it, or its promise, brings.

        Raises
        ------
        RemoteProblem
            With the message that the page's function was rejected with.
        """
        answer = json.loads(self.wire.call(CALL % function, argument))
        if "error" in answer:
            raise RemoteProblem(answer["error"])
        return answer["value"]

    def wait(self, function: str, argument: Any = None) -> Any:
        """Wait until what a function of the page answers is true, through any reload meanwhile; answers it.

        Raises
        ------
        TimeoutError
            With the last refusal.
        """
        ends = time.monotonic() + PATIENCE_S
        last: Exception | None = None
        while time.monotonic() < ends:
            try:
                value = self.js(function, argument)
                if value:
                    return value
            except (RemoteProblem, ValueError) as problem:
                last = problem
            time.sleep(PAUSE_S)
        raise TimeoutError(f"{function} never became true. {last or ''}")

    def choose(self, chooser: str, files: list[Path]) -> None:
        """Choose files in the chooser with the test id `chooser`, as a person does."""
        self.wire.type_into(f"[data-testid={chooser}]", "\n".join(str(file) for file in files))

    def close(self) -> None:
        """End the browser."""
        self.wire.close()
