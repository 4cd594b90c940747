"""The loop over the graph: each node that the roots need, once, in topological order."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from rasp_lang import graph as g
from rasp_lang.atoms import (
    AtomError,
    convert,
    lookup_dict,
    lookup_list,
    sequence_type,
    show,
    substring,
)
from rasp_lang.diagnostics import RaspError
from rasp_lang.graph import Atom, Graph
from rasp_lang.interpret import masks, means
from rasp_lang.interpret.elementwise import map_elementwise
from rasp_lang.interpret.failure import Failure, check_input, diagnostic


@dataclass(frozen=True, slots=True)
class _Input:
    """One input, and how it is read."""

    tokens: Sequence[Atom]
    causal: bool


def evaluate(
    graph: Graph, roots: Sequence[int], tokens: Sequence[Atom], *, causal: bool = False
) -> list[Any]:
    """The value of each root on the n tokens: a list of n atoms for an s-op, n lists of n bools
    (rows are queries) for a selector.

    ``causal`` takes the keys after the query away wherever a selector is used. Raises ``RaspError``
    with the span of the first node, in the graph's order, that has no value on this input.
    """
    check_input(tokens)
    given = _Input(tokens, causal)
    needed = graph.reachable(roots)
    last_use = {source: node for node in needed for source in graph[node].inputs}
    kept = set(roots)
    values: dict[int, list[Any]] = {}
    for node_id in needed:
        node = graph[node_id]
        try:
            values[node_id] = _value(node.op, [values[i] for i in node.inputs], given)
        except Failure as failure:
            raise RaspError(diagnostic(failure, node.span, tokens)) from None
        for source in set(node.inputs):
            if last_use[source] == node_id and source not in kept:
                del values[source]
    return [_result(graph, root, values[root], causal) for root in roots]


def _result(graph: Graph, root: int, value: list[Any], causal: bool) -> list[Any]:
    if graph[root].is_selector:
        return masks.matrix(masks.used(value, causal))
    return list(value)


def _value(op: g.Op, inputs: list[list[Any]], given: _Input) -> list[Any]:
    """The column of an s-op, or the rows of a selector."""
    match op:
        case g.Constant(value):
            return [value] * len(given.tokens)
        case g.Tokens(view):
            return _tokens(view, given.tokens)
        case g.Indices():
            return list(range(len(given.tokens)))
        case g.Elementwise(function):
            result = map_elementwise(function, inputs)
            return _one_type(result) if function == "if" else result
        case g.Select(comparison):
            return masks.select(comparison, *inputs)
        case g.Combine(connective):
            return masks.combine(connective, inputs)
        case g.Aggregate():
            return _aggregate(inputs, given)
        case g.Width():
            return means.widths(masks.used(inputs[0], given.causal))
        case g.Pin():
            return inputs[0]
        case _:
            return _lookup(op, inputs[0])


def _tokens(view: g.TokensView, tokens: Sequence[Atom]) -> list[Atom]:
    result = []
    for position, token in enumerate(tokens):
        try:
            result.append(convert(view, token))
        except AtomError as error:
            raise Failure(error, f"{show(token)} at position {position}") from None
    return _one_type(result) if view == "asis" else result


def _aggregate(inputs: list[list[Any]], given: _Input) -> list[Atom]:
    rows, values = inputs[0], inputs[1]
    defaults = inputs[2] if len(inputs) == 3 else [0] * len(values)
    return _one_type(means.aggregate(masks.used(rows, given.causal), values, defaults))


def _lookup(op: g.Op, column: Sequence[Atom]) -> list[Atom]:
    match op:
        case g.LookupList(items):
            return _one_type(_located(lambda index: lookup_list(items, index), "index", column))
        case g.LookupDict(pairs):
            table = dict(pairs)
            return _one_type(_located(lambda key: lookup_dict(table, key), "key", column))
        case g.Membership(items):
            # Hashing finds exactly what the host's equality does.
            members = frozenset(items)
            return [value in members for value in column]
        case g.Substring(text):
            return _located(lambda value: substring(text, value), "value", column)
    raise TypeError(f"no semantics for {op!r}")


def _located(function: Callable[[Atom], Atom], role: str, column: Iterable[Atom]) -> list[Atom]:
    result = []
    for position, value in enumerate(column):
        try:
            result.append(function(value))
        except AtomError as error:
            raise Failure(error, f"{role} {show(value)} at position {position}") from None
    return result


def _one_type(column: list[Atom]) -> list[Atom]:
    """The column itself, if its values may stand in one sequence."""
    try:
        sequence_type(column)
    except AtomError as error:
        strings = [isinstance(value, str) for value in column]
        places = sorted((strings.index(True), strings.index(False)))
        what = ", ".join(f"{show(column[i])} at position {i}" for i in places)
        raise Failure(error, what) from None
    return column
