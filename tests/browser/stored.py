"""What the page has stored, read and written from this side: Python's blocks and journal in the browser's database."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from shoebox.store.blocks import read_block
from shoebox.store.journal import read_entry
from shoebox.store.rows import id_numbers, id_text
from tests.browser.app import App

# Replaces the database by one of another version with the same contents, as far as that version had room for them.
AS_VERSION = """
async ([version, stores, numbered, unknown]) => {
  const ended = (request) => new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  const now = await ended(indexedDB.open("shoebox"));
  const contents = {};
  for (const name of stores) {
    const store = now.transaction(name).objectStore(name);
    const [keys, values] = await Promise.all([ended(store.getAllKeys()), ended(store.getAll())]);
    contents[name] = keys.map((key, index) => [key, values[index]]).filter(([key]) => !unknown.includes(key));
  }
  now.close();
  const gone = ended(indexedDB.deleteDatabase("shoebox"));
  const request = indexedDB.open("shoebox", version);
  request.onupgradeneeded = () => {
    for (const name of stores) {
      const store = request.result.createObjectStore(name, numbered.includes(name) ? { autoIncrement: true } : {});
      for (const [key, value] of contents[name]) store.put(value, key);
    }
  };
  await gone;
  const old = await ended(request);
  const found = [old.version, [...old.objectStoreNames].sort()];
  old.close();
  return found;
}
"""
# The stores of each version, and the keys in them that it did not know yet.
STORES = {1: ["blocks", "journal", "thumbs", "pending", "failures", "roots", "meta"]}
STORES[2] = [*STORES[1], "statements"]
UNKNOWN = {1: ["device"], 2: []}

# Puts files into the database under the numbers in their names, and one picture as the thumbnail of many photos.
PUT = """
async ([input, picture, ids]) => {
  const db = await new Promise((resolve, reject) => {
    const request = indexedDB.open("shoebox");
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  const done = (transaction) => new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error);
  });
  for (const file of input.files) {
    const bytes = new Uint8Array(await file.arrayBuffer());
    const transaction = db.transaction("blocks", "readwrite");
    transaction.objectStore("blocks").put(bytes, parseInt(file.name));
    await done(transaction);
  }
  if (picture.files.length) {
    const bytes = new Uint8Array(await picture.files[0].arrayBuffer());
    const transaction = db.transaction("thumbs", "readwrite");
    for (const id of ids) transaction.objectStore("thumbs").put({ bytes, width: 400, height: 300 }, id);
    await done(transaction);
  }
  // As after every change that the app makes itself; else it would take the database for one that was never used.
  const transaction = db.transaction("meta", "readwrite");
  transaction.objectStore("meta").put(1, "generation");
  await done(transaction);
  db.close();
}
"""


def stored_vectors(app: App) -> dict[str, NDArray[np.float32]]:
    """The vectors that the page has stored, by the photos' ids."""
    parts = [read_block(data).rows for data in app.stored("blocks")]
    parts += [change.rows for _, change in map(read_entry, app.stored("journal")) if change.rows is not None]
    return {
        id_text(int(number)): vector
        for rows in parts
        for number, vector in zip(id_numbers(rows.columns["hash"]), rows.vectors, strict=True)
    }


def put_blocks(app: App, blocks: Sequence[Path], picture: Path | None = None, ids: Sequence[str] = ()) -> None:
    """Store blocks, and `picture` as the thumbnail of the photos `ids`; the page is open but not the app, then the app anew."""
    app.open()
    # A page of the same origin that is not the app holds no library in memory that could write its own over this one.
    app.page.goto(f"{app.site.origin}/models/default/vocab.txt")
    pictures = app.files([picture] if picture else [])
    app.js(PUT, [app.files(blocks), pictures, list(ids)])
    app.open()


def age(app: App, version: int) -> tuple[int, list[str]]:
    """Leave the database as a Shoebox of an earlier version would have; answers its version and stores as they are then."""
    numbered = ["pending", "statements"]
    found, stores = app.js(AS_VERSION, [version, STORES[version], numbered, UNKNOWN[version]])
    return found, stores
