"""Elementwise nodes: one function at every position.

Whole columns go through the host's operators where the types allow it; the results are the same as
of ``atoms.apply``, which is asked again, position by position, where a column fails.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from typing import Any

from rasp_lang.atoms import AtomError, apply, checked, show
from rasp_lang.graph import COMPARISONS, UNARY, Atom
from rasp_lang.interpret.failure import Failure

Column = Sequence[Atom]
_Host = Callable[..., Any]

#: Defined on all atoms, and never failing.
_TOTAL: dict[str, _Host] = {
    "==": operator.eq,
    "!=": operator.ne,
    "not": operator.not_,
    "bool": bool,
    "and": lambda a, b: bool(a) and bool(b),
    "or": lambda a, b: bool(a) or bool(b),
    "indicator": lambda a: 1 if a else 0,
    "if": lambda condition, then, otherwise: then if condition else otherwise,
}
#: The host's own on numbers; on strings, only the comparisons are.
_NUMERIC: dict[str, _Host] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "%": operator.mod,
    "<": operator.lt,
    ">": operator.gt,
    "<=": operator.le,
    ">=": operator.ge,
    "neg": operator.neg,
    "pos": operator.pos,
    "abs": abs,
    "round": round,
}
_SIGNS = {"neg": "-", "pos": "+"}


def map_elementwise(function: str, columns: Sequence[Column]) -> list[Atom]:
    """The function applied at each position of columns of equal length."""
    if function in _TOTAL:
        return list(map(_TOTAL[function], *columns))
    result = _whole_columns(function, columns)
    return _by_position(function, columns) if result is None else result


def _whole_columns(function: str, columns: Sequence[Column]) -> list[Atom] | None:
    kinds = {kind for column in columns for kind in set(map(type, column))}
    if function not in _NUMERIC or (str in kinds and not _orders_strings(function, kinds)):
        return None
    try:
        result = list(map(_NUMERIC[function], *columns))
        # An overflow is an infinity or a huge int, and shows at the ends of the order.
        checked(max(result))
        checked(min(result))
    except (ZeroDivisionError, OverflowError, AtomError):
        return None
    return result


def _orders_strings(function: str, kinds: set[type]) -> bool:
    return function in COMPARISONS and kinds == {str}


def _by_position(function: str, columns: Sequence[Column]) -> list[Atom]:
    result = []
    for position, operands in enumerate(zip(*columns, strict=True)):
        try:
            result.append(apply(function, *operands))
        except AtomError as error:
            what = f"{written(function, operands)} at position {position}"
            raise Failure(error, what) from None
    return result


def written(function: str, operands: Sequence[Atom]) -> str:
    """The application as RASP source."""
    shown = [show(operand) for operand in operands]
    if function in _SIGNS:
        return f"`{_SIGNS[function]}{shown[0]}`"
    if function in UNARY:
        return f"`{function}({shown[0]})`"
    return f"`{shown[0]} {function} {shown[1]}`"
