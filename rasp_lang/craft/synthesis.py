"""One hidden layer for a function of several variables.

Three constructions, the cheapest in neurons wins. *Steps*: a linear projection of the variables on
which the function depends alone; two neurons a change. *Gates*: for each value of some tabular
variables, what is left is a sum, one neuron, or a function of one number, its steps gated.
*Hinges*: a piecewise linear function of a projection, one neuron a kink, where nothing needs
restoring.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, partial
from itertools import combinations, product
from operator import mul

import numpy as np
from numpy.typing import NDArray

from rasp_lang.analysis.cones import Variable
from rasp_lang.analysis.values import same_rows, sorted_unique, starts
from rasp_lang.craft.linear import Linear, PlannedUnit, reading
from rasp_lang.craft.tables import Table, Vector, additive, classes
from rasp_lang.limits import DEFAULT

#: Projections with small coefficients are tried for at most this many variables and rows.
SEARCH_VARIABLES, SEARCH_ROWS = 4, 40_000
#: What a neuron on a projection that rounds costs, in neurons on one that does not.
INEXACT = 3
#: Rows times projections that are looked at together.
TOGETHER = 16_384


@dataclass(frozen=True, eq=False)
class Construction:
    """``offset + sum of weight * relu(reads)``; ``zero`` as in ``PlannedFunction``."""

    offset: float
    units: tuple[PlannedUnit, ...]
    zero: bool = False


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


def construct(
    table: Table, hints: Hints = tuple, limit: int = DEFAULT.max_width
) -> Construction | None:
    """Neurons for a reduced, non-additive table; None if no construction is as small as the
    limit."""
    best: Construction | None = None
    least = limit + 1
    splitting = _Splitting(table)
    if splitting.is_conjunction and limit:
        return splitting.split(tuple(range(len(table.variables) - 1)), limit)
    for projection, points, levels in _with_levels(table, hints):
        price = 1 if projection.exact else INEXACT
        found = _over(projection, points, levels, (least - 1) // price)
        if found is not None:
            best, least = found, price * len(found.units)
        if least <= 2:
            break
    for columns in splitting.choices():
        if least <= 1:
            break
        found = splitting.split(columns, least - 1)
        if found is not None:
            best, least = found, len(found.units)
    return best


def penalty(table: Table, hints: Hints = tuple) -> Construction | None:
    """A function that is exactly 0 where the table is 0 and at least 1 where it is 1, however
    large: one neuron on each side of the zeros of a projection. None if the zeros are not one
    run."""
    second: Construction | None = None
    if all(len(variable.values) > 2 for variable in table.variables[:2]):
        # Hardly ever are the zeros one run of a projection then.
        box = _outside_box(table) if len(table.variables) == 2 else None
        if box is not None and len(box.units) == 2:
            return box
    for projection, points, levels in _with_levels(table, hints):
        zeros = np.flatnonzero(levels == 0.0)
        if len(zeros) and len(zeros) == zeros[-1] - zeros[0] + 1:
            found = _outside(projection.linear, points.tolist(), int(zeros[0]), int(zeros[-1]))
            if projection.exact:
                return found
            second = second or found
    return second or _outside_box(table)


def _outside_box(table: Table) -> Construction | None:
    """0 where each variable's number is in a range of its own, at least 1 elsewhere; None if the
    zeros are no such box."""
    inside = table.values == 0.0
    units: list[PlannedUnit] = []
    box = np.ones(len(inside), bool)
    for column, variable in enumerate(table.variables):
        numbers = table.number(column)
        points = sorted_unique(numbers)
        place, used = points.searchsorted(numbers), np.zeros(len(points), bool)
        used[place[inside]] = True
        chosen = used.nonzero()[0]
        if not len(chosen) or len(chosen) != chosen[-1] - chosen[0] + 1:
            return None
        box &= used[place]
        linear = reading(variable, _numbers(variable))
        units.extend(_outside(linear, points.tolist(), int(chosen[0]), int(chosen[-1])).units)
    if not np.array_equal(box, inside):
        return None
    return Construction(0.0, tuple(units), zero=True)


# --- projections ---------------------------------------------------------------------------------


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
        return [reading(variable, _numbers(variable)) for variable in self.table.variables]


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


def _numbers(variable: Variable) -> Vector:
    numbers = variable.values.numbers
    return np.arange(len(numbers), dtype=float) if np.isnan(numbers).any() else numbers


# --- functions of one projection -----------------------------------------------------------------


def _with_levels(table: Table, hints: Hints) -> Iterator[tuple[Projection, Vector, Vector]]:
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
    made = partial(reading, variable, _numbers(variable))
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


def _over(
    projection: Projection, points: Vector, levels: Vector, limit: int
) -> Construction | None:
    """Steps or hinges over a projection, the fewer, if there are at most ``limit`` neurons."""
    steps = 2 * int((levels[1:] != levels[:-1]).sum())
    exact = all(part.variable.tabular for part in projection.linear.parts)
    knots, kinks = _bends(points, levels)
    bent_one_way = len(set((kinks > 0).tolist())) == 1
    hinged = exact or bent_one_way or 3 * len(kinks) <= steps
    if hinged and len(kinks) < steps:
        return _hinges(projection.linear, knots, kinks, levels) if len(kinks) <= limit else None
    return _steps(projection.linear, points, levels) if steps <= limit else None


def _changes(points: Vector, levels: Vector) -> Iterator[tuple[float, float, float]]:
    """(last point before, first point after, jump) of each change of level."""
    for k in np.flatnonzero(levels[1:] != levels[:-1]):
        yield float(points[k]), float(points[k + 1]), float(levels[k + 1] - levels[k])


def _slope(gap: float) -> float:
    """The smallest power of two that rises by 1 within half a gap: products with it are exact."""
    return 2.0 ** math.ceil(math.log2(2.0 / gap))


def _step(linear: Linear, low: float, high: float, jump: float) -> tuple[PlannedUnit, PlannedUnit]:
    """0 from ``low`` down, ``jump`` from ``high`` on; the ramp is in the middle, at most half the
    gap wide."""
    slope = _slope(high - low)
    rising = linear.scaled(slope).shifted(0.5 - slope * (low + high) / 2)
    return PlannedUnit(rising, jump, True), PlannedUnit(rising.shifted(-1.0), -jump, True)


def _steps(linear: Linear, points: Vector, levels: Vector) -> Construction:
    units: list[PlannedUnit] = []
    for low, high, jump in _changes(points, levels):
        units.extend(_step(linear, low, high, jump))
    return Construction(float(levels[0]), tuple(units))


def _hinges(linear: Linear, knots: Vector, kinks: Vector, levels: Vector) -> Construction:
    units = [
        PlannedUnit(linear.shifted(-float(knot)), float(kink))
        for knot, kink in zip(knots, kinks, strict=True)
    ]
    return Construction(float(levels[0]), tuple(units))


def _bends(points: Vector, levels: Vector) -> tuple[Vector, Vector]:
    """Knots and kinks of the piecewise linear function through all points; one line through each
    two of them where consecutive lines meet in between (a square of integers bends at 1.5, 3.5,
    ...)."""
    return _paired(points, levels) or _joined(points, levels)


def _joined(points: Vector, levels: Vector) -> tuple[Vector, Vector]:
    """Knots at the points where the slope changes, and by how much it does."""
    slopes = np.diff(levels) / np.diff(points)
    kinks = np.diff(slopes, prepend=0.0)
    flat = np.abs(kinks) <= 1e-12 * np.abs(slopes).max(initial=0.0)
    return points[:-1][~flat], kinks[~flat]


def _paired(points: Vector, levels: Vector) -> tuple[Vector, Vector] | None:
    """Knots between pairs of points: before the first point (to start from 0), then where the lines
    through two points each meet. None if they do not meet in between."""
    if len(points) < 4:
        return None
    even = len(points) // 2 * 2
    slopes = (levels[1:even:2] - levels[0:even:2]) / (points[1:even:2] - points[0:even:2])
    if len(points) % 2:
        slopes = np.append(slopes, slopes[-1] + _step_of(slopes))
    starts, bases = points[0::2], levels[0::2]
    turn = np.diff(slopes)
    if (turn == 0).any():
        return None
    offsets = bases - slopes * starts
    knots = -np.diff(offsets) / turn
    inside = (knots >= points[1::2][: len(knots)]) & (knots <= starts[1:])
    if not inside.all():
        return None
    return np.append(points[0], knots), np.append(slopes[0], turn)


def _step_of(slopes: Vector) -> float:
    return float(slopes[-1] - slopes[-2]) if len(slopes) > 1 else 1.0


def _outside(linear: Linear, points: Sequence[float], first: int, last: int) -> Construction:
    """0 on ``points[first..last]`` and at least 1 on all others."""
    units: list[PlannedUnit] = []
    if first > 0:
        units.append(_ramp(linear, -_slope(points[first] - points[first - 1]), points[first]))
    if last < len(points) - 1:
        units.append(_ramp(linear, _slope(points[last + 1] - points[last]), points[last]))
    return Construction(0.0, tuple(units), zero=True)


def _ramp(linear: Linear, slope: float, end: float) -> PlannedUnit:
    """0 up to where the linear form is ``end``, and at least 1 from the next point on."""
    return PlannedUnit(linear.scaled(slope, -slope * end - 0.5), 1.0, True)


def outside_runs(
    variable: Variable, points: Vector, zeros: NDArray[np.bool_]
) -> list[tuple[Construction, float] | None]:
    """``penalty`` of several functions of a variable's ascending numbers at once, 0 where ``zeros``
    [functions, points] says: each with its largest value, None where the zeros are not one run."""
    first, last = zeros.argmax(axis=1), zeros.shape[1] - 1 - zeros[:, ::-1].argmax(axis=1)
    runs = (zeros.sum(axis=1) == last - first + 1).tolist()
    linear, numbers = reading(variable, _numbers(variable)), points.tolist()
    found: list[tuple[Construction, float] | None] = []
    for run, start, end in zip(runs, first.tolist(), last.tolist(), strict=True):
        made = _outside(linear, numbers, start, end) if run else None
        found.append(None if made is None else (made, _largest_at_ends(numbers, made)))
    return found


def _largest_at_ends(numbers: Sequence[float], made: Construction) -> float:
    """The larger value of a penalty at the first and the last number: each falls from one end, or
    rises to the other."""
    largest = 0.0
    for unit in made.units:
        (part,) = unit.reads.parts
        end = numbers[0] if part.factor < 0 else numbers[-1]
        largest = max(largest, unit.reads.constant + part.factor * end)
    return largest


# --- gates ---------------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class _Gate:
    """One combination of classes of the gating variables: its rows, their values from the most
    common one, and 0 if it is on, at least 1 if it is off (``closed``, linear)."""

    rows: NDArray[np.int64]
    values: Vector
    closed: Linear


class _Splitting:
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
        return float(levels[first[np.argmax(np.diff(first, append=len(levels)))]])

    def choices(self) -> Iterator[tuple[int, ...]]:
        """The tabular variables to split on, few of them first; one variable at least is left."""
        table = self.table
        tabular = [k for k, variable in enumerate(table.variables) if variable.tabular]
        rest = len(table.variables) - len(tabular)
        for size in range(1, min(len(tabular), SEARCH_VARIABLES) + 1):
            if len(table.variables) - size >= max(1, rest):
                yield from combinations(tabular, size)

    @property
    def is_conjunction(self) -> bool:
        """Whether the value is another than the most common one, and one only, just where each of
        three or more tabular variables has some of its values: one neuron, whatever they are."""
        table = self.table
        if len(table.variables) < 3 or not all(variable.tabular for variable in table.variables):
            return False
        others = table.values != self.base
        levels, box = table.values[others], np.ones(len(others), bool)
        if (levels != levels[:1]).any():
            return False
        for column, variable in enumerate(table.variables):
            digits, used = table.digits[:, column], np.zeros(len(variable.values), bool)
            used[digits[others]] = True
            box &= used[digits]
        return np.array_equal(box, others)

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
            rows, closed = np.flatnonzero(group == k), Linear()
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
    found = next(_with_levels(part, tuple), None)
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
    for low, high, jump in _changes(points, levels):
        reach = _slope(high - low) * (_reach(linear) - low) + 1.0
        for unit in _step(linear, low, high, jump):
            units.append(PlannedUnit(unit.reads.plus(closed, -reach), unit.weight, True))
    return units


def _reach(linear: Linear) -> float:
    """A bound on the absolute value of a linear form, wherever its gate is closed too."""
    return abs(linear.constant) + sum(part.largest for part in linear.parts)
