from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shoebox.commands.evaluation import DEPTHS, judge
from tests.commands.shell import Shell


def test_queries_are_judged_by_where_their_photos_come(library: Shell, tmp_path: Path) -> None:
    questions = tmp_path / "questions.txt"
    questions.write_text("a cat\tcat.jpg\n\na cup of coffee\tholidays/2019/coffee.jpg\na cat in:2020\tcat.jpg\n")
    answer = library.ask("eval", questions)
    assert answer["ranks"] == [
        {"query": "a cat", "rank": 1},
        {"query": "a cup of coffee", "rank": 1},
        {"query": "a cat in:2020", "rank": None},
    ]
    assert answer["recall"] == {"1": 0.6667, "5": 0.6667, "10": 0.6667}
    assert library("eval", questions).out.startswith("never  a cat in:2020\n")


@pytest.mark.parametrize("text", ["", "a cat", "a cat\t", "\tcat.jpg", "a cat\tnowhere.jpg"])
def test_what_is_no_question_is_refused(library: Shell, tmp_path: Path, text: str) -> None:
    questions = tmp_path / "questions.txt"
    questions.write_text(text)
    said = library("eval", questions)
    assert (said.status, said.out) == (1, "")
    assert said.err
    assert library("eval", tmp_path / "nowhere").status == 1


@given(ranks=st.dictionaries(st.text(), st.none() | st.integers(1, 100), min_size=1))
def test_who_looks_further_finds_no_less(ranks: dict[str, int | None]) -> None:
    recall = [judge(ranks)["recall"][str(depth)] for depth in DEPTHS]
    assert recall == sorted(recall)
    assert recall[0] >= 0 and recall[-1] <= 1
