from __future__ import annotations

import pytest

from rasp_lang.graph import Atom
from rasp_lang.sampling import all_inputs, number_of_inputs, sample_inputs


def _typed(tokens: tuple[Atom, ...]) -> tuple[tuple[type, Atom], ...]:
    return tuple((type(token), token) for token in tokens)


def test_all_inputs_come_short_ones_first_then_in_the_order_of_the_vocabulary() -> None:
    found = list(all_inputs(["b", "a"], 2))
    assert found == [("b",), ("a",), ("b", "b"), ("b", "a"), ("a", "b"), ("a", "a")]


@pytest.mark.parametrize(("size", "max_len"), [(1, 5), (2, 3), (5, 1), (3, 4)])
def test_the_number_of_inputs_is_counted_without_making_them(size: int, max_len: int) -> None:
    assert number_of_inputs(size, max_len) == len(list(all_inputs(range(size), max_len)))


@pytest.mark.parametrize("samples", [1, 7, 119, 120, 500])
def test_a_sample_has_distinct_inputs_of_legal_lengths_ordered_by_length(samples: int) -> None:
    found = sample_inputs([1, 1.0, True], 4, samples, seed=3)
    assert len(set(map(_typed, found))) == len(found) == min(samples, 120)
    lengths = list(map(len, found))
    assert lengths == sorted(lengths)
    assert set(lengths) <= {1, 2, 3, 4}


def test_a_sample_begins_with_the_boundary_cases() -> None:
    vocabulary, max_len = list("abcdefgh"), 12
    found = set(sample_inputs(vocabulary, max_len, 600, seed=0))
    assert {(token,) for token in vocabulary} <= found
    assert {(token,) * max_len for token in vocabulary} <= found
    assert {(a, b) for a in vocabulary for b in vocabulary} <= found
    assert sum(len(tokens) == max_len for tokens in found) >= 100
    assert {len(tokens) for tokens in found} == set(range(1, max_len + 1))


def test_a_large_vocabulary_leaves_room_for_long_inputs() -> None:
    found = sample_inputs(range(8_000), 20, 300, seed=0)
    assert len(found) == 300
    assert sum(len(tokens) > 2 for tokens in found) >= 150


def test_a_sample_is_decided_by_its_seed() -> None:
    assert sample_inputs("abc", 9, 100, 5) == sample_inputs("abc", 9, 100, 5)
    assert sample_inputs("abc", 9, 100, 5) != sample_inputs("abc", 9, 100, 6)
