"""Gates: for each combination of values of some tabular variables, what is left of a function is a
sum, one neuron, or a function of one number, its steps gated.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from rasp_lang.analysis.values import places_of, same_rows, sorted_unique, starts
from rasp_lang.craft.linear import Linear, PlannedUnit, reading
from rasp_lang.craft.projections import SEARCH_VARIABLES, with_levels
from rasp_lang.craft.steps import Construction, changes, slope_within, step
from rasp_lang.craft.tables import Table, Vector, additive, classes


@dataclass(frozen=True, eq=False)
class _Gate:
    """One combination of classes of the gating variables: its rows, their values from the most
    common one, and 0 if it is on, at least 1 if it is off (``closed``, linear)."""

    rows: NDArray[np.int64]
    values: Vector
    closed: Linear


class Splitting:
    """Branches of a function for combinations of values of some of its variables."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self._classes: dict[int, NDArray[np.int64]] = {}
        self._shut: dict[tuple[int, int], Linear] = {}

    @cached_property
    def base(self) -> float:
        """The most common value, which needs no neuron."""
        levels = np.sort(self.table.values)
        first = starts(levels)
        ends = np.append(first[1:], len(levels))
        return float(levels[first[(ends - first).argmax()]])

    def choices(self) -> Iterator[tuple[int, ...]]:
        """The tabular variables to split on, few of them first; one variable at least is left."""
        table = self.table
        tabular = [k for k, variable in enumerate(table.variables) if variable.tabular]
        rest = len(table.variables) - len(tabular)
        for size in range(1, min(len(tabular), SEARCH_VARIABLES) + 1):
            if len(table.variables) - size >= max(1, rest):
                yield from combinations(tabular, size)

    def conjunction(self, limit: int) -> Construction | None:
        """Neurons, if the value is another than the most common one, and one only, just where each
        of three or more tabular variables has some of its values: all but the last of them gate
        the last, whatever they are."""
        table = self.table
        if len(table.variables) < 3 or not all(variable.tabular for variable in table.variables):
            return None
        others = table.values != self.base
        levels = table.values[others]
        if (levels != levels[:1]).any():
            return None
        chosen = [np.zeros(len(variable.values), bool) for variable in table.variables]
        gated = inside = np.ones(len(others), bool)
        for digits, some in zip(table.digits.T, chosen, strict=True):
            some[digits[others]] = True
            gated, inside = inside, inside & some[digits]
        if not np.array_equal(inside, others):
            return None
        closed = Linear()
        for variable, some in zip(table.variables[:-1], chosen[:-1], strict=True):
            closed = closed.plus(reading(variable, (~some).astype(float)))
        last, values = table.digits[gated, -1:], table.values[gated] - self.base
        part = Table(table.variables[-1:], last, values)
        branch = _branch(part, closed, limit)
        return None if branch is None else Construction(self.base, tuple(branch))

    def split(self, columns: tuple[int, ...], limit: int) -> Construction | None:
        """Branches for each combination of values of some variables; None above ``limit``
        neurons."""
        units: list[PlannedUnit] = []
        table = self.table
        others = [k for k in range(len(table.variables)) if k not in columns]
        rest = tuple(table.variables[k] for k in others)
        for gate in self.gates(columns, limit):
            part = Table(rest, table.digits[gate.rows][:, others], gate.values)
            branch = _branch(part, gate.closed, limit - len(units))
            if branch is None or len(units) + len(branch) > limit:
                return None
            units.extend(branch)
        return Construction(self.base, tuple(units)) if units else None

    def gates(self, columns: tuple[int, ...], limit: int) -> Sequence[_Gate]:
        """The combinations that occur and need neurons, each with its rows; none if they are more
        than ``limit``."""
        table = self.table
        joint = np.stack([self.classes(k)[table.digits[:, k]] for k in columns], axis=1)
        first, group = same_rows(joint)
        values = table.values - self.base
        needed = sorted_unique(group[values != 0.0]).tolist()
        if len(needed) > limit:
            return ()
        found = []
        for k in needed:
            rows, closed = places_of(group == k), Linear()
            for wanted, column in zip(joint[first[k]].tolist(), columns, strict=True):
                closed = closed.plus(self.shut(column, wanted))
            found.append(_Gate(rows, values[rows], closed))
        return found

    def classes(self, column: int) -> NDArray[np.int64]:
        if column not in self._classes:
            self._classes[column] = classes(self.table, column)[0]
        return self._classes[column]

    def shut(self, column: int, wanted: int) -> Linear:
        """0 where a variable is of the wanted class, 1 elsewhere."""
        if (column, wanted) not in self._shut:
            other = (self.classes(column) != wanted).astype(float)
            self._shut[column, wanted] = reading(self.table.variables[column], other)
        return self._shut[column, wanted]


def _branch(part: Table, closed: Linear, limit: int) -> list[PlannedUnit] | None:
    """The function behind one gate: nothing, one or two neurons for a sum, or gated steps; None if
    it is none of these or needs more than ``limit`` neurons."""
    part = part.reduced()
    if part.constant == 0.0:
        return []
    total = additive(part)
    if total is not None:
        return _gated_sum(part, total, closed)
    if len(part.variables) > 1:
        return None
    found = next(with_levels(part, tuple), None)
    if found is None:
        return None
    projection, points, levels = found
    if 2 * int((levels[1:] != levels[:-1]).sum()) > limit:
        return None
    return _gated_steps(projection.linear, points, levels, closed)


def _gated_sum(part: Table, total: tuple[float, list[Vector]], closed: Linear) -> list[PlannedUnit]:
    constant, vectors = total
    linear = Linear(constant)
    for variable, vector in zip(part.variables, vectors, strict=True):
        linear = linear.plus(reading(variable, vector))
    low, high = float(part.values.min()), float(part.values.max())
    span = _reach(linear)
    if low >= 0:
        return [PlannedUnit(linear.plus(closed, -span), 1.0)]
    if high <= 0:
        return [PlannedUnit(linear.scaled(-1.0).plus(closed, -span), -1.0)]
    lifted = linear.shifted(-low).plus(closed, low - span)
    return [PlannedUnit(lifted, 1.0), PlannedUnit(Linear(1.0).plus(closed, -1.0), low)]


def _gated_steps(
    linear: Linear, points: Vector, levels: Vector, closed: Linear
) -> list[PlannedUnit]:
    first = float(levels[0])
    units = [PlannedUnit(Linear(1.0).plus(closed, -1.0), first)] if first else []
    for low, high, jump in changes(points, levels):
        reach = slope_within(high - low) * (_reach(linear) - low) + 1.0
        for unit in step(linear, low, high, jump):
            units.append(PlannedUnit(unit.reads.plus(closed, -reach), unit.weight, True))
    return units


def _reach(linear: Linear) -> float:
    """A bound on the absolute value of a linear form, wherever its gate is closed too."""
    return abs(linear.constant) + sum(part.largest for part in linear.parts)
