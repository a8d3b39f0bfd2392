"""What JavaScript gets: errors as data everywhere, and inside Pyodide the whole way from start to search."""

from __future__ import annotations

import asyncio
import sys
from typing import Any

import numpy as np
import pytest

from shoebox import worker
from shoebox.errors import StoreError, UnreadablePhoto
from shoebox.search.query import MisreadQuery
from tests.unit.tiny_pack import files, image_network, run, text_network

in_pyodide = pytest.mark.skipif(sys.platform != "emscripten", reason="there is no JavaScript on CPython")


def test_a_foreseen_error_is_its_sentence_and_its_kind() -> None:
    told = worker.describe(StoreError("A stored block is damaged."))
    assert told["kind"] == "StoreError"
    assert told["error"].startswith("A stored block is damaged. ")


def test_an_error_brings_along_what_the_page_can_use() -> None:
    told = worker.describe(MisreadQuery("“in:x” at position 5 is not a date.", "Write a year.", 4, 4))
    assert (told["position"], told["length"]) == (4, 4)
    told = worker.describe(UnreadablePhoto("The file is empty.", permanent=True))
    assert (told["reason"], told["permanent"]) == ("The file is empty.", True)


def test_an_error_that_was_not_foreseen_is_a_defect_with_its_trace() -> None:
    try:
        raise ZeroDivisionError("secret detail")
    except ZeroDivisionError as error:
        told = worker.describe(error)
    assert told["kind"] == "Defect"
    assert "secret detail" not in told["error"]
    assert "secret detail" in told["trace"]


class Networks:
    """The inference worker's side: data comes from JavaScript and goes back to it. (That it answers by a promise is left to the
    tests in the browser: a test here cannot wait for one.)
    """

    def __init__(self) -> None:
        from shoebox.sessions.javascript import as_object, typed_array

        self.lost = False
        self.seen: list[str] = []
        self.files = as_object({name: typed_array(data) for name, data in files().items() if not name.endswith(".onnx")})

    async def run(self, network: str, feeds: Any) -> Any:
        from shoebox.sessions.javascript import as_object, numpy_array, typed_array

        if self.lost:
            raise RuntimeError("Error: The device was lost.")
        self.seen.append(network)
        inputs = {feed.name: numpy_array(feed.data).reshape([int(side) for side in feed.dims]) for feed in feeds}
        outputs = image_network(inputs["pixels"]) if network == "image" else text_network(inputs["ids"], inputs["mask"])
        return as_object(
            [{"name": name, "dims": list(array.shape), "data": typed_array(array)} for name, array in outputs.items()]
        )


@pytest.fixture
def networks() -> Networks:
    """The networks of the pack that knows colours, and a worker that is started with them."""
    made = Networks()
    assert run(worker.start("library", made.files, made.run)).value.models.image == "image.onnx"
    return made


@in_pyodide
@pytest.mark.usefixtures("networks")
def test_verbs_that_need_no_network_answer_with_plain_javascript_data() -> None:
    import js

    grid = run(worker.call("grid"))
    assert grid.value.ids == ""
    assert grid.value.taken.constructor.name == "Float64Array"
    assert grid.transfer.length == 2
    photos = run(worker.call("photos", js.JSON.parse('{"limit": 5, "sort": null}')))
    assert js.JSON.stringify(photos.value) == '{"total":0,"results":[]}'


@in_pyodide
@pytest.mark.parametrize(
    ("verb", "args", "kind"),
    [
        ("dance", "{}", "QueryError"),
        ("load", "{}", "QueryError"),
        ("search", '{"query": "dog", "colour": 1}', "QueryError"),
        ("search", '{"query": "in:x"}', "MisreadQuery"),
        ("photo", '{"id": "0000000000000000"}', "QueryError"),
        ("decode", '{"data": 5}', "Defect"),
        ("accept", '{"batch": 7}', "QueryError"),
    ],
)
@pytest.mark.usefixtures("networks")
def test_what_goes_wrong_is_answered_not_thrown(verb: str, args: str, kind: str) -> None:
    import js

    answer = run(worker.call(verb, js.JSON.parse(args)))
    assert answer.kind == kind
    assert answer.error.strip().endswith(".")


