"""A pack in the app: photos dropped into the real page in Chromium, captions typed into its search."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from playwright.sync_api import sync_playwright

from models.evaluation.galleries import Gallery
from models.evaluation.recall import CUTS
from tests.browser.app import App
from tests.browser.site import Site

SEARCH_ALL = """
async (captions) => {
  const begun = performance.now();
  const found = [];
  for (const caption of captions) {
    const { results } = await shoebox.search(caption, { limit: 10 });
    found.push(results.map((hit) => hit.name));
  }
  return { found, seconds: (performance.now() - begun) / 1000 };
}
"""


@dataclass(frozen=True)
class InBrowser:
    """What the page measured: recall at 1, 5 and 10, photos a second, milliseconds of inference and of a query."""

    recall: dict[int, float]
    photos_per_second: float
    inference_ms: float
    query_ms: float
    backend: str
    threads: int


def plain_words(caption: str) -> str:
    """A caption without the signs that mean something in the query language."""
    return " ".join(word.strip('"-:') for word in caption.replace(":", " ").replace('"', " ").split())


def evaluate(gallery: Gallery, dist: Path, captions: int | None = None) -> InBrowser:
    """Index the gallery in Chromium and search for its captions.

    Parameters
    ----------
    gallery : Gallery
    dist : Path
        The built app.
    captions : int, optional
        Only the first so many captions.
    """
    site = Site(dist)
    texts = [plain_words(caption) for caption in gallery.captions[:captions]]
    owners = gallery.owner[: len(texts)]
    with tempfile.TemporaryDirectory() as profile, sync_playwright() as playwright:
        app = App(playwright, site, Path(profile))
        try:
            app.open()
            app.context.set_default_timeout(1_800_000)
            added = app.add(*gallery.photos)
            answer = app.js(SEARCH_ALL, texts)
            stats = app.js("() => shoebox.stats()")
        finally:
            app.close()
            site.stop()
    names = [photo.name for photo in gallery.photos]
    ranks = [
        found.index(names[owner]) if names[owner] in found else len(names)
        for found, owner in zip(answer["found"], owners, strict=True)
    ]
    return InBrowser(
        recall={k: float(np.mean(np.array(ranks) < k)) for k in CUTS},
        photos_per_second=added["added"] / added["seconds"],
        inference_ms=float(stats["timings"].get("imageMs", float("nan"))),
        query_ms=answer["seconds"] / max(1, len(texts)) * 1000,
        backend=str(stats["backend"]),
        threads=int(stats["threads"]),
    )
