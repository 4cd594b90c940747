"""Sums and differences of ints that take too many values together to be listed.

An s-op that is affine in what it is made of needs no table: it is a variable of its own, known by
the interval of its values at each place, and read as a linear form.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rasp_lang.analysis.cones import Variable
from rasp_lang.analysis.facts import Combination, SopFacts
from rasp_lang.analysis.values import Reach, Values
from rasp_lang.graph import Elementwise, Node

#: Values of a combination, and of values times places, that are listed at most.
VALUE_LIMIT, TABLE_LIMIT = 100_000, 60_000_000
#: Numbers up to this are exact wherever they are added up.
LARGEST = 2**20

Vector = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Affine:
    """``constant`` plus a function of each variable, by its id; all ints."""

    constant: float
    parts: dict[int, tuple[Variable, Vector]]

    def plus(self, other: Affine, factor: float) -> Affine:
        parts = dict(self.parts)
        for key, (variable, vector) in other.parts.items():
            known = parts[key][1] if key in parts else np.zeros(len(vector))
            parts[key] = variable, known + factor * vector
        return Affine(self.constant + factor * other.constant, parts)

    def scaled(self, factor: float) -> Affine:
        return Affine(0.0, {}).plus(self, factor)


def affine(facts: SopFacts, factor: int = 0) -> Affine | None:
    """An s-op of ints (or one that is ints when multiplied by a ``factor``, then so multiplied) as
    an affine form of the one variable that it depends on; None if it is none."""
    if not factor and not all(isinstance(atom, int) for atom in facts.values.atoms):
        return None
    numbers = facts.values.numbers * (factor or 1)
    if (numbers != np.round(numbers)).any() or (facts.table < 0).any():
        return None
    if not facts.cone.variables:
        return Affine(float(numbers[facts.table[0]]), {})
    if len(facts.cone.variables) > 1:
        return None
    (variable,) = facts.cone.variables
    digits, found = facts.cone.digits[:, 0], numbers[facts.table]
    if variable.tabular:
        vector = np.zeros(len(variable.values))
        vector[digits] = found
        return Affine(0.0, {variable.id: (variable, vector)})
    return _multiple(variable, variable.values.numbers[digits], found)


def _multiple(variable: Variable, numbers: Vector, found: Vector) -> Affine | None:
    """A function of a variable's numbers that is a constant and a multiple of them."""
    if len(numbers) < 2:
        return Affine(float(found[0]), {})
    slope = (found[-1] - found[0]) / (numbers[-1] - numbers[0])
    start = found[0] - slope * numbers[0]
    if start != round(start) or slope != round(slope) or (start + slope * numbers != found).any():
        return None
    return Affine(float(start), {variable.id: (variable, slope * variable.values.numbers)})


def combine(node: Node, operands: Sequence[Affine]) -> Affine | None:
    """An elementwise operation on affine forms, if it gives one."""
    if not isinstance(node.op, Elementwise):
        return None
    match node.op.function, operands:
        case "+", (a, b):
            return a.plus(b, 1.0)
        case "-", (a, b):
            return a.plus(b, -1.0)
        case "neg", (a,):
            return a.scaled(-1.0)
        case "pos", (a,):
            return a
        case "*", (a, b) if not a.parts or not b.parts:
            return b.scaled(a.constant) if not a.parts else a.scaled(b.constant)
    return None


def listed(form: Affine, places: int) -> tuple[Values, Reach] | None:
    """The interval of a form's values at each place; None if they are too many."""
    low = np.full(places, form.constant)
    high = low.copy()
    for variable, vector in form.parts.values():
        some = variable.reach.table.any(axis=1)
        smallest = np.where(variable.reach.table, vector, np.inf).min(axis=1)
        largest = np.where(variable.reach.table, vector, -np.inf).max(axis=1)
        low += np.where(some, smallest, 0.0)[variable.reach.class_of]
        high += np.where(some, largest, 0.0)[variable.reach.class_of]
    first, last = int(low.min()), int(high.max())
    count = last - first + 1
    if max(-first, last) > LARGEST or count > VALUE_LIMIT or count * places > TABLE_LIMIT:
        return None
    numbers = np.arange(first, last + 1)
    inside = (low[:, None] <= numbers) & (numbers <= high[:, None])
    return Values(tuple(numbers.tolist())), Reach.of(inside)


def combination(form: Affine) -> Combination:
    return Combination(form.constant, tuple(form.parts[key] for key in sorted(form.parts)))
