"""``+ - * / % ^`` and the signs, with the host's numeric tower: bools count as ints."""

from __future__ import annotations

import operator
from collections.abc import Callable

from rasp_lang.atoms.errors import AtomError, with_article
from rasp_lang.atoms.limits import LIMIT_BITS, MAX_CHARACTERS, checked, too_large, too_long
from rasp_lang.graph import Atom

Number = int | float


def add(a: Atom, b: Atom) -> Atom:
    """Sum of numbers, or concatenation of strings."""
    if isinstance(a, str) and isinstance(b, str):
        if len(a) + len(b) > MAX_CHARACTERS:
            raise too_long(len(a) + len(b))
        return a + b
    if isinstance(a, str) or isinstance(b, str):
        raise _wrong("+", a, b, "strings join strings: `str(x)` makes a string of a number")
    return _computed(operator.add, a, b)


def subtract(a: Atom, b: Atom) -> Atom:
    """Difference of numbers."""
    return _computed(operator.sub, *_numbers("-", a, b))


def multiply(a: Atom, b: Atom) -> Atom:
    """Product of numbers, or a string repeated (an int on either side)."""
    if isinstance(a, str) and isinstance(b, int):
        return _repeat(a, b)
    if isinstance(a, int) and isinstance(b, str):
        return _repeat(b, a)
    if isinstance(a, str) or isinstance(b, str):
        raise _wrong("*", a, b, "a string is repeated by an int")
    return _computed(operator.mul, a, b)


def divide(a: Atom, b: Atom) -> Atom:
    """Quotient, always a float."""
    return _computed(operator.truediv, *_numbers("/", a, b))


def modulo(a: Atom, b: Atom) -> Atom:
    """Remainder with the sign of the divisor. Never defined on strings."""
    return _computed(operator.mod, *_numbers("%", a, b))


def power(a: Atom, b: Atom) -> Atom:
    """``a`` to the ``b``: an int for ints with b >= 0, else a float."""
    base, exponent = _numbers("^", a, b)
    if isinstance(base, int) and isinstance(exponent, int) and abs(base) > 1:
        # |base|^exponent >= 2^((bits-1)*exponent): refuse before computing, not after.
        if (base.bit_length() - 1) * exponent > LIMIT_BITS:
            raise too_large()
    elif base < 0 and isinstance(exponent, float) and not exponent.is_integer():
        raise AtomError(
            "RASP0507",
            "a fractional power of a negative number is not real",
            "take the power of `abs(x)`, or use an int exponent",
        )
    return _computed(operator.pow, base, exponent)


def negate(a: Atom) -> Atom:
    """``-a``; an int for a bool."""
    return -_number("-", a)


def positive(a: Atom) -> Atom:
    """``+a``; an int for a bool."""
    return +_number("+", a)


def _computed(operation: Callable[[Number, Number], Number], a: Number, b: Number) -> Atom:
    try:
        return checked(operation(a, b))
    except ZeroDivisionError:
        raise AtomError(
            "RASP0501", "division by zero", "guard the divisor, or move it away from 0"
        ) from None
    except OverflowError:
        raise too_large() from None


def _repeat(text: str, times: int) -> str:
    # The host refuses to repeat by huge numbers even where the result is empty.
    if not text or times <= 0:
        return ""
    if len(text) * times > MAX_CHARACTERS:
        raise too_long(len(text) * times)
    return text * times


def _numbers(sign: str, a: Atom, b: Atom) -> tuple[Number, Number]:
    if isinstance(a, str) or isinstance(b, str):
        raise _wrong(sign, a, b, "`tokens_int`, `int(x)` and `float(x)` make numbers of digits")
    return a, b


def _number(sign: str, a: Atom) -> Number:
    if isinstance(a, str):
        raise AtomError("RASP0301", f"`{sign}` needs a number, not a string")
    return a


def _wrong(sign: str, a: Atom, b: Atom, action: str) -> AtomError:
    message = f"`{sign}` does not take {with_article(a)} and {with_article(b)}"
    return AtomError("RASP0301", message, action)
