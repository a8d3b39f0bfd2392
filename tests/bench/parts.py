"""The app's own workers, each kind timed alone: what a photo costs in decoding, its thumbnail, and its share of a batch.

Timed twice: on one core with the others idle, and on all cores at once, which share memory and caches as they do in the app.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean

from tests.bench.place import BATCH
from tests.browser.app import App
from tests.synthetic import default_pack

# A worker speaks Comlink: {id, type: "APPLY", path, argumentList} there, {id, type: "RAW" | "HANDLER", value} back.
CALL = """
globalThis.benchWorker = (name) => {
  const worker = new Worker(`/workers/${name}.js`, { type: "module" });
  const waiting = new Map();
  worker.onmessage = ({ data }) => {
    const { resolve, reject } = waiting.get(data.id);
    waiting.delete(data.id);
    if (data.type === "HANDLER" && data.name === "throw") reject(new Error(JSON.stringify(data.value)));
    else resolve(data.value);
  };
  worker.onerror = (event) => { for (const { reject } of waiting.values()) reject(new Error(event.message)); };
  return {
    call: (method, ...values) => new Promise((resolve, reject) => {
      const id = Math.random().toString(36);
      waiting.set(id, { resolve, reject });
      worker.postMessage({ id, type: "APPLY", path: [method], argumentList: values.map((value) => ({ type: "RAW", value })) });
    }),
    end: () => worker.terminate(),
  };
};
"""

DECODE = """
async ([input, workers, width, height]) => {
  const order = { mime: "image/jpeg", orientation: 1, width, height, minSide: 224, thumbSide: 400 };
  const measured = async () => {
    const worker = benchWorker("decode");
    const times = [];
    for (const round of [0, 1]) {
      let number = 0;
      for (const file of input.files) {
        number += 1;
        await worker.call("read", number, file);
        const { ms } = await worker.call("decode", number, order);
        if (round === 1) times.push(ms);
      }
    }
    worker.end();
    return times;
  };
  return (await Promise.all(Array.from({ length: workers }, measured))).flat();
}
"""

INFER = """
async ([workers, batch, side, input, repeats]) => {
  const measured = async () => {
    const worker = benchWorker("lane");
    const networks = { image: { url: new URL("models/default/image.onnx", location.origin).href } };
    await worker.call("open", { networks, variant: "wasm", threads: 1 });
    const times = [];
    for (let run = 0; run < repeats + 2; run += 1) {
      const data = Uint8Array.from({ length: batch * side * side * 3 }, (_, at) => (at * 31 + run * 7) % 251);
      const begun = performance.now();
      await worker.call("run", "image", [{ name: input, type: "uint8", dims: [batch, side, side, 3], data }]);
      if (run >= 2) times.push((performance.now() - begun) / batch);
    }
    worker.end();
    return times;
  };
  return (await Promise.all(Array.from({ length: workers }, measured))).flat();
}
"""


@dataclass(frozen=True)
class Parts:
    """Milliseconds that a core is busy for one photo."""

    decode: float
    thumbnail: float
    inference: float

    @property
    def total(self) -> float:
        """All of them."""
        return self.decode + self.thumbnail + self.inference


def measure(app: App, photos: Sequence[Path], size: tuple[int, int], repeats: int, workers: int) -> Parts:
    """Time the parts, one after another, with nothing else going on in the page; each on `workers` cores at once."""
    pack = default_pack()
    app.js(f"() => {{ {CALL} }}")
    decoded = app.js(DECODE, [app.files(photos), workers, *size])
    inferred = app.js(INFER, [workers, BATCH, pack.image.side, pack.image.input, repeats])
    # Means, as a rate is one: what takes longer now and then takes longer in the app as well.
    return Parts(
        fmean(ms["decode"] for ms in decoded),
        fmean(ms["thumb"] for ms in decoded),
        fmean(inferred),
    )