@in_pyodide
def test_a_damaged_pack_is_answered_as_such() -> None:
    from shoebox.sessions.javascript import as_object, typed_array

    damaged = {**files(), "vocab.txt": b"not the vocabulary"}
    answer = run(worker.start("library", as_object({name: typed_array(data) for name, data in damaged.items()}), None))
    assert answer.kind == "PackError"


@in_pyodide
def test_the_fallback_decoder_needs_no_pack() -> None:
    import io

    from PIL import Image

    from shoebox.sessions.javascript import as_object, typed_array

    data = io.BytesIO()
    Image.new("RGB", (30, 20), (200, 10, 10)).save(data, "TIFF")
    assert "error" not in dir(run(worker.start("decode", None, None)))
    answer = run(worker.call("decode", as_object({"data": typed_array(data.getvalue()), "name": "a.tif"})))
    assert (answer.value.photoWidth, answer.value.photoHeight) == (30, 20)
    assert answer.value.pixels.constructor.name == "Uint8Array"
    assert answer.value.pixels.length == answer.value.width * answer.value.height * 3
    shown = run(worker.call("show", as_object({"data": typed_array(data.getvalue()), "name": "a.tif"})))
    assert (shown.value.width, shown.value.height, shown.value.jpeg.constructor.name) == (30, 20, "Uint8Array")
    judged = run(worker.call("judge", as_object({"name": "a.tif", "head": typed_array(data.getvalue()), "whole": True})))
    assert (judged.value.action, judged.value.decoder) == ("decode", "python")
    assert run(worker.call("search", as_object({"query": "dog"}))).kind == "QueryError"
    broken = run(worker.call("decode", as_object({"data": typed_array(b"no photo")})))
    assert broken.kind == "UnreadablePhoto"
    assert broken.permanent is True


@in_pyodide
def test_a_photo_goes_in_and_is_found_through_javascript(networks: Networks) -> None:
    import hashlib
    import io

    import js
    from PIL import Image

    from shoebox.sessions.javascript import as_object, typed_array

    def call(verb: str, **args: Any) -> Any:
        return run(worker.call(verb, as_object(args)))

    data = io.BytesIO()
    Image.new("RGB", (30, 20), (255, 0, 0)).save(data, "PNG")
    png = data.getvalue()
    entry = {"name": "a/red.png", "size": len(png), "mtime": 1.5, "hash": hashlib.sha256(png).hexdigest()}
    found = call("inspect", entry=entry, head=typed_array(png), whole=False).value
    assert (found.action, found.decoder, found.mime) == ("decode", "browser", "image/png")
    item = {"ticket": found.ticket, "width": 30, "height": 20, "photoWidth": 30, "photoHeight": 20}
    request = {"batch": [item], "pixels": [typed_array(np.tile(np.array([255, 0, 0], np.uint8), 600))]}
    networks.lost = True
    failed = call("index", **request)
    assert failed.kind == "SessionError"
    assert failed.error.startswith("The device was lost.")
    networks.lost = False
    answer = call("index", **request)
    assert answer.transfer.length == 1
    assert js.JSON.stringify(answer.value.rows[0].taken) == "null"
    journal = answer.value.journal
    call("accept", batch=answer.value.batch)
    assert call("search", query="red", limit=3).value.results[0].name == "a/red.png"
    assert networks.seen == ["image", "text"]
    run(worker.start("library", networks.files, networks.run))
    assert call("load", blocks=[], journal=[journal]).value.photos == 1


@pytest.mark.cpython_only
def test_on_cpython_there_is_no_javascript_to_answer() -> None:
    with pytest.raises(ModuleNotFoundError, match="pyodide"):
        asyncio.run(worker.call("grid"))
