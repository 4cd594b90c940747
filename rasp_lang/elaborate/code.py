"""Flat code for the stack machine, made from syntax trees without recursion.

Expressions may nest as deeply as the parser allows: the tree is walked with an explicit list, and
what comes out is a sequence of instructions in the order in which RASP evaluates.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from rasp_lang.syntax import ast


class Instruction(NamedTuple):
    """One step of the machine. ``node`` is the syntax that it comes from, ``argument`` depends on
    the operation (a count, a :class:`Label`, ...)."""

    operation: str
    node: ast.Node
    argument: Any = None


class Label:
    """A place to jump to; ``position`` is known once the code is laid out."""

    __slots__ = ("position",)

    def __init__(self) -> None:
        self.position = -1


Code = tuple[Instruction, ...]
Part = ast.Expression | ast.Statement | Instruction | Label


@dataclass(frozen=True, eq=False)
class FunctionBody:
    """The code of a function, made when it is first called."""

    definition: ast.FunctionDefinition

    @cached_property
    def code(self) -> Code:
        definition = self.definition
        end = Instruction("return", definition, len(definition.returns))
        return _laid_out((*definition.body, *definition.returns, end))

    @cached_property
    def parameters(self) -> tuple[str, ...]:
        return tuple(parameter.id for parameter in self.definition.parameters)


def compile_statement(statement: ast.Statement) -> Code:
    """The code of one statement; it leaves nothing on the stack."""
    return _laid_out((statement, Instruction("halt", statement)))


def compile_expression(expression: ast.Expression) -> Code:
    """The code of one expression; it leaves its value on the stack."""
    return _laid_out((expression, Instruction("halt", expression)))


def _laid_out(parts: Sequence[Part]) -> Code:
    code: list[Instruction] = []
    pending: list[Part] = list(reversed(parts))
    while pending:
        part = pending.pop()
        if isinstance(part, Instruction):
            code.append(part)
        elif isinstance(part, Label):
            part.position = len(code)
        else:
            pending.extend(reversed(tuple(_PARTS[type(part)](part))))
    return tuple(code)


def _literal(node: ast.Literal) -> Iterable[Part]:
    yield Instruction("push", node, node.value)


def _name(node: ast.Name) -> Iterable[Part]:
    yield Instruction("name", node, node.id)


def _list_display(node: ast.ListDisplay) -> Iterable[Part]:
    yield from node.items
    yield Instruction("list", node, len(node.items))


def _dict_display(node: ast.DictDisplay) -> Iterable[Part]:
    for key, value in node.items:
        yield key
        yield Instruction("key", key)
        yield value
    yield Instruction("dict", node, len(node.items))


def _list_comprehension(node: ast.ListComprehension) -> Iterable[Part]:
    again, end = Label(), Label()
    yield from (node.iterable, Instruction("iterate", node.iterable, "list"), again)
    yield Instruction("next in own scope", node, (node.targets, end))
    yield from (node.element, Instruction("collect item", node, again), end)
    yield Instruction("collected list", node)


def _dict_comprehension(node: ast.DictComprehension) -> Iterable[Part]:
    again, end = Label(), Label()
    yield from (node.iterable, Instruction("iterate", node.iterable, "dict"), again)
    yield Instruction("next in own scope", node, (node.targets, end))
    yield from (node.key, Instruction("key", node.key), node.value)
    yield from (Instruction("collect entry", node, again), end)
    yield Instruction("collected dict", node)


def _unary(node: ast.Unary) -> Iterable[Part]:
    yield from (node.operand, Instruction("unary", node, node.operator))


def _binary(node: ast.Binary) -> Iterable[Part]:
    operation = "contains" if node.operator == "in" else "binary"
    yield from (node.left, node.right, Instruction(operation, node, node.operator))


def _ternary(node: ast.Ternary) -> Iterable[Part]:
    """The branches of an atom's condition are lazy; on an s-op both are evaluated and merged."""
    otherwise, end = Label(), Label()
    yield from (node.condition, Instruction("branch", node, otherwise))
    yield from (node.then, Instruction("end of then", node, end), otherwise)
    yield from (node.otherwise, Instruction("merge", node), end)


def _index(node: ast.Index) -> Iterable[Part]:
    yield from (node.value, node.index, Instruction("index", node))


def _call(node: ast.Call) -> Iterable[Part]:
    yield from (node.function, *node.arguments)
    yield Instruction("call", node, len(node.arguments))


def _builtin_call(node: ast.BuiltinCall) -> Iterable[Part]:
    yield from (*node.arguments, Instruction("form", node, node.form))


def _select(node: ast.Select) -> Iterable[Part]:
    yield from (node.key, node.query, Instruction("select", node, node.comparison))


def _expression_statement(node: ast.ExpressionStatement) -> Iterable[Part]:
    if isinstance(node.value, ast.Call):
        yield from (node.value.function, *node.value.arguments)
        yield Instruction("call as statement", node.value, len(node.value.arguments))
    else:
        yield node.value
    yield Instruction("show", node)


def _assign(node: ast.Assign) -> Iterable[Part]:
    yield from (*node.values, Instruction("assign", node, len(node.values)))


def _function_definition(node: ast.FunctionDefinition) -> Iterable[Part]:
    yield Instruction("define", node, FunctionBody(node))


def _for(node: ast.For) -> Iterable[Part]:
    again, end = Label(), Label()
    yield from (node.iterable, Instruction("iterate", node.iterable, "for"), again)
    yield Instruction("next", node, (node.targets, end))
    yield from (*node.body, Instruction("jump", node, again), end)
    yield Instruction("drop", node)


def _load(node: ast.Load) -> Iterable[Part]:
    yield Instruction("load", node)


def _set_example(node: ast.SetExample) -> Iterable[Part]:
    yield from (node.value, Instruction("set example", node))


def _command(node: ast.Command) -> Iterable[Part]:
    yield Instruction("command", node)


_PARTS: dict[type, Callable[[Any], Iterable[Part]]] = {
    ast.Literal: _literal,
    ast.Name: _name,
    ast.ListDisplay: _list_display,
    ast.DictDisplay: _dict_display,
    ast.ListComprehension: _list_comprehension,
    ast.DictComprehension: _dict_comprehension,
    ast.Unary: _unary,
    ast.Binary: _binary,
    ast.Ternary: _ternary,
    ast.Index: _index,
    ast.Call: _call,
    ast.BuiltinCall: _builtin_call,
    ast.Select: _select,
    ast.ExpressionStatement: _expression_statement,
    ast.Assign: _assign,
    ast.FunctionDefinition: _function_definition,
    ast.For: _for,
    ast.Load: _load,
    ast.SetExample: _set_example,
    ast.ShowExample: _command,
    ast.SwitchExamples: _command,
    ast.SwitchFullDisplay: _command,
    ast.Exit: _command,
}
