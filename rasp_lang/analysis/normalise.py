"""Graph -> smaller graph with the same meaning: the form that analysis and lowering work on.

Only what the outputs need is left, in source order; equal nodes are one; elementwise operations on
constants are evaluated; an aggregate's default that is an s-op
becomes a choice by the selector's width.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rasp_lang import atoms
from rasp_lang.graph import (
    Aggregate,
    Combine,
    Constant,
    Elementwise,
    Graph,
    LookupDict,
    LookupList,
    Membership,
    Node,
    Op,
    Width,
)


@dataclass(frozen=True, slots=True)
class Normalised:
    """The graph and the outputs in it."""

    graph: Graph
    roots: tuple[int, ...]


class _Rewriter:
    def __init__(self) -> None:
        self.nodes: list[Node] = []
        self.known: dict[object, int] = {}

    def add(self, op: Op, inputs: tuple[int, ...], like: Node) -> int:
        """The node for this operation: an equal one if there is one, a constant if it is one."""
        folded = self._fold(op, inputs)
        if folded is not None:
            op, inputs = folded, ()
        key = (_identity(op), inputs)
        if key not in self.known:
            self.known[key] = len(self.nodes)
            self.nodes.append(Node(op, inputs, like.span, like.name, like.types))
        return self._renamed(self.known[key], like)

    def _renamed(self, node_id: int, like: Node) -> int:
        node = self.nodes[node_id]
        if node.name is None and like.name is not None:
            self.nodes[node_id] = Node(node.op, node.inputs, node.span, like.name, node.types)
        return node_id

    def _fold(self, op: Op, inputs: tuple[int, ...]) -> Constant | None:
        operands = [self.nodes[i].op for i in inputs]
        if not isinstance(op, Elementwise):
            return None
        values = [operand.value for operand in operands if isinstance(operand, Constant)]
        if len(values) < len(operands):
            return None
        try:
            return Constant(atoms.apply(op.function, *values))
        except atoms.AtomError:
            return None  # an error on every input: analysis finds no reachable value

    def rewrite(self, node: Node, inputs: tuple[int, ...]) -> int:
        if isinstance(node.op, Aggregate):
            return self._aggregate(node, inputs)
        if isinstance(node.op, Combine) and node.op.connective == "not":
            return self._negation(node, inputs[0])
        return self.add(node.op, inputs, node)

    def _aggregate(self, node: Node, inputs: tuple[int, ...]) -> int:
        anonymous = Node(node.op, (), node.span)
        if len(inputs) == 2:
            inputs = (*inputs, self.add(Constant(0), (), anonymous))
        selector, values, default = inputs
        if isinstance(self.nodes[default].op, Constant):
            return self.add(node.op, inputs, node)
        zero = self.add(Constant(0), (), anonymous)
        width = self.add(Width(), (selector,), anonymous)
        some = self.add(Elementwise(">"), (width, zero), anonymous)
        mean = self.add(Aggregate(), (selector, values, zero), anonymous)
        return self.add(Elementwise("if"), (some, mean, default), node)

    def _negation(self, node: Node, selector: int) -> int:
        inner = self.nodes[selector]
        if isinstance(inner.op, Combine) and inner.op.connective == "not":
            return inner.inputs[0]
        return self.add(node.op, (selector,), node)


def _identity(op: Op) -> object:
    """What makes two operations equal; tables compare by the types of their items too."""
    if isinstance(op, LookupList | LookupDict | Membership):
        return type(op), repr(op.items)
    return op


def normalise(graph: Graph, roots: Sequence[int]) -> Normalised:
    """The part of ``graph`` that ``roots`` need, in normal form; ids are new."""
    rewriter = _Rewriter()
    new_id: dict[int, int] = {}
    for node_id in graph.reachable(roots):
        node = graph[node_id]
        new_id[node_id] = rewriter.rewrite(node, tuple(new_id[i] for i in node.inputs))
    return Normalised(Graph(tuple(rewriter.nodes)), tuple(new_id[r] for r in roots))
