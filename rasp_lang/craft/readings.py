"""What is known of the residual stream in float32, and of the forms that are read off it.

All bounds have one column for each of several *deltas*, the relative amounts by which every weight
of the file may be off; column 0 is the file as it is. Directions of which at most one holds
anything but 0 at a position (one-hots, and copies of them) share a *slot*: a sum over them has one
term that counts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from rasp_lang.analysis.values import all_hold, starts
from rasp_lang.craft.errors import U, gamma
from rasp_lang.craft.program import CraftProgram, Embedding, Form

Numbers = NDArray[np.float64]
Rows = NDArray[np.int64]

#: The finest power of two that exact values may be multiples of.
FINEST = 2.0**-20
#: What 0 is a multiple of.
COARSEST = 2.0**60
#: A relative error of exact values that float32 loses in any sum with others.
LOST = 2.0**-30
#: What tables of an embedding are of, by number.
_KINDS = {"token": 0, "index": 1, "any": 2}


def grain(numbers: Numbers) -> Numbers:
    """The largest power of two that each number is a multiple of; 0 if it is below FINEST or the
    number has more than 24 bits."""
    mantissa, exponent = np.frexp(numbers)
    digits = np.abs(np.ldexp(mantissa, 53)).astype(np.int64)
    lowest = digits & -digits
    step = np.ldexp(lowest.astype(np.float64), exponent - 53)
    fine = (step >= FINEST) & (lowest >= 2**29)  # 53 bits, of which 24 are used
    return np.where(digits == 0, COARSEST, np.where(fine, step, 0.0))


class Stream:
    """Bounds on what float32 holds in each slot [slots, deltas]: ``error`` at real positions,
    ``at_zero`` there where 0 is meant, ``at_bos`` in the row of BOS, which is meant to hold 0.
    ``step`` is the power of two that the exact values are multiples of (0: not exact).

    The last slot is the constant of a form: 1 at real positions, taken back by BOS."""

    def __init__(self, program: CraftProgram, deltas: Numbers) -> None:
        self.deltas = deltas
        count = len(program.directions)
        self.slot: Rows = np.arange(count + 1)
        self.unit = np.ones(count + 1)
        self.shared = np.zeros(count + 1, bool)
        self.low = np.array([*(d.low for d in program.directions), 1.0])
        self.high = np.array([*(d.high for d in program.directions), 1.0])
        self.bounds = np.zeros((count + 1, 3, len(deltas)))
        self.error, self.at_zero, self.at_bos = (self.bounds[:, k] for k in range(3))
        self.step = np.zeros(count + 1)
        self.step[-1] = 1.0
        #: Whether copies of one-hots are one-hots: nothing leaks.
        self.sparse = np.ones(len(deltas), bool)
        # A bias against a weight times an embedding, each of them off.
        self.at_bos[-1] = np.where(deltas > 0, (1 + deltas) ** 3 * (1 + gamma(3)) - 1, 0.0)
        if program.embeddings:
            self._embed(program.embeddings)

    @property
    def largest(self) -> Numbers:
        """A bound on the absolute value that each direction is meant to hold."""
        found: Numbers = np.maximum(np.abs(self.low), np.abs(self.high))
        return found

    def _embed(self, embeddings: Sequence[Embedding]) -> None:
        """What tables bring. Of those of one kind that are not 0 at the same place, the ones with
        the fewest such places first, share a slot."""
        directions = np.array([e.direction for e in embeddings])
        tables, kinds = [e.table for e in embeddings], [_KINDS[e.of] for e in embeddings]
        lengths, every = np.array(list(map(len, tables))), np.concatenate(tables)
        cells = every.nonzero()[0]
        table = np.arange(len(tables)).repeat(lengths)[cells]
        held = every[cells]
        largest, step = np.zeros(len(tables)), np.full(len(tables), COARSEST)
        np.maximum.at(largest, table, np.abs(held))
        np.minimum.at(step, table, grain(held))
        rounded = np.zeros((len(tables), 1))
        rounded[table[held != held.astype(np.float32)]] = U
        self.step[directions] = step
        self.error[directions] = ((1 + self.deltas) * (1 + rounded) - 1) * largest[:, None]
        sizes = np.bincount(table, minlength=len(tables))
        rank = np.empty(len(tables), np.int64)
        rank[sizes.argsort(kind="stable")] = np.arange(len(tables))
        kind_of, width = np.array(kinds), int(lengths.max())
        place = cells - (lengths.cumsum() - lengths - kind_of * width)[table]
        first = np.full(len(_KINDS) * width, len(tables))
        np.minimum.at(first, place, rank[table])
        alone = sizes > 0
        alone[table[first[place] != rank[table]]] = False
        for kind in set(kinds):
            self.share(directions[alone & (kind_of == kind)])

    def share(self, directions: Rows) -> None:
        """At most one of these directions holds anything but 0 at any position; what is in the slot
        is relative to what the direction holds."""
        if len(directions) < 2:
            return
        first, units = int(directions.min()), self.largest[directions]
        self.bounds[first] = (self.bounds[directions] / units[:, None, None]).max(axis=0)
        self.step[first] = self.step[directions].min()
        self.slot[directions], self.unit[directions] = first, units
        self.low[directions] = np.minimum(self.low[directions], 0.0)
        self.high[directions] = np.maximum(self.high[directions], 0.0)
        self.shared[first] = True


@dataclass(frozen=True, eq=False)
class Bounds:
    """Forms as float32 reads them. ``low``, ``high``: of what is meant; ``largest``: of every
    partial sum of absolute terms; ``relative``: what a term may be off by weight and rounding.
    ``carried`` is the part of the ``error`` that the directions bring along. A ``pure`` form is
    no difference: it is off by ``relative`` of what it is, besides what is carried."""

    low: Numbers
    high: Numbers
    largest: Numbers
    pure: NDArray[np.bool_]
    step: Numbers
    relative: Numbers
    carried: Numbers
    error: Numbers
    at_zero: Numbers
    at_bos: Numbers

    @cached_property
    def rounding(self) -> Numbers:
        """The part of the error that is made in reading."""
        return self.error - self.carried

    @cached_property
    def size(self) -> Numbers:
        """A bound on the absolute value of what is read."""
        return np.maximum(np.abs(self.low), np.abs(self.high))[:, None] + self.error

    def rows(self, first: int, end: int) -> SomeBounds:
        return SomeBounds(self, slice(first, end))


class SomeBounds(NamedTuple):
    """Consecutive forms of ``Bounds``; what is asked of them is cut out of the whole."""

    whole: Bounds
    here: slice

    def part(self, first: int, count: int) -> SomeBounds:
        """``count`` of them."""
        start = self.here.start + first
        return SomeBounds(self.whole, slice(start, start + count))

    @property
    def low(self) -> Numbers:
        return self.whole.low[self.here]

    @property
    def high(self) -> Numbers:
        return self.whole.high[self.here]

    @property
    def step(self) -> Numbers:
        return self.whole.step[self.here]

    @property
    def error(self) -> Numbers:
        return self.whole.error[self.here]

    @property
    def size(self) -> Numbers:
        return self.whole.size[self.here]

    @property
    def at_zero(self) -> Numbers:
        return self.whole.at_zero[self.here]

    @property
    def at_bos(self) -> Numbers:
        return self.whole.at_bos[self.here]

    def below(self, level: float) -> Numbers:
        """By how much less than ``level`` is read where at least that is meant."""
        whole, here = self.whole, self.here
        relative = whole.relative[here]
        near = whole.carried[here] * (1 + relative) + relative * level
        return np.where(whole.pure[here, None], np.minimum(near, self.error), self.error)


@dataclass(frozen=True, eq=False)
class _Terms:
    """The terms of forms, one entry for each form and slot, by form: the entry's ``slot`` and size,
    the bounds of what it stands for, the step of its weights; ``first`` entry of each form, and how
    many more it has: its constant is its last entry. ``rounded`` is U if float32 rounds some of a
    form's weights."""

    slot: Rows
    first: Rows
    more: Rows
    size: Numbers
    low: Numbers
    high: Numbers
    step: Numbers
    rounded: Numbers
    lengths: Rows
    constants: Numbers


