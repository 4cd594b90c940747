"""Predefined names that are not written in RASP: the views of the input, the elementwise functions
such as ``round`` and ``sqrt``, ``selector_width``, the pins and ``draw``."""

from __future__ import annotations

from collections.abc import Sequence

from rasp_lang.elaborate.failure import Failure
from rasp_lang.elaborate.nodes import Nodes, no_sequence
from rasp_lang.elaborate.operators import call_elementwise
from rasp_lang.elaborate.scope import Scope
from rasp_lang.elaborate.values import NativeFunction, Selector, Sop, Value, described, is_atom
from rasp_lang.graph import TokensView
from rasp_lang.source import Span

ELEMENTWISE = (
    "abs", "floor", "ceil", "sign", "sqrt", "exp", "log", "sin", "cos", "tan", "int", "float",
    "str", "bool",
)  # fmt: skip
DRAW = NativeFunction("draw", ("s",))

_VIEWS: tuple[TokensView, ...] = ("str", "int", "float", "bool")


def predefined(nodes: Nodes) -> Scope:
    """The scope of the predefined names, without the library that is written in RASP."""
    scope = Scope(level="base")
    names = scope.names
    names.update({"True": True, "False": False, "indices": nodes.indices})
    names["tokens"] = names["tokens_asis"] = nodes.tokens("asis")
    for view in _VIEWS:
        names[f"tokens_{view}"] = nodes.tokens(view)
    for name in ("indices", "tokens", *(f"tokens_{view}" for view in _VIEWS)):
        nodes.name(names[name], name)  # type: ignore[arg-type]
    for name in (*ELEMENTWISE, "categorical", "numerical"):
        names[name] = NativeFunction(name, ("x",))
    names["selector_width"] = NativeFunction("selector_width", ("sel",))
    names["draw"] = DRAW
    return scope


def call_native(
    nodes: Nodes, function: NativeFunction, arguments: Sequence[Value], span: Span
) -> Value:
    """The result of a predefined function on as many arguments as it takes."""
    (argument,) = arguments
    if function.name == "selector_width":
        return nodes.width(argument, span)
    if function.name in ("categorical", "numerical"):
        return _pinned(nodes, function.name, argument, span)
    return call_elementwise(nodes, function.name, argument, span)


def indicator(nodes: Nodes, operand: Value, span: Span) -> Sop:
    """``indicator(s)``: 1 where the s-op is true, else 0."""
    if not isinstance(operand, Sop):
        raise Failure(
            "RASP0301",
            f"`indicator` takes an s-op, not {described(operand)}",
            help="`1 if x else 0` works on atoms" if is_atom(operand) else None,
        )
    return nodes.elementwise("indicator", (operand,), span)


def _pinned(nodes: Nodes, encoding: str, operand: Value, span: Span) -> Value:
    if isinstance(operand, Selector):
        raise no_sequence(operand)
    if isinstance(operand, Sop):
        return nodes.pin(encoding, operand, span)  # type: ignore[arg-type]
    if is_atom(operand):
        return operand  # An atom has no representation to pin.
    raise no_sequence(operand)
