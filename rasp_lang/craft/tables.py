"""Real functions of a cone's rows: what they depend on, and whether they are sums.

A function is a float vector over the rows of a cone; nan where the value does not matter.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rasp_lang.analysis.cones import Cone, Variable
from rasp_lang.analysis.values import Reach, Values, sorted_unique

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

    @property
    def key(self) -> tuple[object, ...]:
        """Equal for equal functions."""
        ids = tuple(variable.id for variable in self.variables)
        return ids, self.digits.tobytes(), self.values.tobytes()

    @property
    def constant(self) -> float | None:
        defined = self.values[~np.isnan(self.values)]
        if len(defined) and (defined != defined[0]).any():
            return None
        return float(defined[0]) if len(defined) else 0.0

    def number(self, column: int) -> Vector:
        """The number of a variable in each row; the position of a value that is no number."""
        variable = self.variables[column]
        scale = variable.values.numbers
        if np.isnan(scale).any():
            scale = np.arange(len(scale), dtype=float)
        return scale[self.digits[:, column]]

    def reduced(self) -> Table:
        """The same function of the variables that it depends on, without rows that do not
        matter."""
        defined = ~np.isnan(self.values)
        table = Table(self.variables, self.digits[defined], self.values[defined])
        for variable in self.variables:
            table = table.without(table.variables.index(variable))
        return table

    def without(self, column: int) -> Table:
        """The function of the other variables if it does not depend on this one, else itself."""
        others = np.delete(self.digits, column, axis=1)
        distinct, first, group = unique_rows(others)
        if (self.values[first][group] != self.values).any():
            return self
        rest = self.variables[:column] + self.variables[column + 1 :]
        return Table(rest, distinct, self.values[first])


def unique_rows(digits: Rows) -> tuple[Rows, Rows, Rows]:
    """Distinct rows, where each first stands, and which distinct row each row is."""
    if digits.shape[1] == 0:
        zeros = np.zeros(len(digits), np.int64)
        return digits[:1], np.zeros(min(len(digits), 1), np.int64), zeros
    codes = np.zeros(len(digits), np.int64)
    for column in digits.T:
        codes = codes * (int(column.max(initial=0)) + 1) + column
    _, first, group = np.unique(codes, return_index=True, return_inverse=True)
    return digits[first], first, group.reshape(-1)


@dataclass(frozen=True, eq=False)
class Quotient(Variable):
    """A tabular variable seen through a function that does not tell all its values apart:
    ``class_of`` maps the values of ``whole`` to its own, which are numbered."""

    whole: Variable
    class_of: Rows


def quotient(table: Table) -> Table:
    """The same function of classes of values, where some variable has values that the function does
    not tell apart."""
    for column, variable in enumerate(table.variables):
        if not variable.tabular or isinstance(variable, Quotient):
            continue
        class_of, count = classes(table, column)
        if count < len(sorted_unique(table.digits[:, column])):
            table = _merged(table, column, class_of, count)
    return table


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
    parts: list[Vector] = []
    rest = table.values.copy()
    for column, variable in enumerate(table.variables):
        part = _part(table, column)
        if part is None:
            return None
        if affine and not variable.tabular:
            part = _affine(table, column, part)
            if part is None:
                return None
        parts.append(part)
        rest = rest - part[table.digits[:, column]]
    if len(rest) and np.abs(rest - rest[0]).max() > _rounding(table):
        return None
    return (float(rest[0]) if len(rest) else 0.0), parts


def _rounding(table: Table) -> float:
    """Differences of values up to this are their rounding."""
    return 1e-12 * float(np.abs(table.values).max(initial=0.0))


def _part(table: Table, column: int) -> Vector | None:
    """The function of one variable up to a constant, from rows that differ in it alone."""
    size = len(table.variables[column].values)
    part = np.full(size, np.nan)
    digits = table.digits[:, column]
    _, _, group = unique_rows(np.delete(table.digits, column, axis=1))
    order = np.lexsort((digits, group))
    near = group[order][1:] == group[order][:-1]
    left, right = digits[order][:-1][near], digits[order][1:][near]
    rise = (table.values[order][1:] - table.values[order][:-1])[near]
    edges: dict[int, dict[int, float]] = {int(digit): {} for digit in sorted_unique(digits)}
    for a, b, difference in zip(left.tolist(), right.tolist(), rise.tolist(), strict=True):
        edges[a].setdefault(b, difference)
        edges[b].setdefault(a, -difference)
    _spread(part, edges)
    part[np.isnan(part)] = 0.0
    return part


def _spread(part: Vector, edges: dict[int, dict[int, float]]) -> None:
    for origin in sorted(edges):
        if not np.isnan(part[origin]):
            continue
        part[origin] = 0.0
        waiting = [origin]
        while waiting:
            here = waiting.pop()
            for there, difference in edges[here].items():
                if np.isnan(part[there]):
                    part[there] = part[here] + difference
                    waiting.append(there)


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
    if np.abs(y - y[0] - slope * (x - x[0])).max() > _rounding(table):
        return None
    return np.asarray(slope * numbers, np.float64)


def classes(table: Table, column: int) -> tuple[Rows, int]:
    """Values of a variable that the function does not tell apart: the class of each value (-1 for
    values that do not occur), and the number of classes."""
    digits = table.digits[:, column]
    others = np.delete(table.digits, column, axis=1)
    _, _, group = unique_rows(others)
    class_of = np.full(len(table.variables[column].values), -1, np.int64)
    known: dict[bytes, int] = {}
    for digit in sorted_unique(digits):
        here = np.flatnonzero(digits == digit)
        here = here[np.argsort(group[here])]
        slice_key = group[here].tobytes() + b"|" + table.values[here].tobytes()
        class_of[digit] = known.setdefault(slice_key, len(known))
    return class_of, len(known)


def composed(cone: Cone, table: Rows, function: Vector) -> Table:
    """``function`` [values] of an s-op with value positions ``table`` over ``cone``."""
    return Table.over(cone, np.append(function, np.nan)[table])
