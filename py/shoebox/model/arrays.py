"""Arrays out of a pack's `.npz` files, which anybody may have made."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from shoebox.errors import PackError

#: What the arrays of a file may unpack to: 4,000 concepts in 4,096 numbers are 64 MB.
MOST_BYTES: Final = 64_000_000


def read_arrays(data: bytes, names: Sequence[str], what: str) -> list[NDArray[Any]]:
    """Some arrays of a file.

    Parameters
    ----------
    data : bytes
    names : sequence of str
    what : str
        What the file is called in errors.

    Raises
    ------
    PackError
        If it cannot be read, lacks one of them, or would unpack to more than `MOST_BYTES`.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > MOST_BYTES:
                raise ValueError("it is larger than it may be")
        with np.load(io.BytesIO(data), allow_pickle=False) as arrays:
            return [np.asarray(arrays[name]) for name in names]
    except (ValueError, TypeError, KeyError, OSError, EOFError, MemoryError, zipfile.BadZipFile, zlib.error) as error:
        raise PackError(f"{what} of the model pack cannot be read: {error}.") from error
