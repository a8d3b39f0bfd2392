"""The page's whole database as text and back: what an earlier Shoebox has left on a device, kept in `earlier/`.

A value is JSON; what JSON has no word for stands as an object with one key: `$bytes`, `$float32`, `$float64`, `$blob` (base64)
and `$file`.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.browser.app import App

EARLIER = Path(__file__).parent / "earlier"

DUMP = """
async () => {
  const ended = (request) => new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  const base64 = (buffer) => btoa(Array.from(new Uint8Array(buffer), (byte) => String.fromCharCode(byte)).join(""));
  const told = async (value) => {
    const kinds = [[Uint8Array, "$bytes"], [Float32Array, "$float32"], [Float64Array, "$float64"]];
    for (const [kind, name] of kinds) {
      const { buffer, byteOffset, byteLength } = value ?? {};
      if (value instanceof kind) return { [name]: base64(buffer.slice(byteOffset, byteOffset + byteLength)) };
    }
    if (value instanceof File) {
      const { name, type, lastModified } = value;
      return { $file: { name, type, lastModified, bytes: base64(await value.arrayBuffer()) } };
    }
    if (value instanceof Blob) return { $blob: base64(await value.arrayBuffer()) };
    if (value === null || typeof value !== "object") return value;
    if (Array.isArray(value)) return Promise.all(value.map(told));
    return Object.fromEntries(await Promise.all(Object.entries(value).map(async ([key, part]) => [key, await told(part)])));
  };
  const db = await ended(indexedDB.open("shoebox"));
  const stores = {};
  for (const name of db.objectStoreNames) {
    const store = db.transaction(name).objectStore(name);
    const [keys, values] = await Promise.all([ended(store.getAllKeys()), ended(store.getAll())]);
    const entries = await Promise.all(values.map(async (value, index) => [keys[index], await told(value)]));
    stores[name] = { autoIncrement: store.autoIncrement, entries };
  }
  const { version } = db;
  db.close();
  return { version, stores };
}
"""

RESTORE = """
async ({ version, stores }) => {
  const ended = (request) => new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  const bytes = (text) => Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  const meant = (value) => {
    if (value === null || typeof value !== "object") return value;
    if (Array.isArray(value)) return value.map(meant);
    if ("$bytes" in value) return bytes(value.$bytes);
    if ("$float32" in value) return new Float32Array(bytes(value.$float32).buffer);
    if ("$float64" in value) return new Float64Array(bytes(value.$float64).buffer);
    if ("$blob" in value) return new Blob([bytes(value.$blob)]);
    if ("$file" in value) {
      const { name, type, lastModified, bytes: content } = value.$file;
      return new File([bytes(content)], name, { type, lastModified });
    }
    return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, meant(part)]));
  };
  await ended(indexedDB.deleteDatabase("shoebox"));
  const request = indexedDB.open("shoebox", version);
  request.onupgradeneeded = () => {
    for (const [name, { autoIncrement, entries }] of Object.entries(stores)) {
      const store = request.result.createObjectStore(name, { autoIncrement });
      for (const [key, value] of entries) store.put(meant(value), key);
    }
  };
  (await ended(request)).close();
}
"""


def dump(app: App) -> dict[str, Any]:
    """The database of the page as it is: its version, and each store with its entries."""
    found: dict[str, Any] = app.js(DUMP)
    return found


def earlier(version: int) -> dict[str, Any]:
    """The database that a Shoebox of this version has left: `version`, `stores`, and what it knew under `known`."""
    left: dict[str, Any] = json.loads((EARLIER / f"version-{version}.json").read_text("utf-8"))
    return left


def restore(app: App, left: dict[str, Any]) -> None:
    """Put a dumped database in the place of the page's own. The app is not open afterwards."""
    # A page of the same origin that is not the app holds no database open.
    app.page.goto(f"{app.site.origin}/models/default/vocab.txt")
    app.js(RESTORE, {"version": left["version"], "stores": left["stores"]})
