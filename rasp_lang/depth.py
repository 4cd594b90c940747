"""Layers and heads as the RASP paper counts them.

Elementwise operations cost no layer. A selector is one layer above the deepest s-op that it
compares, an aggregate at the layer of its selector or one above its values, whichever is higher. A
head of a layer is a distinct selector that aggregates or widths use there; a width is one head, as
with a BOS token to count against, and selectors that compare the same things are one. In: a graph.
Out: plain ints. May import ``graph`` only.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rasp_lang.graph import Aggregate, Graph, Node, Pin, Select, Width


def depths(graph: Graph) -> tuple[int, ...]:
    """The layer after which each node is known, 0 for what needs no attention."""
    found: list[int] = []
    for node in graph.nodes:
        found.append(_depth(node, [found[i] for i in node.inputs]))
    return tuple(found)


def _depth(node: Node, below: Sequence[int]) -> int:
    if isinstance(node.op, Aggregate):
        selector, values, *default = below
        return max(selector, values + 1, *default)
    return max(below, default=0) + isinstance(node.op, Select)


def heads_by_layer(graph: Graph, roots: Iterable[int]) -> tuple[int, ...]:
    """How many heads each layer needs for some s-ops; as many numbers as there are layers."""
    roots = tuple(roots)
    known, same = depths(graph), _classes(graph)
    found: list[set[int]] = [set() for _ in range(max((known[root] for root in roots), default=0))]
    for node_id in graph.reachable(roots):
        node = graph[node_id]
        if isinstance(node.op, Aggregate):
            # A deeper default is joined in later; the head is not.
            selector, values = node.inputs[:2]
            found[max(known[selector], known[values] + 1) - 1].add(same[selector])
        elif isinstance(node.op, Width):
            found[known[node_id] - 1].add(same[node.inputs[0]])
    return tuple(map(len, found))


def _classes(graph: Graph) -> list[int]:
    """Equal for nodes that do the same operation on the same operands."""
    known: dict[object, int] = {}
    found: list[int] = []
    for node in graph.nodes:
        operands = tuple(found[i] for i in node.inputs)
        if isinstance(node.op, Pin):
            found.append(operands[0])
        else:
            # By its text, an operation tells 1, 1.0 and True apart.
            found.append(known.setdefault((repr(node.op), operands), len(found)))
    return found