def _terms(stream: Stream, forms: Sequence[Form]) -> _Terms:
    constant = len(stream.slot) - 1
    listed: list[int] = []
    weights: list[float] = []
    for form in forms:
        listed += form.terms
        weights += form.terms.values()
        listed.append(constant)
        weights.append(form.constant)
    lengths = np.array([len(form.terms) for form in forms])
    directions, coefficients = np.array(listed), np.array(weights, np.float64)
    ends = (lengths + 1).cumsum()
    constants = coefficients[ends - 1]
    slot = stream.slot[directions]
    keys = np.arange(len(forms)).repeat(lengths + 1) * (constant + 1) + slot
    if not all_hold(keys[1:] > keys[:-1]):
        order = keys.argsort(kind="stable")
        keys, directions, coefficients = keys[order], directions[order], coefficients[order]
        slot = slot[order]
    one, other = coefficients * stream.low[directions], coefficients * stream.high[directions]
    sizes = np.abs(coefficients) * stream.unit[directions]
    low, high, steps = np.minimum(one, other), np.maximum(one, other), grain(coefficients)
    first = ends - lengths - 1
    off = np.logical_or.reduceat(coefficients != coefficients.astype(np.float32), first)
    more, entries = lengths, starts(keys)
    if len(entries) < len(keys):  # several terms of one slot are one entry
        low, high = np.minimum.reduceat(low, entries), np.maximum.reduceat(high, entries)
        sizes, steps = np.maximum.reduceat(sizes, entries), np.minimum.reduceat(steps, entries)
        first, last = entries.searchsorted(first), entries.searchsorted(ends - 1)
        slot, more = slot[entries], last - first
    return _Terms(slot, first, more, sizes, low, high, steps, U * off, lengths, constants)


