"""What holds for several atoms together: the type of a sequence, the mean."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rasp_lang.atoms.errors import AtomError, with_article
from rasp_lang.atoms.limits import too_large
from rasp_lang.graph import Atom


def sequence_type(values: Iterable[Atom]) -> str:
    """``string``, ``bool``, ``int`` or ``float``: all strings; all bools; ints (with bools); any
    other mix of numbers. Strings beside anything else are :class:`AtomError` RASP0309.
    """
    kinds = set(map(type, values))
    if str in kinds:
        if len(kinds) > 1:
            raise _mixed(values)
        return "string"
    if float in kinds:
        return "float"
    return "bool" if kinds == {bool} else "int"


def scaled(values: Sequence[Atom]) -> tuple[list[int], int]:
    """Numbers as ints over a common power of two: ``values[i] == ints[i] / 2**shift``, exactly."""
    ratios = [value.as_integer_ratio() for value in values]  # type: ignore[union-attr]
    shift = max((denominator.bit_length() - 1 for _, denominator in ratios), default=0)
    return [n << (shift - d.bit_length() + 1) for n, d in ratios], shift


def quotient(total: int, count: int, shift: int) -> float:
    """``total / 2**shift / count``, rounded once (the host divides ints correctly)."""
    try:
        return total / (count << shift)
    except OverflowError:
        raise too_large("the mean is too large for a float") from None


def mean(values: Sequence[Atom]) -> Atom:
    """The mean of at least one value: one value is itself; of several, their exact sum divided by
    their number and rounded once, a float. Strings, or bools alone, are RASP0502."""
    if len(values) == 1:
        return values[0]
    if sequence_type(values) in ("string", "bool"):
        raise not_numbers(values[0])
    ints, shift = scaled(values)
    return quotient(sum(ints), len(values), shift)


def not_numbers(example: Atom) -> AtomError:
    """The error of several selected values that are strings or bools."""
    kind = "strings" if isinstance(example, str) else "bools"
    return AtomError(
        "RASP0502",
        f"several {kind} are selected, and {kind} have no mean",
        "select one key for each query"
        + (", or average `indicator(..)`" if kind == "bools" else ""),
    )


def _mixed(values: Iterable[Atom]) -> AtomError:
    text = next(value for value in values if isinstance(value, str))
    other = next(value for value in values if not isinstance(value, str))
    return AtomError(
        "RASP0309",
        f"{with_article(text)} and {with_article(other)} in one sequence",
        "a sequence holds strings only or numbers only",
    )
