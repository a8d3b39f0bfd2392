"""Groups out of pairs: everything that hangs together, except what a person said does not."""

from __future__ import annotations

from collections.abc import Iterable

Pair = tuple[int, int]


def groups(pairs: Iterable[Pair], apart: Iterable[Pair] = ()) -> list[list[int]]:
    """The groups that pairs make.

    Pairs are taken in their order, so the surest should come first: one that would bring two together of which somebody said
    that they are different is passed over (as in Wagstaff and Cardie, "Clustering with instance-level constraints", 2000).

    Parameters
    ----------
    pairs : iterable of (one, other)
    apart : iterable of (one, other)
        Never in one group.

    Returns
    -------
    list of sorted lists of two or more, by their first
    """
    leader: dict[int, int] = {}
    members: dict[int, list[int]] = {}
    foes: dict[int, set[int]] = {}
    for one, other in apart:
        foes.setdefault(one, set()).add(other)
        foes.setdefault(other, set()).add(one)
    for pair in pairs:
        for each in pair:
            if each not in leader:
                leader[each] = each
                members[each] = [each]
        one, other = (leader[each] for each in pair)
        if one == other:
            continue
        if len(members[one]) < len(members[other]):
            one, other = other, one
        mine = members[one]
        if any(foe in foes and not foes[foe].isdisjoint(mine) for foe in members[other]):
            continue
        for each in members[other]:
            leader[each] = one
        mine += members.pop(other)
    return sorted(sorted(each) for each in members.values() if len(each) > 1)
