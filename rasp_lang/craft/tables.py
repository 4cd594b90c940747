"""Real functions of a cone's rows: what they depend on, and whether they are sums.

A function is a float vector over the rows of a cone; nan where the value does not matter.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from rasp_lang.analysis.cones import Cone, Variable
from rasp_lang.analysis.values import (
    Reach,
    Values,
    any_holds,
    distinct,
    places_of,
    sorted_unique,
    starts,
)

Vector = NDArray[np.float64]
Rows = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Table:
    """``values[r]`` in row r of (variables, digits): a real function of several variables."""

    variables: tuple[Variable, ...]
    digits: Rows
    values: Vector

    @staticmethod
    def over(cone: Cone, values: Vector) -> Table:
        return Table(cone.variables, cone.digits, values).reduced()

    @cached_property
    def key(self) -> tuple[object, ...]:
        """Equal for equal functions."""
        # Classes of one variable's values that are not the same are different variables.
        ids = tuple(
            (v.id, v.class_of.tobytes() if isinstance(v, Quotient) else b"") for v in self.variables
        )
        return ids, self.digits.tobytes(), self.values.tobytes()

    @cached_property
    def constant(self) -> float | None:
        defined = self.values[~np.isnan(self.values)]
        if len(defined) and any_holds(defined != defined[0]):
            return None
        return float(defined[0]) if len(defined) else 0.0

    @cached_property
    def classed(self) -> Table:
        """The same function of classes of values, where some variable has values that the function
        does not tell apart."""
        table = self
        for column, variable in enumerate(self.variables):
            few = len(variable.values) <= 2  # a function that depends on it tells those apart
            if few or not variable.tabular or isinstance(variable, Quotient):
                continue
            class_of, count = classes(table, column)
            if count < (class_of >= 0).sum():
                table = _merged(table, column, class_of, count)
        return table

    @cached_property
    def as_sum(self) -> tuple[float, list[Vector]] | None:
        """``additive`` where any function of a variable may be a part."""
        return _sum_of(self, affine=False)

    def number(self, column: int) -> Vector:
        """The number of a variable in each row; the position of a value that is no number."""
        variable = self.variables[column]
        scale = variable.values.numbers
        if any_holds(np.isnan(scale)):
            scale = np.arange(len(scale), dtype=float)
        return scale[self.digits[:, column]]

    def reduced(self) -> Table:
        """The same function of the variables that it depends on, without rows that do not
        matter."""
        table, unknown = self, np.isnan(self.values)
        if any_holds(unknown):
            table = Table(self.variables, self.digits[~unknown], self.values[~unknown])
        for variable in self.variables:
            table = table.without(table.variables.index(variable))
        return table

    def without(self, column: int) -> Table:
        """The function of the other variables if it does not depend on this one, else itself."""
        others = _without(self.digits, column)
        first, group = _alike(others)
        if any_holds(self.values[first][group] != self.values):
            return self
        rest = self.variables[:column] + self.variables[column + 1 :]
        return Table(rest, others[first], self.values[first])


def unique_rows(digits: Rows) -> tuple[Rows, Rows, Rows]:
    """Distinct rows, where each first stands, and which distinct row each row is."""
    first, group = _alike(digits)
    return digits[first], first, group


def _without(digits: Rows, column: int) -> Rows:
    if digits.shape[1] < 3:
        return digits[:, 1 - column : 2 - column] if digits.shape[1] == 2 else digits[:, :0]
    return digits[:, [k for k in range(digits.shape[1]) if k != column]]


def _alike(digits: Rows) -> tuple[Rows, Rows]:
    """Where each distinct row first stands, in ascending order, and which of them each row is."""
    if not digits.shape[1]:
        return np.zeros(min(len(digits), 1), np.int64), np.zeros(len(digits), np.int64)
    codes, bound = digits[:, 0], int(digits[:, 0].max(initial=0)) + 1
    for column in digits.T[1:]:
        size = int(column.max(initial=0)) + 1
        codes, bound = codes * size + column, bound * size
    return distinct(codes, bound)


@dataclass(frozen=True, eq=False)
class Quotient(Variable):
    """A tabular variable seen through a function that does not tell all its values apart:
    ``class_of`` maps the values of ``whole`` to its own, which are numbered."""

    whole: Variable
    class_of: Rows


def _merged(table: Table, column: int, class_of: Rows, count: int) -> Table:
    whole = table.variables[column]
    values = Values(tuple(range(count)))
    reach = Reach(np.zeros(1, np.int64), np.ones((1, count), bool))
    part = Quotient(
        whole.id, whole.kind, whole.node, values, reach, True, whole.depth, whole, class_of
    )
    digits = table.digits.copy()
    digits[:, column] = class_of[digits[:, column]]
    distinct, first, _ = unique_rows(digits)
    variables = (*table.variables[:column], part, *table.variables[column + 1 :])
    return Table(variables, distinct, table.values[first])


def additive(table: Table, affine: bool = True) -> tuple[float, list[Vector]] | None:
    """The function as ``constant + sum of one function of each variable``, or None. The vectors are
    over each variable's values. With ``affine``, a variable that is not tabular may only contribute
    a multiple of its number."""
    if not affine or all(variable.tabular for variable in table.variables):
        return table.as_sum
    return _sum_of(table, affine=True)


def _sum_of(table: Table, affine: bool) -> tuple[float, list[Vector]] | None:
    if _is_no_sum(table):
        return None
    parts: list[Vector] = []
    rest = table.values.copy()
    for column, variable in enumerate(table.variables):
        part: Vector | None = _part(table, column)
        if affine and not variable.tabular and part is not None:
            part = _affine(table, column, part)
        if part is None:
            return None
        parts.append(part)
        rest = rest - part[table.digits[:, column]]
    if not _is_constant(rest, table.values):
        return None
    return (float(rest[0]) if len(rest) else 0.0), parts


def _is_no_sum(table: Table) -> bool:
    """Whether a function of all combinations of some values is certainly no sum: it is not what its
    values along the axes through one combination add up to."""
    sizes = (table.digits.max(axis=0, initial=0) + 1).tolist()
    if len(sizes) < 2 or len(table.values) != math.prod(sizes):
        return False
    grid = np.empty(sizes)
    grid[tuple(table.digits.T)] = table.values
    corner = grid[(0,) * len(sizes)]
    total = np.full(sizes, (1 - len(sizes)) * corner)
    for axis, size in enumerate(sizes):
        line = grid[tuple(slice(None) if k == axis else 0 for k in range(len(sizes)))]
        total += line.reshape([size if k == axis else 1 for k in range(len(sizes))])
    return bool(np.abs(total - grid).max() > 1e-6 * np.abs(grid).max())


def of_one(table: Table) -> tuple[float, Vector] | None:
    """``additive(table.classed)`` for one tabular variable, its part over all of the variable's
    values; None where that is to be asked for."""
    digits = table.digits[:, 0]
    if (digits[1:] <= digits[:-1]).any():
        return None
    bits = np.ascontiguousarray(table.values).view(np.int64).tolist()
    number = {level: k for k, level in enumerate(dict.fromkeys(bits))}
    levels = np.array(list(number), np.int64).view(np.float64)
    part = np.append(0.0, np.cumsum(levels[1:] - levels[:-1]))
    if not _is_constant(levels - part, levels):
        return None
    vector = np.zeros(len(table.variables[0].values))
    vector[digits] = part[[number[level] for level in bits]]
    return float(levels[0]), vector


def _is_constant(rest: Vector, values: Vector) -> bool:
    """Whether what is left of values is one number, but for rounding."""
    return not len(rest) or float(np.abs(rest - rest[0]).max()) <= _rounding(values)


def _rounding(values: Vector) -> float:
    """Differences of values up to this are their rounding."""
    return 1e-12 * float(np.abs(values).max(initial=0.0))


def _part(table: Table, column: int) -> Vector:
    """The function of one variable up to a constant, from rows that differ in it alone."""
    size = len(table.variables[column].values)
    digits = table.digits[:, column]
    if len(table.variables) == 1:
        part = np.zeros(size)
        part[digits] = table.values - table.values[digits.argmin()]
        return part
    _, group = _alike(_without(table.digits, column))
    order = np.argsort(group * size + digits, kind="stable")
    group, digits, values = group[order], digits[order], table.values[order]
    near = places_of(group[1:] == group[:-1])
    first, _ = distinct(digits[near] * size + digits[near + 1], size**2)
    pairs = near[first]  # one for each two values, in ascending order
    rises = values[pairs + 1] - values[pairs]
    used = sorted_unique(digits)
    part = np.zeros(size)
    if np.array_equal(digits[pairs], used[:-1]) and np.array_equal(digits[pairs + 1], used[1:]):
        part[used[1:]] = np.cumsum(rises)
        return part
    edges: dict[int, dict[int, float]] = {digit: {} for digit in used.tolist()}
    for k in np.argsort(first).tolist():
        a, b, rise = int(digits[pairs[k]]), int(digits[pairs[k] + 1]), float(rises[k])
        edges[a][b], edges[b][a] = rise, -rise
    for digit, level in _spread(edges).items():
        part[digit] = level
    return part


def _spread(edges: dict[int, dict[int, float]]) -> dict[int, float]:
    """Levels with these differences between neighbours; the first of each component is at 0."""
    levels: dict[int, float] = {}
    for origin in edges:
        if origin in levels:
            continue
        levels[origin] = 0.0
        waiting = [origin]
        while waiting:
            here = waiting.pop()
            for there, difference in edges[here].items():
                if there not in levels:
                    levels[there] = levels[here] + difference
                    waiting.append(there)
    return levels


def _affine(table: Table, column: int, part: Vector) -> Vector | None:
    """The part as slope times the variable's number, if it is that."""
    numbers = table.variables[column].values.numbers
    used = sorted_unique(table.digits[:, column])
    if np.isnan(numbers[used]).any():
        return None
    x, y = numbers[used], part[used]
    if len(used) < 2:
        return np.zeros(len(numbers))
    slope = (y[-1] - y[0]) / (x[-1] - x[0])
    if np.abs(y - y[0] - slope * (x - x[0])).max() > _rounding(table.values):
        return None
    return np.asarray(slope * numbers, np.float64)


