"""The commands of ``build.py``, run in the repository's own environment."""

from __future__ import annotations

import argparse
import importlib
import subprocess
import sys
import time
from collections.abc import Callable

from tooling import testing
from tooling.browser import ENGINES, ensure_chromium
from tooling.environment import EnvironmentProblem, ensure_environment
from tooling.locking import write_locks
from tooling.paths import DIST, ROOT
from tooling.serve import serve
from tooling.site import build

# The ways of `models` that are about packs as they lie on the disk.
PACK_COMMANDS = ("list", "add", "from", "pack")


def _build(arguments: argparse.Namespace) -> int:
    began = time.monotonic()
    files = build()
    size = sum(file.stat().st_size for file in files) / 1e6
    print(f"{DIST.name}/ is up to date: {len(files)} files, {size:.1f} MB, {time.monotonic() - began:.1f} s.")
    return 0


def _serve(arguments: argparse.Namespace) -> int:
    build()
    try:
        serve(arguments.port, headers=not arguments.no_headers)
    except OSError as problem:
        advice = f"Try --port {arguments.port + 1}."
        raise EnvironmentProblem(f"Port {arguments.port} cannot be used ({problem}). {advice}") from problem
    return 0


def _test(arguments: argparse.Namespace) -> int:
    if arguments.engines:
        return testing.run_engines(arguments.engines, arguments.rest)
    return testing.run(arguments.rest)


def _bench(arguments: argparse.Namespace) -> int:
    build()
    ensure_chromium()
    bench = importlib.import_module("tests.bench")
    return int(bench.main(arguments.rest) or 0)


def _models(arguments: argparse.Namespace) -> int:
    if arguments.what in PACK_COMMANDS:
        packs = importlib.import_module("tooling.model_packs")
        return int(packs.main([arguments.what, *arguments.rest]))
    module = {"train": "models.training", "eval": "models.evaluation", "check": "models.check"}[arguments.what]
    python = ensure_environment("training") if arguments.what == "train" else sys.executable
    if arguments.what == "eval" and "--native-only" not in arguments.rest:
        build()
        ensure_chromium()
    return subprocess.run([str(python), "-m", module, *arguments.rest], cwd=ROOT).returncode


def _lock(arguments: argparse.Namespace) -> int:
    write_locks()
    return 0


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    top = argparse.ArgumentParser(prog="build.py", description="Build, serve, test and measure Shoebox.")
    commands = top.add_subparsers(required=True, metavar="COMMAND")

    def add(name: str, run: Callable[[argparse.Namespace], int], text: str) -> argparse.ArgumentParser:
        command = commands.add_parser(name, help=text, description=text)
        command.set_defaults(run=run)
        return command

    command = add("serve", _serve, "build what is missing and serve the app on http://127.0.0.1:8000")
    command.add_argument("--port", type=int, default=8000, help="the port (default: 8000; 0 takes a free one)")
    command.add_argument("--no-headers", action="store_true", help="send no isolation headers, as GitHub Pages does")
    add("build", _build, "write dist/, a folder that any static host can serve")
    command = add("test", _test, "check and test everything; further arguments go to pytest")
    command.add_argument(
        "--engines",
        choices=["all", *ENGINES],
        help="instead, run the main job in these browsers, installed with apt where they are missing",
    )
    add("bench", _bench, "print the benchmark table; --json FILE writes its rows")
    text = "list model packs, add one, take one from a .pack file or make one; train, evaluate or check the default pack"
    command = add("models", _models, f"{text}; further arguments go to that step")
    command.add_argument("what", choices=[*PACK_COMMANDS, "train", "eval", "check"])
    add("lock", _lock, "resolve the dependency groups of pyproject.toml anew into the requirements-*.lock files")
    return top


def main(words: list[str]) -> int:
    """Run one command; return the exit status."""
    command, rest = parser().parse_known_args(words)
    command.rest = rest
    if rest and command.run not in (_test, _bench, _models):
        parser().error(f"unrecognised arguments: {' '.join(rest)}")
    try:
        return int(command.run(command))
    except EnvironmentProblem as problem:
        print(f"build.py: {problem}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
