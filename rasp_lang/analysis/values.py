"""Finite sets of values, told apart by kind (1, 1.0 and True are three, 0.0 and -0.0 two), in a
canonical order."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from rasp_lang.graph import Atom

_NEGATIVE_ZERO = 2
_KIND = {bool: 0, int: 1, float: 3, str: 4}


def kind(atom: Atom) -> int:
    """What tells apart equal atoms: their type, and the sign of a zero, which ``str`` shows."""
    if atom == 0 and isinstance(atom, float) and math.copysign(1.0, atom) < 0:
        return _NEGATIVE_ZERO
    return _KIND[type(atom)]


def _order(key: tuple[int, Atom]) -> tuple[bool, float | str, int]:
    """Where a kind and an atom stand among others."""
    number, atom = key
    return isinstance(atom, str), atom, number


def _of_one_kind(atoms: Sequence[Atom | None]) -> bool:
    """Whether equal ones among the atoms are the same."""
    types = set(map(type, atoms))
    return len(types) == 1 and (types != {float} or len({kind(a) for a in atoms if a == 0}) < 2)


#: Rows of up to this many Booleans together are compared as they are.
FEW_CELLS = 20_000
#: Larger floats are not computed with: float32 ends at 2^128, and scores are products.
LARGEST = 2.0**60


def sorted_unique(array: NDArray[Any]) -> NDArray[Any]:
    """The sorted distinct entries, none of them nan. (``np.unique`` costs several times as much for
    few entries, and imports ``numpy.ma``: 30 ms at start.)"""
    ordered = np.sort(array, axis=None, kind="stable")
    return np.asarray(ordered[starts(ordered)])


def starts(ordered: NDArray[Any]) -> NDArray[np.int64]:
    """Where each distinct entry of a sorted array stands first."""
    new = np.empty(len(ordered), bool)
    new[:1] = True
    np.not_equal(ordered[1:], ordered[:-1], out=new[1:])
    return new.nonzero()[0]


def places_of(holds: Any) -> NDArray[np.int64]:
    """Where a Boolean array [n] holds. (``np.flatnonzero`` costs several times as much for few
    entries.)"""
    found: NDArray[np.int64] = holds.nonzero()[0]
    return found


def all_hold(holds: Any) -> bool:
    """Whether a Boolean array holds throughout. (Its own ``all`` and ``any`` cost several times as
    much for few entries.)"""
    return bool(np.count_nonzero(holds) == holds.size)


def any_holds(holds: Any) -> bool:
    """Whether a Boolean array holds anywhere."""
    return bool(np.count_nonzero(holds))


def distinct(codes: NDArray[np.int64], bound: float) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Where each distinct code, of ``0 .. bound - 1``, stands first, in ascending order of the
    codes; and which distinct code each one is."""
    if all_hold(codes[1:] > codes[:-1]):
        return np.arange(len(codes)), np.arange(len(codes))
    if bound > 16 * len(codes) + 256:
        order = codes.argsort(kind="stable")
        found = starts(codes[order])
        class_of = np.zeros(len(codes), np.int64)
        class_of[found[1:]] = 1
        class_of[order] = np.cumsum(class_of)
        return order[found], class_of
    first = np.empty(int(bound), np.int64)
    first.fill(-1)
    first[codes[::-1]] = np.arange(len(codes) - 1, -1, -1)
    known = first >= 0
    return first[known], (known.cumsum() - 1)[codes]


def ranked(codes: NDArray[np.int64], bound: float) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The distinct codes, of ``0 .. bound - 1``, ascending, and which of them each one is."""
    if bound > 16 * len(codes) + 256:
        first, class_of = distinct(codes, bound)
        return codes[first], class_of
    known = np.zeros(int(bound), bool)
    known[codes] = True
    return known.nonzero()[0], (known.cumsum() - 1)[codes]


def in_order(
    first: NDArray[np.int64], class_of: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The same classes, numbered in the order in which they come first."""
    order = np.argsort(first)
    rank = np.empty(len(first), np.int64)
    rank[order] = np.arange(len(first))
    return first[order], rank[class_of]


