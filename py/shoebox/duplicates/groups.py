"""Groups out of pairs: everything that hangs together, except what somebody or something says does not."""

from __future__ import annotations

from collections.abc import Callable, Iterable

Pair = tuple[int, int]


class Groups:
    """Groups that grow pair by pair.

    A pair that would bring two together that are apart is passed over, so the surest should come first (as in Wagstaff and
    Cardie, "Clustering with instance-level constraints", 2000).

    Parameters
    ----------
    apart : callable
        Whether two must never be in one group.
    """

    def __init__(self, apart: Callable[[int, int], bool]) -> None:
        self._apart = apart
        self._members: dict[int, list[int]] = {}

    def of(self, one: int) -> list[int]:
        """The group that somebody is in, perhaps alone."""
        return self._members.get(one, [one])

    def may_join(self, one: int, other: int) -> bool:
        """Whether two are in different groups that nothing keeps apart."""
        mine, theirs = self.of(one), self.of(other)
        return mine is not theirs and one != other and not any(self._apart(a, b) for a in mine for b in theirs)

    def join(self, one: int, other: int) -> None:
        """Bring the groups of two together, if that may be."""
        if self.may_join(one, other):
            mine, theirs = sorted((self.of(one), self.of(other)), key=len, reverse=True)
            for each in theirs:
                self._members[each] = mine
            # Whoever was alone had no entry yet.
            self._members[mine[0]] = mine
            mine += theirs

    def all(self) -> list[list[int]]:
        """All groups of two or more, each sorted, by their first."""
        return sorted({id(group): sorted(group) for group in self._members.values()}.values())


def groups(pairs: Iterable[Pair], apart: Callable[[int, int], bool] = lambda one, other: False) -> list[list[int]]:
    """The groups that pairs make, taken in their order; see `Groups`."""
    made = Groups(apart)
    for one, other in pairs:
        made.join(one, other)
    return made.all()
