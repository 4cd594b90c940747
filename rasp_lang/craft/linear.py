"""Linear readings of variables and functions, before it is decided how those are encoded.

What there are hundreds of in a compilation is a named tuple: it is made in half the time.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from rasp_lang.analysis.cones import Variable
from rasp_lang.analysis.facts import Combination
from rasp_lang.craft.tables import Quotient, Vector
from rasp_lang.source import Span


class Part(NamedTuple):
    """``factor * vector[v]``: what value v of the variable contributes. For a variable that is not
    tabular the vector is a multiple of its numbers. Vectors are shared, factors are not."""

    variable: Variable
    vector: Vector
    factor: float = 1.0

    @property
    def largest(self) -> float:
        """A bound on the absolute value of what is contributed."""
        return abs(self.factor) * float(np.abs(self.vector).max(initial=0.0))


class PlannedUnit(NamedTuple):
    """A hidden neuron that counts ``weight * relu(reads)``. One on a *plateau* is wanted only where
    its reading may be off by up to a half: in pairs whose difference is constant there, or at 0."""

    reads: Linear
    weight: float
    plateau: bool = False


class PlannedFunction(NamedTuple):
    """A function that one hidden layer writes to a direction of its own. ``low`` and ``high`` bound
    what is written (readers add the constant). ``zero``: an ideal 0 is written as exactly 0.
    ``node`` needs it."""

    id: int
    layer: int
    units: tuple[PlannedUnit, ...]
    zero: bool
    low: float
    high: float
    label: str
    span: Span | None
    node: int


class Linear(NamedTuple):
    """``constant + sum of parts + sum of coefficient * function``, at real positions."""

    constant: float = 0.0
    parts: tuple[Part, ...] = ()
    functions: tuple[tuple[PlannedFunction, float], ...] = ()

    def plus(self, other: Linear, factor: float = 1.0) -> Linear:
        more = other.scaled(factor, self.constant)
        return Linear(more.constant, self.parts + more.parts, self.functions + more.functions)

    def scaled(self, factor: float, constant: float = 0.0) -> Linear:
        """``factor`` times the form, plus a constant."""
        parts = tuple([Part(p.variable, p.vector, factor * p.factor) for p in self.parts])
        functions = tuple([(function, factor * k) for function, k in self.functions])
        return Linear(factor * self.constant + constant, parts, functions)

    def shifted(self, constant: float) -> Linear:
        return Linear(self.constant + constant, self.parts, self.functions)


@dataclass(frozen=True, eq=False)
class PlannedScore:
    """``products``: (query, key) readings. ``distance``: (query, key, its square), and ``nearest``
    the smallest distance of two different numbers, if the score is one. A ``reward`` is 0 for keys
    that are not selected and large, but not equal, for those that are."""

    products: tuple[tuple[Linear, Linear], ...]
    indicator_is_query: bool = True
    distance: tuple[Linear, Linear, Linear] | None = None
    nearest: float = 1.0
    reward: bool = False

    @property
    def cost(self) -> int:
        """Hidden neurons that the readings need."""
        linears = [linear for product in self.products for linear in product]
        made = {f.id: len(f.units) for linear in linears for f, _ in linear.functions}
        return sum(made.values())


def reading(variable: Variable, vector: Vector) -> Linear:
    """A function of one variable, nan where it does not matter."""
    return readings(variable, vector[None, :])[0]


def readings(variable: Variable, vectors: Vector) -> list[Linear]:
    """Functions of one variable [functions, values], nan where they do not matter."""
    if isinstance(variable, Quotient):
        spread = np.column_stack([vectors, np.full(len(vectors), np.nan)])[:, variable.class_of]
        return readings(variable.whole, spread)
    unknown = np.isnan(vectors)
    level = vectors[np.arange(len(vectors)), unknown.argmin(axis=1)]
    level[np.isnan(level)] = 0.0  # nothing matters
    filled = np.where(unknown, level[:, None], vectors)
    varies = (filled != level[:, None]).any(axis=1)
    return [
        Linear(0.0, (Part(variable, vector),)) if some else Linear(constant)
        for vector, some, constant in zip(filled, varies.tolist(), level.tolist(), strict=True)
    ]


def summed(constant: float, parts: Iterable[tuple[Variable, Vector]]) -> Linear:
    """A constant and a function of each of some variables, as one reading."""
    total = Linear(constant)
    for variable, vector in parts:
        total = total.plus(reading(variable, vector))
    return total


def combined(combination: Combination) -> Linear:
    """A combination of variables as a reading."""
    return summed(combination.constant, combination.parts)
