"""The benchmark: ``python -m tests.bench [--json FILE] [--only NAME] [--quick]``, or ``python build.py bench``.

Every time stands beside a reference that was measured in the same run on the same machine, since times alone tell little.
"""

from tests.bench.command import main

__all__ = ["main"]
