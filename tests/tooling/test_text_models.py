"""The text pack: what the recipe changes changes nothing that is read, and what stands in pictures is read."""

from __future__ import annotations

import asyncio
from pathlib import Path

import numpy as np
import onnx
import pytest
from numpy.typing import NDArray
from onnx import numpy_helper
from onnxruntime import InferenceSession
from PIL import Image

from models.text import networks
from models.text.build import DETECTOR, RECOGNISER, build
from models.text.networks import TextNetworkProblem, quantised
from shoebox.reading.ctc import decode
from shoebox.reading.pack import TextPack
from shoebox.sessions.native import NativeSession, text_networks
from shoebox.sessions.protocol import Network
from shoebox.tasks.graph import Batch, TaskGraph
from shoebox.tasks.reading import TextRecognition, text_tasks
from tests.photos import SCENES, picture
from tests.written import LIGHT, sign
from tooling.text_weights import FILES, fetch_text_weights

WEIGHTS = fetch_text_weights.__defaults__[0] if fetch_text_weights.__defaults__ else Path()

pytestmark = pytest.mark.skipif(
    not all((WEIGHTS / name).is_file() for name in FILES), reason="needs .cache/text-weights; run: python build.py build"
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The text pack, built."""
    made = tmp_path_factory.mktemp("text")
    build(made, fetch_text_weights())
    return made


class Sessions:
    """The networks of the pack."""

    def __init__(self, folder: Path, pack: TextPack) -> None:
        self._open = {name: NativeSession(path, 1) for name, path in text_networks(folder, pack).items()}

    async def open(self, network: Network) -> NativeSession:
        return self._open[network]


class Reading:
    """Reads pictures with the real networks."""

    def __init__(self, folder: Path) -> None:
        pack = TextPack.from_folder(folder)
        alphabet = pack.alphabet((folder / pack.characters.name).read_bytes())
        self._graph = TaskGraph(text_tasks(pack, alphabet, Sessions(folder, pack)))

    def __call__(self, photo: Image.Image) -> list[str]:
        batch = Batch([np.asarray(photo.convert("RGB"))])
        return list(asyncio.run(self._graph.run([TextRecognition.name], batch))[TextRecognition.name].texts)


@pytest.fixture(scope="module")
def read(folder: Path) -> Reading:
    return Reading(folder)


def session(model: bytes | str) -> InferenceSession:
    return InferenceSession(model, providers=["CPUExecutionProvider"])


def as_paddle_wants(pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
    """RGB bytes as BGR planes from -1 to 1."""
    return np.ascontiguousarray((pixels[..., ::-1].astype(np.float32) / 127.5 - 1).transpose(0, 3, 1, 2))


def test_the_pack_is_small_and_says_whose_it_is(folder: Path) -> None:
    pack = TextPack.from_folder(folder)
    assert pack.licence == "Apache-2.0"
    assert sum(file.size for file in pack.files()) < 9_000_000
    for name in (pack.detector.file.name, pack.recogniser.file.name):
        assert "Baidu" in onnx.load(folder / name).doc_string


def test_the_detector_sees_what_the_original_sees(folder: Path) -> None:
    pixels = np.asarray(sign(["NO", "PARKING"], height=80).resize((640, 480)))[None]
    (here,) = session(str(folder / "detector.onnx")).run(None, {"pixels": pixels})
    (there,) = session(str(WEIGHTS / DETECTOR)).run(None, {"x": as_paddle_wants(pixels)})
    assert here.dtype == np.uint8
    assert np.abs(here / 255 - there[:, 0]).mean() < 0.005


def test_the_recogniser_reads_what_the_original_reads(folder: Path) -> None:
    line = sign(["Platform 7 to the harbour"], height=40).crop((345, 420, 855, 480)).resize((408, 48))
    pixels = np.asarray(line)[None]
    characters, likely = session(str(folder / "recogniser.onnx")).run(None, {"pixels": pixels})
    (there,) = session(str(WEIGHTS / RECOGNISER)).run(None, {"x": as_paddle_wants(pixels)})
    assert (characters == there.argmax(axis=2)).mean() > 0.97
    assert np.abs(likely - there.max(axis=2)).mean() < 0.02
    alphabet = ["", *(folder / "characters.txt").read_text("utf-8").split("\n")[:-1], " "]
    assert decode(characters, likely, alphabet)[0][0] == "Platform 7 to the harbour"


def test_weights_in_one_byte_are_nearly_what_they_were() -> None:
    values = np.random.default_rng(5).normal(size=(8, 40, 3, 3)).astype(np.float32)
    values[3] = 0
    small, scales = quantised(values, 0)
    assert small.dtype == np.int8
    assert scales.shape == (8, 1, 1, 1)
    assert np.abs(small * scales - values).max() <= np.abs(values).max() / 250


def test_a_network_that_the_recipe_does_not_know_is_refused() -> None:
    model = onnx.load(WEIGHTS / RECOGNISER)
    del model.metadata_props[:]
    with pytest.raises(TextNetworkProblem, match="characters"):
        networks.recogniser(model.SerializeToString())
    model.opset_import[0].version = 18
    with pytest.raises(TextNetworkProblem, match="opset"):
        networks.detector(model.SerializeToString())


def test_nothing_large_stays_in_four_bytes(folder: Path) -> None:
    for name in ("detector.onnx", "recogniser.onnx"):
        tensors = [numpy_helper.to_array(each) for each in onnx.load(folder / name).graph.initializer]
        assert max(each.nbytes for each in tensors if each.dtype == np.float32) < 100_000


RECEIPT = ["Harbour Bakery", "2 cappuccino 8.40", "1 croissant 3.20", "Total 11.60"]


@pytest.mark.parametrize("turned", [0, 4, -10, 30, 90])
def test_a_receipt_is_read_however_it_lies(read: Reading, turned: float) -> None:
    assert set(read(sign(RECEIPT, height=32, turned=turned))) == set(RECEIPT)


def test_light_letters_on_dark_ground_are_read(read: Reading) -> None:
    assert read(sign(RECEIPT, height=32, ink=LIGHT, paper=(40, 50, 70))) == RECEIPT


def test_large_and_small_letters_are_read(read: Reading) -> None:
    assert read(sign(["EXIT"], height=260)) == ["EXIT"]
    assert read(sign(["The harbour is closed today"], height=20)) == ["The harbour is closed today"]


def test_a_page_full_of_text_is_read_from_the_top(read: Reading) -> None:
    lines = [f"{number} bottles of water on the wall" for number in range(10, 40)]
    assert read(sign(lines, height=26, size=(1500, 1400))) == lines


@pytest.mark.parametrize("scene", ["cat", "astronaut", "coffee", "rocket", "galaxies", "coins", "moon", "grass", "bricks"])
def test_nothing_is_read_where_nothing_is_written(read: Reading, scene: str) -> None:
    assert scene in SCENES
    assert read(picture(scene)) == []


@pytest.mark.parametrize("size", [(12, 12), (10_000, 200), (1, 900)])
def test_pictures_of_odd_sizes_have_no_text(read: Reading, size: tuple[int, int]) -> None:
    assert read(Image.new("RGB", size, (90, 140, 190))) == []


def test_a_sign_in_a_panorama_is_read(read: Reading) -> None:
    photo = Image.new("RGB", (6000, 600), (90, 140, 190))
    photo.paste(sign(["NO PARKING"], height=60, size=(800, 500)), (4300, 40))
    assert read(photo) == ["NO PARKING"]
