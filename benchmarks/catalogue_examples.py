"""An example for each shipped program: an input of its expectations, the answer, and the keys that
its key selector picks, the selector of the last aggregate or width that the output depends on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rasp_lang.graph import Aggregate, Atom, Graph, Node, Width
from rasp_lang.interpret import evaluate
from rasp_lang.program import Program

#: Tokens of an example, if there is one that is as short.
LONGEST = 10


@dataclass(frozen=True)
class Example:
    """``rows[query][key]`` are those of the selector; none where the output needs no selector."""

    tokens: tuple[Atom, ...]
    answer: list[Atom]
    selector: Node | None
    rows: Sequence[Sequence[bool]]

    @property
    def worth(self) -> tuple[int, ...]:
        """The larger, the better: short enough to be drawn, not all keys alike, many tokens, many
        different ones."""
        length = len(self.tokens)
        bits = {bit for row in self.rows for bit in row}
        return length <= LONGEST, len(bits), min(length, LONGEST), len(set(self.tokens))


def example_of(program: Program) -> Example | None:
    """The best example; None where the head has no expectation."""
    head, graph = program.head, program.graph
    root = program.output_node(head.output or program.output or "")
    selector = _key_selector(graph, root)
    wanted = [root] if selector is None else [root, selector]
    found = []
    for expectation in head.expectations:
        tokens = expectation.tokens
        answer, *rows = evaluate(graph, wanted, tokens, causal=head.causal == "yes")
        node = None if selector is None else graph[selector]
        found.append(Example(tokens, answer, node, rows[0] if rows else ()))
    return max(found, key=lambda example: example.worth, default=None)


def _key_selector(graph: Graph, root: int) -> int | None:
    for node_id in reversed(graph.reachable([root])):
        if isinstance(graph[node_id].op, Aggregate | Width):
            return graph[node_id].inputs[0]
    return None
