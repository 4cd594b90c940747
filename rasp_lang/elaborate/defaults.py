"""Warnings about aggregates that fall back on their default, int 0, among strings (RASP0551).

Whether a selector can select nothing is shown, not guessed: it is run on a few short inputs.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Sequence

from rasp_lang.diagnostics import Diagnostic, RaspError
from rasp_lang.graph import Aggregate, Atom, Graph
from rasp_lang.interpret import evaluate
from rasp_lang.source import Span

#: Token positions of the short inputs, as indices into the letters.
_SHAPES = ((0,), (0, 1), (0, 0, 1), (2, 1, 0, 1))
#: One at a time when some of them have no value on an input; more would cost too much.
_ONE_BY_ONE = 100


def short_inputs(letters: Sequence[Atom]) -> list[list[Atom]]:
    """A few inputs of these tokens, with and without equal ones."""
    return [[letters[place % len(letters)] for place in shape] for shape in _SHAPES]


def default_warnings(
    graph: Graph,
    inputs: Iterable[Sequence[Atom]],
    known: Container[Span | None] = (),
    *,
    causal: bool = False,
) -> Iterator[Diagnostic]:
    """One warning for each aggregate without a default that is seen, on one of the inputs, to need
    one among strings. What stands at a ``known`` place is left out."""
    candidates = [
        node_id
        for node_id, node in enumerate(graph.nodes)
        if isinstance(node.op, Aggregate)
        and len(node.inputs) == 2
        and "string" in graph[node.inputs[1]].types
        and node.span not in known
    ]
    for tokens in inputs:
        for node_id in _needing_default(graph, candidates, tokens, causal):
            candidates.remove(node_id)
            yield _warning(graph[node_id].span, tokens)


def _needing_default(
    graph: Graph, candidates: Sequence[int], tokens: Sequence[Atom], causal: bool
) -> list[int]:
    """The candidates that select nothing at some position, their values being strings."""
    if not candidates:
        return []
    roots = [source for node_id in candidates for source in graph[node_id].inputs]
    try:
        found = evaluate(graph, roots, tokens, causal=causal)
    except RaspError:
        if not 1 < len(candidates) <= _ONE_BY_ONE:
            return []
        alone = (_needing_default(graph, [each], tokens, causal) for each in candidates)
        return [one for found_alone in alone for one in found_alone]
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
