"""Comparisons of means without the means: as signs of sums of ints, which are exact.

A mean S / w of ints is below p / q just where q S - p w is negative. The form is an int, known
without error, where the mean takes thousands of values that float32 hardly tells apart.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import numpy as np

from rasp_lang import atoms
from rasp_lang.graph import Atom

#: Coefficients up to this keep a form's values exact.
LARGEST_COEFFICIENT = 2**16
#: What a comparison says of a mean: below, at and above a threshold.
Signs = tuple[Atom, Atom, Atom]


def threshold(
    compare: Callable[[float], Atom], constant: Atom, largest_denominator: int
) -> tuple[Fraction, Signs] | None:
    """A fraction that separates means just as ``constant`` does, and what ``compare`` (mean, as a
    function of it) gives below, at and above it. Means are fractions of at most
    ``largest_denominator``, correctly rounded; None where that cannot be told apart exactly."""
    if isinstance(constant, str) or not np.isfinite(float(constant)):
        return None
    exact = Fraction(constant)
    near = exact
    if exact.denominator > largest_denominator:
        near = exact.limit_denominator(largest_denominator)
    if max(abs(near.numerator), near.denominator) > LARGEST_COEFFICIENT:
        return None
    below, above = compare(float(constant) - 1.0), compare(float(constant) + 1.0)
    if near.numerator / near.denominator == float(constant):
        return near, (below, compare(float(constant)), above)
    at = below if near < exact else above
    return near, (below, at, above)


def comparison(function: str, constant: Atom, *, mean_first: bool) -> Callable[[float], Atom]:
    """A comparison with a constant as a function of the mean."""
    if mean_first:
        return lambda mean: atoms.apply(function, mean, constant)
    return lambda mean: atoms.apply(function, constant, mean)
