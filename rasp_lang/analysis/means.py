"""The numbers that sums and means over selected keys can be.

The selected values lie on a lattice (all ints, or all multiples of a power of two); a sum of w of
them lies on it too, between w times the smallest and w times the largest. Where that lattice is too
fine (0.1 is a multiple of 2^-55), the sums are enumerated.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import gcd, lcm

import numpy as np
from numpy.typing import NDArray

from rasp_lang.analysis.cones import Cone, Variable
from rasp_lang.analysis.facts import SopFacts
from rasp_lang.analysis.values import Reach, places_of, same_rows, sorted_unique

#: More distinct numbers than this are not enumerated.
NUMBER_LIMIT = 100_000


Numbers = NDArray[np.float64]


class TooManyNumbers(Exception):
    """The sums or means of an aggregate are too many to enumerate."""


@dataclass(frozen=True, slots=True)
class Lattice:
    """Numbers as ints over a common denominator, and the step that all their distances are
    multiples of."""

    ints: tuple[int, ...]
    denominator: int
    step: int
    low: int
    high: int

    @staticmethod
    def of(numbers: Numbers) -> Lattice:
        return _lattice(tuple(numbers.tolist()))

    def sums(self, width: int, *, averaged: bool = False) -> Numbers:
        """Every sum of ``width`` of the numbers (or every mean, correctly rounded), ascending, and
        possibly more of the same lattice; raises TooManyNumbers."""
        low, high = width * self.low, width * self.high
        divisor = self.denominator * (width if averaged else 1)
        coarse = (high - low) // self.step < NUMBER_LIMIT
        if coarse and max(abs(low), abs(high), divisor) < 2**53:
            return np.arange(low, high + 1, self.step, dtype=np.int64) / divisor
        return sorted_unique(np.array([total / divisor for total in _totals(self.ints, width)]))


@lru_cache(maxsize=256)
def _lattice(numbers: tuple[float, ...]) -> Lattice:
    ratios = [number.as_integer_ratio() for number in numbers]
    denominator = lcm(*(below for _, below in ratios))
    ints = tuple(above * (denominator // below) for above, below in ratios)
    step = gcd(*(value - ints[0] for value in ints)) or 1
    return Lattice(ints, denominator, step, min(ints, default=0), max(ints, default=0))


@lru_cache(maxsize=4096)
def _totals(ints: tuple[int, ...], width: int) -> frozenset[int]:
    """The sums of ``width`` ints, with repetition; raises TooManyNumbers."""
    total: frozenset[int] = frozenset({0})
    for _ in range(width):
        total = frozenset(sum_ + value for sum_ in total for value in ints)
        if len(total) > NUMBER_LIMIT // 10:
            raise TooManyNumbers
    return total


def reach_of_numbers(
    found: NDArray[np.bool_],
    numbers: Numbers,
    least: NDArray[np.int64],
    most: NDArray[np.int64],
    empty: float | None,
    *,
    averaged: bool,
) -> tuple[Numbers, Reach]:
    """The means (or sums) of ``least`` to ``most`` [C] of the numbers that ``found`` [C, numbers]
    says are at hand, ``empty`` for none; with the places at which they occur."""
    packed = np.packbits(found, axis=1)
    first, class_of = same_rows(np.column_stack([packed, _bytes(least), _bytes(most)]))
    least, most, packed = least[first], most[first], packed[first]
    source, lot_of = same_rows(packed)
    lots = [
        _Lot.of(numbers[found[first[source[k]]]], places_of(lot_of == k), least, most)
        for k in range(len(source))
    ]
    default = np.array([empty] if empty is not None and (least == 0).any() else [], float)
    if not averaged and len(lots) == 1 and lots[0].is_nested:
        every = _union(default, [lots[0].lattice.sums(max(lots[0].widths))])
        table = lots[0].within(every, least, most)
    else:
        every = _union(default, (some for lot in lots for _, some in lot.sums(averaged)))
        table = np.zeros((len(first), len(every)), bool)
        for lot in lots:
            lot.mark(table, every, least, most, averaged)
    if len(default):
        table[least == 0, np.searchsorted(every, default[0])] = True
    return every, Reach(class_of, table)


def _bytes(counts: NDArray[np.int64]) -> NDArray[np.uint8]:
    return counts.astype(">u4").view(np.uint8).reshape(len(counts), 4)


@dataclass(frozen=True, eq=False, slots=True)
class _Lot:
    """Classes of places, ``groups``, with the same numbers at hand; ``widths``: between the least
    and the most number of keys of some of them."""

    groups: NDArray[np.int64]
    lattice: Lattice
    widths: tuple[int, ...]

    @staticmethod
    def of(
        numbers: Numbers,
        groups: NDArray[np.int64],
        least: NDArray[np.int64],
        most: NDArray[np.int64],
    ) -> _Lot:
        low, high = np.maximum(least[groups], 1), most[groups]
        some = (low <= high) & (len(numbers) > 0)
        size = int(high.max()) + 2
        edges = np.bincount(low[some], minlength=size) - np.bincount(high[some] + 1, minlength=size)
        return _Lot(groups, Lattice.of(numbers), tuple(places_of(np.cumsum(edges)).tolist()))

    @property
    def is_nested(self) -> bool:
        """Whether every sum of some keys is a sum of more, and sums are all multiples of the step
        in between."""
        lattice, most = self.lattice, max(self.widths, default=0)
        largest = most * max(-lattice.low, lattice.high)
        steps = most * (lattice.high - lattice.low) // lattice.step
        around = lattice.low <= 0 <= lattice.high and lattice.low % lattice.step == 0
        return around and most > 0 and largest < 2**53 and steps < NUMBER_LIMIT

    def within(
        self, every: Numbers, least: NDArray[np.int64], most: NDArray[np.int64]
    ) -> NDArray[np.bool_]:
        """``mark`` for nested sums: [classes, every]."""
        scaled = every * self.lattice.denominator
        low, high = (most * self.lattice.low)[:, None], (most * self.lattice.high)[:, None]
        some = (np.maximum(least, 1) <= most)[:, None]
        some = some & (low <= scaled) & (scaled <= high)
        found: NDArray[np.bool_] = some & (scaled % self.lattice.step == 0)
        return found

    def sums(self, averaged: bool) -> Iterator[tuple[int, Numbers]]:
        """The sums (or means) of each number of keys, the largest first."""
        for width in reversed(self.widths):
            yield width, self.lattice.sums(width, averaged=averaged)

    def mark(
        self,
        table: NDArray[np.bool_],
        every: Numbers,
        least: NDArray[np.int64],
        most: NDArray[np.int64],
        averaged: bool,
    ) -> None:
        """Note in ``table`` [classes, every] what each class can have: what some number of keys
        from its least to its most gives."""
        starting: dict[int, list[int]] = {}
        for group in self.groups.tolist():
            starting.setdefault(max(int(least[group]), 1), []).append(group)
        # The smallest number of keys, of those that were looked at, that gives each number.
        fewest = np.full(len(every), np.iinfo(np.int64).max)
        for width, some in self.sums(averaged):
            fewest[_places(every, some)] = width
            for group in starting.get(width, ()):
                table[group] = fewest <= most[group]


def _union(known: Numbers, parts: Iterable[Numbers]) -> Numbers:
    """The distinct numbers of all parts, ascending; raises TooManyNumbers."""
    waiting: list[Numbers] = []
    for part in parts:
        if not isinstance(_places(known, part), slice):
            waiting.append(part)
        if sum(map(len, waiting)) > max(len(known), 1000):
            known, waiting = _merged(known, waiting), []
    return _merged(known, waiting)


def _merged(known: Numbers, parts: Sequence[Numbers]) -> Numbers:
    every = sorted_unique(np.concatenate([known, *parts]))
    if len(every) > NUMBER_LIMIT:
        raise TooManyNumbers
    return every


def _places(every: Numbers, part: Numbers) -> slice | NDArray[np.int64]:
    """Where the numbers of a part stand; a slice if they are all in, one next to the other."""
    first, last = every.searchsorted(part[[0, -1]]).tolist()
    run = every[first : last + 1]
    if len(run) == len(part) and (run == part).all():
        return slice(first, last + 1)
    return every.searchsorted(part)


def positions(numbers: Numbers, cone: Cone, total: Variable, width: SopFacts) -> NDArray[np.int64]:
    """For each row of a cone over a sum and the number of keys, which of ``numbers`` their quotient
    is (0 for no key); -1 if none."""
    sums_ = total.values.numbers[cone.digits[:, cone.variables.index(total)]]
    counts = np.append(width.values.numbers, 0.0)[width.table[cone.project(width.cone)]]
    quotients = np.divide(sums_, counts, out=np.zeros(len(sums_)), where=counts > 0)
    found = np.searchsorted(numbers, quotients)
    hit = np.append(numbers, np.nan)[found] == quotients
    return np.where(hit, found, -1)
