"""Reductions: for each alias of the grammar the function that makes the node.

A builder is called with the machine and the stack position of the alternative's first symbol, and
returns the value. Lists under way are Python lists; a finished node holds tuples.
"""

from __future__ import annotations

import math
import re
from typing import Any

from rasp_lang.diagnostics import Diagnostic
from rasp_lang.syntax.ast import (
    Assign,
    Binary,
    DictComprehension,
    DictDisplay,
    Exit,
    Expression,
    ExpressionStatement,
    For,
    FunctionDefinition,
    Index,
    ListComprehension,
    ListDisplay,
    Literal,
    Load,
    Name,
    SetExample,
    ShowExample,
    Statement,
    SwitchExamples,
    SwitchFullDisplay,
    Ternary,
    Unary,
)
from rasp_lang.syntax.calls import call, call_without_arguments, sign
from rasp_lang.syntax.machine import Builder, Machine
from rasp_lang.syntax.precedence import binary_traps, ternary_traps

#: More digits than this are an error: RASP0506.
MAX_DIGITS = 4_000


# --- lists ----------------------------------------------------------------------------------------


def _no_items(machine: Machine, at: int) -> list[Any]:
    return []


def _one_item(machine: Machine, at: int) -> list[Any]:
    return [machine.values[at]]


def _append(machine: Machine, at: int) -> list[Any]:
    items: list[Any] = machine.values[at]
    items.append(machine.values[at + 1])
    return items


def _append_after_comma(machine: Machine, at: int) -> list[Any]:
    items: list[Any] = machine.values[at]
    items.append(machine.values[at + 2])
    return items


def _append_statement(machine: Machine, at: int) -> list[Statement]:
    """Statements in which an error was found are left out."""
    statements: list[Statement] = machine.values[at]
    if not machine.spoiled(machine.starts[at + 1], machine.ends[at + 1]):
        statements.append(machine.values[at + 1])
    return statements


def _one_name(machine: Machine, at: int) -> list[Name]:
    return [_name(machine, at)]


def _append_name(machine: Machine, at: int) -> list[Name]:
    names: list[Name] = machine.values[at]
    names.append(_name(machine, at + 2))
    return names


def _one_pair(machine: Machine, at: int) -> list[tuple[Expression, Expression]]:
    return [(machine.values[at], machine.values[at + 2])]


def _append_pair(machine: Machine, at: int) -> list[tuple[Expression, Expression]]:
    pairs: list[tuple[Expression, Expression]] = machine.values[at]
    pairs.append((machine.values[at + 2], machine.values[at + 4]))
    return pairs


# --- atoms and displays ---------------------------------------------------------------------------


def _integer(machine: Machine, at: int) -> Literal:
    digits = machine.values[at].lstrip("0") or "0"
    if len(digits) > MAX_DIGITS:
        _too_large(machine, at, f"an integer of {len(digits):,} digits is too large")
        digits = "0"
    return Literal(int(digits), span=machine.span(at, at))


def _float(machine: Machine, at: int) -> Literal:
    value = float(machine.values[at])
    if math.isinf(value):
        _too_large(machine, at, "this number is too large for a float")
    return Literal(value, span=machine.span(at, at))


def _too_large(machine: Machine, at: int, message: str) -> None:
    limit = f"integers have at most {MAX_DIGITS:,} digits, floats are below 1.8 times 10^308"
    span = machine.span(at, at)
    machine.report(
        Diagnostic("RASP0506", message, span, "too large", "use a smaller number", notes=(limit,))
    )


def _string(machine: Machine, at: int) -> Literal:
    return Literal(machine.values[at][1:-1], span=machine.span(at, at))


def _name(machine: Machine, at: int) -> Name:
    return Name(machine.values[at], span=machine.span(at, at))


def _group(machine: Machine, at: int) -> Expression:
    inner: Expression = machine.values[at + 1]
    return inner


def _empty_list(machine: Machine, at: int) -> ListDisplay:
    return ListDisplay((), span=machine.span(at, at + 1))


def _list(machine: Machine, at: int) -> ListDisplay:
    return ListDisplay(tuple(machine.values[at + 1]), span=machine.span(at, at + 2))


def _list_comprehension(machine: Machine, at: int) -> ListComprehension:
    _, element, _, targets, _, iterable, _ = machine.values[at : at + 7]
    return ListComprehension(element, tuple(targets), iterable, span=machine.span(at, at + 6))


def _empty_dict(machine: Machine, at: int) -> DictDisplay:
    return DictDisplay((), span=machine.span(at, at + 1))


def _dict(machine: Machine, at: int) -> DictDisplay:
    return DictDisplay(tuple(machine.values[at + 1]), span=machine.span(at, at + 2))


