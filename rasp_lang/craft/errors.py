"""How far single precision can take attention from what is meant.

``U`` is the unit roundoff of float32; a sum of n products is off by at most ``gamma(n)`` times the
sum of their absolute values, in whatever order it is formed (Higham, Accuracy and Stability of
Numerical Algorithms, 2nd ed., section 3.1).
"""

from __future__ import annotations

import math

U = 2.0**-24
#: Relative error of a float32 exponential beyond that of its argument, on any backend in use.
EXPONENTIAL = 8 * U
#: exp of less than this is 0 in float32, subnormal numbers included.
UNDERFLOW = 104.0


def gamma(terms: int) -> float:
    """Relative error of a sum of ``terms`` products."""
    return terms * U / (1 - terms * U)


def leak(keys: int, gap: float) -> float:
    """The weight that unselected keys get together, relative to one selected key."""
    if gap <= 0:
        return math.inf
    return 0.0 if gap >= UNDERFLOW else keys * math.exp(-gap)


def mean_error(keys: int, largest: float, value_error: float, noise: float, gap: float) -> float:
    """Error of a mean over at most ``keys`` keys of values up to ``largest``, if selected scores
    are off by ``noise`` and unselected ones ``gap`` below. Weights are quotients of equal
    exponentials: one rounding each, then a sum of products."""
    if noise > 1.0:
        return math.inf
    spread = math.expm1(2 * noise) + (2 * EXPONENTIAL if noise else 0.0)
    return value_error + largest * (spread + leak(keys, gap) + gamma(keys + 3))


def copy_error(
    keys: int, largest: float, value_error: float, gap: float, exact_value: bool
) -> float:
    """Error of a copy of one key's value: its weight is 1 but for the leak."""
    lost = leak(keys, gap)
    rounding = 0.0 if exact_value and lost < U / 2 else largest * gamma(3)
    return value_error + largest * lost + rounding


def sum_error(
    keys: int, largest: float, value_error: float, noise: float, gap: float, sink: float
) -> float:
    """Error of a sum read off a heavy sink whose logit is ``sink``: softmax weights of the keys are
    exp(-sink) relative to BOS, and BOS's share of 1 shrinks by their sum."""
    if noise > 1.0:
        return math.inf
    relative = (
        2 * U * sink + EXPONENTIAL + gamma(keys + 1) + gamma(keys) + 4 * U + math.expm1(noise)
    )
    shrink = keys * math.exp(-sink)
    return keys * (value_error * (1 + relative) + largest * (relative + shrink + leak(keys, gap)))


def rounding_offset(error: float, largest: float) -> float:
    """The smallest power of two that rounds integers up to ``largest``, off by ``error``, when they
    are added to it in float32. At most 2^22, whose neighbours are 1/2 apart; 0 if that is not
    enough.
    """
    exponent = max(math.ceil(math.log2(2 * largest)), math.ceil(math.log2(1.25 * error / U)))
    return 2.0**exponent if exponent <= 22 else 0.0
