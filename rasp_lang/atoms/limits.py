"""How large a value may become.

Integers have at most 4,000 digits, strings a million characters; ``nan`` and infinities are no
values at all.
"""

from __future__ import annotations

from math import isfinite

from rasp_lang.atoms.errors import AtomError
from rasp_lang.graph import Atom

MAX_DIGITS = 4_000
MAX_CHARACTERS = 1_000_000

_INT_LIMIT = 10**MAX_DIGITS
#: Every int of fewer bits is below the limit: the cheap test.
LIMIT_BITS = _INT_LIMIT.bit_length()


def too_large(detail: str = "the result is too large") -> AtomError:
    """The error of a number beyond the limits."""
    return AtomError(
        "RASP0506", detail, f"integers have at most {MAX_DIGITS:,} digits, floats are below 1.8e308"
    )


def too_long(length: int) -> AtomError:
    """The error of a text beyond the limits; ``length`` in characters."""
    shown = f"{length:,}" if length.bit_length() < 64 else "too many"
    return AtomError(
        "RASP0510",
        f"a text of {shown} characters is too large",
        f"texts have at most {MAX_CHARACTERS:,} characters",
    )


def checked(value: Atom) -> Atom:
    """The value itself; :class:`AtomError` when it is beyond the limits, ``nan`` or infinite."""
    if isinstance(value, int):
        if value.bit_length() >= LIMIT_BITS and abs(value) >= _INT_LIMIT:
            raise too_large()
    elif isinstance(value, float):
        if not isfinite(value):
            raise too_large()
    elif len(value) > MAX_CHARACTERS:
        raise too_long(len(value))
    return value
