"""Columns and relations: s-ops and selectors on many inputs at once.

An s-op is held as codes into a table of the distinct atoms that it takes, so that a function is
computed once for each distinct combination of operands, by the same ``atoms`` that the reference
interpreter uses. Shapes: ``B`` inputs, ``n`` positions.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import chain
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rasp_lang import atoms
from rasp_lang.atoms import AtomError
from rasp_lang.atoms.sequences import quotient, scaled
from rasp_lang.graph import Atom

Codes = NDArray[np.int64]
Bits = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Column:
    """An s-op: ``atoms[codes[b, i]]`` is its value at position i of input b."""

    codes: Codes
    atoms: Sequence[Atom]
    failed: Bits

    def each(self, predicate: Callable[[Atom], bool]) -> Bits:
        """The predicate of every value, [B, n]."""
        known = np.array([predicate(atom) for atom in self.atoms], dtype=bool)
        return known[self.codes]


@dataclass(frozen=True, eq=False)
class Relation:
    """A selector, ``bits[b, query, key]``."""

    bits: Bits
    failed: Bits

    def used(self, causal: bool) -> Bits:
        """The bits as an aggregate sees them: under a causal reading no key after its query."""
        return np.tril(self.bits) if causal else self.bits


@dataclass(eq=False)
class _Table:
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
        return np.array([self.code(atom) for atom in found], dtype=np.int64)


def encoded(inputs: Sequence[Sequence[Atom]]) -> Column:
    """Inputs of one length as a column."""
    table = _Table()
    codes = table.codes(chain.from_iterable(inputs)).reshape(len(inputs), -1)
    return Column(codes, table.atoms, np.zeros(len(inputs), dtype=bool))


def mapped(function: Callable[..., Atom], columns: Sequence[Column]) -> Column:
    """The function at every position, computed once for each distinct tuple of operands."""
    sizes = [len(column.atoms) for column in columns]
    joint = np.ravel_multi_index([column.codes for column in columns], sizes)
    distinct, inverse = _distinct(joint, prod(sizes))
    table = _Table()
    made = []
    for codes in zip(*np.unravel_index(distinct, sizes), strict=True):
        operands = [column.atoms[code] for column, code in zip(columns, codes, strict=True)]
        made.append(_attempt(table, function, *operands))
    results: Codes = np.array(made, dtype=np.int64)[inverse]
    return _column(results, table)


def _distinct(codes: Codes, size: int) -> tuple[Codes, Codes]:
    """The distinct codes, of ``0 .. size-1``, ascending; and where among them each code stands."""
    if size > 8 * codes.size:
        found, places = np.unique(codes, return_inverse=True)
        return found, places.reshape(codes.shape)
    seen = np.zeros(size, dtype=bool)
    seen[codes] = True
    return np.flatnonzero(seen), (np.cumsum(seen) - 1)[codes]


def _attempt(table: _Table, function: Callable[..., Atom], *operands: Any) -> int:
    """The code of the function's result, -1 where it has none."""
    try:
        return table.code(function(*operands))
    except AtomError:
        return -1


def _column(codes: Codes, table: _Table) -> Column:
    """A column of codes with -1 where there is no value."""
    if not table.atoms:
        table.code(0)
    return Column(np.maximum(codes, 0), table.atoms, np.asarray((codes < 0).any(axis=1)))


def one_type(column: Column) -> Column:
    """The same column, failed where strings stand beside other values."""
    text = column.each(lambda atom: isinstance(atom, str))
    mixed = text.any(axis=1) & ~text.all(axis=1)
    return Column(column.codes, column.atoms, column.failed | np.asarray(mixed))


def select(comparison: str, key: Column, query: Column) -> Relation:
    """``key <comparison> query`` for each pair of positions."""
    table = np.array(
        [[_verdict(comparison, k, q) for k in key.atoms] for q in query.atoms], dtype=np.int8
    )
    pairs = table[query.codes[:, :, None], key.codes[:, None, :]]
    return Relation(pairs == 1, np.asarray((pairs < 0).any(axis=(1, 2))))


def _verdict(comparison: str, key: Atom, query: Atom) -> int:
    """0 or 1, or -1 where the atoms cannot be compared."""
    try:
        return int(atoms.apply(comparison, key, query))
    except AtomError:
        return -1


def combine(connective: str, operands: Sequence[Relation]) -> Relation:
    """``and``, ``or`` of two selectors, ``not`` of one."""
    bits = [operand.bits for operand in operands]
    match connective:
        case "not":
            joined = ~bits[0]
        case "and":
            joined = bits[0] & bits[1]
        case _:
            joined = bits[0] | bits[1]
    return Relation(joined, np.zeros(len(joined), dtype=bool))


def aggregate(bits: Bits, values: Column, defaults: Column) -> Column:
    """The values chosen by the rows of ``bits``: the value itself, the exact mean, the default."""
    counts = bits.sum(axis=2, dtype=np.int64)
    table = _Table()
    value_codes, default_codes = table.codes(values.atoms), table.codes(defaults.atoms)
    chosen = np.take_along_axis(values.codes, bits.argmax(axis=2), axis=1)
    codes = np.where(counts == 0, default_codes[defaults.codes], value_codes[chosen])
    several = counts > 1
    numeric = _numeric(values)
    codes[several & ~numeric[:, None]] = -1
    averaged = several & numeric[:, None]
    if averaged.any():
        codes[averaged] = _means(bits, values, averaged, counts, table)
    return _column(codes, table)


def _numeric(values: Column) -> Bits:
    """Whether the sequence, as a whole, is of ints or floats, [B]."""
    text = values.each(lambda atom: isinstance(atom, str)).any(axis=1)
    bools = values.each(lambda atom: isinstance(atom, bool)).all(axis=1)
    return np.asarray(~(text | bools))


def _means(bits: Bits, values: Column, wanted: Bits, counts: Codes, table: _Table) -> Codes:
    """The codes of the exact means at the wanted queries."""
    numbers, shift = scaled([0 if isinstance(atom, str) else atom for atom in values.atoms])
    base = bits.shape[2] + 1
    fits = max(map(abs, numbers)) * base * base < 2**63
    known = np.array(numbers, dtype=np.int64 if fits else object)
    rows, queries = np.nonzero(wanted)
    sums = (bits[rows, queries] * known[values.codes[rows]]).sum(axis=1)
    # A sum and its count, below the base, as one number.
    distinct, places = np.unique(sums * base + counts[rows, queries], return_inverse=True)
    pairs = [divmod(joint, base) for joint in distinct.tolist()]
    made = [_attempt(table, quotient, total, count, shift) for total, count in pairs]
    return np.array(made, dtype=np.int64)[places]
