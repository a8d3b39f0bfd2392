"""How fast a second look goes through photos: faces, or text."""

from __future__ import annotations

from typing import Literal

from tests.browser.app import App

# From the first photos that are done, when all networks are open, to the last one.
LOOK = """
async ([look, work]) => {
  await shoebox.configure({ [look]: true });
  let first = null;
  for (;;) {
    const { done, total, phase } = await shoebox[work]();
    const now = { at: performance.now(), done };
    if (!first && done > 0) first = now;
    if (first && (done === total || phase === "done")) return (done - first.done) / ((now.at - first.at) / 1000);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
"""


def pace(app: App, look: Literal["faces", "text"]) -> float:
    """Turn a look on; the photos a second at which it goes through the library."""
    rate: float = app.js(LOOK, [look, "faceWork" if look == "faces" else "textWork"])
    return rate
