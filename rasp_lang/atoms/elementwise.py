"""``apply``: every function of the graph on atoms, by name."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

from rasp_lang.atoms import arithmetic, functions
from rasp_lang.atoms.errors import AtomError, with_article
from rasp_lang.graph import Atom


def logical(connective: str, a: Atom, b: Atom) -> Atom:
    """``and``/``or`` between atoms: the host's rule, one of the operands."""
    return (a and b) if connective == "and" else (a or b)


def ordered(comparison: str, a: Atom, b: Atom) -> bool:
    """``< > <= >=``: numbers with numbers, strings (by code point) with strings."""
    if isinstance(a, str) is not isinstance(b, str):
        raise AtomError(
            "RASP0301",
            f"`{comparison}` cannot order {with_article(a)} and {with_article(b)}",
            "compare numbers with numbers and strings with strings",
        )
    compare: Callable[[Any, Any], bool] = _ORDERINGS[comparison]
    return compare(a, b)


def _ordering(comparison: str) -> Callable[[Atom, Atom], bool]:
    return lambda a, b: ordered(comparison, a, b)


def _choose(condition: Atom, then: Atom, otherwise: Atom) -> Atom:
    return then if condition else otherwise


_ORDERINGS = {"<": operator.lt, ">": operator.gt, "<=": operator.le, ">=": operator.ge}

_FUNCTIONS: dict[str, Callable[..., Atom]] = {
    "not": functions.negation,
    "neg": arithmetic.negate,
    "pos": arithmetic.positive,
    "round": functions.rounded,
    "indicator": functions.indicator,
    "abs": functions.absolute,
    "floor": functions.floor,
    "ceil": functions.ceil,
    "sign": functions.sign,
    "sqrt": functions.square_root,
    "exp": functions.exponential,
    "log": functions.logarithm,
    "sin": functions.sine,
    "cos": functions.cosine,
    "tan": functions.tangent,
    "int": functions.to_int,
    "float": functions.to_float,
    "str": functions.to_string,
    "bool": functions.to_bool,
    "+": arithmetic.add,
    "-": arithmetic.subtract,
    "*": arithmetic.multiply,
    "/": arithmetic.divide,
    "%": arithmetic.modulo,
    "^": arithmetic.power,
    "==": operator.eq,
    "!=": operator.ne,
    **{comparison: _ordering(comparison) for comparison in _ORDERINGS},
    "and": lambda a, b: bool(a) and bool(b),
    "or": lambda a, b: bool(a) or bool(b),
    "if": _choose,
}


def operation(function: str) -> Callable[..., Atom]:
    """What ``apply`` does with that name."""
    return _FUNCTIONS[function]


def apply(function: str, *operands: Atom) -> Atom:
    """The elementwise function of that name (``graph.UNARY``, ``BINARY``, ``TERNARY``) on atoms.

    ``and``, ``or`` and ``not`` give bools. Raises :class:`AtomError` where there is no result.
    """
    return operation(function)(*operands)
