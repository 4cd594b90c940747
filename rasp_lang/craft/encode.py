"""How a variable is written into the residual stream: by which functions of its value.

One direction for each function that is read of it, when these are few; one-hot otherwise, one
direction for each class of values that some reader tells apart.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from rasp_lang.analysis.cones import Variable
from rasp_lang.analysis.values import sorted_unique
from rasp_lang.craft.tables import Vector
from rasp_lang.graph import Atom


@dataclass(frozen=True, eq=False)
class Encoding:
    """``basis`` [k] functions of the value, each with a label and, for an indicator of a single
    value, that value. If ``one_hot``, they are indicators of classes that cover all values."""

    variable: Variable
    basis: tuple[Vector, ...]
    labels: tuple[str, ...]
    values: tuple[Atom | None, ...]
    one_hot: bool = False
    circle: bool = False

    def coefficients(self, vector: Vector) -> tuple[float, list[tuple[int, float]]]:
        """``vector`` as constant plus coefficients of basis vectors."""
        flat = vector - vector[0]
        if not flat.any():
            return float(vector[0]), []
        if self.one_hot:
            return self._levels(vector)
        if _as_number(self.variable):
            base = self.basis[0]
            slope = float(flat[-1] / (base[-1] - base[0]))
            return float(vector[0] - slope * base[0]), [(0, slope)]
        if self.circle:
            return self._on_circle(vector)
        k = self._known[_shape(flat)]
        base = self.basis[k]
        first = int(np.flatnonzero(flat)[0])
        factor = float(flat[first] / (base[first] - base[0]))
        return float(vector[0] - factor * base[0]), [(k, factor)]

    def _levels(self, vector: Vector) -> tuple[float, list[tuple[int, float]]]:
        """The most common level as constant, the others as differences from it."""
        levels = vector[self._members]
        kinds, counts = np.unique(levels, return_counts=True)
        common = kinds[counts.argmax()]
        rest = np.flatnonzero(levels != common)
        return float(common), [(int(k), float(levels[k] - common)) for k in rest]

    def _on_circle(self, vector: Vector) -> tuple[float, list[tuple[int, float]]]:
        found = _circle_fit(vector)
        assert found is not None
        constant, *coefficients = found
        return constant, [(k, c) for k, c in enumerate(coefficients) if c]

    @cached_property
    def _members(self) -> NDArray[np.int64]:
        """The first value of each class."""
        return np.array([int(np.argmax(base)) for base in self.basis])

    @cached_property
    def _known(self) -> dict[bytes, int]:
        return {_shape(base - base[0]): k for k, base in enumerate(self.basis)}


def _shape(flat: Vector) -> bytes:
    """Equal for multiples of one another; ``flat`` starts at 0 and is not 0 throughout."""
    scaled = flat / flat[np.flatnonzero(flat)[0]]
    rounded: Vector = np.round(scaled, 12) + 0.0
    return rounded.tobytes()


def encode(
    variable: Variable,
    demanded: Sequence[Vector],
    *,
    one_hot: bool = False,
    circle: bool = False,
) -> Encoding:
    """The encoding that serves all demanded functions of a variable. ``one_hot`` demands a
    direction for each value, ``circle`` allows two directions where they are enough."""
    if _as_number(variable):
        return Encoding(variable, (variable.values.numbers,), ("",), (None,))
    different: dict[bytes, Vector] = {}
    for vector in demanded:
        flat = vector - vector[0]
        if flat.any():
            different.setdefault(_shape(flat), vector)
    distinct = [_canonical(vector) for vector in different.values()]
    size = len(variable.values)
    if one_hot:
        return _one_hot(variable, [[value] for value in range(size)])
    if circle and len(distinct) > 2 and all(_circle_fit(vector) is not None for vector in distinct):
        names = (" cosine", " sine")
        return Encoding(variable, _axes(size), names, (None, None), circle=True)
    classes = _classes(distinct, size)
    if len(distinct) >= max(len(classes) - 1, 1) > 1:
        return _one_hot(variable, classes)
    labels = tuple(_label(variable, vector) for vector in distinct)
    return Encoding(variable, tuple(distinct), labels, tuple(None for _ in distinct))


def _as_number(variable: Variable) -> bool:
    """Whether what brings the variable writes its number, whatever is read of it."""
    return not variable.tabular or variable.kind == "focus"


def _axes(size: int) -> tuple[Vector, Vector]:
    angles = 2 * np.pi * np.arange(size) / size
    return np.cos(angles), np.sin(angles)


def _circle_fit(vector: Vector) -> tuple[float, float, float] | None:
    """The coefficients of 1, cosine and sine that give the vector, if some do."""
    cosine, sine = _axes(len(vector))
    scale = 2.0 / len(vector)
    constant = float(vector.mean())
    a, b = float(scale * (vector @ cosine)), float(scale * (vector @ sine))
    off = np.abs(vector - constant - a * cosine - b * sine).max()
    return (constant, a, b) if off <= 1e-12 * np.abs(vector).max() else None


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
    signatures = np.array(distinct).reshape(len(distinct), size).T
    groups: dict[bytes, list[int]] = {}
    for value in range(size):
        groups.setdefault(signatures[value].tobytes(), []).append(value)
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
    return Encoding(variable, tuple(basis), tuple(labels), tuple(values), one_hot=True)


def _label(variable: Variable, vector: Vector) -> str:
    """A name for a function of a value: how its numbers are mapped."""
    numbers = variable.values.numbers
    shape = _shape(vector - vector[0])
    if not np.isnan(numbers).any() and (numbers != numbers[0]).any():
        if shape == _shape(numbers - numbers[0]):
            return ""
        for centre in sorted_unique(np.round(numbers)):
            square = (numbers - centre) ** 2
            if (square != square[0]).any() and shape == _shape(square - square[0]):
                return f" squared about {centre:g}"
    if np.isin(vector, (0.0, 1.0)).all():
        chosen = np.flatnonzero(vector)
        if len(chosen) == 1:
            return f"={variable.values.atoms[chosen[0]]}"
        return f" in {len(chosen)} values"
    return " function"
