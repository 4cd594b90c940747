"""How the model represents s-ops, read off its directions and outputs."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rasp_lang.analysis.facts import Facts
from rasp_lang.analysis.normalise import normalise
from rasp_lang.craft.program import CraftProgram, Direction
from rasp_lang.graph import Graph, Indices, Node, Tokens
from rasp_lang.source import Span

#: What follows the s-op's name in the name of a direction that is an indicator.
_INDICATOR = re.compile(r"=.*| \(\d+\)", re.DOTALL)


def encodings(
    graph: Graph, roots: Sequence[int], nodes: Sequence[int], facts: Facts, craft: CraftProgram
) -> dict[int, str]:
    """The encoding of each of some nodes that the outputs, the ``roots``, need."""
    normal = normalise(graph, [*roots, *nodes])
    ids = dict(zip([*roots, *nodes], normal.roots, strict=True))
    sops = facts.sops if normal.graph == facts.graph else {}
    found: dict[int, str] = {}
    for node in nodes:
        values = len(sops[ids[node]].values) if ids[node] in sops else 2
        found[node] = _of_directions(normal.graph[ids[node]], values, craft.directions)
    for root, output in zip(roots, craft.outputs, strict=True):
        same = [node for node in (root, *nodes) if ids[node] == ids[root]]
        found.update(dict.fromkeys(same, output.kind))
    return found


def _of_directions(node: Node, values: int, directions: Sequence[Direction]) -> str:
    own = [direction for direction in directions if (direction.sop, direction.span) == _label(node)]
    suffixes = [direction.name.removeprefix(direction.sop) for direction in own]
    indicators = any(_INDICATOR.fullmatch(suffix) for suffix in suffixes)
    if indicators and len(own) >= values - 1:
        return "categorical"
    if "" in suffixes:
        return "numerical"
    return "partial" if own else "implicit"


def _label(node: Node) -> tuple[str | None, Span | None]:
    """How the directions of a node are called, and their place."""
    if node.op == Tokens("asis"):
        return "tokens", None
    if node.op == Indices():
        return "indices", None
    return node.name, node.span
