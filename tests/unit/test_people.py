"""People: groups, corrections that last, and what no later grouping may break."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shoebox.errors import QueryError
from shoebox.library.statements import Statements
from shoebox.people.faces import Faces
from shoebox.people.people import People
from tests.unit.people_making import CALIBRATION, DIMENSION, faces, parts, people_of, person_of, say, vectors
from tests.unit.tiny_pack import run

THREE = [0, 0, 0, 1, 1, 1, 2, 2, 2]


def library(who: list[int] = THREE, **options: object) -> tuple[People, Statements]:
    statements = Statements()
    return people_of(faces(who, **options), statements), statements  # type: ignore[arg-type]


def regroup(people: People) -> None:
    run(people.regroup())


def groups(*rows: str) -> set[frozenset[int]]:
    """Groups written as digits: "012" are rows 0, 1 and 2."""
    return {frozenset(map(int, each)) for each in rows}


def test_faces_of_one_person_are_one_group_whether_they_come_together_or_one_by_one() -> None:
    at_once, _ = library()
    made = faces(THREE)
    slowly = People(Statements(), CALIBRATION, DIMENSION)
    for row in range(len(made)):
        slowly.add(made.take(np.array([row])))
    regrouped, _ = library()
    regroup(regrouped)
    assert parts(at_once) == parts(slowly) == parts(regrouped) == groups("012", "345", "678")


def test_two_faces_on_one_photo_are_never_one_person() -> None:
    people, _ = library([0, 0, 0, 0], photos=[1, 1, 2, 3], spread=0.001)
    for _ in range(2):
        assert people.labels[0] != people.labels[1]
        regroup(people)


def test_a_poor_face_joins_a_person_but_founds_none_and_bridges_nobody() -> None:
    people, _ = library([0, 0, 0, 1, 1], quality=[0.9, 0.9, 0.1, 0.1, 0.1])
    for _ in range(2):
        assert parts(people) == groups("012")
        regroup(people)


def test_a_good_face_takes_the_poor_ones_with_it() -> None:
    people, _ = library([1, 1], quality=[0.1, 0.1])
    assert people.people() == []
    more = faces([1], seed=5)
    people.add(Faces(["00000000000000ff/0,0,9,9"], np.array([255], np.uint64), more.boxes, more.quality, more.vectors))
    assert len(people.people()) == 1
    assert len(people.people()[0]["faces"]) == 3


def test_people_tells_names_first_then_who_has_the_most_faces() -> None:
    people, statements = library([0, 0, 0, 1, 1, 2])
    say(statements, people.name_person(person_of(people, 5), "  Anna   Maria "))
    people.settle()
    found = people.people()
    assert [(each["name"], each["count"], each["hidden"]) for each in found] == [
        ("Anna Maria", 1, False),
        ("", 3, False),
        ("", 2, False),
    ]
    assert found[0]["faces"][0] == {
        "id": people.faces.keys[5],
        "photo": f"{6:016x}",
        "box": [500, 40, 60, 80],
        "score": pytest.approx(0.9),
    }
    assert people.named() == {"Anna Maria": [person_of(people, 5)]}
    np.testing.assert_array_equal(people.photos_of(person_of(people, 0)), [1, 2, 3])


def test_the_cover_is_the_best_face_that_is_typical() -> None:
    people, _ = library([0] * 5, quality=[0.5, 0.6, 0.7, 0.5, 0.5])
    assert people.people()[0]["cover"]["id"] in people.faces.keys
    stray, statements = library([0, 0, 0, 0, 1], quality=[0.5, 0.6, 0.5, 0.5, 1.0])
    say(statements, stray.merge_people([person_of(stray, 0), person_of(stray, 4)]))
    stray.settle()
    assert stray.people()[0]["cover"]["id"] != stray.faces.keys[4]


def test_merging_makes_one_person_with_the_name_of_whoever_had_one() -> None:
    people, statements = library()
    named = person_of(people, 6)
    say(statements, people.name_person(named, "Zoe"))
    people.settle()
    say(statements, people.merge_people([person_of(people, 0), named]))
    people.settle()
    regroup(people)
    assert parts(people) == groups("012678", "345")
    assert person_of(people, 0) == named
    assert people.people()[0]["name"] == "Zoe"


def test_splitting_keeps_them_apart_for_good_and_never_asks_again() -> None:
    people, statements = library([0] * 6, spread=0.001)
    person = person_of(people, 0)
    say(statements, people.split_person(person, people.faces.keys[3:]))
    people.settle()
    regroup(people)
    assert parts(people) == groups("012", "345")
    assert person_of(people, 0) == person
    assert people.suggest() == []


def test_a_face_that_is_not_this_person_goes_elsewhere_and_never_comes_back() -> None:
    people, statements = library([0, 0, 0, 0], spread=0.001)
    person = person_of(people, 0)
    say(statements, people.not_this_person(people.faces.keys[3], person))
    people.settle()
    for _ in range(2):
        assert parts(people) == groups("012", "3")
        regroup(people)


def test_a_face_that_left_a_person_stays_apart_from_whom_that_person_was_told_apart() -> None:
    people, statements = library([0, 0, 0], spread=0.001)
    person = person_of(people, 0)
    say(statements, people.split_person(person, people.faces.keys[2:]))
    people.settle()
    say(statements, people.not_this_person(people.faces.keys[0], person))
    people.settle()
    for _ in range(2):
        assert parts(people) == groups("0", "1", "2")
        regroup(people)


def test_two_faces_that_left_a_person_one_after_the_other_never_meet() -> None:
    people, statements = library([0, 0, 0, 0], spread=0.001)
    person = person_of(people, 0)
    for row in (0, 1):
        say(statements, people.not_this_person(people.faces.keys[row], person))
        people.settle()
    for _ in range(2):
        assert parts(people) == groups("0", "1", "23")
        regroup(people)


def test_a_removed_face_belongs_to_nobody() -> None:
    people, statements = library([0, 0, 0])
    say(statements, people.remove_face(people.faces.keys[1]))
    people.settle()
    regroup(people)
    assert parts(people) == groups("02")


def test_a_hidden_person_stays_hidden_and_is_not_asked_about() -> None:
    people, statements = library(THREE)
    person = person_of(people, 0)
    say(statements, people.hide_person(person))
    people.settle()
    regroup(people)
    assert [each["hidden"] for each in people.people() if each["id"] == person] == [True]
    say(statements, people.hide_person(person, False))
    assert not any(each["hidden"] for each in people.people())


@pytest.mark.parametrize("kind", ["name", "merge", "split", "hide", "remove", "deny", "answer no", "answer yes"])
def test_every_correction_can_be_undone(kind: str) -> None:
    people, statements = library()
    one, other, key = person_of(people, 0), person_of(people, 3), people.faces.keys
    before, listed = parts(people), people.people()
    wishes = {
        "name": lambda: people.name_person(one, "Anna"),
        "merge": lambda: people.merge_people([one, other]),
        "split": lambda: people.split_person(one, [key[0]]),
        "hide": lambda: people.hide_person(one),
        "remove": lambda: people.remove_face(key[0]),
        "deny": lambda: people.not_this_person(key[0], one),
        "answer no": lambda: people.answer(one, other, False),
        "answer yes": lambda: people.answer(one, other, True),
    }[kind]()
    undo = say(statements, wishes)
    people.settle()
    say(statements, undo)
    people.settle()
    assert parts(people) == before
    assert people.people() == listed


def near_pair() -> tuple[People, Statements]:
    """Two groups a little too far apart to be one."""
    base = vectors([0, 1])
    middle = base[0] * 0.55 + base[1] * 0.45
    made = faces([0] * 6, spread=0.0)
    made.vectors[:3] = base[0]
    made.vectors[3:] = middle / np.linalg.norm(middle)
    made.vectors[3:] = made.vectors[3:] * 0.55 + base[1] * 0.45
    made.vectors[3:] /= np.linalg.norm(made.vectors[3:], axis=1, keepdims=True)
    statements = Statements()
    return people_of(made, statements), statements


@pytest.mark.parametrize("same", [True, False])
def test_a_suggestion_is_answered_once_and_never_asked_again(same: bool) -> None:
    people, statements = near_pair()
    assert len(parts(people)) == 2
    asked = people.suggest()
    assert [set(each["people"]) for each in asked] == [{person_of(people, 0), person_of(people, 3)}]
    assert people.suggest(person_of(people, 3))[0]["score"] == pytest.approx(asked[0]["score"], abs=1e-3)
    say(statements, people.answer(asked[0]["people"][0], asked[0]["people"][1], same))
    people.settle()
    regroup(people)
    assert len(parts(people)) == (1 if same else 2)
    assert people.suggest() == []


def test_an_answer_holds_for_the_person_that_one_of_both_becomes() -> None:
    people, statements = near_pair()
    more = faces([7, 7], photos=[91, 92])
    people.add(more)
    one, other, third = person_of(people, 0), person_of(people, 3), person_of(people, 6)
    say(statements, people.answer(one, other, False))
    people.settle()
    say(statements, people.name_person(third, "Third"))
    people.settle()
    say(statements, people.merge_people([third, one]))
    people.settle()
    assert people.corrections.different(third, other)


def test_what_was_said_outlives_another_recogniser_and_boxes_that_lie_a_little_elsewhere() -> None:
    people, statements = library()
    say(statements, people.name_person(person_of(people, 0), "Anna"))
    people.settle()
    say(statements, people.merge_people([person_of(people, 0), person_of(people, 3)]))
    people.settle()
    again = faces(THREE, seed=7)
    moved = Faces.of(
        again.photos,
        again.boxes + np.array([6, -5, 4, 3], np.float32),
        again.quality,
        vectors([8, 9, 10, 11, 12, 13, 14, 14, 14]),  # to this recogniser they look quite different
        people.corrections.faces_known(),
    )
    fresh = people_of(moved, statements)
    regroup(fresh)
    assert parts(fresh) == groups("012345", "678")
    assert fresh.named() == {"Anna": [person_of(fresh, 0)]}


def test_what_was_stored_is_what_is_loaded() -> None:
    people, statements = library()
    say(statements, people.name_person(person_of(people, 3), "Bo"))
    people.settle()
    loaded = People(statements, CALIBRATION, DIMENSION)
    loaded.load(people.faces, people.persons())
    assert loaded.people() == people.people()


def test_new_photos_join_without_moving_anybody_and_photos_leave_without_taking_what_was_said() -> None:
    people, statements = library()
    say(statements, people.name_person(person_of(people, 0), "Anna"))
    people.settle()
    before = people.persons()
    people.add(faces([0, 1, 5], photos=[100, 101, 102], seed=3))
    assert people.persons()[:9] == before
    assert person_of(people, 9) == before[0]
    assert person_of(people, 10) == before[3]
    kept = people.faces.take(np.arange(3))
    people.drop([1, 2, 3])
    assert len(people.faces) == 9
    people.add(kept)
    assert people.named()["Anna"] == [before[0]]
    assert people.persons()[-3:] == before[:3]


def test_ids_stay_when_all_is_grouped_anew() -> None:
    people, _ = library()
    before = people.persons()
    regroup(people)
    assert people.persons() == before


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        (lambda people: people.name_person("nobody", "Anna"), "There is no person"),
        (lambda people: people.name_person(person_of(people, 0), 7), "is not a name"),
        (lambda people: people.merge_people([person_of(people, 0)] * 2), "two people or more"),
        (lambda people: people.split_person(person_of(people, 0), people.faces.keys[:3]), "but not all"),
        (lambda people: people.split_person(person_of(people, 0), []), "but not all"),
        (lambda people: people.split_person(person_of(people, 0), people.faces.keys[3:4]), "not that person's"),
        (lambda people: people.remove_face("a face"), "is not a face"),
        (lambda people: people.remove_face("00000000000000ff/1,2,3,4"), "no such face"),
        (lambda people: people.answer(person_of(people, 0), person_of(people, 0), True), "one person already"),
    ],
)
def test_what_makes_no_sense_is_refused_with_a_sentence(wrong: object, sentence: str) -> None:
    people, statements = library()
    with pytest.raises(QueryError, match=sentence):
        wrong(people)  # type: ignore[operator]
    assert len(statements) == 0


MUST, CANNOT = True, False


class Model:
    """What was said about pairs of faces, the plain way: of two sayings about one pair the later holds."""

    def __init__(self) -> None:
        self.pairs: dict[frozenset[int], bool] = {}
        self.nobody: set[int] = set()

    def together(self, rows: set[int]) -> None:
        self.nobody -= rows
        self.pairs.update({frozenset(pair): MUST for pair in combinations(rows, 2)})

    def apart(self, ones: set[int], others: set[int]) -> None:
        self.pairs.update({frozenset((one, other)): CANNOT for one in ones for other in others})

    def holds(self, people: People) -> bool:
        labels = people.labels.tolist()
        for pair, said in self.pairs.items():
            one, other = pair
            if not pair & self.nobody and (labels[one] >= 0 and labels[one] == labels[other]) is not said:
                return False
        return all(labels[row] < 0 for row in self.nobody)


def rows_of(people: People, label: int) -> set[int]:
    return set(np.flatnonzero(people.labels == label).tolist())


def correct(people: People, statements: Statements, model: Model, kind: str, first: int, second: int) -> None:
    """Do one correction, and note in the model what it says about pairs."""
    labels = people.labels[[first, second]].tolist()
    keys = people.faces.keys
    if kind == "remove":
        say(statements, people.remove_face(keys[first]))
        model.nobody.add(first)
        model.pairs = {pair: said for pair, said in model.pairs.items() if first not in pair}
    elif min(labels) < 0:
        return
    elif kind == "name":
        say(statements, people.name_person(people.ids[labels[0]], f"name {second}"))
        model.together(rows_of(people, labels[0]))
    elif labels[0] == labels[1]:
        ours = rows_of(people, labels[0])
        if kind == "split" and len(ours) > 1:
            chosen = {row for row in ours if row >= max(first, second)} or {first}
            if chosen == ours:
                chosen = {max(first, second)}
            say(statements, people.split_person(people.ids[labels[0]], [keys[row] for row in chosen]))
            model.together(chosen)
            model.together(ours - chosen)
            model.apart(chosen, ours - chosen)
        elif kind == "deny" and len(ours) > 1:
            say(statements, people.not_this_person(keys[first], people.ids[labels[0]]))
            model.together(ours - {first})
            model.apart({first}, ours - {first})
    elif kind in ("merge", "yes"):
        say(statements, people.merge_people([people.ids[label] for label in labels]))
        model.together(rows_of(people, labels[0]) | rows_of(people, labels[1]))
    elif kind == "no":
        say(statements, people.answer(people.ids[labels[0]], people.ids[labels[1]], False))
        ours, theirs = rows_of(people, labels[0]), rows_of(people, labels[1])
        model.together(ours)
        model.together(theirs)
        model.apart(ours, theirs)
    people.settle()


COUNT = 10
STEPS = st.tuples(
    st.sampled_from(["name", "merge", "split", "deny", "no", "yes", "remove", "regroup", "look anew"]),
    st.integers(0, COUNT - 1),
    st.integers(0, COUNT - 1),
)


@settings(deadline=None, max_examples=150)
@given(
    st.lists(st.integers(0, 3), min_size=COUNT, max_size=COUNT),
    st.lists(st.integers(1, 8), min_size=COUNT, max_size=COUNT),
    st.lists(STEPS, max_size=14),
)
def test_no_grouping_ever_breaks_what_was_said_last(
    who: list[int], photos: list[int], steps: list[tuple[str, int, int]]
) -> None:
    statements = Statements()
    made = faces(who, photos)
    people, model = people_of(made, statements), Model()
    for kind, first, second in [*steps, ("regroup", 0, 0), ("look anew", 3, 1)]:
        if kind == "regroup":
            regroup(people)
        elif kind == "look anew":
            shuffled = np.random.default_rng(10 * first + second).permutation(who).tolist()
            other = Faces(made.keys, made.photos, made.boxes, made.quality, vectors(shuffled, seed=first))
            people = people_of(other, statements)
            regroup(people)
        else:
            correct(people, statements, model, kind, first, second)
        assert model.holds(people)
