"""Functions of cones' rows: what they depend on, and whether they are sums."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_tables import full_table, tables, variable, variables

from rasp_lang.analysis.cones import build_cone
from rasp_lang.craft.tables import Table, additive, classes, composed

SETTINGS = settings(max_examples=200, deadline=None, derandomize=True)
LEVELS = st.sampled_from([0.0, 1.0, -3.0, 0.5, 7.0])


def as_function(table: Table) -> dict[tuple[int, ...], float]:
    return dict(zip(map(tuple, table.digits.tolist()), table.values.tolist(), strict=True))


def total(constant: float, parts: list[np.ndarray], table: Table) -> np.ndarray:
    return constant + sum(part[table.digits[:, k]] for k, part in enumerate(parts))


@st.composite
def sums(draw: st.DrawFn) -> Table:
    """On all tuples, a constant and a function of each variable: of its number alone if it is not
    tabular."""
    known = draw(variables())
    table = full_table(known, np.zeros(int(np.prod([len(each.values) for each in known]))))
    values = table.values + draw(LEVELS)
    for column, each in enumerate(known):
        size = len(each.values)
        vector = np.array(draw(st.lists(LEVELS, min_size=size, max_size=size)))
        if not each.tabular:
            vector = draw(LEVELS) * each.values.numbers
        values = values + vector[table.digits[:, column]]
    return Table(known, table.digits, values)


@SETTINGS
@given(sums())
def test_a_sum_of_functions_is_recognised_and_reproduced(table: Table) -> None:
    found = additive(table)
    assert found is not None
    np.testing.assert_allclose(total(*found, table), table.values, atol=1e-9)
    for each, part in zip(table.variables, found[1], strict=True):
        assert part.shape == (len(each.values),)
        if not each.tabular and len(part) > 1:
            slope = (part[-1] - part[0]) / np.ptp(each.values.numbers)
            np.testing.assert_allclose(part, slope * each.values.numbers, atol=1e-9)


@SETTINGS
@given(tables())
def test_what_is_taken_for_a_sum_is_one(table: Table) -> None:
    found = additive(table)
    if found is not None:
        np.testing.assert_allclose(total(*found, table), table.values, atol=1e-9)


@SETTINGS
@given(sums(), st.data())
def test_a_sum_of_several_with_one_value_changed_is_none(table: Table, data: st.DataObject) -> None:
    if len(table.variables) < 2 or any(len(each.values) < 2 for each in table.variables):
        return
    values = table.values.copy()
    values[data.draw(st.integers(0, len(values) - 1))] += 1.0
    assert additive(Table(table.variables, table.digits, values), affine=False) is None


def test_a_function_of_a_number_that_is_no_multiple_needs_more_than_a_reading() -> None:
    mean = variable(0, [0, 1, 2], tabular=False)
    assert additive(full_table([mean], [1, 3, 5])) is not None
    assert additive(full_table([mean], [0, 1, 4])) is None
    assert additive(full_table([mean], [0, 1, 4]), affine=False) is not None


def test_rows_that_cannot_occur_do_not_stop_a_sum() -> None:
    a, b = variable(0, [0, 1]), variable(1, [0, 1])
    triangle = np.array([[0, 0], [0, 1], [1, 1]])
    assert additive(Table((a, b), triangle, np.array([3.0, -1.0, 8.0]))) is not None


@SETTINGS
@given(tables(levels=(0, 1, float("nan"))))
def test_reducing_keeps_the_function_and_drops_only_what_it_does_not_depend_on(
    table: Table,
) -> None:
    smaller = table.reduced()
    columns = [table.variables.index(each) for each in smaller.variables]
    known = as_function(smaller)
    for row, value in zip(table.digits, table.values, strict=True):
        if not np.isnan(value):
            assert known[tuple(row[columns].tolist())] == value
    assert not np.isnan(smaller.values).any()
    for column in range(len(smaller.variables)):
        assert smaller.without(column) is smaller
    assert smaller.reduced().key == smaller.key


@SETTINGS
@given(tables())
def test_an_unread_variable_is_dropped(table: Table) -> None:
    other = variable(9, [0, 1, 2])
    every = np.repeat(np.arange(3), len(table.values))[:, None]
    wide = Table(
        (*table.variables, other),
        np.hstack([np.tile(table.digits, (3, 1)), every]),
        np.tile(table.values, 3),
    )
    assert wide.reduced().key == table.reduced().key


@SETTINGS
@given(tables())
def test_a_constant_is_recognised(table: Table) -> None:
    distinct = set(table.values.tolist())
    assert table.constant == (distinct.pop() if len(distinct) == 1 else None)
    assert (table.reduced().variables == ()) == (table.constant is not None)


@SETTINGS
@given(tables(), st.data())
def test_values_of_one_class_can_be_exchanged(table: Table, data: st.DataObject) -> None:
    column = data.draw(st.integers(0, len(table.variables) - 1))
    class_of, count = classes(table, column)
    used = set(table.digits[:, column].tolist())
    assert {k for k, c in enumerate(class_of) if c >= 0} == used
    assert set(class_of[sorted(used)].tolist()) == set(range(count))

    def slice_of(value: int) -> dict[tuple[int, ...], float]:
        chosen = table.digits[:, column] == value
        others = np.delete(table.digits[chosen], column, axis=1)
        return as_function(Table((), others, table.values[chosen]))

    for a in used:
        for b in used:
            assert (class_of[a] == class_of[b]) == (slice_of(a) == slice_of(b))


def test_a_function_of_an_s_op_is_composed_with_its_table() -> None:
    a = variable(0, [0, 1, 2])
    cone = build_cone([a], 1)
    # The s-op has its values 1, 0 and none in the three rows.
    table = composed(cone, np.array([1, 0, -1]), np.array([10.0, 20.0]))
    assert as_function(table) == {(0,): 20.0, (1,): 10.0}


@pytest.mark.parametrize("number", [3, -2])
def test_numbers_stand_for_values_and_places_for_texts(number: int) -> None:
    table = full_table([variable(0, [0, 1, number])], [0, 0, 1])
    assert sorted(table.number(0).tolist()) == sorted([0.0, 1.0, number])
    assert full_table([variable(0, ["x", "y"])], [0, 1]).number(0).tolist() == [0.0, 1.0]
