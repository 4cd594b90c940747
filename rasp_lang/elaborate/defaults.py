"""Warnings about aggregates that fall back on their default, int 0, among strings (RASP0551).

Whether a selector can select nothing is shown, not guessed: it is run on a few short inputs.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rasp_lang.diagnostics import Diagnostic, RaspError
from rasp_lang.graph import Aggregate, Atom, Graph
from rasp_lang.interpret import evaluate
from rasp_lang.source import Span

#: Token positions of the inputs that are tried, as indices into the letters.
_SHAPES = ((0,), (0, 1), (0, 0, 1), (2, 1, 0, 1))
#: One at a time when some of them have no value on an input; more would cost too much.
_ONE_BY_ONE = 100


def default_warnings(
    graph: Graph, letters: Sequence[Atom], known: set[Span | None]
) -> Iterator[Diagnostic]:
    """One warning for each aggregate without a default that is seen to need one among strings.
    ``letters`` are the tokens of the inputs that are tried; what stands at a ``known`` place is
    left out."""
    candidates = [
        node_id
        for node_id, node in enumerate(graph.nodes)
        if isinstance(node.op, Aggregate)
        and len(node.inputs) == 2
        and "string" in graph[node.inputs[1]].types
        and node.span not in known
    ]
    for shape in _SHAPES:
        tokens = [letters[place % len(letters)] for place in shape]
        for node_id in _needing_default(graph, candidates, tokens):
            candidates.remove(node_id)
            yield _warning(graph[node_id].span, tokens)


def _needing_default(graph: Graph, candidates: Sequence[int], tokens: Sequence[Atom]) -> list[int]:
    """The candidates that select nothing at some position, their values being strings."""
    if not candidates:
        return []
    roots = [source for node_id in candidates for source in graph[node_id].inputs]
    try:
        found = evaluate(graph, roots, tokens)
    except RaspError:
        if not 1 < len(candidates) <= _ONE_BY_ONE:
            return []
        return [one for each in candidates for one in _needing_default(graph, [each], tokens)]
    return [
        node_id
        for node_id, rows, values in zip(candidates, found[::2], found[1::2], strict=True)
        if isinstance(values[0], str) and not all(any(row) for row in rows)
    ]


def _warning(span: Span | None, tokens: Sequence[Atom]) -> Diagnostic:
    shown = " ".join(map(str, tokens))
    return Diagnostic(
        "RASP0551",
        "the default of this aggregate, 0, may be used among strings",
        span,
        f"selects nothing at a position of the input `{shown}`",
        help='give a default of the same type: aggregate(selector, values, "")',
    )
