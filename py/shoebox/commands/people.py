"""`people`: who is on the photos, and what a person says about that."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from shoebox.api import Shoebox
from shoebox.commands import printing
from shoebox.commands.context import Context
from shoebox.commands.finding import find_one
from shoebox.commands.look import names
from shoebox.commands.problems import Usage


def people(context: Context) -> int:
    """List people, or do what the verb says."""
    verb = context.typed.verb
    if verb in (None, "suggest", "photos"):
        with context.reading() as file:
            _look(context, file.box)
        return 0
    with context.changing() as file:
        answer = _say(file.box, context.typed)
        if answer["batch"] is not None:
            # The file is written whole, so there are no keys under which parts of it lie.
            file.box.accept(answer["batch"])
        changed = {"changed": answer["changed"], "person": answer["person"]}
    context.answer(changed, ["Done." if changed["changed"] else "That is known already."])
    return 0


def _look(context: Context, box: Shoebox) -> None:
    verb = context.typed.verb
    if verb == "suggest":
        pairs = box.people.suggest_people()
        context.answer(pairs, printing.suggestions(pairs))
    elif verb == "photos":
        person = box.people.person(_who(box, context.typed.person), limit=100_000)
        photos = list(dict.fromkeys(face["photo"] for face in person["faces"]))
        context.answer({**person, "photos": photos}, names(box, photos))
    else:
        found = box.people.people()
        context.answer(found, printing.people(found))


def _say(box: Shoebox, typed: Any) -> Mapping[str, Any]:
    """Stage what the person says."""
    verb = typed.verb
    if verb == "name":
        return box.people.name_person(_who(box, typed.person), typed.name)
    if verb == "hide":
        return box.people.hide_person(_who(box, typed.person), True)
    if verb == "show":
        return box.people.hide_person(_who(box, typed.person), False)
    several = [_who(box, each) for each in typed.people]
    if len(set(several)) < 2:
        raise Usage("That takes two people or more.", "Name them by id or name.")
    if verb == "merge":
        return box.people.merge_people(several)
    return box.people.answer_suggestion(several, False)


def _who(box: Shoebox, said: str) -> str:
    return find_one(box.people.people(faces=0), said, "name", "person")
