"""Linear projections of the variables of a function: which are tried, and on which of them the
function depends alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, partial
from itertools import product
from operator import mul

import numpy as np

from rasp_lang.analysis.cones import Variable
from rasp_lang.analysis.values import sorted_unique, starts
from rasp_lang.craft.linear import Linear, reading
from rasp_lang.craft.tables import Table, Vector

#: Projections with small coefficients are tried for at most this many variables and rows.
SEARCH_VARIABLES, SEARCH_ROWS = 4, 40_000
#: Rows times projections that are looked at together.
TOGETHER = 16_384


@dataclass(frozen=True, eq=False)
class Projection:
    """A linear form of the variables, made when it is wanted, and its value in each row of a
    table."""

    made: Callable[[], Linear]
    values: Vector

    @cached_property
    def linear(self) -> Linear:
        return self.made()

    def plus(self, other: Projection, factor: float) -> Projection:
        return Projection(
            lambda: self.linear.plus(other.linear, factor), self.values + factor * other.values
        )

    @property
    def exact(self) -> bool:
        """Whether float32 computes it without rounding from exact operands."""
        fine = [2**10 * part.factor * part.vector for part in self.linear.parts]
        return all((np.round(vector) == vector).all() for vector in fine)


#: What makes projections to try before all others.
Hints = Callable[[], Sequence[Projection]]


def with_levels(table: Table, hints: Hints) -> Iterator[tuple[Projection, Vector, Vector]]:
    """The projections on which the function depends alone, each with its distinct values and the
    function at each."""
    if len(table.variables) == 1 and (alone := _line(table)) is not None:
        yield alone
        return
    for some in _Forms(table, hints).projections():
        found = _levels(np.stack([projection.values for projection in some]), table.values)
        for projection, levels in zip(some, found, strict=True):
            if levels is not None:
                yield projection, *levels


def _line(table: Table) -> tuple[Projection, Vector, Vector] | None:
    """A function of one variable whose numbers ascend from row to row, which needs no sorting."""
    points, (variable,) = table.number(0), table.variables
    if (points[1:] <= points[:-1]).any():
        return None
    made = partial(reading, variable, numbers_of(variable))
    return Projection(made, points), points, table.values


def _levels(projected: Vector, values: Vector) -> list[tuple[Vector, Vector] | None]:
    """The distinct values of each projection [projections, rows] and the function at each; None
    where it is no function of it."""
    low = projected.min(axis=1, keepdims=True)
    span = float((projected - low).max()) + 1.0
    if span * len(projected) > 4 * projected.size + 256 or (projected != np.round(projected)).any():
        return [_sorted_levels(row, values) for row in projected]
    codes = (projected - low).astype(np.int64)
    codes += int(span) * np.arange(len(projected))[:, None]
    levels = np.full((len(projected), int(span)), np.nan)
    levels.reshape(-1)[codes] = values
    alone = (levels.reshape(-1)[codes] == values).all(axis=1)
    taken = ~np.isnan(levels)
    return [
        (lowest + here.nonzero()[0], some[here]) if ok else None
        for ok, lowest, some, here in zip(alone.tolist(), low[:, 0], levels, taken, strict=True)
    ]


def _sorted_levels(projected: Vector, values: Vector) -> tuple[Vector, Vector] | None:
    order = np.argsort(projected, kind="stable")
    points, levels = projected[order], values[order]
    first = starts(points)
    if ((levels[1:] != levels[:-1]) & (points[1:] == points[:-1])).any():
        return None
    return points[first], levels[first]


class _Forms:
    """Linear forms of a table's variables to try."""

    def __init__(self, table: Table, hints: Hints) -> None:
        self.table, self.hints = table, hints
        self.columns = [table.number(k) for k in range(len(table.variables))]

    def projections(self) -> Iterator[Sequence[Projection]]:
        """Some at a time, simplest first; the last ones tell all rows apart. Of a small table many
        are looked at together."""
        count, rows = len(self.columns), max(1, len(self.table.values))
        if count == 1:
            yield self.weighted([(1.0,)])
            return
        some = max(1, TOGETHER // rows)
        hints = self.hints()
        for k in range(0, len(hints), some):
            yield hints[k : k + some]
        for coefficients in self.coefficients(rows):
            for k in range(0, len(coefficients), some):
                yield self.weighted(coefficients[k : k + some])

    def coefficients(self, rows: int) -> Iterator[Sequence[tuple[float, ...]]]:
        count = len(self.columns)
        if count <= SEARCH_VARIABLES and rows <= SEARCH_ROWS:
            yield _small_coefficients(count)
        for order in (1, -1):
            radix = _mixed_radix(self.columns, order)
            if radix is None:
                continue
            signs = product((1.0, -1.0), repeat=min(count, SEARCH_VARIABLES) - 1)
            padding = (1.0,) * (count - SEARCH_VARIABLES)
            yield [tuple(map(mul, (1.0, *some, *padding), radix)) for some in signs]

    def weighted(self, coefficients: Sequence[tuple[float, ...]]) -> Sequence[Projection]:
        factors = np.array(coefficients)
        values = np.zeros((len(factors), len(self.table.values)))
        for k, column in enumerate(self.columns):
            values += factors[:, k, None] * column
        return [
            Projection(partial(self.linear, chosen), row)
            for chosen, row in zip(coefficients, values, strict=True)
        ]

    def linear(self, coefficients: Sequence[float]) -> Linear:
        total = Linear()
        for coefficient, part in zip(coefficients, self.readings, strict=True):
            total = total.plus(part, coefficient)
        return total

    @cached_property
    def readings(self) -> list[Linear]:
        return [reading(variable, numbers_of(variable)) for variable in self.table.variables]


@cache
def _small_coefficients(count: int) -> Sequence[tuple[float, ...]]:
    found = [c for c in product((1.0, -1.0, 2.0, -2.0), repeat=count) if c[0] > 0]
    return sorted(found, key=lambda c: (sum(abs(x) for x in c), c))


def _mixed_radix(columns: list[Vector], order: int) -> tuple[float, ...] | None:
    """Coefficients that map different rows to numbers at least the smallest gap apart."""
    coefficients, scale = [0.0] * len(columns), 1.0
    for k in range(len(columns))[::order]:
        numbers = sorted_unique(columns[k])
        gap = float(np.diff(numbers).min()) if len(numbers) > 1 else 1.0
        coefficients[k] = scale / gap
        scale *= float(numbers[-1] - numbers[0]) / gap + 1.0
    return tuple(coefficients) if scale < 2**20 else None


def numbers_of(variable: Variable) -> Vector:
    numbers = variable.values.numbers
    return np.arange(len(numbers), dtype=float) if np.isnan(numbers).any() else numbers
