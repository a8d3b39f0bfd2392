"""Files behind a passphrase: ours, those of others, and those that were spoilt."""

from __future__ import annotations

import base64
import io
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shoebox import archive
from shoebox.archive.locked import MOST_WORK, Unlocked, check_work, is_locked, lock
from shoebox.errors import ArchiveError, StoreError
from tests.fuzzing.archives import small_library
from tests.unit.archive_making import empty, known

# They need the package cryptography.
pytestmark = pytest.mark.cpython_only

PASSPHRASE = "Grüße aus Köln"
CHUNK = 64 << 10
# "It is simply that photo." and a newline, behind "correct horse": by Debian's age 1.1.1 (`age -p`).
OF_THE_AGE_TOOL = (
    "YWdlLWVuY3J5cHRpb24ub3JnL3YxCi0+IHNjcnlwdCBoRHVZMTFHMk0vVGlzYkJ1b2RqTG9RIDE4CkU0NXlhTTVkVm9GOFE2OUhS"
    "cHZ0RnV1QVJkODg3dFo5RURHVE9VcXNwZ28KLS0tIC9CUzFxSzVudnAweDBkM3JBdkpmUWdsZ2w1TWlPaHVXbXh0dlpET3BmejQK"
    "cixuBP+8V7hFz8oz68lAwjMJUUipxKUsfjeZov++QYAmRk0ywtspmhDRpGE2WMo8JfNcuc1pAe8N"
)


def locked(data: bytes, passphrase: str = PASSPHRASE, work: int = 4) -> bytes:
    """A file behind a passphrase, in pieces of odd sizes."""
    return b"".join(lock((data[low : low + 9973] for low in range(0, len(data), 9973)), passphrase, work))


def opened(data: bytes, passphrase: str | None = PASSPHRASE) -> bytes:
    return b"".join(Unlocked(io.BytesIO(data), passphrase).pieces())


@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK])
def test_what_was_locked_comes_back_at_every_size(size: int) -> None:
    data = bytes(range(256)) * (size // 256 + 1)
    assert opened(locked(data[:size])) == data[:size]


def test_a_file_is_read_as_often_as_one_likes() -> None:
    unlocked = Unlocked(io.BytesIO(locked(b"photos")), PASSPHRASE)
    assert [b"".join(unlocked.pieces()) for _ in range(2)] == [b"photos", b"photos"]


@pytest.mark.parametrize("passphrase", [None, "", "grüße aus köln"])
def test_another_passphrase_opens_nothing(passphrase: str | None) -> None:
    with pytest.raises(ArchiveError, match=r"locked with a passphrase|does not open"):
        opened(locked(b"photos"), passphrase)


def test_an_empty_passphrase_locks_nothing() -> None:
    with pytest.raises(StoreError, match="empty passphrase"):
        locked(b"photos", "")


@given(st.data())
@settings(max_examples=80, deadline=None)
def test_no_byte_can_be_changed_cut_or_added(data: st.DataObject) -> None:
    whole = locked(bytes(CHUNK + 500))
    place = data.draw(st.one_of(st.integers(0, 250), st.integers(0, len(whole) - 1)))
    flipped = whole[:place] + bytes([whole[place] ^ 1 << data.draw(st.integers(0, 6))]) + whole[place + 1 :]
    for bad in (flipped, whole[:place], whole + whole[place:]):
        with pytest.raises(ArchiveError):
            opened(bad)


def test_another_spelling_of_the_same_sum_is_refused() -> None:
    whole = locked(b"photos")
    end = whole.index(b"\n", whole.index(b"\n---") + 1)
    # 43 letters hold 258 bits, two more than the sum has: four letters mean the same as the last one.
    letters = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    last = letters.index(whole[end - 1 : end])
    assert last % 4 == 0
    for other in range(1, 4):
        with pytest.raises(ArchiveError, match="damaged or cut off"):
            opened(whole[: end - 1] + letters[last + other : last + other + 1] + whole[end:])


def test_chunks_cannot_be_moved_doubled_or_left_out() -> None:
    whole = locked(bytes(3 * CHUNK))
    start = len(whole) - 3 * (CHUNK + 16)
    one, two, three = (whole[start + place * (CHUNK + 16) :][: CHUNK + 16] for place in range(3))
    assert opened(whole[:start] + one + two + three) == bytes(3 * CHUNK)
    for parts in (two + one + three, one + three, one + one + two + three, one + two, one + two + three + three):
        with pytest.raises(ArchiveError, match="damaged or cut off"):
            opened(whole[:start] + parts)


def test_a_file_that_asks_for_too_much_work_or_another_key_is_refused_before_any_is_spent() -> None:
    salt = b"A" * 22
    check_work(b"age-encryption.org/v1\n-> scrypt " + salt + b" %d\n" % MOST_WORK)
    for work in (MOST_WORK + 1, 63, 99):
        with pytest.raises(ArchiveError, match="memory"):
            opened(locked(b"photos").replace(b" 4\n", b" %d\n" % work, 1))
    with pytest.raises(ArchiveError, match="key"):
        check_work(b"age-encryption.org/v1\n-> X25519 " + salt + b"\n")


def test_a_file_of_the_age_tool_opens() -> None:
    data = base64.b64decode(OF_THE_AGE_TOOL)
    assert is_locked(data)
    assert opened(data, "correct horse") == b"It is simply that photo.\n"


def test_another_program_opens_ours() -> None:
    pyrage = pytest.importorskip("pyrage")
    assert pyrage.passphrase.decrypt(locked(b"photos" * CHUNK, work=10), PASSPHRASE) == b"photos" * CHUNK


def test_a_saved_library_opens_with_its_passphrase_only(tmp_path: Path) -> None:
    box, again = small_library(), empty()
    place = tmp_path / "library.shoebox"
    archive.save(box, place, passphrase=PASSPHRASE)
    assert b"SHOEBOX" not in place.read_bytes()
    for wrong, sentence in ((None, "locked with a passphrase"), ("another", "does not open")):
        with pytest.raises(ArchiveError, match=sentence):
            archive.load(again, place, passphrase=wrong)
    assert not len(again.library)
    archive.load(again, place, passphrase=PASSPHRASE)
    assert known(again) == known(box)
