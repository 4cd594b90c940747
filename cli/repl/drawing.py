"""``draw`` as text: the heads of each layer with what they select, then the result."""

from __future__ import annotations

from rasp_lang.depth import depths
from rasp_lang.display import Example, ShownSop, call_text, matrix_text, sequence_text
from rasp_lang.graph import Aggregate, Graph, Width
from rasp_lang.interpret import evaluate
from raspc.repl.naming import own_name


def drawing_text(graph: Graph, root: int, example: Example) -> str:
    """The computation of an s-op on an example, layer by layer as the RASP paper counts them.
    Raises RaspError where it has no value there."""
    heads = _heads(graph, root)
    wanted = {root, *(node for layer in heads.values() for node in layer)}
    wanted.update(node for layer in heads.values() for found in layer.values() for node in found)
    shown = sorted(wanted)
    values = dict(zip(shown, evaluate(graph, shown, tuple(example)), strict=True))
    lines: list[str] = []
    for layer in sorted(heads):
        for number, (selector, outputs) in enumerate(heads[layer].items(), 1):
            lines.append(f"\tlayer {layer}, head {number}: {own_name(graph, selector)}")
            lines.append(matrix_text(example, values[selector]))
            lines += (f"\t\t{own_name(graph, n)} = {sequence_text(values[n])}" for n in outputs)
    return "\n".join([*lines, call_text(example, ShownSop("out", example, values[root]))])


def _heads(graph: Graph, root: int) -> dict[int, dict[int, list[int]]]:
    """Layer -> selector -> the s-ops that it gathers there."""
    known = depths(graph)
    heads: dict[int, dict[int, list[int]]] = {}
    for node_id in graph.reachable([root]):
        node = graph[node_id]
        if isinstance(node.op, Aggregate | Width):
            # A default is joined in after the head, however deep it is.
            layer = max(
                known[node.inputs[0]], *(known[values] + 1 for values in node.inputs[1:2]), 1
            )
            heads.setdefault(layer, {}).setdefault(node.inputs[0], []).append(node_id)
    return heads
