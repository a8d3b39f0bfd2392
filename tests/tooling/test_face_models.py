"""The rebuilt face networks give what face-api itself gives, and are built once, whole, and with weights of one byte."""

from __future__ import annotations

import shutil
import subprocess
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from numpy.typing import NDArray
from onnxruntime import InferenceSession

from models.faces import detector
from models.faces.build import WEIGHTS, build
from models.faces.graph import Graph
from models.faces.shards import ShardProblem, Weight, read_weights
from shoebox.errors import PackError
from shoebox.faces import ssd
from shoebox.faces.pack import FacePack
from tests.photos import SHARED, picture

SCRIPT = Path(__file__).with_name("face_api.mjs")
# Largest difference of any number; both compute in float32, in another order.
TOLERANCE = 1e-5
OTHER_FACES = 3

pytestmark = pytest.mark.skipif(not WEIGHTS.is_dir(), reason="needs web/node_modules; run: python build.py build")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The face pack, built."""
    made = tmp_path_factory.mktemp("faces")
    build(made)
    return made


@dataclass(frozen=True, slots=True, eq=False)
class Reference:
    """Pixels, and what face-api makes of them."""

    pixels: dict[str, NDArray[np.uint8]]
    outputs: dict[str, NDArray[np.float32]]


@pytest.fixture(scope="module")
def reference(tmp_path_factory: pytest.TempPathFactory) -> Reference:
    node = shutil.which("node")
    assert node, "Node was not found; install Node 20 or newer."
    work = tmp_path_factory.mktemp("face-api")
    faces = [picture("astronaut").crop((160, 50, 290, 180))]
    people = sorted(SHARED.glob("faces/*/*"))[:: 2028 // OTHER_FACES][:OTHER_FACES]
    from PIL import Image

    faces += [Image.open(path).convert("RGB").crop((65, 60, 185, 180)) for path in people]
    pixels = {
        "detector": np.asarray(picture("astronaut").resize((512, 512)))[None],
        "landmarks": np.stack([np.asarray(face.resize((112, 112))) for face in faces]),
        "recogniser": np.stack([np.asarray(face.resize((150, 150))) for face in faces]),
    }
    for name, values in pixels.items():
        (work / f"{name}.bin").write_bytes(values.tobytes())
    run = subprocess.run([node, str(SCRIPT), str(WEIGHTS.parent), str(work)], capture_output=True, text=True, timeout=600)
    assert run.returncode == 0, run.stderr[-2000:]
    names = ("scores", "boxes", "points", "vectors")
    return Reference(pixels, {name: np.fromfile(work / f"{name}.bin", np.float32) for name in names})


def outputs(network: Path | bytes, pixels: NDArray[np.uint8]) -> dict[str, NDArray[Any]]:
    """What a rebuilt network makes of pixels."""
    session = InferenceSession(network, providers=["CPUExecutionProvider"])
    return dict(zip([output.name for output in session.get_outputs()], session.run(None, {"pixels": pixels}), strict=True))


@pytest.fixture(scope="module")
def exact() -> bytes:
    """The detector as face-api computes it."""
    return detector.build(read_weights(WEIGHTS, detector.MODEL), exact=True)


def test_the_detector_agrees_with_face_api(exact: bytes, folder: Path, reference: Reference) -> None:
    found = outputs(exact, reference.pixels["detector"])
    model = FacePack.from_folder(folder).detector
    boxes = ssd.decode(found["offsets"][0], ssd.anchors(512, 512, model.strides, model.sizes)) / 512
    theirs = reference.outputs["boxes"].reshape(-1, 4)[:, [1, 0, 3, 2]]
    assert np.abs(found["scores"][0] - reference.outputs["scores"]).max() < TOLERANCE
    assert np.abs(boxes - theirs).max() < TOLERANCE
    assert found["scores"].max() > 0.9, "the astronaut's face is seen"


@pytest.mark.parametrize(("side", "grids"), [(256, 6), (detector.COARSE, 6), (640, 1)])
def test_computing_in_bytes_sees_what_face_api_sees(exact: bytes, folder: Path, side: int, grids: int) -> None:
    model = FacePack.from_folder(folder).detector
    standing = ssd.anchors(side, side, model.strides[:grids], model.sizes[:grids])
    # Small enough for the finest grid to find the face.
    picture_of = np.zeros((1, side, side, 3), np.uint8)
    picture_of[0, :256, :256] = np.asarray(picture("astronaut").resize((256, 256)))
    theirs, ours = (outputs(network, picture_of) for network in (exact, folder / "detector.onnx"))
    assert ours["scores"].shape == (1, len(standing))
    assert ours["scores"].max() > 0.9
    # Small pictures are computed as face-api does, large ones in bytes.
    assert np.abs(ours["scores"] - theirs["scores"][:, : len(standing)]).max() < (0.1 if grids == 1 else TOLERANCE)
    faces = np.flatnonzero(theirs["scores"][0, : len(standing)] > 0.5)
    boxes = [ssd.decode(found["offsets"][0, faces], standing[faces]) for found in (theirs, ours)]
    assert np.abs(boxes[0] - boxes[1]).max() < 2, "pixels"


def test_filters_without_a_whole_number_for_zero_are_not_computed_in_bytes() -> None:
    values = np.zeros((1, 1, 2, 3), np.uint8)
    with pytest.raises(ShardProblem, match="zero"):
        Graph("bytes").byte_convolution("pixels", Weight(values, 1.0, -0.5), np.zeros(3), 1.0)


def test_the_landmarks_agree_with_face_api(folder: Path, reference: Reference) -> None:
    found = outputs(folder / "landmarks.onnx", reference.pixels["landmarks"])["points"]
    assert np.abs(found.reshape(-1) - reference.outputs["points"]).max() < TOLERANCE


def test_the_vectors_agree_with_face_api(folder: Path, reference: Reference) -> None:
    found = outputs(folder / "recogniser.onnx", reference.pixels["recogniser"])["vectors"]
    assert np.abs(found.reshape(-1) - reference.outputs["vectors"]).max() < TOLERANCE


def test_several_photos_at_once_give_what_single_ones_give(folder: Path) -> None:
    one = np.asarray(picture("astronaut").resize((128, 96)))
    other = np.asarray(picture("cat").resize((128, 96)))
    both = outputs(folder / "detector.onnx", np.stack([one, other]))
    for row, alone in enumerate((one, other)):
        for name, values in outputs(folder / "detector.onnx", alone[None]).items():
            np.testing.assert_allclose(both[name][row], values[0], atol=1e-4)


def test_weights_stay_in_one_byte(folder: Path) -> None:
    total = sum(path.stat().st_size for path in folder.glob("*.onnx"))
    assert total < 12.7e6
    model = onnx.load(folder / "detector.onnx")
    large = [tensor for tensor in model.graph.initializer if np.prod(tensor.dims) > 5000]
    assert large and all(tensor.data_type == onnx.TensorProto.UINT8 for tensor in large)


def test_building_again_gives_the_same_bytes_and_writes_nothing(folder: Path) -> None:
    before = {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in folder.iterdir()}
    build(folder)
    assert before == {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in folder.iterdir()}


def test_the_manifest_names_every_network_with_its_licence(folder: Path) -> None:
    manifest = tomllib.loads((folder / "pack.toml").read_text("utf-8"))
    assert manifest["licence"] == "MIT"
    assert {part.name for part in FacePack.from_folder(folder).files()} == {path.name for path in folder.glob("*.onnx")}


def test_a_network_that_is_not_the_one_in_the_manifest_is_refused(folder: Path, tmp_path: Path) -> None:
    shutil.copytree(folder, tmp_path / "pack")
    network = tmp_path / "pack" / "recogniser.onnx"
    content = bytearray(network.read_bytes())
    content[1000] ^= 1
    network.write_bytes(content)
    with pytest.raises(PackError, match=r"recogniser\.onnx .* is not the one"):
        FacePack.from_folder(tmp_path / "pack")


def test_weights_that_are_cut_short_are_refused(tmp_path: Path) -> None:
    for path in WEIGHTS.glob("face_landmark_68_model*"):
        shutil.copy(path, tmp_path)
    shard = tmp_path / "face_landmark_68_model.bin"
    shard.write_bytes(shard.read_bytes()[:-1])
    with pytest.raises(ShardProblem, match="cannot be read"):
        read_weights(tmp_path, "face_landmark_68_model")
