"""Static types of s-ops: which types the elements of a sequence can have.

A type set is a subset of ``int float bool string``. It over-approximates: an empty set means that
the operation fails on every input. May import ``graph`` only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import product

from rasp_lang.graph import COMPARISONS, Atom, TokensView

Types = frozenset[str]

NONE: Types = frozenset()
INT: Types = frozenset({"int"})
FLOAT: Types = frozenset({"float"})
BOOL: Types = frozenset({"bool"})
STRING: Types = frozenset({"string"})
NUMBER: Types = INT | FLOAT | BOOL
ANY: Types = NUMBER | STRING

#: The order in which type sets are shown.
ORDER = ("int", "float", "bool", "string")

_ATOM_TYPES = {int: INT, float: FLOAT, bool: BOOL, str: STRING}
_TOKEN_TYPES: dict[TokensView, Types] = {
    "asis": ANY,
    "str": STRING,
    "int": INT,
    "float": FLOAT,
    "bool": BOOL,
}


def show(types: Types) -> str:
    """``int|float``, in a fixed order."""
    return "|".join(name for name in ORDER if name in types)


def of_atom(atom: Atom) -> Types:
    """The type set of one atom."""
    return _ATOM_TYPES[type(atom)]


def of_atoms(atoms: Iterable[Atom | None]) -> Types:
    """The types among some items; what is no atom (``None``) has none."""
    return frozenset().union(*(of_atom(atom) for atom in atoms if atom is not None))


def of_tokens(view: TokensView) -> Types:
    """The types of the input under a view."""
    return _TOKEN_TYPES[view]


def elementwise(function: str, operands: tuple[Types, ...]) -> Types:
    """The types that an elementwise function can give, from those of its operands; empty if it
    fails on all of them."""
    if function == "if":
        return operands[1] | operands[2]
    rule = _RULES[function]
    return NONE.union(*(rule(*choice) for choice in product(*operands)))


def aggregate(values: Types, default: Types) -> Types:
    """One value is copied as it is, several numbers are averaged; ``default`` is empty where at
    least one key is always selected."""
    return values | default | (FLOAT if values & (INT | FLOAT) else NONE)


def _add(a: str, b: str) -> Types:
    return STRING if a == b == "string" else _arithmetic(a, b)


def _arithmetic(a: str, b: str) -> Types:
    if "string" in (a, b):
        return NONE
    return FLOAT if "float" in (a, b) else INT


def _multiply(a: str, b: str) -> Types:
    if "string" in (a, b):
        return STRING if {a, b} & {"int", "bool"} else NONE
    return _arithmetic(a, b)


def _divide(a: str, b: str) -> Types:
    return NONE if "string" in (a, b) else FLOAT


def _power(a: str, b: str) -> Types:
    # An int to a negative int is a float; a bool is never negative.
    kind = _arithmetic(a, b)
    return kind | FLOAT if kind == INT and b == "int" else kind


def _order(a: str, b: str) -> Types:
    return BOOL if (a == "string") == (b == "string") else NONE


def _always(types: Types) -> Callable[..., Types]:
    return lambda *_: types


def _of_number(types: Types) -> Callable[[str], Types]:
    return lambda a: NONE if a == "string" else types


def _like_number(a: str) -> Types:
    return _arithmetic(a, a)


_RULES: dict[str, Callable[..., Types]] = {
    "+": _add,
    "-": _arithmetic,
    "*": _multiply,
    "/": _divide,
    "%": _arithmetic,
    "^": _power,
    **dict.fromkeys(COMPARISONS, _order),
    **dict.fromkeys(("==", "!=", "and", "or", "not", "bool"), _always(BOOL)),
    **dict.fromkeys(("neg", "pos", "abs"), _like_number),
    **dict.fromkeys(("round", "floor", "ceil", "sign"), _of_number(INT)),
    **dict.fromkeys(("sqrt", "exp", "log", "sin", "cos", "tan"), _of_number(FLOAT)),
    **dict.fromkeys(("indicator", "int"), _always(INT)),
    "float": _always(FLOAT),
    "str": _always(STRING),
}
