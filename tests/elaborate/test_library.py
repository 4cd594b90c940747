"""The library that is written in RASP, against the same functions in Python."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from rasp_lang.elaborate.reserved import PROTECTED
from rasp_lang.program import loads

INPUTS = [
    random.Random(seed).choices("abc", k=length) for seed in range(4) for length in range(1, 7)
]
NUMBERS = [
    random.Random(seed).choices((-1, 0, 1, 2.5), k=length) for seed in range(4) for length in (1, 5)
]


def rows(selects: Callable[[int, int], bool], tokens: Sequence[Any]) -> list[list[bool]]:
    """A selector as a matrix; ``selects(query, key)``."""
    places = range(len(tokens))
    return [[selects(query, key) for key in places] for query in places]


def last(tokens: Sequence[Any], value: Any) -> int:
    return max((i for i, token in enumerate(tokens) if token == value), default=-1)


def first(tokens: Sequence[Any], value: Any) -> int:
    return min((i for i, token in enumerate(tokens) if token == value), default=-1)


def sort_by(tokens: Sequence[Any], keys: Sequence[Any]) -> list[Any]:
    return [tokens[i] for i in sorted(range(len(tokens)), key=keys.__getitem__)]


def next_same(tokens: Sequence[Any], place: int) -> int:
    later = (i for i in range(place + 1, len(tokens)) if tokens[i] == tokens[place])
    return next(later, -1)


MEANINGS: dict[str, Callable[[Sequence[Any]], Any]] = {
    "length": lambda t: [len(t)] * len(t),
    "full_s": lambda t: rows(lambda q, k: True, t),
    "selector_width(select(tokens, tokens, <))": lambda t: [sum(k < q for k in t) for q in t],
    "has_focus(select(indices, indices, <))": lambda t: [i > 0 for i in range(len(t))],
    'count(tokens, "a")': lambda t: [t.count("a")] * len(t),
    "count(tokens, tokens)": lambda t: [len(t)] * len(t),
    "count(1, 1)": lambda t: [len(t)] * len(t),
    'contains(tokens, "b")': lambda t: ["b" in t] * len(t),
    'max(tokens, "b")': lambda t: [max(x, "b") for x in t],
    'min(tokens, "b")': lambda t: [min(x, "b") for x in t],
    "load_from_location(tokens, 0)": lambda t: [t[0]] * len(t),
    "load_from_location(tokens, length - 1 - indices)": lambda t: t[::-1],
    "load_from_location(indices, 3)": lambda t: [3 if len(t) > 3 else 0] * len(t),
    'shift(tokens, 1, "-")': lambda t: ["-", *t[:-1]],
    'shift(tokens, -2, "-")': lambda t: [*t[2:], "-", "-"][: len(t)],
    'shift(tokens, indices, "-")': lambda t: [t[0]] * len(t),
    'mark_last_instance(tokens, "a")': lambda t: [i == last(t, "a") for i in range(len(t))],
    'mark_first_instance(tokens, "a")': lambda t: [i == first(t, "a") for i in range(len(t))],
    'select_from_last(tokens, "a")': lambda t: rows(lambda q, k: k == last(t, "a"), t),
    'select_from_first(tokens, "a")': lambda t: rows(lambda q, k: k == first(t, "a"), t),
    "sort(tokens, tokens)": lambda t: sorted(t),
    "sort(indices, tokens)": lambda t: sort_by(range(len(t)), t),
    "sort(tokens, -indices)": lambda t: t[::-1],
    "sort(tokens, 0)": lambda t: t,
    "select_next_identical(tokens)": lambda t: rows(lambda q, k: k == next_same(t, q), t),
}


@pytest.mark.parametrize("expression", MEANINGS)
def test_a_library_function_means_what_python_computes(expression: str) -> None:
    program = loads("")
    for tokens in INPUTS:
        assert program.evaluate(expression, tokens) == MEANINGS[expression](tokens), tokens


def test_sort_orders_numbers_and_keeps_their_types() -> None:
    program = loads("")
    for tokens in NUMBERS:
        found = program.evaluate("sort(tokens, tokens)", tokens)
        assert [(type(x), x) for x in found] == [(type(x), x) for x in sorted(tokens)]


def test_average_is_the_mean_over_all_positions() -> None:
    program = loads("")
    assert program.evaluate("average(tokens)", [1, 2, 4]) == [7 / 3] * 3
    assert program.evaluate("average(tokens)", [1]) == [1]


def test_max_and_min_work_on_atoms() -> None:
    assert loads("").evaluate("[max(3, 7), min(3, 7), max(1.5, 1)]") == [7, 3, 1.5]


def test_length_counts_the_prefix_when_read_causally() -> None:
    program = loads("")
    assert program.evaluate("length", "abc", causal=True) == [1, 2, 3]
    assert program.evaluate('count(tokens, "a")', "aba", causal=True) == [1, 1, 2]


def test_exactly_the_public_names_of_the_library_are_protected() -> None:
    from rasp_lang.elaborate import Session
    from rasp_lang.elaborate.natives import predefined
    from rasp_lang.elaborate.nodes import Nodes

    library = set(Session().base.names) - set(predefined(Nodes()).names) - {"out"}
    assert library | {"selector_width"} == set(PROTECTED)


def test_the_library_is_compiled_once_a_session_without_unused_nodes() -> None:
    assert len(loads("").graph) < 15
