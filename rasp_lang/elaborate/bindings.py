"""What each instruction does that binds names: assignments, definitions, loops, loads."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from rasp_lang.diagnostics import Label
from rasp_lang.elaborate import collections
from rasp_lang.elaborate.code import Instruction
from rasp_lang.elaborate.failure import Failure
from rasp_lang.elaborate.inputs import example_of
from rasp_lang.elaborate.machine import Frame, Machine, Step
from rasp_lang.elaborate.reserved import check_bindable
from rasp_lang.elaborate.scope import Scope
from rasp_lang.elaborate.values import FunctionValue, Value
from rasp_lang.source import Span
from rasp_lang.syntax import ast


@dataclass(slots=True)
class Loop:
    """A running loop or comprehension: what it runs through, where it is, what it collected."""

    items: Any
    outer: Scope
    position: int = 0
    collected: list[Any] = field(default_factory=list)


def bind(machine: Machine, frame: Frame, name: ast.Name, value: Value) -> None:
    """Bind a name in the running scope; its s-op gets the name if it has none yet."""
    check_bindable(name, frame.scope)
    frame.scope.bind(name.id, value)
    if frame.scope.level != "local":
        machine.nodes.name(value, name.id)
    elif frame.blame is None:
        machine.nodes.suggest_name(value, name.id)


def _assign(machine: Machine, frame: Frame, instruction: Instruction) -> None:
    statement: ast.Assign = instruction.node  # type: ignore[assignment]
    values = frame.take(instruction.argument)
    if len(statement.targets) == 1:
        value = values[0] if len(values) == 1 else collections.make_list(values)
        bind(machine, frame, statement.targets[0], value)
        frame.scope.names["out"] = value
        return
    parts = _parts(statement, values)
    for target, part in zip(statement.targets, parts, strict=True):
        bind(machine, frame, target, part)
    frame.scope.names["out"] = values[-1]


def _parts(statement: ast.Assign, values: list[Value]) -> Any:
    """One value for each of several targets."""
    span = statement.values[0].span.to(statement.values[-1].span)
    count = len(statement.targets)
    if len(values) == 1:
        return _unpacked(values[0], count, span)
    if len(values) != count:
        raise Failure("RASP0307", f"{count} names cannot take {len(values)} values", span=span)
    return values


def _unpacked(value: Value, count: int, span: Span) -> Any:
    try:
        return collections.unpack(value, count)
    except Failure as failure:
        failure.span = span
        raise


def _define(machine: Machine, frame: Frame, instruction: Instruction) -> None:
    definition: ast.FunctionDefinition = instruction.node  # type: ignore[assignment]
    _check_parameters(definition.parameters)
    body = instruction.argument
    name = definition.name.id
    library = frame.scope.level == "base"
    made = FunctionValue(name, body.parameters, body, frame.scope, library)
    bind(machine, frame, definition.name, made)


def _check_parameters(parameters: tuple[ast.Name, ...]) -> None:
    """No two alike. (A reserved name is an error once the function is called.)"""
    first: dict[str, ast.Name] = {}
    for parameter in parameters:
        if parameter.id in first:
            raise Failure(
                "RASP0203",
                f"two parameters are called `{parameter.id}`",
                label="the second one",
                help="give each parameter a name of its own",
                span=parameter.span,
                secondary=(Label(first[parameter.id].span, "the first one"),),
            )
        first[parameter.id] = parameter


def _iterate(machine: Machine, frame: Frame, instruction: Instruction) -> None:
    items = collections.items_of(frame.stack.pop())
    frame.stack.append(Loop(items, frame.scope))


def _next(machine: Machine, frame: Frame, instruction: Instruction) -> None:
    loop = frame.stack[-1]
    targets, end = instruction.argument
    if loop.position == len(loop.items):
        frame.position = end.position
        return
    item = loop.items[loop.position]
    loop.position += 1
    if len(targets) == 1:
        bind(machine, frame, targets[0], item)
        return
    span = targets[0].span.to(targets[-1].span)
    for target, part in zip(targets, _unpacked(item, len(targets), span), strict=True):
        bind(machine, frame, target, part)


def _next_in_own_scope(machine: Machine, frame: Frame, instruction: Instruction) -> None:
    frame.scope = Scope(frame.stack[-1].outer)
    _next(machine, frame, instruction)


def _collect_item(machine: Machine, frame: Frame, instruction: Instruction) -> None:
    element = frame.stack.pop()
    frame.stack[-1].collected.append(element)
    frame.position = instruction.argument.position


def _collect_entry(machine: Machine, frame: Frame, instruction: Instruction) -> None:
    key, value = frame.take(2)
    frame.stack[-1].collected.append((key, value))
    frame.position = instruction.argument.position


def _collected_list(machine: Machine, frame: Frame, instruction: Instruction) -> None:
    loop = frame.stack.pop()
    frame.scope = loop.outer
    frame.stack.append(collections.make_list(loop.collected))


def _collected_dict(machine: Machine, frame: Frame, instruction: Instruction) -> None:
    loop = frame.stack.pop()
    frame.scope = loop.outer
    frame.stack.append(collections.make_dict(loop.collected))


def _jump(machine: Machine, frame: Frame, instruction: Instruction) -> None:
    frame.position = instruction.argument.position


def _drop(machine: Machine, frame: Frame, instruction: Instruction) -> None:
    frame.stack.pop()


def _load(machine: Machine, frame: Frame, instruction: Instruction) -> None:
    for name, value in machine.load(instruction.node):  # type: ignore[arg-type]
        frame.scope.bind(name, value, loaded=True)


def _show(machine: Machine, frame: Frame, instruction: Instruction) -> None:
    machine.shown = frame.scope.names["out"] = frame.stack.pop()


def _set_example(machine: Machine, frame: Frame, instruction: Instruction) -> None:
    statement: ast.SetExample = instruction.node  # type: ignore[assignment]
    machine.shown = _example(frame.stack.pop(), statement.value.span)


def _example(value: Value, span: Span) -> Any:
    try:
        return example_of(value)
    except Failure as failure:
        failure.span = span
        raise


def _command(machine: Machine, frame: Frame, instruction: Instruction) -> None:
    """The other commands of the REPL mean nothing to the program."""


BINDING_STEPS: dict[str, Step] = {
    "assign": _assign,
    "define": _define,
    "iterate": _iterate,
    "next": _next,
    "next in own scope": _next_in_own_scope,
    "collect item": _collect_item,
    "collect entry": _collect_entry,
    "collected list": _collected_list,
    "collected dict": _collected_dict,
    "jump": _jump,
    "drop": _drop,
    "load": _load,
    "show": _show,
    "set example": _set_example,
    "command": _command,
}
