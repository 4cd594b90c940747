"""One hidden layer for a function: constructions against their tables, in double precision."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Sequence

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from small_tables import full_table, read, tables, variable

from rasp_lang.analysis.cones import Variable
from rasp_lang.craft.steps import Construction, outside_runs
from rasp_lang.craft.synthesis import construct, penalty
from rasp_lang.craft.tables import Table, additive

SETTINGS = settings(max_examples=120, deadline=None, derandomize=True)
DYADIC = (0, 1, 2, -1, 5, 0.5)
Vector = np.ndarray


def written(found: Construction, table: Table, off: random.Random | None = None) -> Vector:
    """The function in each row; with ``off``, readings on plateaus are wrong by almost a half.
    Those that differ by a constant only are wrong by the same."""
    total = np.full(len(table.values), found.offset)
    errors: dict[bytes, Vector] = {}
    for unit in found.units:
        reading = read(unit.reads, table)
        if unit.plateau and off is not None:
            varying = np.round(reading - reading[0], 9) + 0.0
            drawn = np.array([off.uniform(-0.49, 0.49) for _ in reading])
            reading = reading + errors.setdefault(varying.tobytes(), drawn)
        total = total + unit.weight * np.maximum(reading, 0.0)
    return total


@SETTINGS
@given(tables(DYADIC), st.integers(0, 10**6))
def test_a_construction_is_its_table_even_if_readings_on_plateaus_are_off_by_almost_a_half(
    table: Table, seed: int
) -> None:
    table = table.reduced()
    assume(table.constant is None and additive(table) is None)
    found = construct(table)
    assert found is not None
    for off in (None, random.Random(seed)):
        np.testing.assert_allclose(written(found, table, off), table.values, rtol=0, atol=1e-9)


@SETTINGS
@given(tables((0, 1)), st.integers(0, 10**6))
def test_a_penalty_is_exactly_zero_on_zeros_and_at_least_one_elsewhere(
    table: Table, seed: int
) -> None:
    table = table.reduced()
    assume(table.constant is None)
    found = penalty(table)
    assume(found is not None)
    assert found.zero
    for values in (written(found, table), written(found, table, random.Random(seed))):
        assert (values[table.values == 0] == 0).all()
        assert (values[table.values == 1] >= 1).all()


MEAN = variable(0, [k / 12 for k in range(13)], tabular=False)
WIDTH = variable(1, list(range(1, 9)), tabular=False)
TABULAR = variable(5, [0, 1, 2, 3])
TOKEN = variable(2, ["a", "b", "c"])
FLAG = variable(3, [False, True])
OTHER = variable(4, list(range(5)), tabular=False)


def table_of(function: Callable[..., float], *variables: Variable) -> Table:
    """The table of a function of the atoms."""
    empty = full_table(variables, [0.0] * int(np.prod([len(v.values) for v in variables])))
    values = [
        float(function(*(v.values.atoms[k] for v, k in zip(variables, row, strict=True))))
        for row in empty.digits
    ]
    return full_table(variables, values)


@pytest.mark.parametrize(
    ("function", "variables", "most"),
    [
        (lambda w: w > 3, [WIDTH], 2),
        (lambda w: w == 3, [WIDTH], 4),
        (lambda w: max(w, 3), [WIDTH], 2),
        (lambda w: abs(w - 4), [WIDTH], 2),
        (lambda w: w * w, [WIDTH], 7),
        (lambda m: m > 0, [MEAN], 2),
        (lambda m, f: m if f else 0, [MEAN, FLAG], 1),
        (lambda m, f: m if f else 1, [MEAN, FLAG], 2),
        (lambda m, t: m if t == "b" else 0, [MEAN, TOKEN], 1),
        (lambda m, t: {"a": m, "b": 1 - m, "c": 0}[t], [MEAN, TOKEN], 2),
        (lambda m, t: (m > 0.5) if t == "a" else (m < 0.5), [MEAN, TOKEN], 6),
        (lambda m, w: m > 1 / w, [MEAN, WIDTH], 30),
        (lambda f, t: f and t == "a", [FLAG, TOKEN], 1),
        (lambda f, t: f != (t == "a"), [FLAG, TOKEN], 2),
        (lambda w, v: w > v, [WIDTH, OTHER], 2),
        (lambda w, v: max(w, v), [WIDTH, OTHER], 12),
        (lambda w, v: w * v, [WIDTH, OTHER], 8),
    ],
)
def test_known_functions_take_few_neurons(
    function: Callable[..., float], variables: Sequence[Variable], most: int
) -> None:
    table = table_of(function, *variables)
    found = construct(table)
    assert found is not None
    np.testing.assert_allclose(written(found, table), table.values, rtol=0, atol=1e-9)
    assert len(found.units) <= most


@pytest.mark.parametrize("missing", [(), (5,), (0, 3, 17), (1, 2, 4, 9, 20)])
def test_a_conjunction_takes_one_neuron_whatever_does_not_occur(missing: tuple[int, ...]) -> None:
    last = variable(4, ["x", "y", "z"])
    every = table_of(lambda m, t, z: m > 1 and t != "b" and z == "y", TABULAR, TOKEN, last)
    kept = np.setdiff1d(np.arange(len(every.values)), missing)
    table = Table(every.variables, every.digits[kept], every.values[kept])
    found = construct(table)
    assert found is not None
    assert len(found.units) == 1
    np.testing.assert_allclose(written(found, table), table.values, rtol=0, atol=1e-9)


def test_a_closed_gate_lets_nothing_through_whatever_it_gates() -> None:
    table = table_of(lambda m, t: 100 * m if t == "b" else 0, MEAN, TOKEN)
    [unit] = construct(table).units
    reading = read(unit.reads, table)
    closed = table.digits[:, 1] != 1
    assert (reading[closed] <= 0).all()
    np.testing.assert_allclose(reading[~closed], table.values[~closed], atol=1e-9)


def test_a_penalty_is_one_neuron_on_each_side_of_its_zeros() -> None:
    middle = table_of(lambda w: not 3 <= w <= 5, WIDTH)
    assert len(penalty(middle).units) == 2
    side = table_of(lambda w: w > 2, WIDTH)
    assert len(penalty(side).units) == 1


def test_zeros_that_are_no_run_have_no_penalty() -> None:
    assert penalty(table_of(lambda w: w in (3, 4), WIDTH)) is None


def test_slopes_are_powers_of_two() -> None:
    table = table_of(lambda m: m >= 0.5, MEAN)
    for unit in construct(table).units:
        slope = float(np.ptp(read(unit.reads, table)) / np.ptp(table.number(0)))
        assert math.log2(slope) == pytest.approx(round(math.log2(slope)))
        assert slope >= 24  # it rises by 1 within half of the gap of 1/12


@given(st.lists(st.lists(st.booleans(), min_size=5, max_size=5), max_size=6))
def test_penalties_of_one_number_together_are_those_one_by_one(zeros: list[list[bool]]) -> None:
    number = variable(0, (0, 1, 3, 7, 8), tabular=False)
    points = number.values.numbers
    chosen = [row for row in zeros if any(row) and not all(row)]
    found = outside_runs(number, points, np.array(chosen, bool).reshape(-1, 5))
    for row, made in zip(chosen, found, strict=True):
        where = np.flatnonzero(row)
        is_run = where[-1] - where[0] + 1 == len(where)
        assert (made is not None) == is_run
        if made is None:
            continue
        table = Table((number,), np.arange(5)[:, None], 1.0 - np.array(row))
        alone = penalty(table)
        assert alone is not None
        together, largest = made
        values = [value(together, k) for k in range(5)]
        assert values == [value(alone, k) for k in range(5)]
        assert largest == max(values)
        assert [v == 0 for v in values] == row
        assert all(v == 0 or v >= 1 for v in values)


def value(made: Construction, digit: int) -> float:
    """What neurons on one number add up to at one of its values."""
    reads = [
        unit.reads.constant + sum(p.factor * p.vector[digit] for p in unit.reads.parts)
        for unit in made.units
    ]
    return float(sum(max(0.0, r) * u.weight for r, u in zip(reads, made.units, strict=True)))


def test_no_number_has_no_penalties() -> None:
    number = variable(0, (0, 1), tabular=False)
    assert outside_runs(number, np.zeros(0), np.zeros((0, 0), bool)) == []
