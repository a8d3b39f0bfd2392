"""The verbs about people: what the page asks and says, over reloads, other tabs, undoing and deleting."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from shoebox.api import Shoebox
from shoebox.errors import QueryError
from shoebox.faces.rows import FaceRows
from shoebox.people.calibration import Calibration
from shoebox.store.journal import Change
from shoebox.store.rows import ModelId, id_text
from tests.unit.face_making import MANIFEST
from tests.unit.library_making import number, rows
from tests.unit.people_making import vectors
from tests.unit.tiny_pack import DIMENSION, run, tiny_box

MODEL = ModelId("drawn 1", "faces-1")
AUTHOR = "a" * 16


def face_rows(who: list[list[int]], shift: int = 0) -> FaceRows:
    """Faces of these people, a list for each photo, side by side."""
    owners = [photo for photo, people in enumerate(who) for _ in people]
    places = [place for people in who for place in range(len(people))]
    flat = [person for people in who for person in people]
    count = len(flat)
    return FaceRows(
        photos=np.array(owners, np.int32),
        boxes=np.array([[90 * place + shift, 40 + shift, 60, 80] for place in places], np.int32).reshape(count, 4),
        scores=np.full(count, 0.9, np.float32),
        quality=np.full(count, 0.8, np.float32),
        parts=np.full((count, 4), 0.8, np.float32),
        eyes=np.full(count, np.nan, np.float32),
        points=np.zeros((count, 5, 2), np.float32),
        vectors=vectors(flat).astype(np.float16),
    )


class Tab:
    """A page with a library whose photos are called p0, p1, ...; and what it has stored."""

    def __init__(self) -> None:
        self.box: Shoebox = tiny_box()[0]
        self.journal: list[bytes] = []
        self.faces: dict[int, bytes] = {}
        self.said: dict[int, bytes] = {}

    def photos(self, count: int) -> None:
        made = rows([(f"p{place}", [(f"p{place}.jpg", 0.0)]) for place in range(count)], self.box.pack.model, DIMENSION)
        self.change(Change(rows=made))

    def change(self, change: Change) -> None:
        batch, data = self.box._ledger.stage(change)
        self.journal.append(data)
        self.box.accept(batch)

    def seen(self, who: list[list[int]], first: int = 0, model: ModelId = MODEL, shift: int = 0) -> None:
        """Photos from `first` on were looked at."""
        ids = [number(f"p{first + place}") for place in range(len(who))]
        self.put(self.box._gallery.stage_look(ids, face_rows(who, shift), model))

    def beside(self, who: list[list[int]], first: int = 0, shift: int = 0) -> None:
        """The same with another pack, beside the present one."""
        ids = [number(f"p{first + place}") for place in range(len(who))]
        wanted = self.box.seeking.pack
        assert wanted is not None
        answer = self.box._gallery.stage_look(ids, face_rows(who, shift), wanted.model, None, self.box.seeking.beside)
        self.put(answer)

    def put(self, answer: dict[str, Any]) -> None:
        for key in answer["delete"]:
            del self.faces[key]
        self.faces.update(dict(answer["put"]))
        self.box.seeking.settle(answer["batch"], True)

    def group(self) -> bool:
        groups = run(self.box.people.group(all=True))["groups"]
        if groups is not None:
            self.faces[0] = groups
        return groups is not None

    def say(self, answer: dict[str, Any]) -> dict[str, Any]:
        if answer["batch"] is not None:
            key = len(self.said) + 1
            self.said[key] = answer["statements"]
            self.box.accept(answer["batch"], [key])
        return answer

    def reload(self) -> None:
        self.box = tiny_box()[0]
        told = self.box.load(
            [], self.journal, [], list(self.said.values()), list(self.said), AUTHOR, list(self.faces.values()), list(self.faces)
        )
        assert told["problems"] == []

    def people(self) -> dict[str, int]:
        """How many photos everybody is on, by name, or by the first photo of those who have none."""
        return {each["name"] or each["id"]: each["count"] for each in self.box.people.people()}

    def of(self, photo: int, place: int = 0) -> dict[str, Any]:
        found = self.box.people.on_photo(number(f"p{photo}"))["faces"]
        face: dict[str, Any] = sorted(found, key=lambda face: face["box"][0])[place]
        return face

    def who(self, photo: int, place: int = 0) -> str:
        return str(self.of(photo, place)["person"])


@pytest.fixture
def tab() -> Tab:
    """Anna (0) on three photos, with Ben (1) on one of them, who is on another; and somebody (2) once."""
    tab = Tab()
    tab.photos(6)
    tab.seen([[0], [0, 1], [0], [1], [2], []])
    assert tab.group()
    return tab


def test_people_are_found_with_their_photos_and_a_cover(tab: Tab) -> None:
    found = tab.box.people.people()
    assert [each["count"] for each in found] == [3, 2, 1]
    assert found[0]["cover"] in found[0]["faces"]
    assert {face["photo"] for face in found[1]["faces"]} == {id_text(number("p1")), id_text(number("p3"))}
    assert [len(each["faces"]) for each in tab.box.people.people(faces=1)] == [1, 1, 1]
    assert [each["faceCount"] for each in tab.box.people.people(faces=0)] == [3, 2, 1]


def test_without_faces_there_are_no_people() -> None:
    tab = Tab()
    tab.photos(2)
    assert tab.box.people.people() == []
    assert not tab.group()
    assert tab.box.photo(id_text(number("p0")))["facesSought"] is False
    assert tab.box.people.suggest_people() == []
    with pytest.raises(QueryError, match="no person"):
        tab.box.people.name_person("0" * 16, "Anna")


def test_a_photo_tells_its_faces_and_whose_they_are(tab: Tab) -> None:
    tab.say(tab.box.people.name_person(tab.who(0), "Anna"))
    photo = tab.box.photo(id_text(number("p1")))
    assert photo["facesSought"] is True
    assert {face["name"] for face in photo["faces"]} == {"Anna", ""}
    assert all(set(face) == {"id", "box", "score", "person", "name"} for face in photo["faces"])
    assert tab.box.photo(id_text(number("p5")))["faces"] == []


def test_names_and_ids_outlive_a_reload(tab: Tab) -> None:
    answer = tab.say(tab.box.people.name_person(tab.who(3), "Ben"))
    assert answer["person"] == tab.who(3)
    before = [(each["id"], each["name"]) for each in tab.box.people.people()]
    tab.reload()
    assert [(each["id"], each["name"]) for each in tab.box.people.people()] == before
    assert tab.box.verify(list(tab.said.values()), list(tab.faces.values())) == {"ok": True, "problems": []}


def test_people_without_a_name_keep_their_ids_when_only_faces_were_stored(tab: Tab) -> None:
    del tab.faces[0]
    before = sorted(tab.people().values())
    tab.reload()
    assert sorted(tab.people().values()) == before
    assert tab.group()
    ids = set(tab.people())
    tab.reload()
    assert set(tab.people()) == ids
    assert not tab.group()


def test_each_change_can_be_undone(tab: Tab) -> None:
    verbs, before = tab.box.people, tab.people()
    changes: list[Callable[[], dict[str, Any]]] = [
        lambda: verbs.name_person(tab.who(0), "Anna"),
        lambda: verbs.merge_people([tab.who(0), tab.who(4)]),
        lambda: verbs.split_person(tab.who(0), [tab.of(0)["id"]]),
        lambda: verbs.move_faces([tab.of(3)["id"]], tab.who(4)),
        lambda: verbs.move_faces([tab.of(3)["id"]], None),
        lambda: verbs.not_this_person(tab.of(2)["id"], tab.who(2)),
        lambda: verbs.remove_face(tab.of(4)["id"]),
    ]
    for change in changes:
        answer = tab.say(change())
        assert answer["changed"] > 0
        assert tab.people() != before
        tab.say(tab.box.sayings.undo(answer["undo"]))
        assert tab.people() == before


def test_hiding_is_told_and_taken_back(tab: Tab) -> None:
    person = tab.who(0)
    tab.say(tab.box.people.hide_person(person))
    assert [each["hidden"] for each in tab.box.people.people() if each["id"] == person] == [True]
    tab.say(tab.box.people.hide_person(person, False))
    assert not any(each["hidden"] for each in tab.box.people.people())


def test_a_face_moves_to_another_person_and_who_is_left_stays(tab: Tab) -> None:
    anna, ben = tab.who(0), tab.who(3)
    answer = tab.say(tab.box.people.move_faces([tab.of(2)["id"]], ben))
    assert answer["person"] == ben
    assert (tab.who(2), tab.who(0)) == (ben, anna)
    fresh = tab.say(tab.box.people.move_faces([tab.of(2)["id"]], None))["person"]
    assert fresh not in (anna, ben)
    assert tab.who(2) == fresh
    tab.reload()
    assert (tab.who(2), tab.who(0), tab.who(3)) == (fresh, anna, ben)


def test_splitting_answers_who_is_new_and_merging_who_stays(tab: Tab) -> None:
    anna = tab.who(0)
    fresh = tab.say(tab.box.people.split_person(anna, [tab.of(0)["id"]]))["person"]
    assert fresh == tab.who(0) != anna
    tab.say(tab.box.people.name_person(fresh, "Anna"))
    assert tab.say(tab.box.people.merge_people([anna, fresh]))["person"] == fresh
    assert tab.people()["Anna"] == 3


def test_a_face_that_is_new_can_be_spoken_of_before_it_is_grouped(tab: Tab) -> None:
    tab.photos(8)
    tab.seen([[5]], first=6)
    face = tab.of(6)
    assert face["person"] is None
    person = tab.say(tab.box.people.move_faces([face["id"]], None))["person"]
    tab.say(tab.box.people.name_person(person, "Carla"))
    assert tab.of(6)["name"] == "Carla"


def test_few_new_faces_wait_until_nothing_else_is_to_do(tab: Tab) -> None:
    tab.photos(7)
    tab.seen([[0]], first=6)
    assert run(tab.box.people.group()) == {"groups": None}
    assert sum(tab.people().values()) == 6
    assert tab.group()
    assert sorted(tab.people().values()) == [1, 2, 4]


def test_faces_leave_with_their_photo_and_come_back_with_it(tab: Tab) -> None:
    tab.say(tab.box.people.name_person(tab.who(0), "Anna"))
    answer = tab.box.remove([id_text(number("p0"))], keep=True)
    tab.box.accept(answer["batch"])
    assert tab.people()["Anna"] == 2
    for staged in tab.box.restore(answer["kept"])["staged"]:
        tab.box.accept(staged["batch"])
    assert tab.people()["Anna"] == 3
    answer = tab.box.remove([id_text(number("p0"))])
    tab.box.accept(answer["batch"])
    tab.put(tab.box.seeking.fold(tidy=True) or {})
    assert not tab.box._gallery.sought(number("p0"))
    assert tab.people()["Anna"] == 2


def test_names_outlive_another_pack_that_puts_boxes_a_little_elsewhere(tab: Tab) -> None:
    tab.say(tab.box.people.name_person(tab.who(0), "Anna"))
    tab.seen([[0], [0, 1], [0], [1], [2], []], model=ModelId("drawn 2", "faces-1"), shift=4)
    assert tab.group()
    assert tab.people()["Anna"] == 3
    tab.reload()
    assert tab.people()["Anna"] == 3
    assert tab.of(0)["box"][0] == 4


def test_people_stay_as_they_are_until_another_pack_has_seen_all_and_what_was_said_outlives_it(tab: Tab) -> None:
    tab.say(tab.box.people.name_person(tab.who(0), "Anna"))
    tab.say(tab.box.people.name_person(tab.who(3), "Ben"))
    tab.say(tab.box.people.not_this_person(tab.of(2)["id"], tab.who(2)))
    tab.say(tab.box.people.remove_face(tab.of(4)["id"]))
    before = tab.people()
    assert before["Anna"] == 2
    tab.box.seeking.begin(MANIFEST.replace('version = "1"', 'version = "2"').encode())
    assert tab.box.seeking.beside
    # It takes the first person for two, so that what was said must tell.
    tab.beside([[0], [0, 1], [3]], shift=4)
    tab.group()
    assert tab.people() == before
    tab.reload()
    tab.box.seeking.begin(MANIFEST.replace('version = "1"', 'version = "2"').encode())
    assert tab.people() == before
    assert tab.of(0)["box"][0] == 0
    assert tab.box.seeking.todo()["total"] == 6
    assert len(tab.box.seeking.todo()["ids"]) == 3 * 16
    tab.beside([[1], [2], []], first=3, shift=4)
    assert tab.people() == before
    tab.put(tab.box.seeking.change() or {})
    assert tab.group()
    assert not tab.box.seeking.beside
    for _ in range(2):
        assert (tab.people()["Anna"], tab.people()["Ben"]) == (2, 2)
        assert tab.of(0)["box"][0] == 4
        assert tab.of(2)["name"] == ""
        assert tab.of(4)["person"] is None
        assert tab.box.people.problems() == []
        tab.reload()
    assert tab.box.seeking.change() is None


def test_going_back_to_the_first_pack_forgets_what_the_other_saw(tab: Tab) -> None:
    before = tab.people()
    tab.box.seeking.begin(MANIFEST.replace('version = "1"', 'version = "2"').encode())
    tab.beside([[0], [0, 1]], shift=4)
    tab.box.seeking.begin(MANIFEST.encode())
    assert tab.box.seeking.todo()["ids"] == ""
    assert tab.box.seeking.change() is None
    tab.put(tab.box.seeking.fold() or {})
    assert tab.people() == before
    assert len(tab.faces) == 2


def test_a_library_of_one_pack_alone_is_put_together_by_that_pack_s_own_measure() -> None:
    """People lie 0.14 apart: to a pack that takes 0.3 for one person they are all the same."""
    tab = Tab()
    tab.photos(3)
    wide = Calibration(same=0.3, tight=0.1, ask=0.4, founding=0.3)
    ids = [number(f"p{place}") for place in range(3)]
    tab.put(tab.box._gallery.stage_look(ids, face_rows([[0], [1], [2]]), MODEL, wide))
    assert tab.group()
    assert list(tab.people().values()) == [3]
    tab.reload()
    assert list(tab.people().values()) == [3]


def test_what_another_tab_says_holds_here_too(tab: Tab) -> None:
    other = Tab()
    other.journal, other.faces = tab.journal, tab.faces
    other.reload()
    answer = other.box.people.name_person(other.who(0), "Anna")
    tab.box.sayings.hear([answer["statements"]], [1])
    assert tab.people()["Anna"] == 3


def test_suggestions_are_asked_with_names_and_faces_and_answered_once() -> None:
    tab = Tab()
    tab.photos(4)
    tab.seen([[0], [0], [0], [0]])
    tab.group()
    person = tab.who(0)
    tab.say(tab.box.people.name_person(person, "Anna"))
    fresh = tab.say(tab.box.people.move_faces([tab.of(3)["id"]], None))["person"]
    (asked,) = tab.box.people.suggest_people()
    assert set(asked["people"]) == {person, fresh}
    assert "Anna" in asked["names"]
    assert [face["photo"] for face in asked["faces"]]
    tab.say(tab.box.people.answer_suggestion(asked["people"], False))
    assert tab.box.people.suggest_people() == []
    assert tab.box.people.suggest_people(person) == []
    tab.reload()
    assert tab.box.people.suggest_people() == []


def test_people_are_searched_by_name(tab: Tab) -> None:
    tab.say(tab.box.people.name_person(tab.who(0), "Anna Maria Berg"))
    tab.say(tab.box.people.name_person(tab.who(3), "Ben"))
    for query, names in {
        "person:anna": {"p0.jpg", "p1.jpg", "p2.jpg"},
        'person:"Anna Maria Berg" person:ben': {"p1.jpg"},
        "person:berg -person:ben": {"p0.jpg", "p2.jpg"},
    }.items():
        answer = run(tab.box.search(query))
        assert {hit["name"] for hit in answer["results"][: answer["relevant"]]} == names, query
    offered = tab.box.complete("person:ben", 10)
    assert [(each["label"], each["count"]) for each in offered if each["kind"] == "person"] == [("Ben", 2)]
    tab.photos(7)
    tab.seen([[1]], first=6)
    tab.group()
    assert tab.box.complete("person:ben", 10)[0]["count"] == 3
    tab.say(tab.box.people.hide_person(tab.who(3)))
    assert [each for each in tab.box.complete("person:be", 9) if each["label"] == "Ben"] == []


def test_a_persons_page_has_the_newest_photos_first(tab: Tab) -> None:
    page = tab.box.people.person(tab.who(0), limit=2)
    assert (page["faceCount"], len(page["faces"])) == (3, 2)
    rest = tab.box.people.person(tab.who(0), limit=2, offset=2)
    faces = [*page["faces"], *rest["faces"]]
    assert {face["photo"] for face in faces} == {id_text(number(f"p{place}")) for place in range(3)}
    row = tab.box.library.row_of
    taken = [float(tab.box.library.table["taken"][row(int(face["photo"], 16))]) for face in faces]
    order = np.nan_to_num(taken, nan=-np.inf).tolist()
    assert order == sorted(order, reverse=True)


def test_deleting_face_data_leaves_nothing_of_people_and_all_else(tab: Tab) -> None:
    tab.say(tab.box.people.name_person(tab.who(0), "Anna"))
    tab.say(tab.box.sayings.favourite([id_text(number("p0"))]))
    answer = tab.box.faces_erase()
    assert tab.people()["Anna"] == 3
    assert set(answer["delete"]) == set(tab.said)
    tab.said = {90 + place: data for place, data in enumerate(answer["put"])}
    tab.faces = {}
    tab.box.accept(answer["batch"], list(tab.said))
    assert tab.people() == {}
    tab.reload()
    assert tab.people() == {}
    assert b"Anna" not in b"".join(tab.said.values())
    assert tab.box.photo(id_text(number("p0")))["favourite"] is True


def test_a_deletion_that_could_not_be_stored_never_happened(tab: Tab) -> None:
    tab.say(tab.box.people.name_person(tab.who(0), "Anna"))
    tab.box.reject(tab.box.faces_erase()["batch"])
    assert tab.people()["Anna"] == 3


@pytest.mark.parametrize(
    ("verb", "args"),
    [
        ("name_person", {"id": "0" * 16, "name": "Anna"}),
        ("name_person", {"id": "0" * 16, "name": 5}),
        ("merge_people", {"ids": ["0" * 16]}),
        ("merge_people", {"ids": "0" * 16}),
        ("split_person", {"id": "0" * 16, "faces": []}),
        ("move_faces", {"faces": [], "person": None}),
        ("move_faces", {"faces": ["nonsense"], "person": None}),
        ("remove_face", {"face": "0123456789abcdef/1,2,3,4"}),
        ("not_this_person", {"face": "x", "person": "y"}),
        ("answer_suggestion", {"people": ["0" * 16], "same": True}),
        ("answer_suggestion", {"people": ["0" * 16, "1" * 16], "same": "yes"}),
        ("person", {"id": "nobody"}),
        ("suggest_people", {"id": "nobody"}),
        ("people", {"faces": -1}),
    ],
)
def test_what_makes_no_sense_is_refused_with_a_sentence(tab: Tab, verb: str, args: dict[str, Any]) -> None:
    before = tab.people()
    with pytest.raises(QueryError) as told:
        getattr(tab.box.people, verb)(**args)
    assert str(told.value).endswith(".")
    assert tab.people() == before


class Elsewhere:
    """The network of neighbours in another worker: who asks it waits, and others have their turn."""

    def __init__(self) -> None:
        self.asked = 0

    async def open(self, network: str) -> Elsewhere:
        assert network == "neighbours"
        return self

    async def run(self, inputs: Mapping[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
        self.asked += 1
        await asyncio.sleep(0)
        products = inputs["rows"] @ inputs["columns"].T
        place = np.argsort(-products, axis=1)[:, : int(inputs["most"][0])]
        return {"likeness": np.take_along_axis(products, place, axis=1), "place": place.astype(np.int32)}


@pytest.mark.cpython_only
def test_what_is_said_while_all_are_grouped_anew_is_not_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shoebox.people.neighbours.FEW", 0)
    monkeypatch.setattr("shoebox.people.grouping.LONGEST_BREATH", 0.0)
    tab = Tab()
    tab.photos(30)
    tab.seen([[place % 5] for place in range(30)])
    run(tab.box.people.group())
    elsewhere = Elsewhere()
    tab.box.people._current._sessions = elsewhere

    async def both() -> None:
        grouping = asyncio.create_task(tab.box.people.group(all=True))
        while not elsewhere.asked:
            await asyncio.sleep(0)
        person = tab.say(tab.box.people.name_person(tab.who(0), "Anna"))["person"]
        tab.say(tab.box.people.split_person(person, [tab.of(5)["id"]]))
        assert not grouping.done()
        await grouping

    asyncio.run(both())
    assert tab.people()["Anna"] == 5
    assert sorted(tab.people().values()) == [1, 5, 6, 6, 6, 6]
    assert tab.who(0) != tab.who(5)
