"""The command line of the benchmark."""

from __future__ import annotations

import argparse
import json
import platform
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.bench import (
    albums,
    copies,
    duplicates,
    faces,
    first_visit,
    indexing,
    memory,
    people,
    places,
    querying,
    reading,
    reloading,
    scale,
)
from tests.bench.place import QUICK, Place, Sizes, cores
from tests.bench.row import Row, table
from tests.browser.site import Site
from tests.photos import REPOSITORY

ROWS: dict[str, Callable[[Place], Iterator[Row]]] = {
    "first-visit": first_visit.rows,
    "querying": querying.rows,
    "reloading": reloading.rows,
    "indexing": indexing.rows,
    "memory": memory.rows,
    "faces": faces.rows,
    "reading": reading.rows,
    "people": people.rows,
    "places": places.rows,
    "albums": albums.rows,
    "duplicates": duplicates.rows,
    "copies": copies.rows,
    "scale": scale.rows,
}


def main(words: Sequence[str]) -> int:
    """Measure, print the table, and write it where that is asked for; the exit status."""
    parser = argparse.ArgumentParser(prog="build.py bench", description="Measure the built app in Chromium.")
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write the rows as JSON")
    parser.add_argument("--only", action="append", choices=sorted(ROWS), metavar="NAME", help=f"one of: {', '.join(ROWS)}")
    parser.add_argument("--quick", action="store_true", help="tiny sizes: shows that everything runs, not how fast")
    arguments = parser.parse_args(words)
    dist = REPOSITORY / "dist"
    if not (dist / "index.html").exists():
        print("There is no dist/ to measure; run: python build.py build", file=sys.stderr)
        return 1
    measured: list[Row] = []
    with tempfile.TemporaryDirectory(prefix="shoebox-bench-") as work, sync_playwright() as playwright:
        site = Site(dist)
        place = Place(playwright, site, Path(work), QUICK if arguments.quick else Sizes())
        try:
            # Always in the order above: once usearch has run for "scale", onnxruntime's threads bring Python down.
            for name in (name for name in ROWS if name in (arguments.only or ROWS)):
                print(f"{name} …", file=sys.stderr, flush=True)
                measured += ROWS[name](place)
        finally:
            site.stop()
    print(f"{platform.machine()}, {cores()} cores, {platform.system()} {platform.release()}\n\n{table(measured)}")
    if arguments.json:
        arguments.json.write_text(json.dumps([row.as_json() for row in measured], indent=2) + "\n")
    return 0
