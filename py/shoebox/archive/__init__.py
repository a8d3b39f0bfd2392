"""A whole library as one file: for another device, for the command line, for keeping.

`save` and `load` are for CPython; the page's verbs are in `verbs`. What stands in the file: `frames` (its outer form),
`contents` (its parts, checked), `writing`, `taking` and `merging` (what a library takes of it). `docs/format.md` has every
byte.
"""

from shoebox.archive.files import Thumbnail, load, save

__all__ = ["Thumbnail", "load", "save"]
