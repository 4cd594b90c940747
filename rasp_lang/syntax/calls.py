"""Calls: of a value, or of a built-in form (``select(..)``, ``round(..)``, ...).

The grammar reads both alike and lets a comparison sign stand as any argument; what is legal is
decided here, at the place of the argument.
"""

from __future__ import annotations

from rasp_lang.diagnostics import Diagnostic
from rasp_lang.source import Span
from rasp_lang.syntax.ast import BuiltinCall, Call, Expression, Name, Select
from rasp_lang.syntax.forms import FORMS
from rasp_lang.syntax.machine import Machine

_SIGNS = frozenset({"==", "!=", "<", ">", "<=", ">="})


def sign(machine: Machine, at: int) -> Name:
    """A comparison sign as an argument, as a name that no program can write."""
    return Name(machine.values[at], span=machine.span(at, at))


def call_without_arguments(machine: Machine, at: int) -> Expression:
    return _call_with(machine, at, (), machine.span(at, at + 2))


def call(machine: Machine, at: int) -> Expression:
    return _call_with(machine, at, tuple(machine.values[at + 2]), machine.span(at, at + 3))


def _call_with(
    machine: Machine, at: int, arguments: tuple[Expression, ...], span: Span
) -> Expression:
    """A call, or a built-in form if its name stands bare before the parenthesis."""
    function: Expression = machine.values[at]
    bare = isinstance(function, Name) and function.span.end == machine.ends[at]
    form = function.id if bare and isinstance(function, Name) and function.id in FORMS else None
    _check_signs(machine, form, arguments)
    if form is None:
        return Call(function, arguments, span=span)
    least, most = FORMS[form]
    if len(arguments) < least or (most is not None and len(arguments) > most):
        _wrong_number(machine, form, len(arguments), span)
        return function
    if form != "select":
        return BuiltinCall(form, arguments, form_span=function.span, span=span)
    key, query, comparison = arguments
    if not (isinstance(comparison, Name) and comparison.id in _SIGNS):
        _not_a_sign(machine, comparison)
        return function
    return Select(key, query, comparison.id, span=span)


def _is_sign(argument: Expression) -> bool:
    return isinstance(argument, Name) and argument.id in _SIGNS


def _check_signs(machine: Machine, form: str | None, arguments: tuple[Expression, ...]) -> None:
    """A comparison sign may only stand last in a select."""
    for number, argument in enumerate(arguments):
        if _is_sign(argument) and not (form == "select" and number == 2):
            machine.suspect(
                Diagnostic(
                    "RASP0101",
                    f"unexpected `{argument.span.text}`",
                    argument.span,
                    "a comparison sign stands alone only as the third argument of `select`",
                    "write it between two operands, or as in `select(tokens, tokens, ==)`",
                ),
                argument.span.start,
            )
            machine.doubt = True


def _wrong_number(machine: Machine, form: str, given: int, span: Span) -> None:
    machine.suspect(
        Diagnostic(
            "RASP0115",
            f"`{form}` takes {_amount(form)}, not {given}",
            span,
            f"{given} given here",
            f"write it as `{_USAGE[form]}`",
        ),
        span.start,
    )


def _not_a_sign(machine: Machine, argument: Expression) -> None:
    machine.suspect(
        Diagnostic(
            "RASP0115",
            "the third argument of `select` is a comparison sign",
            argument.span,
            "not a comparison sign",
            "write one of `==`, `!=`, `<`, `>`, `<=` and `>=`",
        ),
        argument.span.start,
    )


def _amount(form: str) -> str:
    least, most = FORMS[form]
    if most is None:
        return f"at least {least} argument{'s' * (least != 1)}"
    if least == most:
        return f"{least} argument{'s' * (least != 1)}"
    joint = "or" if most == least + 1 else "to"
    return f"{least} {joint} {most} arguments"


_USAGE = {
    "round": "round(number)",
    "indicator": "indicator(s_op)",
    "range": "range(stop)`, `range(start, stop)` or `range(start, stop, step)",
    "zip": "zip(list1, list2)",
    "len": "len(list)",
    "select": "select(key, query, ==)",
    "aggregate": "aggregate(selector, values)` or `aggregate(selector, values, default)",
}
