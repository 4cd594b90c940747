"""Functions of one atom: rounding, roots, exponentials, conversions."""

from __future__ import annotations

import math
from collections.abc import Callable

from rasp_lang.atoms.errors import AtomError, show
from rasp_lang.atoms.limits import MAX_DIGITS, checked, too_large
from rasp_lang.graph import Atom

Number = int | float


def negation(a: Atom) -> bool:
    """``not a``, by truthiness: 0 and the empty string are false."""
    return not a


def indicator(a: Atom) -> int:
    """1 for what counts as true, else 0."""
    return 1 if a else 0


def rounded(a: Atom) -> int:
    """The nearest int; halves go to the even one."""
    return round(_number("round", a))


def absolute(a: Atom) -> Atom:
    """Magnitude; an int for a bool."""
    return abs(_number("abs", a))


def floor(a: Atom) -> int:
    """The largest int that is not above ``a``."""
    return math.floor(_number("floor", a))


def ceil(a: Atom) -> int:
    """The smallest int that is not below ``a``."""
    return math.ceil(_number("ceil", a))


def sign(a: Atom) -> int:
    """-1, 0 or 1."""
    number = _number("sign", a)
    return (number > 0) - (number < 0)


def square_root(a: Atom) -> float:
    """The root of a number that is not negative."""
    if _number("sqrt", a) < 0:
        raise outside("sqrt", a, "a number that is not negative")
    return _real(math.sqrt, "sqrt", a)


def logarithm(a: Atom) -> float:
    """The natural logarithm of a positive number."""
    if _number("log", a) <= 0:
        raise outside("log", a, "a positive number")
    return _real(math.log, "log", a)


def exponential(a: Atom) -> float:
    """e to the ``a``."""
    return _real(math.exp, "exp", a)


def sine(a: Atom) -> float:
    """The sine of an angle in radians."""
    return _real(math.sin, "sin", a)


def cosine(a: Atom) -> float:
    """The cosine of an angle in radians."""
    return _real(math.cos, "cos", a)


def tangent(a: Atom) -> float:
    """The tangent of an angle in radians."""
    return _real(math.tan, "tan", a)


def to_int(a: Atom) -> int:
    """The host's ``int``: truncates floats towards zero, reads digits."""
    try:
        number = int(a)
    except ValueError:
        if isinstance(a, str) and len(a) > MAX_DIGITS and a.strip().lstrip("+-").isdecimal():
            raise too_large("the number is too large") from None
        raise outside("int", a, "a number or a text of digits") from None
    checked(number)
    return number


def to_float(a: Atom) -> float:
    """The host's ``float``; what reads as ``nan`` or an infinity by name is no number."""
    try:
        number = float(a)
    except ValueError:
        raise outside("float", a, "a number or its decimal text") from None
    except OverflowError:
        raise too_large("the number is too large for a float") from None
    if isinstance(a, str) and not any(character.isdigit() for character in a):
        raise outside("float", a, "a number or its decimal text")
    checked(number)
    return number


def to_string(a: Atom) -> str:
    """The host's ``str``."""
    return str(a)


def to_bool(a: Atom) -> bool:
    """Truthiness: every string but the empty one is true."""
    return bool(a)


def outside(name: str, a: Atom, wanted: str) -> AtomError:
    """The error of an argument outside a function's domain."""
    return AtomError("RASP0505", f"`{name}` is not defined on {show(a)}", f"it takes {wanted}")


def _number(name: str, a: Atom) -> Number:
    if isinstance(a, str):
        raise AtomError("RASP0301", f"`{name}` needs a number, not a string")
    return a


def _real(function: Callable[[Number], float], name: str, a: Atom) -> float:
    try:
        result = function(_number(name, a))
    except OverflowError:
        raise too_large() from None
    checked(result)
    return result
