"""How the model represents s-ops, read off its directions and outputs."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rasp_lang.analysis.normalise import normalise
from rasp_lang.craft.program import CraftProgram, Direction
from rasp_lang.graph import Graph, Indices, Node, Tokens
from rasp_lang.source import Span

_INDICATOR = re.compile(r"=.*| in \d+ values| \(\d+\)", re.DOTALL)


def encodings(graph: Graph, roots: Sequence[int], nodes: Sequence[int],
              craft: CraftProgram) -> dict[int, str]:  # fmt: skip
    """The encoding of each of some nodes that the outputs, the ``roots``, need."""
    normal = normalise(graph, [*roots, *nodes])
    ids = dict(zip([*roots, *nodes], normal.roots, strict=True))
    found = {node: _of_directions(normal.graph[ids[node]], craft.directions) for node in nodes}
    for root, output in zip(roots, craft.outputs, strict=True):
        same = [node for node in (root, *nodes) if ids[node] == ids[root]]
        found.update(dict.fromkeys(same, output.kind))
    return found


def _of_directions(node: Node, directions: Sequence[Direction]) -> str:
    own = [direction for direction in directions if (direction.sop, direction.span) == _label(node)]
    if not own:
        return "implicit"
    suffixes = [direction.name.removeprefix(direction.sop) for direction in own]
    indicators = any(_INDICATOR.fullmatch(suffix) for suffix in suffixes)
    return "categorical" if indicators else "numerical"


def _label(node: Node) -> tuple[str | None, Span | None]:
    """How the directions of a node are called, and their place."""
    if node.op == Tokens("asis"):
        return "tokens", None
    if node.op == Indices():
        return "indices", None
    return node.name, node.span
