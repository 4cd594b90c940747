"""The numbers that sums and means over selected keys can be.

The selected values lie on a lattice (all ints, or all multiples of a power of two); a sum of w of
them lies on it too, between w times the smallest and w times the largest. Where that lattice is too
fine (0.1 is a multiple of 2^-55), the sums are enumerated.
"""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from math import gcd, lcm

import numpy as np
from numpy.typing import NDArray

from rasp_lang.analysis.cones import Cone, Variable
from rasp_lang.analysis.facts import SopFacts
from rasp_lang.analysis.values import Reach, same_rows, sorted_unique

#: More distinct numbers than this are not enumerated.
NUMBER_LIMIT = 100_000


class TooManyNumbers(Exception):
    """The sums or means of an aggregate are too many to enumerate."""


Numbers = NDArray[np.float64]


def _lattice(numbers: Numbers) -> tuple[list[int], int, int]:
    """The numbers as ints over a common denominator, that denominator, and their step."""
    fractions = [Fraction(float(number)) for number in numbers]
    denominator = lcm(*(fraction.denominator for fraction in fractions))
    ints = [int(fraction * denominator) for fraction in fractions]
    step = gcd(*(value - ints[0] for value in ints)) or 1
    return ints, denominator, step


def sums(numbers: Numbers, width: int) -> Numbers:
    """Every sum of ``width`` of these numbers, and possibly more of the same lattice; raises
    TooManyNumbers."""
    return means(numbers, width, averaged=False)


def means(numbers: Numbers, width: int, *, averaged: bool = True) -> Numbers:
    """Every mean of ``width`` of these numbers, correctly rounded (or every sum); raises
    TooManyNumbers."""
    ints, denominator, step = _lattice(numbers)
    low, high = width * min(ints), width * max(ints)
    divisor = denominator * (width if averaged else 1)
    if (high - low) // step < NUMBER_LIMIT and max(abs(low), abs(high), divisor) < 2**53:
        return np.arange(low, high + 1, step, dtype=np.int64) / divisor
    return sorted_unique(np.array([total / divisor for total in _totals(tuple(ints), width)]))


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
    key = np.column_stack([np.packbits(found, axis=1), _bytes(least), _bytes(most)])
    first, class_of = same_rows(key)
    pieces: list[Numbers] = []
    every: Numbers = np.array([])
    for c in first:
        pieces.append(_numbers_of(numbers[found[c]], int(least[c]), int(most[c]), empty, averaged))
        every = sorted_unique(np.concatenate([every, pieces[-1]]))
        if len(every) > NUMBER_LIMIT:
            raise TooManyNumbers
    table = np.zeros((len(pieces), len(every)), bool)
    for group, piece in enumerate(pieces):
        table[group, np.searchsorted(every, piece)] = True
    return every, Reach(class_of, table)


def _bytes(counts: NDArray[np.int64]) -> NDArray[np.uint8]:
    return counts.astype(">u4").view(np.uint8).reshape(len(counts), 4)


def _numbers_of(
    numbers: Numbers, least: int, most: int, empty: float | None, averaged: bool
) -> Numbers:
    known: Numbers = np.array([empty]) if least == 0 and empty is not None else np.array([])
    waiting: list[Numbers] = []
    for width in range(max(least, 1), most + 1) if len(numbers) else ():
        waiting.append(means(numbers, width) if averaged else sums(numbers, width))
        if sum(map(len, waiting)) > NUMBER_LIMIT:
            known, waiting = sorted_unique(np.concatenate([known, *waiting])), []
            if len(known) > NUMBER_LIMIT:
                raise TooManyNumbers
    return sorted_unique(np.concatenate([known, *waiting]))


def positions(numbers: Numbers, cone: Cone, total: Variable, width: SopFacts) -> NDArray[np.int64]:
    """For each row of a cone over a sum and the number of keys, which of ``numbers`` their quotient
    is (0 for no key); -1 if none."""
    sums_ = total.values.numbers[cone.digits[:, cone.variables.index(total)]]
    counts = np.append(width.values.numbers, 0.0)[width.table[cone.project(width.cone)]]
    quotients = np.divide(sums_, counts, out=np.zeros(len(sums_)), where=counts > 0)
    found = np.searchsorted(numbers, quotients)
    hit = np.append(numbers, np.nan)[found] == quotients
    return np.where(hit, found, -1)
