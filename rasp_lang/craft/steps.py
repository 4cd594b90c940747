"""Neurons for a function of one linear projection.

*Steps*: two neurons a change. *Hinges*: a piecewise linear function, one neuron a kink, where
nothing needs restoring. *Ramps*: a penalty outside a run of points, one neuron on each side.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from rasp_lang.analysis.cones import Variable
from rasp_lang.analysis.values import places_of
from rasp_lang.craft.linear import Linear, PlannedUnit, reading
from rasp_lang.craft.projections import Projection, numbers_of
from rasp_lang.craft.tables import Vector


class Construction(NamedTuple):
    """``offset + sum of weight * relu(reads)``; ``zero`` as in ``PlannedFunction``."""

    offset: float
    units: tuple[PlannedUnit, ...]
    zero: bool = False


def over_projection(
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


def changes(points: Vector, levels: Vector) -> Iterator[tuple[float, float, float]]:
    """(last point before, first point after, jump) of each change of level."""
    for k in places_of(levels[1:] != levels[:-1]):
        yield float(points[k]), float(points[k + 1]), float(levels[k + 1] - levels[k])


def slope_within(gap: float) -> float:
    """The smallest power of two that rises by 1 within half a gap: products with it are exact."""
    return 2.0 ** math.ceil(math.log2(2.0 / gap))


def step(linear: Linear, low: float, high: float, jump: float) -> tuple[PlannedUnit, PlannedUnit]:
    """0 from ``low`` down, ``jump`` from ``high`` on; the ramp is in the middle, at most half the
    gap wide."""
    slope = slope_within(high - low)
    rising = linear.scaled(slope).shifted(0.5 - slope * (low + high) / 2)
    return PlannedUnit(rising, jump, True), PlannedUnit(rising.shifted(-1.0), -jump, True)


def _steps(linear: Linear, points: Vector, levels: Vector) -> Construction:
    units: list[PlannedUnit] = []
    for low, high, jump in changes(points, levels):
        units.extend(step(linear, low, high, jump))
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
    slopes = (levels[1:] - levels[:-1]) / (points[1:] - points[:-1])
    kinks = slopes.copy()
    kinks[1:] -= slopes[:-1]
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


def outside(linear: Linear, points: Sequence[float], first: int, last: int) -> Construction:
    """0 on ``points[first..last]`` and at least 1 on all others."""
    units: list[PlannedUnit] = []
    if first > 0:
        units.append(_ramp(linear, -slope_within(points[first] - points[first - 1]), points[first]))
    if last < len(points) - 1:
        units.append(_ramp(linear, slope_within(points[last + 1] - points[last]), points[last]))
    return Construction(0.0, tuple(units), zero=True)


def _ramp(linear: Linear, slope: float, end: float) -> PlannedUnit:
    """0 up to where the linear form is ``end``, and at least 1 from the next point on."""
    return PlannedUnit(linear.scaled(slope, -slope * end - 0.5), 1.0, True)


def outside_runs(
    variable: Variable, points: Vector, zeros: NDArray[np.bool_]
) -> list[tuple[Construction, float] | None]:
    """``penalty`` of several functions of a variable's ascending numbers at once, 0 where ``zeros``
    [functions, points] says: each with its largest value, None where the zeros are not one run."""
    if not zeros.size:
        return []
    first, last = zeros.argmax(axis=1), zeros.shape[1] - 1 - zeros[:, ::-1].argmax(axis=1)
    runs = (zeros.sum(axis=1) == last - first + 1).tolist()
    linear, numbers = reading(variable, numbers_of(variable)), points.tolist()
    found: list[tuple[Construction, float] | None] = []
    for run, start, end in zip(runs, first.tolist(), last.tolist(), strict=True):
        made = outside(linear, numbers, start, end) if run else None
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
