from __future__ import annotations

import pytest

from rasp_lang.diagnostics import closest, did_you_mean
from rasp_lang.diagnostics.suggest import distance


@pytest.mark.parametrize(
    ("a", "b", "apart"),
    [
        ("", "", 0),
        ("", "abc", 3),
        ("tokns", "tokens", 1),
        ("lenght", "length", 1),
        ("select", "elects", 2),
        ("ca", "abc", 3),
        ("kitten", "sitting", 3),
    ],
)
def test_the_distance_counts_edits_and_swaps_both_ways(a: str, b: str, apart: int) -> None:
    assert distance(a, b) == distance(b, a) == apart


def test_the_nearest_name_is_suggested() -> None:
    assert closest("tokns", ["length", "tokens", "tokens_int"]) == "tokens"


def test_nothing_is_suggested_when_nothing_is_near() -> None:
    assert closest("histogram", ["length", "tokens"]) is None
    assert closest("x", ["y", "z"]) is None
    assert closest("a", []) is None


def test_the_word_itself_is_no_suggestion() -> None:
    assert closest("length", ["length"]) is None


def test_another_case_is_nearer_than_another_letter() -> None:
    assert closest("Tokens", ["tokens", "Tokenz"]) == "tokens"


def test_ties_go_to_the_alphabetically_first_whatever_the_order() -> None:
    assert closest("cat", ["rat", "bat"]) == closest("cat", ["bat", "rat"]) == "bat"


def test_the_help_line_asks() -> None:
    assert did_you_mean("lenght", ["length"]) == "did you mean `length`?"
    assert did_you_mean("qqqqqq", ["length"]) is None
