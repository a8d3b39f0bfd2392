"""The errors that Shoebox raises on purpose.

Every one says in plain words what happened and what a person can do next, so that the page can show it as it is.
Nothing else should leave the package's public functions: an unexpected exception is a defect of ours.
"""

from __future__ import annotations


class ShoeboxError(Exception):
    """Something went wrong in a way that was foreseen.

    Parameters
    ----------
    what : str
        One plain sentence that says what happened.
    advice : str, optional
        One plain sentence that says what to do next.
    """

    advice_if_none = ""

    def __init__(self, what: str, advice: str = "") -> None:
        self.what = what
        self.advice = advice or self.advice_if_none
        super().__init__(f"{self.what} {self.advice}".strip())


class UnreadablePhoto(ShoeboxError):
    """A file that cannot be shown or searched.

    Parameters
    ----------
    reason : str
        A plain sentence for the list of files that could not be read. It stands alone.
    permanent : bool, default True
        True when the same bytes will always fail, so that trying again is pointless; False when another browser, more memory or
        another attempt may succeed.
    advice : str, optional
        What to do next, where there is something to do.
    """

    def __init__(self, reason: str, permanent: bool = True, advice: str = "") -> None:
        super().__init__(reason, advice)
        self.reason = reason
        self.permanent = permanent


class PackError(ShoeboxError):
    """A model pack is missing, damaged, or made for another version."""

    advice_if_none = "Reload the page; if that does not help, choose another model pack in the settings."


class PlacesError(ShoeboxError):
    """The table of places is missing or damaged."""

    advice_if_none = "Reload the page; everything else works without the names of places."


class StoreError(ShoeboxError):
    """What was stored cannot be read, or what should be stored does not fit."""

    advice_if_none = "Your photos are untouched; add the folder again to rebuild what is missing."


class ArchiveError(ShoeboxError):
    """A file with a whole library cannot be taken in; nothing has been changed."""

    advice_if_none = "Nothing was changed. Make the file anew on the device that it came from, and try again."


class QueryError(ShoeboxError):
    """A search, or another request, that cannot be understood."""

    advice_if_none = "Change the request and try again."
