"""How a variable is written: every function that is read of it can be read off its directions."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from small_tables import NUMBERS, TEXTS, variable

from rasp_lang.analysis.cones import Variable
from rasp_lang.craft.encode import Encoding, _from_most_common, encode

SETTINGS = settings(max_examples=200, deadline=None, derandomize=True)
LEVELS = st.sampled_from([0.0, 1.0, 2.0, -3.0, 0.5, 256.0, 1 / 3])
Vector = np.ndarray


def read_off(encoding: Encoding, vector: Vector) -> Vector:
    """A function as its encoding reads it."""
    [(constant, terms)] = encoding.coefficients(vector[None])
    return constant + sum((k * encoding.basis[d] for d, k in terms), np.zeros(len(vector)))


@st.composite
def demands(draw: st.DrawFn) -> tuple[Variable, list[Vector]]:
    """A tabular variable and functions of its value, some of them multiples of others."""
    each = variable(0, draw(st.sampled_from([*NUMBERS, *TEXTS, list(range(7))])))
    size = len(each.values)
    vectors = [
        np.array(draw(st.lists(LEVELS, min_size=size, max_size=size)))
        for _ in range(draw(st.integers(1, 4)))
    ]
    for _ in range(draw(st.integers(0, 2))):
        vectors.append(draw(LEVELS) * draw(st.sampled_from(vectors)) + draw(LEVELS))
    return each, vectors


@SETTINGS
@given(demands(), st.booleans())
def test_every_demanded_function_can_be_read(
    made: tuple[Variable, list[Vector]], one_hot: bool
) -> None:
    each, vectors = made
    encoding = encode(each, vectors, one_hot=one_hot)
    assert len(encoding.basis) == len(encoding.labels) == len(encoding.values)
    for vector in vectors:
        np.testing.assert_allclose(read_off(encoding, vector), vector, rtol=0, atol=1e-9)


@SETTINGS
@given(demands())
def test_directions_are_no_more_than_values_or_different_functions(
    made: tuple[Variable, list[Vector]],
) -> None:
    each, vectors = made
    encoding = encode(each, vectors)
    varying = [vector for vector in vectors if (vector != vector[0]).any()]
    assert len(encoding.basis) <= max(len(each.values), 1)
    assert len(encoding.basis) <= len(varying) + 1
    assert bool(encoding.basis) == bool(varying)


@SETTINGS
@given(demands())
def test_indicators_partition_the_values(made: tuple[Variable, list[Vector]]) -> None:
    each, vectors = made
    encoding = encode(each, vectors, one_hot=True)
    assert np.array_equal(np.array(encoding.basis), np.eye(len(each.values)))
    assert encoding.values == each.values.atoms
    assert encoding.labels == tuple(f"={atom}" for atom in each.values.atoms)


def test_one_function_is_one_direction_and_its_multiples_are_read_off_it() -> None:
    each = variable(0, [0, 1, 2, 5])
    numbers = each.values.numbers
    encoding = encode(each, [numbers, 3 * numbers - 7, -numbers])
    assert len(encoding.basis) == 1
    assert encoding.coefficients(3 * numbers[None] - 7) == [(-7.0, [(0, 3.0)])]
    assert encoding.labels == ("",)


def test_as_many_functions_as_values_are_read_off_one_direction_a_class() -> None:
    each = variable(0, ["a", "b", "c", "d"])
    vectors = [np.array(v, float) for v in ([1, 0, 0, 0], [0, 1, 0, 0], [5, 2, 9, 9])]
    encoding = encode(each, vectors)
    # c and d are told apart by none of the three.
    assert encoding.labels == ("=a", "=b", "=c|d")
    assert encoding.values == ("a", "b", None)
    assert np.array(encoding.basis).sum(axis=0).tolist() == [1, 1, 1, 1]


def test_a_direction_says_which_function_of_the_value_it_is() -> None:
    each = variable(0, [0, 1, 2, 3])

    def label(*vector: float) -> str:
        [found] = encode(each, [np.array(vector, float)]).labels
        return found

    assert label(0, 1, 2, 3) == ""
    assert label(5, 7, 9, 11) == ""
    assert label(4, 1, 0, 1) == " squared about 2"
    assert label(0, 0, 1, 0) == "=2"
    assert label(0, 1, 1, 0) == " in 2 values"
    assert label(0, 7, 1, 2) == " function"


def test_what_is_known_by_its_number_alone_is_one_direction() -> None:
    mean = variable(0, [0.0, 0.5, 1.0, 3.0], tabular=False)
    numbers = mean.values.numbers
    encoding = encode(mean, [2 * numbers + 1, -numbers])
    assert np.array_equal(encoding.basis, [numbers])
    for vector in (2 * numbers + 1, -numbers, np.full(4, 6.0)):
        np.testing.assert_allclose(read_off(encoding, vector), vector, rtol=0, atol=1e-12)


def test_what_is_not_read_has_no_direction() -> None:
    assert encode(variable(0, [1, 2, 3]), [np.full(3, 4.0)]).basis == ()


def test_what_is_only_told_apart_needs_two_directions_if_these_are_allowed() -> None:
    size = 12
    each = variable(0, list(range(size)))
    turns = 2 * np.pi / size * (np.arange(size)[:, None] - np.arange(size)[None, :])
    encoding = encode(each, list(np.cos(turns)), circle=True)
    assert len(encoding.basis) == 2
    for vector in np.cos(turns):
        np.testing.assert_allclose(read_off(encoding, vector), vector, rtol=0, atol=1e-9)
    indicator = np.eye(size)[3]
    encoding = encode(each, [*np.cos(turns), indicator], circle=True)
    np.testing.assert_allclose(read_off(encoding, indicator), indicator, rtol=0, atol=1e-9)


@SETTINGS
@given(st.lists(st.lists(LEVELS, min_size=5, max_size=5), min_size=1, max_size=4))
def test_of_a_one_hot_what_is_not_most_common_is_read(rows: list[list[float]]) -> None:
    for levels, (constant, terms) in zip(rows, _from_most_common(np.array(rows)), strict=True):
        most = max(map(levels.count, levels))
        assert constant == min(level for level in levels if levels.count(level) == most)
        wanted = [(k, level - constant) for k, level in enumerate(levels) if level != constant]
        assert terms == wanted
