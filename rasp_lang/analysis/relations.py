"""Relations: selectors on many inputs at once, and what aggregates make of them.

Shapes as in ``columns``; the axes of a selector are queries, keys, inputs.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rasp_lang import atoms
from rasp_lang.analysis.columns import NOWHERE, Bits, Codes, Column, Table, by_distinct
from rasp_lang.atoms import AtomError
from rasp_lang.atoms.sequences import quotient, scaled
from rasp_lang.graph import Atom

_COMPARE: dict[str, Callable[[Any, Any], Any]] = {
    "==": operator.eq, "!=": operator.ne, "<": operator.lt, ">": operator.gt,
    "<=": operator.le, ">=": operator.ge,
}  # fmt: skip


@dataclass(frozen=True, eq=False)
class Relation:
    """A selector: ``bits[q, k, b]``, of shape ``[n or 1, n or 1, B or 1]``."""

    bits: Bits
    failed: Bits

    def used(self, length: int, causal: bool) -> Bits:
        """The bits as an aggregate sees them, for all keys; under a causal reading there is no key
        after its query."""
        if causal:
            return np.asarray(self.bits & np.tri(length, dtype=bool)[:, :, None])
        queries, _, inputs = self.bits.shape
        return np.broadcast_to(self.bits, (queries, length, inputs))


def select(comparison: str, key: Column, query: Column) -> Relation:
    """``key <comparison> query`` for each pair of positions."""
    ranks = _ranks(key.atoms, query.atoms, comparison in ("==", "!="))
    if ranks is None:
        return _select_mixed(comparison, key, query)
    keys, queries = ranks[0][key.codes], ranks[1][query.codes]
    return Relation(_COMPARE[comparison](keys[None], queries[:, None]), NOWHERE)


def _ranks(
    keys: Sequence[Atom], queries: Sequence[Atom], unordered: bool
) -> tuple[NDArray[Any], NDArray[Any]] | None:
    """Small numbers that compare as the atoms do; None where some cannot be compared. (A dict takes
    1, 1.0 and True for equal, as a comparison does.)"""
    known = list(dict.fromkeys((*keys, *queries)))
    if not unordered:
        if len({isinstance(atom, str) for atom in known}) > 1:
            return None
        known.sort()
    ranks = {atom: rank for rank, atom in enumerate(known)}
    small = np.min_scalar_type(len(known))
    return np.array([ranks[a] for a in keys], small), np.array([ranks[a] for a in queries], small)


def _select_mixed(comparison: str, key: Column, query: Column) -> Relation:
    """The same where strings are beside numbers: inputs that compare the two fail."""
    table = np.array(
        [[_verdict(comparison, k, q) for k in key.atoms] for q in query.atoms], dtype=np.int8
    )
    pairs = table[query.codes[:, None], key.codes[None]]
    return Relation(pairs == 1, np.asarray((pairs < 0).any(axis=(0, 1))))


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
    return Relation(joined, NOWHERE)


def widths(bits: Bits) -> NDArray[Any]:
    """How many keys each query selects, ``[n or 1, B or 1]``."""
    small = np.min_scalar_type(bits.shape[1])
    return np.asarray(np.add.reduce(bits.view(np.uint8), axis=1, dtype=small))


def aggregate(bits: Bits, values: Column, defaults: Column) -> Column:
    """The values that queries choose: the value itself, the exact mean, the default."""
    counts, table = widths(bits), Table()
    value_codes, default_codes = table.codes(values.atoms), table.codes(defaults.atoms)
    small = np.min_scalar_type(len(values.atoms))
    # A sum over one key is the code of its value; other sums mean nothing.
    chosen = np.where(counts == 1, _sums(bits, values.codes.astype(small)), 0)
    codes = value_codes[chosen]
    if (counts == 0).any():
        codes = np.where(counts == 0, default_codes[defaults.codes], codes)
    if (counts > 1).any():
        several = np.broadcast_to(counts > 1, codes.shape)
        averaged = several & _numeric(values)
        codes[several] = -1
        codes[averaged] = _means(bits, values, averaged, counts, table)
    return table.column(codes)


def _sums(bits: Bits, weights: NDArray[Any]) -> NDArray[Any]:
    """The sum of the weights ``[n or 1, B or 1]`` of the keys that each query selects."""
    queries, length, inputs = bits.shape
    keys = np.broadcast_to(weights, (length, weights.shape[1]))
    total = np.zeros((queries, max(inputs, keys.shape[1])), weights.dtype)
    for k in range(length):
        total += bits[:, k] * keys[k]
    return total


def _numeric(values: Column) -> Bits:
    """Whether the sequence, as a whole, is of ints or floats, ``[B or 1]``."""
    text, _ = values.each(str)
    _, bools = values.each(bool)
    return np.asarray(~(text | bools))


def _means(bits: Bits, values: Column, wanted: Bits, counts: NDArray[Any], table: Table) -> Codes:
    """The codes of the exact means at the wanted queries."""
    numbers, shift = scaled([0 if isinstance(atom, str) else atom for atom in values.atoms])
    base = bits.shape[1] + 1
    most, least = base * max(map(abs, numbers)), base * min(0, *numbers, 0)
    size = (most - least + 1) * base
    sums = _sums(bits, np.array(numbers, _integers(most))[values.codes])
    # A sum, made not negative, and its count, below the base, as one number.
    sums = np.broadcast_to(sums, wanted.shape)[wanted].astype(_integers(size))
    joint = (sums - least) * base + np.broadcast_to(counts, wanted.shape)[wanted]

    def made(distinct: Codes) -> Codes:
        pairs = (divmod(number, base) for number in distinct.tolist())
        found = [table.attempt(quotient, total + least, count, shift) for total, count in pairs]
        return np.array(found, dtype=np.intp)

    return by_distinct(joint, size, made)


def _integers(most: int) -> Any:
    """The smallest type for numbers of at most that size."""
    for kind in (np.int16, np.int32, np.int64):
        if most <= np.iinfo(kind).max:
            return kind
    return object
