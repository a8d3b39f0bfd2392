"""Reading photos, as the page asks for it: with drawn networks, since the real ones need more than Pyodide has."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from shoebox.api import Shoebox
from shoebox.errors import PackError, QueryError
from shoebox.reading.line_reader import MOST_TOGETHER, together
from shoebox.reading.pack import TextPack
from shoebox.search.syntax import MisreadQuery
from shoebox.sessions.protocol import Network, SessionError
from shoebox.store.rows import id_text
from tests.unit.archive_making import add
from tests.unit.library_making import number
from tests.unit.text_making import text_list
from tests.unit.tiny_pack import NumpySessions, run, tiny_pack

CHARACTERS = b"a\nb\nc\n"
MANIFEST = """
id = "drawn"
version = "1"
licence = "MIT"
languages = "letters"
[detector]
file = "d.onnx"
bytes = 1
sha256 = "{zeros}"
input = "pixels"
first = 320
second = 640
glimpse = 0.2
glimpsed = 0.4
sure = 0.4
pixel = 0.3
growth = 0.4
[recogniser]
file = "r.onnx"
bytes = 1
sha256 = "{zeros}"
input = "pixels"
height = 48
sure = 0.7
[characters]
file = "c.txt"
bytes = 6
sha256 = "{characters}"
"""


def manifest(**changes: str) -> bytes:
    text = MANIFEST.format(zeros="0" * 64, characters=hashlib.sha256(CHARACTERS).hexdigest())
    for old, new in changes.items():
        text = text.replace(f"{old} =", f"{new} =")
    return text.encode()


class Drawn:
    """A network that is a rule: what is bright is text, how red it is says which letter, and green makes that unsure."""

    def __init__(self, network: Network) -> None:
        self._network = network
        self.runs: list[tuple[int, ...]] = []

    async def run(self, inputs: Mapping[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
        pixels = inputs["pixels"]
        self.runs.append(pixels.shape)
        if (pixels[..., 2] == 77).any():
            raise SessionError("The drawn network does not like this blue.")
        if self._network == "text-detector":
            return {"map": np.where(pixels[..., 0] > 60, 255, 0).astype(np.uint8)}
        red = np.median(pixels[:, 20:28, :, 0], axis=1)
        letters = np.clip(np.round(red / 80), 0, 3).astype(np.int32)[:, ::8]
        # Every other step is nothing, so that the same letter comes again and again.
        letters[:, 1::2] = 0
        sure = np.where(pixels[:, 20:28, :, 1].mean(axis=(1, 2)) > 100, 0.1, 0.9).astype(np.float32)
        return {"characters": letters, "probabilities": np.repeat(sure[:, None], letters.shape[1], axis=1)}


class Networks(NumpySessions):
    def __init__(self) -> None:
        super().__init__()
        self.drawn: dict[str, Drawn] = {}

    async def open(self, network: Network) -> Any:
        if not network.startswith("text-"):
            return await super().open(network)
        return self.drawn.setdefault(network, Drawn(network))


def photo(
    *bars: tuple[int, int, int, int], size: tuple[int, int] = (600, 400), green: int = 0, blue: int = 0
) -> dict[str, Any]:
    """A dark picture with bars: left, top, length, how red; the whole as green and blue as is said."""
    pixels = np.zeros((size[1], size[0], 3), np.uint8)
    for left, top, length, red in bars:
        pixels[top : top + 24, left : left + length, 0] = red
    pixels[..., 1:] = green, blue
    return {"width": size[0], "height": size[1], "pixels": pixels.tobytes()}


@pytest.fixture
def networks() -> Networks:
    return Networks()


@pytest.fixture
def box(networks: Networks) -> Shoebox:
    """Three photos that nobody has read yet."""
    box = Shoebox(tiny_pack(), networks)
    add(box, ("sign", [("sign.jpg", 1.0)]), ("wall", [("wall.jpg", 1.0)]), ("dog", [("dog.jpg", 1.0)]))
    box.reader.begin(manifest(), CHARACTERS)
    return box


def look(box: Shoebox, photos: dict[str, dict[str, Any]], missed: tuple[str, ...] = ()) -> dict[str, Any]:
    """Have photos read, and keep what was read."""
    ids = [{"id": id_text(number(name)), "width": each["width"], "height": each["height"]} for name, each in photos.items()]
    pixels = [each["pixels"] for each in photos.values()]
    answer = run(box.reader.look(ids, pixels, [id_text(number(name)) for name in missed]))
    if answer["batch"] is not None:
        box.reader.settle(answer["batch"], True)
    return answer


def read(box: Shoebox, name: str) -> list[str]:
    lines: list[str] = box.photo(id_text(number(name)))["text"]
    return lines


def found(box: Shoebox, query: str) -> list[str]:
    return [hit["name"] for hit in run(box.search(query))["results"]]


def todo(box: Shoebox) -> int:
    return len(box.reader.todo()["ids"]) // 16


def test_what_is_written_is_read_in_order_and_found(box: Shoebox) -> None:
    signs = photo((60, 40, 200, 240), (60, 200, 200, 160), (330, 38, 200, 80))
    assert look(box, {"sign": signs, "wall": photo()})["lines"] == 3
    lines = read(box, "sign")
    assert [set(line) for line in lines] == [{"c"}, {"a"}, {"b"}]
    assert read(box, "wall") == []
    assert found(box, f"text:{lines[0][:4]}") == ["sign.jpg"]
    assert found(box, "text:zebra") == []
    assert set(found(box, "-text:cccc")) == {"wall.jpg", "dog.jpg"}
    assert todo(box) == 1
    assert box.stats()["texts"] == 1


def test_a_photo_without_text_costs_one_look(box: Shoebox, networks: Networks) -> None:
    look(box, {"wall": photo(size=(1500, 1000))})
    assert networks.drawn["text-detector"].runs == [(1, 224, 320, 3)]
    assert "text-recogniser" not in networks.drawn
    assert todo(box) == 2


def test_where_there_is_text_it_is_looked_at_again_in_detail(box: Shoebox, networks: Networks) -> None:
    look(box, {"sign": photo((200, 300, 500, 240), size=(1500, 1000))})
    assert [shape[2] for shape in networks.drawn["text-detector"].runs] == [320, 640]
    assert len(read(box, "sign")) == 1


def test_where_only_something_like_text_is_nothing_is_looked_at_again(box: Shoebox, networks: Networks) -> None:
    look(box, {"wall": photo((200, 300, 500, 240), size=(1500, 1000), green=200)})
    assert [shape[2] for shape in networks.drawn["text-detector"].runs] == [320]
    assert read(box, "wall") == []


def test_a_photo_that_a_second_look_would_not_enlarge_is_read_only_once(box: Shoebox, networks: Networks) -> None:
    look(box, {"sign": photo((20, 30, 200, 240), size=(320, 200))})
    assert len(networks.drawn["text-detector"].runs) == 1
    assert len(networks.drawn["text-recogniser"].runs) == 1
    assert len(read(box, "sign")) == 1


def test_corners_are_those_of_the_upright_photo(box: Shoebox) -> None:
    look(box, {"sign": photo((150, 100, 300, 240), size=(600, 400))})
    table = box.library.table
    row = box.library.row_of(number("sign"))
    size = np.array([table["width"][row], table["height"][row]])
    corners = box._readings.of(number("sign")).corners[0] / size
    assert corners[0].tolist() == pytest.approx([0.25, 0.25], abs=0.04)
    assert corners[2].tolist() == pytest.approx([0.75, 0.31], abs=0.04)


def test_one_photo_that_a_network_cannot_bear_does_not_stop_the_others(box: Shoebox) -> None:
    look(box, {"sign": photo((60, 40, 200, 240)), "wall": photo(blue=77)})
    assert len(read(box, "sign")) == 1
    assert todo(box) == 1


def test_where_no_photo_can_be_read_nothing_is_kept(box: Shoebox) -> None:
    with pytest.raises(SessionError, match="blue"):
        look(box, {"wall": photo(blue=77)})
    assert todo(box) == 3


def test_a_photo_that_cannot_be_decoded_does_not_hide_that_no_other_can_be_read(box: Shoebox) -> None:
    with pytest.raises(SessionError, match="blue"):
        look(box, {"wall": photo(blue=77), "dog": {**photo(), "width": 7}})
    assert todo(box) == 3


@pytest.mark.parametrize("size", [(12, 12), (3000, 40), (1, 1), (33, 500)])
def test_photos_of_odd_shapes_are_looked_at(box: Shoebox, size: tuple[int, int]) -> None:
    look(box, {"wall": photo(size=size)})
    assert todo(box) == 2


def test_a_picture_full_of_lines_is_read_as_far_as_that_is_sensible(box: Shoebox, networks: Networks) -> None:
    many = [(20, 20 + 48 * row, 560, 240) for row in range(40)]
    look(box, {"sign": photo(*many, size=(600, 2000))})
    assert len(read(box, "sign")) == 40
    assert all(shape[0] <= MOST_TOGETHER for shape in networks.drawn["text-recogniser"].runs)


def test_what_cannot_be_decoded_is_not_asked_for_again_and_what_is_unknown_is_passed_over(box: Shoebox) -> None:
    assert look(box, {}, missed=("wall", "nowhere"))["batch"] is not None
    assert todo(box) == 2
    assert look(box, {"nowhere": photo()})["batch"] is None
    broken = {**photo(), "width": 7}
    look(box, {"dog": broken})
    assert todo(box) == 1


def test_text_leaves_with_its_photo(box: Shoebox) -> None:
    look(box, {"sign": photo((60, 40, 200, 240)), "wall": photo()})
    box.accept(box.remove([id_text(number("sign"))])["batch"])
    folded = box.reader.fold(tidy=True)
    assert folded is not None
    box.reader.settle(folded["batch"], True)
    assert box._readings.list_of(number("sign")) is None
    assert box._readings.sought(number("wall"))


def test_everything_about_text_can_be_forgotten(box: Shoebox) -> None:
    look(box, {"sign": photo((60, 40, 200, 240))})
    box.reader.forget()
    assert (todo(box), read(box, "sign"), box.stats()["texts"]) == (3, [], 0)
    with pytest.raises(MisreadQuery, match="no text has been read"):
        found(box, "text:cccc")


def test_stored_text_is_loaded_and_checked(box: Shoebox, networks: Networks) -> None:
    staged = box._readings.stage_list(text_list({"sign": ["beware"]}))
    (_, stored) = staged["put"][0]
    other = Shoebox(tiny_pack(), networks)
    other.load([], [], texts=[stored, b"damaged"], text_keys=[5, 6])
    assert other._readings.of(number("sign")).texts == ("beware",)
    assert other.verify(texts=[stored])["ok"]
    assert not other.verify(texts=[])["ok"]


@pytest.mark.parametrize("query", ["text:", 'text:"?!"'])
def test_a_search_for_nothing_says_what_to_write(box: Shoebox, query: str) -> None:
    look(box, {"sign": photo((60, 40, 200, 240))})
    with pytest.raises(MisreadQuery, match="text:exit"):
        found(box, query)


def test_nothing_is_read_before_a_pack_has_begun() -> None:
    box = Shoebox(tiny_pack(), Networks())
    with pytest.raises(QueryError, match="settings"):
        run(box.reader.look([], []))
    assert box.reader.model is None


def test_a_pack_is_described_and_checked(box: Shoebox) -> None:
    told = box.reader.describe(manifest())
    assert [each["file"] for each in told["networks"]] == ["d.onnx", "r.onnx"]
    assert told["characters"] == "c.txt"
    with pytest.raises(PackError):
        box.reader.begin(manifest(), b"a\nb\nd\n")
    for old, new in (("growth", "grows"), ("languages", "tongues"), ("first", "second")):
        with pytest.raises(PackError):
            TextPack.from_manifest(manifest(**{old: new}))


def test_lines_of_one_length_are_read_together() -> None:
    runs = list(together([100, 900, 105, 98, 110, 102, 99, 101, 880]))
    assert sorted(number for run in runs for number in run) == list(range(9))
    assert [len(run) for run in runs] == [6, 1, 2]
    assert list(together([])) == []
