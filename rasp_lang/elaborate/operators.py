"""The operators on values of any kind: atoms follow the host, s-ops become nodes, selectors
combine."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

from rasp_lang import atoms
from rasp_lang.atoms import AtomError
from rasp_lang.elaborate.collections import join, repeat
from rasp_lang.elaborate.failure import Failure
from rasp_lang.elaborate.nodes import Nodes, no_sequence
from rasp_lang.elaborate.values import (
    Function,
    ListValue,
    Selector,
    Sop,
    Value,
    described,
    is_atom,
)
from rasp_lang.graph import Atom
from rasp_lang.source import Span

_SIGNS = {"-": "neg", "+": "pos"}
_COMPARE: dict[str, Callable[[Any, Any], Any]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    ">": operator.gt,
    "<=": operator.le,
    ">=": operator.ge,
}


def apply_atoms(function: str, *operands: Atom) -> Atom:
    """An elementwise function on atoms, its error as a failure."""
    try:
        return atoms.apply(function, *operands)
    except AtomError as error:
        raise Failure.of_atom(error) from None


def unary(nodes: Nodes, sign: str, operand: Value, span: Span) -> Value:
    """``not``, ``-`` and ``+``."""
    if sign == "not":
        return _negation(nodes, operand, span)
    return call_elementwise(nodes, _SIGNS[sign], operand, span)


def call_elementwise(nodes: Nodes, function: str, operand: Value, span: Span) -> Value:
    """A function of one operand, an atom or an s-op."""
    if is_atom(operand):
        return apply_atoms(function, operand)
    return nodes.elementwise(function, (operand,), span)


def binary(nodes: Nodes, sign: str, left: Value, right: Value, span: Span) -> Value:
    """Every binary operator but ``in``."""
    if sign in ("and", "or"):
        return _logical(nodes, sign, left, right, span)
    if is_atom(left) and is_atom(right):
        return apply_atoms(sign, left, right)
    if isinstance(left, Selector) or isinstance(right, Selector):
        raise no_sequence(left if isinstance(left, Selector) else right)
    if isinstance(left, Sop) or isinstance(right, Sop):
        return nodes.elementwise(sign, (left, right), span)
    return _on_collections(sign, left, right)


def choose(nodes: Nodes, condition: Sop, then: Value, otherwise: Value, span: Span) -> Value:
    """A ternary whose condition is an s-op."""
    return nodes.elementwise("if", (condition, then, otherwise), span)


def is_true(value: Value) -> bool:
    """The host's truth of an atom, a list, a dict or a function."""
    if isinstance(value, Selector):
        raise Failure(
            "RASP0310",
            "a selector cannot be a condition",
            help="use `has_focus` to ask whether it selects anything",
        )
    return isinstance(value, Function) or bool(value)


def _negation(nodes: Nodes, operand: Value, span: Span) -> Value:
    if isinstance(operand, Selector):
        return nodes.combine("not", (operand,), span)
    if isinstance(operand, Sop):
        return nodes.elementwise("not", (operand,), span)
    return not is_true(operand)


def _logical(nodes: Nodes, sign: str, left: Value, right: Value, span: Span) -> Value:
    if isinstance(left, Selector) or isinstance(right, Selector):
        return _combined(nodes, sign, left, right, span)
    if isinstance(left, Sop) or isinstance(right, Sop):
        return nodes.elementwise(sign, (left, right), span)
    return left if is_true(left) == (sign == "or") else right


def _combined(nodes: Nodes, sign: str, left: Value, right: Value, span: Span) -> Selector:
    for operand in (left, right):
        if not isinstance(operand, Selector):
            raise Failure(
                "RASP0305",
                f"`{sign}` combines a selector with a selector, not with {described(operand)}",
                help="`full_s` selects everything, `not full_s` nothing",
            )
    return nodes.combine(sign, (left, right), span)  # type: ignore[arg-type]


def _on_collections(sign: str, left: Value, right: Value) -> Value:
    """Lists, dicts and functions, with the host's rules."""
    if sign in _COMPARE:
        return _compare(sign, left, right)
    if sign == "+" and isinstance(left, ListValue) and isinstance(right, ListValue):
        return join(left, right)
    if sign == "*" and isinstance(left, ListValue) and isinstance(right, int):
        return repeat(left, right)
    if sign == "*" and isinstance(left, int) and isinstance(right, ListValue):
        return repeat(right, left)
    raise _wrong(sign, left, right)


def _compare(sign: str, left: Value, right: Value) -> bool:
    if sign in ("==", "!=") or (isinstance(left, ListValue) and isinstance(right, ListValue)):
        try:
            return bool(_COMPARE[sign](left, right))
        except TypeError:  # The host found items that have no order.
            pass
    raise _wrong(sign, left, right)


def _wrong(sign: str, left: Value, right: Value) -> Failure:
    message = f"`{sign}` does not take {described(left)} and {described(right)}"
    lists = isinstance(left, ListValue) or isinstance(right, ListValue)
    action = "index the list, or use a comprehension over its items" if lists else None
    return Failure("RASP0301", message, help=action)
