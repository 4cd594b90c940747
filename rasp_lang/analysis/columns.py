"""Columns: s-ops on many inputs at once.

An s-op is held as codes into a table of the distinct atoms that it takes, so that a function is
computed once for each distinct combination of operands, by the same ``atoms`` that the reference
interpreter uses. Shapes: ``B`` inputs, ``n`` positions. Inputs come last, so that numpy's inner
loops are long; an axis along which nothing changes has size 1, so that what does not depend on the
tokens is computed once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rasp_lang.atoms import AtomError
from rasp_lang.graph import Atom

Codes = NDArray[np.intp]
Bits = NDArray[np.bool_]
#: Where nothing fails.
NOWHERE: Bits = np.zeros(1, dtype=bool)


@dataclass(frozen=True, eq=False)
class Column:
    """An s-op: ``atoms[codes[i, b]]`` is its value at position i of input b. ``codes`` is
    ``[n or 1, B or 1]``; ``failed``, ``[B or 1]``, marks the inputs that have no value."""

    codes: Codes
    atoms: Sequence[Atom]
    failed: Bits

    def each(self, kind: type) -> tuple[Bits, Bits]:
        """Whether any value, and whether each value of an input is of that type, ``[B or 1]``."""
        known = np.array([isinstance(atom, kind) for atom in self.atoms], dtype=bool)
        if known.all() or not known.any():
            return known[:1], known[:1]
        found = known[self.codes]
        return np.asarray(found.any(axis=0)), np.asarray(found.all(axis=0))


@dataclass(eq=False)
class Table:
    """Distinct atoms in the order of their first use; equal atoms of different types are distinct,
    and so are 0.0 and -0.0."""

    atoms: list[Atom] = field(default_factory=list)
    _codes: dict[object, int] = field(default_factory=dict)

    def code(self, atom: Atom) -> int:
        key = (type(atom), atom.hex() if isinstance(atom, float) else atom)
        if key not in self._codes:
            self._codes[key] = len(self.atoms)
            self.atoms.append(atom)
        return self._codes[key]

    def codes(self, found: Iterable[Atom]) -> Codes:
        return np.array([self.code(atom) for atom in found], dtype=np.intp)

    def attempt(self, function: Callable[..., Atom], *operands: Any) -> int:
        """The code of the function's result, -1 where it has none."""
        try:
            return self.code(function(*operands))
        except AtomError:
            return -1

    def column(self, codes: Codes) -> Column:
        """A column of codes with -1 where there is no value."""
        if codes.size and codes.min() >= 0:
            return Column(codes, self.atoms, NOWHERE)
        if not self.atoms:
            self.code(0)
        return Column(np.maximum(codes, 0), self.atoms, np.asarray((codes < 0).any(axis=0)))


def mapped(function: Callable[..., Atom], columns: Sequence[Column]) -> Column:
    """The function at every position, computed once for each distinct tuple of operands."""
    sizes = [len(column.atoms) for column in columns]
    joint = columns[0].codes
    for column, size in zip(columns[1:], sizes[1:], strict=True):
        joint = joint * size + column.codes
    table = Table()

    def made(distinct: Codes) -> Codes:
        operands = [
            [column.atoms[code] for code in codes.tolist()]
            for column, codes in zip(columns, np.unravel_index(distinct, sizes), strict=True)
        ]
        found = [table.attempt(function, *chosen) for chosen in zip(*operands, strict=True)]
        return np.array(found, dtype=np.intp)

    return table.column(by_distinct(joint, prod(sizes), made))


def by_distinct(codes: Codes, size: int, made: Callable[[Codes], Codes]) -> Codes:
    """``made(codes)``, of numbers from 0 to ``size - 1``, computed once for each distinct one."""
    if size > 8 * codes.size:
        distinct, places = np.unique(codes, return_inverse=True)
        return made(distinct)[places.reshape(codes.shape)]
    seen = np.zeros(size, dtype=bool)
    seen[codes] = True
    distinct = seen.nonzero()[0]
    results = np.zeros(size, dtype=np.intp)
    results[distinct] = made(distinct)
    found: Codes = results[codes]
    return found


def one_type(column: Column) -> Column:
    """The same column, failed where strings stand beside other values."""
    some, every = column.each(str)
    return Column(column.codes, column.atoms, column.failed | (some & ~every))
