"""How a variable is written into the residual stream: by which functions of its value.

One direction for each function that is read of it, when these are few; one-hot otherwise, one
direction for each class of values that some reader tells apart.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from rasp_lang.analysis.cones import Variable
from rasp_lang.analysis.values import places_of, same_rows, sorted_unique
from rasp_lang.craft.tables import Vector
from rasp_lang.graph import Atom

#: A constant, and coefficients of basis vectors.
Coefficients = tuple[float, list[tuple[int, float]]]


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

    def coefficients(self, vectors: Vector) -> list[Coefficients]:
        """Each of the demanded ``vectors`` [vectors, values] as constant plus coefficients of basis
        vectors."""
        if self.one_hot:
            return _from_most_common(vectors[:, self._members])
        flat = vectors - vectors[:, :1]
        varying = flat.any(axis=1)
        found: list[Coefficients] = [(level, []) for level in vectors[:, 0].tolist()]
        multiples = _as_number(self.variable) or not self.circle
        matches = self._matches(flat[varying]) if multiples else []
        for k, row in enumerate(places_of(varying).tolist()):
            found[row] = (
                self._multiple(vectors[row], flat[row], matches[k])
                if multiples
                else self._on_circle(vectors[row])
            )
        return found

    def _matches(self, flat: Vector) -> list[int]:
        """The basis vector that each function is a multiple of, but for a constant."""
        if _as_number(self.variable):
            return [0] * len(flat)
        return [self._known[shape.tobytes()] for shape in _shapes(flat)]

    def _multiple(self, vector: Vector, flat: Vector, k: int) -> Coefficients:
        base = self.basis[k]
        place = -1 if _as_number(self.variable) else int((flat != 0).argmax())
        factor = float(flat[place] / (base[place] - base[0]))
        return float(vector[0] - factor * base[0]), [(k, factor)]

    def _on_circle(self, vector: Vector) -> Coefficients:
        found = _circle_fit(vector)
        assert found is not None
        constant, *coefficients = found
        return constant, [(k, c) for k, c in enumerate(coefficients) if c]

    @cached_property
    def _members(self) -> NDArray[np.int64]:
        """The first value of each class."""
        return np.asarray(np.array(self.basis).argmax(axis=1))

    @cached_property
    def _known(self) -> dict[bytes, int]:
        return {_shape(base - base[0]): k for k, base in enumerate(self.basis)}


def _from_most_common(levels: Vector) -> list[Coefficients]:
    """The most common level of each row as constant (the smallest of several), the others as
    differences from it."""
    ordered, columns = np.sort(levels, axis=1), np.arange(levels.shape[1])
    begins = np.ones(levels.shape, bool)
    np.not_equal(ordered[:, 1:], ordered[:, :-1], out=begins[:, 1:])
    before = columns - np.maximum.accumulate(np.where(begins, columns, 0), axis=1)
    common = ordered[np.arange(len(levels)), before.argmax(axis=1)][:, None]
    found: list[Coefficients] = [(level, []) for level in common[:, 0].tolist()]
    rows, places = (levels != common).nonzero()
    others = (levels - common)[rows, places].tolist()
    for row, place, other in zip(rows.tolist(), places.tolist(), others, strict=True):
        found[row][1].append((place, other))
    return found


def _shapes(flat: Vector) -> Vector:
    """Equal rows for multiples of one another; each starts at 0 and is not 0 throughout."""
    first = flat[np.arange(len(flat)), (flat != 0).argmax(axis=1)]
    return np.asarray((flat / first[:, None]).round(12) + 0.0)


def _shape(flat: Vector) -> bytes:
    """Equal for multiples of one another."""
    return _shapes(flat[None, :]).tobytes()


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
    size = len(variable.values)
    if one_hot:
        return _one_hot(variable, [[value] for value in range(size)])
    distinct = _distinct(np.array(demanded).reshape(len(demanded), size))
    if circle and len(distinct) > 2 and all(_circle_fit(vector) is not None for vector in distinct):
        names = (" cosine", " sine")
        return Encoding(variable, _axes(size), names, (None, None), circle=True)
    classes = _classes(distinct, size)
    if len(distinct) >= max(len(classes) - 1, 1) > 1:
        return _one_hot(variable, classes)
    labels = tuple(_label(variable, vector) for vector in distinct)
    return Encoding(variable, tuple(distinct), labels, tuple(None for _ in distinct))


def _distinct(vectors: Vector) -> list[Vector]:
    """The functions that are no multiples of one another, constants aside."""
    flat = vectors - vectors[:, :1]
    varying = flat.any(axis=1)
    first, _ = same_rows(_shapes(flat[varying]))
    kept = vectors[varying][first]
    plain = _are_indicators(kept).tolist()
    return [row if some else _canonical(row) for row, some in zip(kept, plain, strict=True)]


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
    """From 0 up in multiples of the first difference if that fits."""
    flat = vector - vector[0]
    first = flat[flat.nonzero()[0][0]]
    scaled: Vector = flat / first
    return scaled if np.array_equal(scaled, np.round(scaled)) else flat


def _are_indicators(vectors: Vector) -> NDArray[np.bool_]:
    """Which functions take no values but 0 and 1."""
    return np.asarray(((vectors == 0.0) | (vectors == 1.0)).all(axis=1))


def _classes(distinct: Sequence[Vector], size: int) -> list[list[int]]:
    """Values that no demanded function tells apart, in order of their first member."""
    first, class_of = same_rows(np.array(distinct).reshape(len(distinct), size).T)
    groups: list[list[int]] = [[] for _ in first]
    for value, number in enumerate(class_of.tolist()):
        groups[number].append(value)
    return groups


def _one_hot(variable: Variable, classes: Sequence[Sequence[int]]) -> Encoding:
    atoms = variable.values.atoms
    basis = np.zeros((len(classes), len(atoms)))
    rows = [k for k, members in enumerate(classes) for _ in members]
    basis[rows, list(chain.from_iterable(classes))] = 1.0
    labels = ["=" + "|".join([str(atoms[m]) for m in members]) for members in classes]
    values = [atoms[members[0]] if len(members) == 1 else None for members in classes]
    return Encoding(variable, tuple(basis), tuple(labels), tuple(values), one_hot=True)


def _label(variable: Variable, vector: Vector) -> str:
    """A name for a function of a value: how its numbers are mapped."""
    numbers = variable.values.numbers
    shape = _shape(vector - vector[0])
    if not np.isnan(numbers).any() and (numbers != numbers[0]).any():
        if shape == _shape(numbers - numbers[0]):
            return ""
        centres = sorted_unique(np.round(numbers))
        squares = (numbers - centres[:, None]) ** 2
        flat = squares - squares[:, :1]
        varying = flat.any(axis=1)
        alike = (_shapes(flat[varying]) == np.frombuffer(shape)).all(axis=1)
        for centre in centres[varying][alike]:
            return f" squared about {centre:g}"
    if _are_indicators(vector[None])[0]:
        chosen = vector.nonzero()[0]
        if len(chosen) == 1:
            return f"={variable.values.atoms[chosen[0]]}"
        return f" in {len(chosen)} values"
    return " function"