def same_rows(rows: NDArray[Any]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Where each distinct row of an array stands first, and which distinct row each row is."""
    if not rows.shape[1]:
        return np.zeros(1, np.int64), np.zeros(len(rows), np.int64)
    cells = np.ascontiguousarray(rows).view(f"V{rows.shape[1] * rows.itemsize}")[:, 0].tolist()
    known = dict.fromkeys(cells)
    if len(known) == len(cells):
        return np.arange(len(cells)), np.arange(len(cells))
    number = {cell: k for k, cell in enumerate(known)}
    class_of = np.fromiter(map(number.__getitem__, cells), np.int64, len(cells))
    first = np.empty(len(number), np.int64)
    first[class_of[::-1]] = np.arange(len(cells) - 1, -1, -1)
    return first, class_of


def _number(atom: Atom) -> float:
    limit = 2**53 if isinstance(atom, int) else LARGEST
    if isinstance(atom, str) or abs(atom) > limit:
        return float("nan")
    return float(atom)


def _numbers(atoms: Sequence[Any]) -> NDArray[np.float64]:
    """The number of each atom, all at once where they are neither strings nor large."""
    types = set(map(type, atoms))
    if types == {str}:
        return np.full(len(atoms), np.nan)
    small = str not in types and max(map(abs, atoms), default=0) < 2**53
    return np.array(atoms if small else [_number(atom) for atom in atoms], np.float64)


@dataclass(frozen=True, eq=False)
class Values:
    """Distinct atoms: numbers by size (then bool, int, float), then strings by code point."""

    atoms: tuple[Atom, ...]

    @staticmethod
    def of(atoms: Iterable[Atom]) -> Values:
        return Values.listed(list(atoms))[0]

    @staticmethod
    def listed(atoms: Sequence[Atom | None]) -> tuple[Values, NDArray[np.int64]]:
        """The values among the atoms, and where each atom stands: -1 for None."""
        known = [atom for atom in atoms if atom is not None]
        if _of_one_kind(known):
            found = sorted(dict.fromkeys(known))
            position: dict[object, int] = {atom: k for k, atom in enumerate(found)}
            position[None] = -1
            return Values(tuple(found)), np.array([position[atom] for atom in atoms], np.int64)
        keys = [None if atom is None else (kind(atom), atom) for atom in atoms]
        ordered = sorted({key for key in keys if key is not None}, key=_order)
        position = {key: k for k, key in enumerate(ordered)}
        position[None] = -1
        values = Values(tuple([atom for _, atom in ordered]))
        return values, np.array([position[key] for key in keys], np.int64)

    def __len__(self) -> int:
        return len(self.atoms)

    @cached_property
    def position(self) -> dict[tuple[int, Atom], int]:
        """Where each atom stands, by its kind and itself."""
        return {(kind(atom), atom): i for i, atom in enumerate(self.atoms)}

    def index(self, atom: Atom) -> int:
        """Where an atom stands, which is one of the values."""
        return self.position[kind(atom), atom]

    def find(self, atoms: Sequence[Atom | None]) -> NDArray[np.int64]:
        """Where each of these atoms stands, all of which are values; -1 for None."""
        if _of_one_kind(self.atoms):
            alone: dict[Atom | None, int] = {atom: i for i, atom in enumerate(self.atoms)}
            alone[None] = -1
            return np.array(list(map(alone.__getitem__, atoms)), np.int64)
        return np.array([-1 if a is None else self.index(a) for a in atoms], np.int64)

    @cached_property
    def numbers(self) -> NDArray[np.float64]:
        """The values as floats, shape [len]; nan for what no float stands for (a string, an int
        above 2^53, a float above 2^60)."""
        return _numbers(self.atoms)

    @cached_property
    def numeric(self) -> bool:
        """Whether a float stands for every value."""
        return not any_holds(np.isnan(self.numbers))


class Reach(NamedTuple):
    """Which values can occur at which place: place c has class ``class_of[c]``, and value v occurs
    in class g if ``table[g, v]``. Shapes [C] and [G, len(values)]. Classes are numbered in the
    order in which they come first."""

    class_of: NDArray[np.int64]
    table: NDArray[np.bool_]

    @staticmethod
    def of(per_place: NDArray[np.bool_]) -> Reach:
        """Compress a table [C, values] to its distinct rows."""
        first, class_of = same_rows(np.packbits(per_place, axis=1))
        return Reach(class_of, per_place[first])

    @staticmethod
    def by_class(class_of: NDArray[np.int64], table: NDArray[np.bool_]) -> Reach:
        """The same reach with one class for equal rows of the table."""
        if len(table) == 1:
            return Reach(class_of, table)
        if all_hold(table[1] == table[0]) and all_hold(table == table[0]):
            return Reach(np.zeros(len(class_of), np.int64), table[:1].copy())
        width = table.shape[1]
        if 0 < table.size <= FEW_CELLS and len(table) <= 2**width:
            cells = table.tobytes()
            if len({cells[k : k + width] for k in range(0, len(cells), width)}) == len(table):
                return Reach(class_of, table)
        first, merged = same_rows(np.packbits(table, axis=1))
        if len(first) == len(table):
            return Reach(class_of, table)
        return Reach(merged[class_of], table[first])

    @staticmethod
    def everywhere(places: int, values: int) -> Reach:
        return Reach(np.zeros(places, np.int64), np.ones((1, values), bool))

    def per_place(self) -> NDArray[np.bool_]:
        """The table by place, shape [C, values]."""
        return self.table[self.class_of]
