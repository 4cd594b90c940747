"""How a variable is written into the residual stream: by which functions of its value.

One direction for each function that is read of it, when these are few; one-hot otherwise, one
direction for each class of values that some reader tells apart.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rasp_lang.analysis.cones import Variable
from rasp_lang.craft.tables import Vector
from rasp_lang.graph import Atom


@dataclass(frozen=True, eq=False)
class Encoding:
    """``basis`` [k] functions of the value, each with a label and, for an indicator of a single
    value, that value."""

    variable: Variable
    basis: tuple[Vector, ...]
    labels: tuple[str, ...]
    values: tuple[Atom | None, ...]

    def coefficients(self, vector: Vector) -> tuple[float, list[tuple[int, float]]]:
        """``vector`` as constant plus coefficients of basis vectors."""
        flat = vector - vector[0]
        if not flat.any():
            return float(vector[0]), []
        if not self.variable.tabular:
            base = self.basis[0]
            slope = float(flat[-1] / (base[-1] - base[0]))
            return float(vector[0] - slope * base[0]), [(0, slope)]
        for k, base in enumerate(self.basis):
            factor = _multiple(flat, base - base[0])
            if factor is not None:
                return float(vector[0] - factor * base[0]), [(k, factor)]
        members = [int(np.flatnonzero(base)[0]) for base in self.basis]
        levels = [float(vector[member]) for member in members]
        return 0.0, [(k, level) for k, level in enumerate(levels) if level]


def _multiple(vector: Vector, base: Vector) -> float | None:
    nonzero = np.flatnonzero(base)
    if not len(nonzero):
        return None
    factor = float(vector[nonzero[0]] / base[nonzero[0]])
    return factor if np.array_equal(factor * base, vector) else None


def encode(variable: Variable, demanded: Sequence[Vector], one_hot: bool = False) -> Encoding:
    """The encoding that serves all demanded functions of a variable."""
    if not variable.tabular:
        return Encoding(variable, (variable.values.numbers,), ("",), (None,))
    distinct: list[Vector] = []
    for vector in demanded:
        known = any(_multiple(vector - vector[0], base - base[0]) is not None for base in distinct)
        if not known and (vector != vector[0]).any():
            distinct.append(_canonical(vector))
    classes = _classes(distinct, len(variable.values))
    if one_hot or len(distinct) >= max(len(classes) - 1, 1) > 1:
        return _one_hot(variable, classes)
    labels = tuple(_label(variable, vector) for vector in distinct)
    return Encoding(variable, tuple(distinct), labels, tuple(None for _ in distinct))


def _canonical(vector: Vector) -> Vector:
    """Indicators as they are; else from 0 up in multiples of the first difference if that fits."""
    if np.isin(vector, (0.0, 1.0)).all():
        return vector
    flat = vector - vector[0]
    first = flat[np.flatnonzero(flat)[0]]
    scaled: Vector = flat / first
    return scaled if np.array_equal(scaled, np.round(scaled)) else flat


def _classes(distinct: Sequence[Vector], size: int) -> list[list[int]]:
    """Values that no demanded function tells apart, in order of their first member."""
    groups: dict[bytes, list[int]] = {}
    for value in range(size):
        signature = np.array([vector[value] for vector in distinct]).tobytes()
        groups.setdefault(signature, []).append(value)
    return list(groups.values())


def _one_hot(variable: Variable, classes: Sequence[Sequence[int]]) -> Encoding:
    atoms = variable.values.atoms
    basis, labels, values = [], [], []
    for members in classes:
        indicator = np.zeros(len(atoms))
        indicator[list(members)] = 1.0
        basis.append(indicator)
        labels.append("=" + "|".join(str(atoms[m]) for m in members))
        values.append(atoms[members[0]] if len(members) == 1 else None)
    return Encoding(variable, tuple(basis), tuple(labels), tuple(values))


def _label(variable: Variable, vector: Vector) -> str:
    """A name for a function of a value: how its numbers are mapped."""
    numbers = variable.values.numbers
    if not np.isnan(numbers).any():
        if _multiple(vector - vector[0], numbers - numbers[0]) is not None:
            return ""
        centred = [c for c in np.unique(np.round(numbers)) if _is_square(vector, numbers - c)]
        if centred:
            return f" squared about {centred[0]:g}"
    if np.isin(vector, (0.0, 1.0)).all():
        chosen = np.flatnonzero(vector)
        if len(chosen) == 1:
            return f"={variable.values.atoms[chosen[0]]}"
        return f" in {len(chosen)} values"
    return " function"


def _is_square(vector: Vector, centred: Vector) -> bool:
    return _multiple(vector - vector[0], centred**2 - centred[0] ** 2) is not None
