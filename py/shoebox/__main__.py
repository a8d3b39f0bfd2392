"""`python -m shoebox`."""

from __future__ import annotations

import sys

if __name__ == "__main__":
    from shoebox.commands.running import run

    sys.exit(run())
