from __future__ import annotations

import asyncio
import hashlib
import os
import signal
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from shoebox.commands.decoders import Decoders
from shoebox.commands.decoding import Job, Read
from shoebox.photo.decode import MIN_SIDE, THUMBNAIL_SIDE, decode_photo
from tests.photos import Photo, png_bomb

NOBODY: NDArray[np.uint64] = np.zeros(0, np.uint64)


def job(path: Path, **options: object) -> Job:
    return Job(path.name, str(path), MIN_SIDE, THUMBNAIL_SIDE, **options)  # type: ignore[arg-type]


def read_all(jobs: list[Job], known: NDArray[np.uint64] = NOBODY, count: int = 2) -> list[Read]:
    async def work() -> list[Read]:
        with Decoders(count, known) as decoders:
            return await asyncio.gather(*map(decoders.read, jobs))

    return asyncio.run(work())


@pytest.fixture(scope="module")
def cat(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Photo("cat.jpg", "cat", orientation=6).write(tmp_path_factory.mktemp("photos"))


def test_photos_come_out_as_pillow_makes_them_here(cat: Path) -> None:
    data = cat.read_bytes()
    (read,) = read_all([job(cat)])
    assert read.hash == hashlib.sha256(data).hexdigest()
    assert read.size == len(data)
    assert read.whole and read.head == data
    expected = decode_photo(data, cat.name)
    assert read.photo is not None and read.failure is None
    assert np.array_equal(read.photo.pixels, expected.pixels)
    assert read.photo.thumbnail == expected.thumbnail


def test_what_is_no_photo_is_read_but_not_decoded(tmp_path: Path) -> None:
    text, bomb = tmp_path / "notes.txt", png_bomb(tmp_path / "bomb.png")
    text.write_text("dear diary")
    for read in read_all([job(text), job(bomb)]):
        assert read.hash and read.photo is None


def test_a_file_that_is_gone_or_cut_off_fails_with_a_sentence(cat: Path, tmp_path: Path) -> None:
    cut = tmp_path / "cut.jpg"
    cut.write_bytes(cat.read_bytes()[:2000])
    gone, half = read_all([job(tmp_path / "gone.jpg"), job(cut)])
    assert gone.failure is not None and "could not be read" in gone.failure.reason
    assert half.failure is not None and "cut off" in half.failure.reason


def test_known_photos_are_not_decoded_unless_that_is_wanted(cat: Path) -> None:
    known = np.array([int(hashlib.sha256(cat.read_bytes()).hexdigest()[:16], 16)], np.uint64)
    skipped, wanted = read_all([job(cat), job(cat, known=True)], known)
    assert skipped.hash and skipped.photo is None and skipped.failure is None
    assert wanted.photo is not None


def test_another_photo_than_the_one_meant_is_not_decoded(cat: Path) -> None:
    (read,) = read_all([job(cat, only="0" * 64, known=True)])
    assert read.hash and read.photo is None


@pytest.mark.skipif(os.name == "nt", reason="processes are ended in another way there")
def test_a_process_that_dies_is_replaced_and_no_file_is_lost(cat: Path) -> None:
    async def work() -> list[Read]:
        with Decoders(1, NOBODY) as decoders:
            before = await decoders.read(job(cat))
            process = decoders._workers[0]._process
            assert process is not None and process.pid is not None
            os.kill(process.pid, signal.SIGKILL)
            process.join()
            return [before, await decoders.read(job(cat))]

    assert [read.photo is not None for read in asyncio.run(work())] == [True, True]


@pytest.mark.skipif(os.name == "nt", reason="there are no pipes in folders")
def test_a_file_that_turned_into_a_pipe_does_not_hold_it_up(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.jpg"
    os.mkfifo(pipe)
    (read,) = read_all([job(pipe)])
    assert read.failure is not None
