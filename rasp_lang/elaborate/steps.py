"""What each instruction does that computes or looks up a value."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from rasp_lang.atoms import AtomError, checked
from rasp_lang.diagnostics import Diagnostic
from rasp_lang.diagnostics.suggest import did_you_mean
from rasp_lang.elaborate import collections, indexing, operators
from rasp_lang.elaborate.code import Instruction
from rasp_lang.elaborate.failure import Failure, Poisoned
from rasp_lang.elaborate.machine import Frame, Machine, Step
from rasp_lang.elaborate.natives import indicator
from rasp_lang.elaborate.reserved import FORMS
from rasp_lang.elaborate.scope import Poison, Scope
from rasp_lang.elaborate.values import Sop, Value
from rasp_lang.source import Span


@dataclass(frozen=True, slots=True)
class BothBranches:
    """Stands under the branches of a ternary whose condition is an s-op."""

    condition: Sop


#: Stands under the one branch that the condition of a ternary chose.
ONE_BRANCH = object()


def _push(machine: Machine, frame: Frame, instruction: Instruction) -> None:
    try:
        frame.stack.append(checked(instruction.argument))
    except AtomError as error:
        raise Failure.of_atom(error) from None


def _name(machine: Machine, frame: Frame, instruction: Instruction) -> None:
    found = frame.scope.find(instruction.argument)
    if found is None:
        raise unknown_name(instruction.argument, frame.scope)
    if isinstance(found, Poison):
        raise Poisoned
    machine.nodes.place(found, frame.span(instruction))
    frame.stack.append(found)


def unknown_name(name: str, scope: Scope) -> Failure:
    """The failure of a name that is bound nowhere, with a guess at what was meant."""
    return Failure(
        "RASP0201",
        f"unknown name `{name}`",
        label="not in scope here",
        help=did_you_mean(name, (*scope.visible(), *FORMS)),
    )


def _list(machine: Machine, frame: Frame, instruction: Instruction) -> None:
    frame.stack.append(collections.make_list(frame.take(instruction.argument)))


def _key(machine: Machine, frame: Frame, instruction: Instruction) -> None:
    collections.check_key(frame.stack[-1])


def _dict(machine: Machine, frame: Frame, instruction: Instruction) -> None:
    parts = frame.take(2 * instruction.argument)
    frame.stack.append(collections.make_dict(zip(parts[::2], parts[1::2], strict=True)))


def _unary(machine: Machine, frame: Frame, instruction: Instruction) -> None:
    operand = frame.stack.pop()
    span = frame.span(instruction)
    frame.stack.append(operators.unary(machine.nodes, instruction.argument, operand, span))


def _binary(machine: Machine, frame: Frame, instruction: Instruction) -> None:
    left, right = frame.take(2)
    span = frame.span(instruction)
    result = operators.binary(machine.nodes, instruction.argument, left, right, span)
    frame.stack.append(result)


def _contains(machine: Machine, frame: Frame, instruction: Instruction) -> None:
    item, whole = frame.take(2)
    span = frame.span(instruction)
    frame.stack.append(indexing.contains(machine.nodes, item, whole, span))


def _branch(machine: Machine, frame: Frame, instruction: Instruction) -> None:
    condition = frame.stack.pop()
    if isinstance(condition, Sop):
        frame.stack.append(BothBranches(condition))
        return
    frame.stack.append(ONE_BRANCH)
    if not operators.is_true(condition):
        frame.position = instruction.argument.position


def _end_of_then(machine: Machine, frame: Frame, instruction: Instruction) -> None:
    if frame.stack[-2] is ONE_BRANCH:
        del frame.stack[-2]
        frame.position = instruction.argument.position


def _merge(machine: Machine, frame: Frame, instruction: Instruction) -> None:
    otherwise = frame.stack.pop()
    if frame.stack[-1] is ONE_BRANCH:
        frame.stack[-1] = otherwise
        return
    both, then = frame.take(2)
    span = frame.span(instruction)
    chosen = operators.choose(machine.nodes, both.condition, then, otherwise, span)
    frame.stack.append(chosen)


def _index(machine: Machine, frame: Frame, instruction: Instruction) -> None:
    value, place = frame.take(2)
    span = frame.span(instruction)
    length: Sop = machine.base.names["length"]  # type: ignore[assignment]
    frame.stack.append(indexing.index(machine.nodes, value, place, length, span))
    if indexing.may_be_out_of_range(value, place):
        machine.warn(
            Diagnostic(
                "RASP0552",
                "the input may be too short for this position",
                span,
                "is 0 at every position of such an input",
                help="index 0 and -1 exist in every input",
            )
        )


def _select(machine: Machine, frame: Frame, instruction: Instruction) -> None:
    key, query = frame.take(2)
    span = frame.span(instruction)
    frame.stack.append(machine.nodes.select(key, query, instruction.argument, span))


def _form(machine: Machine, frame: Frame, instruction: Instruction) -> None:
    form = instruction.argument
    arguments = frame.take(len(instruction.node.arguments))  # type: ignore[attr-defined]
    frame.stack.append(_FORMS[form](machine, arguments, frame.span(instruction)))


def _aggregate(machine: Machine, arguments: list[Value], span: Span) -> Value:
    selector, values, *default = arguments
    return machine.nodes.aggregate(selector, values, default[0] if default else None, span)


_FORMS: dict[str, Callable[[Machine, list[Value], Span], Value]] = {
    "aggregate": _aggregate,
    "indicator": lambda machine, given, span: indicator(machine.nodes, given[0], span),
    "round": lambda machine, given, span: operators.call_elementwise(
        machine.nodes, "round", given[0], span
    ),
    "len": lambda machine, given, span: collections.length(given[0]),
    "range": lambda machine, given, span: collections.make_range(given),
    "zip": lambda machine, given, span: collections.make_zip(given),
}

EXPRESSION_STEPS: dict[str, Step] = {
    "push": _push,
    "name": _name,
    "list": _list,
    "key": _key,
    "dict": _dict,
    "unary": _unary,
    "binary": _binary,
    "contains": _contains,
    "branch": _branch,
    "end of then": _end_of_then,
    "merge": _merge,
    "index": _index,
    "select": _select,
    "form": _form,
}