def classes(table: Table, column: int) -> tuple[Rows, int]:
    """Values of a variable that the function does not tell apart: the class of each value (-1 for
    values that do not occur), and the number of classes."""
    digits = table.digits[:, column]
    _, group = _alike(_without(table.digits, column))
    order = np.lexsort((group, digits))
    cells = np.stack([group, np.ascontiguousarray(table.values).view(np.int64)], axis=1)[order]
    slices, width = cells.tobytes(), cells.itemsize * 2
    first = starts(digits[order])
    used, ends = digits[order[first]], [*first[1:].tolist(), len(digits)]
    class_of = np.full(len(table.variables[column].values), -1, np.int64)
    known: dict[bytes, int] = {}
    for digit, start, end in zip(used.tolist(), first.tolist(), ends, strict=True):
        class_of[digit] = known.setdefault(slices[start * width : end * width], len(known))
    return class_of, len(known)


def composed(cone: Cone, table: Rows, function: Vector) -> Table:
    """``function`` [values] of an s-op with value positions ``table`` over ``cone``. The s-op
    depends on each of its cone's variables; so does what tells all its values apart, and only other
    functions need to be reduced."""
    numbers = function.tolist()
    if len(set(numbers)) < len(numbers) or any_holds(np.isnan(function)):
        return Table.over(cone, np.append(function, np.nan)[table])
    if any_holds(table < 0):
        defined = table >= 0
        return Table(cone.variables, cone.digits[defined], function[table[defined]])
    return Table(cone.variables, cone.digits, function[table])
