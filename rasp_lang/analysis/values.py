"""Finite sets of values, told apart by type (1, 1.0 and True are three), in a canonical order."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rasp_lang.graph import Atom

_RANK = {bool: 0, int: 1, float: 2, str: 3}


def _order(atom: Atom) -> tuple[bool, float | str, int]:
    return isinstance(atom, str), atom, _RANK[type(atom)]


#: Larger floats are not computed with: float32 ends at 2^128, and scores are products.
LARGEST = 2.0**60


def sorted_unique(array: NDArray[Any]) -> NDArray[Any]:
    """The sorted distinct entries. (Plain ``np.unique`` imports ``numpy.ma``: 30 ms at start.)"""
    return np.asarray(np.unique(array, return_index=True)[0])


def same_rows(rows: NDArray[Any]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Where each distinct row of an array stands first, and which distinct row each row is."""
    known: dict[bytes, int] = {}
    data, width = np.ascontiguousarray(rows).tobytes(), rows.shape[1] * rows.itemsize
    class_of = np.empty(len(rows), np.int64)
    first: list[int] = []
    for k in range(len(rows)):
        number = known.setdefault(data[k * width : (k + 1) * width], len(known))
        if number == len(first):
            first.append(k)
        class_of[k] = number
    return np.array(first, np.int64), class_of


def _number(atom: Atom) -> float:
    limit = 2**53 if isinstance(atom, int) else LARGEST
    if isinstance(atom, str) or abs(atom) > limit:
        return float("nan")
    return float(atom)


@dataclass(frozen=True, eq=False)
class Values:
    """Distinct atoms: numbers by size (then bool, int, float), then strings by code point."""

    atoms: tuple[Atom, ...]

    @staticmethod
    def of(atoms: Iterable[Atom]) -> Values:
        return Values(tuple(sorted({(type(a), a): a for a in atoms}.values(), key=_order)))

    def __len__(self) -> int:
        return len(self.atoms)

    @cached_property
    def position(self) -> dict[tuple[type, Atom], int]:
        """Where each typed atom stands."""
        return {(type(atom), atom): i for i, atom in enumerate(self.atoms)}

    @cached_property
    def numbers(self) -> NDArray[np.float64]:
        """The values as floats, shape [len]; nan for what no float stands for (a string, an int
        above 2^53, a float above 2^60)."""
        return np.array([_number(atom) for atom in self.atoms])

    @cached_property
    def numeric(self) -> bool:
        """Whether a float stands for every value."""
        return not np.isnan(self.numbers).any()


@dataclass(frozen=True, eq=False)
class Reach:
    """Which values can occur at which place: place c has class ``class_of[c]``, and value v occurs
    in class g if ``table[g, v]``. Shapes [C] and [G, len(values)]."""

    class_of: NDArray[np.int64]
    table: NDArray[np.bool_]

    @staticmethod
    def of(per_place: NDArray[np.bool_]) -> Reach:
        """Compress a table [C, values] to its distinct rows."""
        first, class_of = same_rows(np.packbits(per_place, axis=1))
        return Reach(class_of, per_place[first])

    @staticmethod
    def everywhere(places: int, values: int) -> Reach:
        return Reach(np.zeros(places, np.int64), np.ones((1, values), bool))

    def per_place(self) -> NDArray[np.bool_]:
        """The table by place, shape [C, values]."""
        return self.table[self.class_of]
