"""What may be said in the environment instead of on the command line."""

from __future__ import annotations

from typing import Final

#: The library, where none is named.
LIBRARY: Final = "SHOEBOX_LIBRARY"
#: The passphrase, where no file of one is named.
PASSPHRASE: Final = "SHOEBOX_PASSPHRASE"
#: A folder with `models/default`, `models/faces`, `models/text` and `places/towns.npz`, asked before all others.
DATA: Final = "SHOEBOX_DATA"
