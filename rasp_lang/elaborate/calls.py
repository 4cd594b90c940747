"""What a call does: functions of the program, predefined functions, s-ops and selectors on an
input."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from rasp_lang.diagnostics import Diagnostic, Label, RaspError
from rasp_lang.elaborate.code import Instruction
from rasp_lang.elaborate.collections import check_size, make_list
from rasp_lang.elaborate.failure import Failure
from rasp_lang.elaborate.inputs import tokens_of
from rasp_lang.elaborate.machine import Frame, Machine, Step
from rasp_lang.elaborate.natives import DRAW, call_native
from rasp_lang.elaborate.reserved import check_bindable
from rasp_lang.elaborate.scope import Scope
from rasp_lang.elaborate.values import (
    Function,
    FunctionValue,
    ListValue,
    NativeFunction,
    Selector,
    Sop,
    Value,
    described,
)
from rasp_lang.graph import Atom
from rasp_lang.interpret import evaluate
from rasp_lang.source import Span


@dataclass(frozen=True, slots=True)
class Drawing:
    """What ``draw(s)`` or ``draw(s, input)`` asks for."""

    sop: Sop
    tokens: tuple[Atom, ...] | None


def _call(machine: Machine, frame: Frame, instruction: Instruction) -> None:
    arguments = frame.take(instruction.argument)
    callee = frame.stack.pop()
    if callee is DRAW:
        raise Failure(
            "RASP0208",
            "`draw` gives no value",
            label="is not a whole statement",
            help="write `draw(s);` as a statement of its own",
        )
    span = frame.span(instruction)
    if isinstance(callee, FunctionValue):
        _check_arity(callee, arguments)
        machine.enter(callee, _arguments_scope(callee, arguments), span)
    elif isinstance(callee, NativeFunction):
        _check_arity(callee, arguments)
        frame.stack.append(call_native(machine.nodes, callee, arguments, span))
    elif isinstance(callee, Sop | Selector):
        frame.stack.append(_run(machine, callee, arguments, span))
    else:
        raise Failure(
            "RASP0302",
            f"{described(callee)} cannot be called",
            help="functions, s-ops and selectors can",
        )


def _call_as_statement(machine: Machine, frame: Frame, instruction: Instruction) -> None:
    callee = frame.stack[-1 - instruction.argument]
    if callee is not DRAW:
        machine.applied = callee if isinstance(callee, Sop | Selector) else None
        _call(machine, frame, instruction)
        return
    arguments = frame.take(instruction.argument)
    frame.stack.pop()
    machine.shown = _drawing(arguments)
    frame.position += 1  # Over the "show": there is no value.


def _return(machine: Machine, frame: Frame, instruction: Instruction) -> None:
    values = frame.take(instruction.argument)
    result = values[0] if len(values) == 1 else make_list(values)
    machine.frames.pop()
    machine.frames[-1].stack.append(result)


def _check_arity(function: Function, arguments: Sequence[Value]) -> None:
    wanted = len(function.parameters)
    if len(arguments) != wanted:
        plural = "" if wanted == 1 else "s"
        raise Failure(
            "RASP0303",
            f"`{function.name}` takes {wanted} argument{plural}, not {len(arguments)}",
            help=f"its parameters are ({', '.join(function.parameters)})" if wanted else None,
        )


def _arguments_scope(function: FunctionValue, arguments: Sequence[Value]) -> Scope:
    scope = Scope(function.scope)
    for parameter, argument in zip(function.body.definition.parameters, arguments, strict=True):
        check_bindable(parameter, scope)
        scope.names[parameter.id] = argument
    return scope


def _run(
    machine: Machine, callee: Sop | Selector, arguments: Sequence[Value], span: Span
) -> ListValue:
    """An s-op or selector on an input, never causally: a list, or a list of lists of bools."""
    if len(arguments) != 1:
        raise Failure(
            "RASP0303",
            f"{described(callee)} is called on one input, not on {len(arguments)} arguments",
            help='such as s("hello") or s([1, 2, 3])',
        )
    tokens = tokens_of(arguments[0])
    try:
        (result,) = evaluate(machine.nodes.graph(), [callee.node], tokens)
    except RaspError as error:
        raise RaspError(_from_here(machine, found, span) for found in error.diagnostics) from None
    if isinstance(callee, Sop):
        return make_list(result)
    check_size(len(result) ** 2)
    return ListValue(ListValue(row) for row in result)


def _from_here(machine: Machine, found: Diagnostic, span: Span) -> Diagnostic:
    """An error on an input, with the place where the program asked for it."""
    if found.span is None or found.span == span:
        return machine.traced(replace(found, span=span))
    here = Label(span, "run on an input here")
    return machine.traced(replace(found, secondary=(*found.secondary, here)))


def _drawing(arguments: Sequence[Any]) -> Drawing:
    if not 1 <= len(arguments) <= 2:
        raise Failure(
            "RASP0303", f"`draw` takes an s-op and perhaps an input, not {len(arguments)} arguments"
        )
    if not isinstance(arguments[0], Sop):
        raise Failure("RASP0312", f"`draw` takes an s-op, not {described(arguments[0])}")
    return Drawing(arguments[0], tokens_of(arguments[1]) if len(arguments) == 2 else None)


CALL_STEPS: dict[str, Step] = {
    "call": _call,
    "call as statement": _call_as_statement,
    "return": _return,
}
