"""Python archives compiled ahead of time, so that no page compiles them again at every start.

Pyodide ships its standard library and its wheels as sources, and a page has nowhere to keep what it compiled: three
quarters of the time until Python can do its first work went into compiling. The bytecode is made by the very
interpreter that runs it, since it differs from version to version; line numbers stay in traces, source lines do not.
"""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tooling.environment import EnvironmentProblem
from tooling.stamps import write_atomically

SCRIPT = Path(__file__).with_suffix(".mjs")


def compile_archives(archives: Sequence[Path], folder: Path, pyodide: Path) -> list[Path]:
    """Write compiled copies of `archives`, under the same names, into `folder`; return their paths.

    Parameters
    ----------
    archives : sequence of Path
        Wheels, or zip files of modules.
    folder : Path
    pyodide : Path
        The folder with the interpreter's own files.

    Raises
    ------
    EnvironmentProblem
        If Pyodide does not run or a source does not compile, with the last words.
    """
    with tempfile.TemporaryDirectory() as place:
        made = [Path(place) / archive.name for archive in archives]
        pairs = [str(path) for pair in zip(archives, made, strict=True) for path in pair]
        run = subprocess.run(["node", str(SCRIPT), str(pyodide), *pairs], capture_output=True, text=True)
        if run.returncode:
            raise EnvironmentProblem(f"Python could not be compiled for the page:\n{(run.stdout + run.stderr)[-2000:]}")
        for path in made:
            write_atomically(folder / path.name, path.read_bytes())
    return [folder / archive.name for archive in archives]
