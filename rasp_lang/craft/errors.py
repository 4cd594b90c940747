"""How far single precision, and weights that are a little off, take attention from what is meant.

``U`` is the unit roundoff of float32; a sum of n products is off by at most ``gamma(n)`` times the
sum of their absolute values, in whatever order it is formed (Higham, Accuracy and Stability of
Numerical Algorithms, 2nd ed., section 3.1). The bounds hold number by number for arrays.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]

U = 2.0**-24
#: Relative error of a float32 exponential beyond that of its argument, on any backend in use.
EXPONENTIAL = 8 * U
#: exp of less than this is 0 in float32, subnormal numbers included.
UNDERFLOW = 104.0


def gamma(terms: Any) -> Any:
    """Relative error of a sum of ``terms`` products."""
    off = terms * U
    return off / (1 - off)


def leak(keys: int, gap: Numbers | float) -> Numbers:
    """The weight that unselected keys get together, relative to one selected key."""
    gap = np.asarray(gap, np.float64)
    lost = np.where(gap > 0, keys * np.exp(-np.abs(gap)), np.inf)
    return np.where(gap >= UNDERFLOW, 0.0, lost)


def _apart(noise: Numbers | float) -> Numbers:
    """Relative difference of exponentials whose arguments differ by ``noise``."""
    noise = np.asarray(noise, np.float64)
    return np.where(noise <= 2.0, np.expm1(np.minimum(noise, 2.0)), np.inf)


def mean_error(
    keys: int,
    largest: Numbers | float,
    value_error: Numbers | float,
    noise: Numbers | float,
    gap: Numbers | float,
    spread: Numbers | float = 0.0,
) -> Numbers:
    """Error of a mean over at most ``keys`` keys of values up to ``largest``, ``spread`` apart, if
    selected scores are off by ``noise`` and unselected ones ``gap`` below. Weights are quotients of
    equal exponentials: one rounding each, then a sum of products. What leaks takes its weight from
    selected keys, whose values may have the opposite sign."""
    noise = np.asarray(noise, np.float64)
    unequal = _apart(2 * noise) + np.where(noise > 0, 2 * EXPONENTIAL, 0.0)
    lost = 2 * leak(keys, gap) + gamma(keys + 3)
    unequal = np.minimum(unequal, 2.0)  # a mean is one of them or between them
    return np.asarray(value_error + spread / 2 * unequal + largest * lost)


def copy_error(
    lost: Numbers, largest: Numbers | float, value_error: Numbers | float, exact: Any
) -> Numbers:
    """Error of a copy of one key's value: its weight is 1 but for what is ``lost`` in leaks,
    without rounding where the value is ``exact``."""
    rounding = np.where(exact & (lost < U / 2), 0.0, largest * gamma(3))
    return value_error + 2 * largest * lost + rounding


def sum_error(
    keys: int,
    largest: Numbers | float,
    value_error: Numbers | float,
    noise: Numbers | float,
    gap: Numbers | float,
    sink: float,
) -> Numbers:
    """Error of a sum read off a heavy sink whose logit is ``sink``: softmax weights of the keys are
    exp(-sink) relative to BOS, off by ``noise``, and BOS's share of 1 shrinks by their sum. The
    logit is rounded when it is divided by sqrt(d_head), which is rounded itself.

    The denominator is 1 and weights that are lost in rounding if they are all together below U: it
    is off by no more than they are. The numerator adds up values of at most ``largest``: the
    partial sums of k of them, which are rounded, are at most k times that, and 2, 3, ..., n keys
    have a mean of (n + 2) / 2 at most, in whatever order they are added."""
    shrink = keys * math.exp(-sink)
    total = shrink if shrink < U / 2 else gamma(keys)
    added = U * (keys + 2) / 2 * (1 + gamma(keys + 1))
    relative = 4 * U * sink + EXPONENTIAL + added + total + 6 * U + _apart(noise)
    lost = relative + shrink + leak(keys, gap)
    return np.asarray(keys * (value_error * (1 + relative) + largest * lost))


def rounding_offset(error: Numbers | float, largest: float, positive: bool) -> float:
    """The smallest power of two that rounds integers up to ``largest``, off by ``error``, when they
    are added to it in float32; 0 if none up to 2^22 does. Neighbours are 2 U of it apart above it,
    where only ``positive`` terms are added, and U of it just below."""
    needed = math.ceil(math.log2((1.25 if positive else 2.5) * float(error) / U))
    exponent = max(math.ceil(math.log2(2 * largest)), needed)
    return 2.0**exponent if exponent <= 22 else 0.0