def read(stream: Stream, forms: Sequence[Form]) -> Bounds:
    """Bounds of forms [forms, deltas], as the stream is now."""
    terms = _terms(stream, forms)
    first = terms.first
    low, high = np.add.reduceat(terms.low, first), np.add.reduceat(terms.high, first)
    largest = np.add.reduceat(np.maximum(np.abs(terms.low), np.abs(terms.high)), first)
    # No partial sum leaves the interval between all negative and all positive terms.
    upper = np.add.reduceat(np.maximum(terms.high, 0.0), first)
    lower = np.add.reduceat(np.maximum(-terms.low, 0.0), first)
    pure = (terms.constants == 0) & ((lower == 0) | (upper == 0) | (terms.more == 1))
    found = np.add.reduceat(stream.bounds[terms.slot] * terms.size[:, None, None], first)
    carried, at_zero, at_bos = found[:, 0], found[:, 1], found[:, 2]
    # Each product is rounded, then each sum; the last one is what is read.
    sums = terms.more[:, None]
    if not all_hold(stream.sparse):
        sums = np.where(stream.sparse, sums, terms.lengths[:, None])
    weights = (1 + stream.deltas) * (1 + terms.rounded[:, None]) - 1
    relative = (1 + weights) * (1 + gamma(sums + 1)) - 1
    reached = largest[:, None] + carried
    products = reached - np.abs(terms.constants)[:, None]
    last = np.maximum(np.abs(low), np.abs(high))[:, None] + carried + relative * reached
    made = U * products + gamma(np.maximum(sums - 1, 0)) * reached + U * np.minimum(last, reached)
    grown = 1 + relative
    error = carried + weights * reached + grown * made
    step = np.minimum.reduceat(terms.step * stream.step[terms.slot], first)
    exact = (step > 0) & (np.maximum(upper, lower) < step * 2.0**24)
    exact &= carried[:, 0] <= step * LOST
    np.copyto(error[:, 0], carried[:, 0], where=exact)
    at_zero = np.where(pure[:, None], at_zero * grown, error)
    return Bounds(
        low, high, largest, pure, np.where(exact, step, 0.0), relative, carried, error, at_zero,
        at_bos * grown,
    )  # fmt: skip