def _dict_comprehension(machine: Machine, at: int) -> DictComprehension:
    _, key, _, value, _, targets, _, iterable, _ = machine.values[at : at + 9]
    return DictComprehension(key, value, tuple(targets), iterable, span=machine.span(at, at + 8))


# --- operators ------------------------------------------------------------------------------------


def _unary(machine: Machine, at: int) -> Unary:
    operator, operand = machine.values[at : at + 2]
    return Unary(
        operator, operand, operator_span=machine.span(at, at), span=machine.span(at, at + 1)
    )


def _binary(machine: Machine, at: int) -> Binary:
    left, operator, right = machine.values[at : at + 3]
    operator_span = machine.span(at + 1, at + 1)
    span = machine.span(at, at + 2)
    node = Binary(operator, left, right, operator_span=operator_span, span=span)
    for warning in binary_traps(node):
        machine.report(warning)
    return node


def _ternary(machine: Machine, at: int) -> Ternary:
    then, _, condition, _, otherwise = machine.values[at : at + 5]
    node = Ternary(then, condition, otherwise, span=machine.span(at, at + 4))
    condition_extent = machine.span(at + 2, at + 2)
    for warning in ternary_traps(node, condition_extent):
        machine.report(warning)
    return node


def _index(machine: Machine, at: int) -> Index:
    value, _, index, _ = machine.values[at : at + 4]
    return Index(value, index, span=machine.span(at, at + 3))


# --- statements -----------------------------------------------------------------------------------


def _expression_statement(machine: Machine, at: int) -> ExpressionStatement:
    return ExpressionStatement(machine.values[at], span=machine.span(at, at + 1))


def _assign(machine: Machine, at: int) -> Assign:
    targets, _, values, _ = machine.values[at : at + 4]
    return Assign(tuple(targets), tuple(values), span=machine.span(at, at + 3))


def _load(machine: Machine, at: int) -> Load:
    path = machine.values[at + 1][1:-1]
    return Load(path, path_span=machine.span(at + 1, at + 1), span=machine.span(at, at + 2))


def _function(machine: Machine, at: int) -> FunctionDefinition:
    _, _, _, parameters, _, _, body, _, returns, _, _ = machine.values[at : at + 11]
    return FunctionDefinition(
        _name(machine, at + 1),
        tuple(parameters),
        tuple(body),
        tuple(returns),
        span=machine.span(at, at + 10),
    )


def _for_loop(machine: Machine, at: int) -> For:
    _, targets, _, iterable, _, body, _ = machine.values[at : at + 7]
    return For(tuple(targets), iterable, tuple(body), span=machine.span(at, at + 6))


# --- commands -------------------------------------------------------------------------------------


def _which(head: str) -> str:
    """Which example a head such as ``set s-op example`` speaks of."""
    words = re.sub("#[^\n]*", "", head)
    if "s-op" in words:
        return "s-op"
    return "selector" if "selector" in words else "both"


def _set_example(machine: Machine, at: int) -> SetExample:
    head, value = machine.values[at : at + 2]
    return SetExample(_which(head), value, span=machine.span(at, at + 1))


def _show_example(machine: Machine, at: int) -> ShowExample:
    return ShowExample(_which(machine.values[at]), span=machine.span(at, at))


def _switch_examples(machine: Machine, at: int) -> SwitchExamples:
    head: str = machine.values[at]
    return SwitchExamples(_which(head), head.endswith("on"), span=machine.span(at, at))


def _switch_full_display(machine: Machine, at: int) -> SwitchFullDisplay:
    return SwitchFullDisplay(machine.values[at].endswith("on"), span=machine.span(at, at))


def _exit(machine: Machine, at: int) -> Exit:
    return Exit(span=machine.span(at, at))


#: By the aliases of ``grammar/rasp.lark``.
BUILDERS: dict[str, Builder] = {
    "no_items": _no_items,
    "one_item": _one_item,
    "append": _append,
    "append_after_comma": _append_after_comma,
    "append_statement": _append_statement,
    "one_name": _one_name,
    "append_name": _append_name,
    "one_pair": _one_pair,
    "append_pair": _append_pair,
    "integer": _integer,
    "float": _float,
    "string": _string,
    "name": _name,
    "sign": sign,
    "group": _group,
    "empty_list": _empty_list,
    "list": _list,
    "list_comprehension": _list_comprehension,
    "empty_dict": _empty_dict,
    "dict": _dict,
    "dict_comprehension": _dict_comprehension,
    "unary": _unary,
    "binary": _binary,
    "ternary": _ternary,
    "index": _index,
    "call_without_arguments": call_without_arguments,
    "call": call,
    "expression_statement": _expression_statement,
    "assign": _assign,
    "load": _load,
    "function": _function,
    "for_loop": _for_loop,
    "set_example": _set_example,
    "show_example": _show_example,
    "switch_examples": _switch_examples,
    "switch_full_display": _switch_full_display,
    "exit": _exit,
}
