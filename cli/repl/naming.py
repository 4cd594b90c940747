"""What the 2021 REPL calls an s-op or selector that has no name of its own."""

from __future__ import annotations

from typing import Protocol

from rasp_lang import graph as g
from rasp_lang.display import value_text

_LONGEST = 30
#: Each level of an expression adds at least this much text: deeper ones are too long anyway.
_DEEPEST = _LONGEST // 3


class Nodes(Protocol):
    """A graph, or a graph that is still growing."""

    def __getitem__(self, node_id: int) -> g.Node: ...


def own_name(nodes: Nodes, node_id: int) -> str:
    """``( a + b )``, ``I(a)``, ``plain select``; beyond 30 characters ``s-op`` or ``sel``."""
    text = _text(nodes, node_id, 0)
    if len(text) <= _LONGEST:
        return text
    return "sel" if nodes[node_id].is_selector else "s-op"


def _text(nodes: Nodes, node_id: int, depth: int) -> str:
    node = nodes[node_id]
    if node.name is not None:
        return node.name
    if depth > _DEEPEST:
        return "." * _LONGEST
    match node.op:
        case g.Constant(value):
            return value_text(value)
        case g.Tokens(view):
            return "tokens" if view == "asis" else f"tokens_{view}"
        case g.Indices():
            return "indices"
        case g.Select():
            return "plain select"
        case g.Aggregate() | g.Width():
            return "s-op"
    inputs = [_text(nodes, i, depth + 1) for i in node.inputs]
    return _applied(node.op, inputs)


def _applied(op: g.Op, inputs: list[str]) -> str:
    match op:
        case g.Elementwise("if"):
            return f"{inputs[1]} if {inputs[0]} else {inputs[2]}"
        case g.Elementwise(function):
            return _elementwise(function, inputs)
        case g.Combine("not"):
            return f"( not {inputs[0]} )"
        case g.Combine(connective):
            return f"( {inputs[0]} {connective} {inputs[1]})"
        case g.LookupList(items):
            return f"{list(items)}[{inputs[0]}]"
        case g.LookupDict(items):
            return f"{dict(items)}[{inputs[0]}]"
        case g.Membership(items):
            return f"{inputs[0]} in {list(items)}"
        case g.Substring(text):
            return f'{inputs[0]} in "{text}"'
        case g.Pin(encoding):
            return f"{encoding}({inputs[0]})"
    raise TypeError(op)


def _elementwise(function: str, inputs: list[str]) -> str:
    if function in ("and", "or"):
        return f"( {inputs[0]} {function} {inputs[1]})"
    if len(inputs) == 2:
        return f"( {inputs[0]} {'pow' if function == '^' else function} {inputs[1]} )"
    if function in ("not", "round", "neg", "pos"):
        sign = {"neg": "-", "pos": "+"}.get(function, function)
        return f"( {sign} {inputs[0]} )"
    return f"{'I' if function == 'indicator' else function}({inputs[0]})"
