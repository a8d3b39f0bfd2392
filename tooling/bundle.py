"""TypeScript to what browsers load: esbuild for the page, the workers and the service worker."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from tooling.environment import EnvironmentProblem
from tooling.paths import NODE_MODULES, ROOT, WEB, node_program

SOURCE = WEB / "src"
PAGE = SOURCE / "main.tsx"
STYLE = SOURCE / "ui" / "style.css"
WORKERS = SOURCE / "workers"
SERVICE_WORKER = SOURCE / "service-worker.ts"
# Codecs that the decode workers fetch when a photo needs one: name -> the script that its package holds.
CODECS = {
    "libheif": NODE_MODULES / "libheif-js" / "libheif-wasm" / "libheif.js",
    "openjpeg": NODE_MODULES / "@cornerstonejs" / "codec-openjpeg" / "dist" / "openjpegwasm_decode.js",
}

ESBUILD = node_program("esbuild")
COMMON = (
    "--bundle",
    "--minify",
    "--target=es2022",
    "--charset=utf8",
    "--legal-comments=none",
    "--log-level=warning",
    "--jsx=automatic",
    "--jsx-import-source=preact",
)
# The entry points of onnxruntime-web that load their glue and their binary from files, instead of holding the glue.
EXTERNAL_GLUE = "--conditions=onnxruntime-web-use-extern-wasm"


class BundleProblem(EnvironmentProblem):
    """The TypeScript does not bundle; the message is esbuild's."""


def esbuild(entries: list[Path | str], outdir: Path, *options: str) -> list[Path]:
    """Bundle `entries` into the emptied folder `outdir` and return the files written.

    Raises
    ------
    BundleProblem
        If a source file does not parse, or imports what is not there.
    """
    shutil.rmtree(outdir, ignore_errors=True)
    command = [str(ESBUILD), *[str(entry) for entry in entries], f"--outdir={outdir}", *COMMON, *options]
    answer = subprocess.run(command, cwd=WEB, capture_output=True, text=True)
    if answer.returncode:
        raise BundleProblem(f"The page's source does not bundle:\n{answer.stderr.strip()}")
    if answer.stderr.strip():
        print(answer.stderr.strip())
    return sorted(path for path in outdir.rglob("*") if path.is_file())


def bundle_page(outdir: Path) -> list[Path]:
    """Bundle the page to ``app.<hash>.js`` and ``app.<hash>.css`` in `outdir`."""
    entries: list[Path | str] = [f"app={_relative(PAGE)}", f"app={_relative(STYLE)}"]
    return esbuild(entries, outdir, "--format=esm", "--entry-names=[name].[hash]", "--asset-names=assets/[name].[hash]")


def bundle_workers(outdir: Path) -> list[Path]:
    """Bundle every ``web/src/workers/*.ts`` to a module of the same name in `outdir`; shared code to ``chunks/``."""
    entries: list[Path | str] = [_relative(path) for path in sorted(WORKERS.glob("*.ts")) if not path.name.endswith(".d.ts")]
    options = ("--format=esm", "--splitting", "--entry-names=[name]", "--chunk-names=chunks/[name].[hash]")
    return esbuild(entries, outdir, *options, EXTERNAL_GLUE, "--external:node:*")


def bundle_codecs(outdir: Path) -> list[Path]:
    """Make a module of each codec's script in `outdir`; its binary stays a file beside it."""
    entries: list[Path | str] = [f"{name}={_relative(script)}" for name, script in CODECS.items()]
    # What the scripts would import under Node they do not touch in a browser.
    return esbuild(entries, outdir, "--format=esm", "--external:fs", "--external:path", "--external:crypto")


def bundle_service_worker(outdir: Path) -> Path:
    """Bundle the service worker to one classic script in `outdir`; every browser runs those."""
    (script,) = esbuild([_relative(SERVICE_WORKER)], outdir, "--format=iife")
    return script


def _relative(path: Path) -> str:
    """Relative paths keep the place of the checkout out of what is hashed."""
    return "./" + path.relative_to(ROOT / "web").as_posix()
