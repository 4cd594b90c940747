"""The universal construction: any program as a table over all its inputs, in one layer.

A head for each position copies that position's token to every place, and one hidden layer looks the
answer up: a neuron for each box (``boxes``) of inputs and places that have the same answer. So
every program compiles that has few inputs, whatever it computes: it is what remains when no
construction of its own steps is possible.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

from rasp_lang.analysis.analyse import Analysis
from rasp_lang.analysis.batch import evaluate_batch
from rasp_lang.analysis.boxes import boxes, most_common
from rasp_lang.analysis.cones import TooManyRows
from rasp_lang.analysis.contexts import Contexts, contexts
from rasp_lang.analysis.facts import Facts, Lookup, SopFacts
from rasp_lang.analysis.values import Reach, Values
from rasp_lang.analysis.workings import itself
from rasp_lang.graph import (
    Aggregate,
    Atom,
    Constant,
    Graph,
    GraphBuilder,
    Indices,
    Select,
    Tabulated,
    Tokens,
)

#: Pairs of an input and a place that are looked up at most.
LOOKUP_LIMIT = 200_000

Answers = NDArray[np.int64]


def lookups(vocabulary: int, max_len: int) -> int:
    """How many pairs of an input and a place there are."""
    return sum(n * vocabulary**n for n in range(1, max_len + 1))


def analyse_universally(
    graph: Graph, roots: Sequence[int], vocabulary: Sequence[Atom], max_len: int, causal: bool
) -> tuple[Facts, tuple[int, ...]]:
    """Facts of a graph that computes the same as ``roots`` do, from copies of all tokens, and its
    roots. Raises TooManyRows above ``LOOKUP_LIMIT``."""
    count = lookups(len(vocabulary), max_len)
    if count > LOOKUP_LIMIT:
        raise TooManyRows(count)
    builder, copies = _copies(vocabulary, max_len)
    operands = (1, *copies)
    found = [builder.add(Tabulated(), operands, span=graph[root].span) for root in roots]
    for new, root in zip(found, roots, strict=True):
        if (name := graph[root].name) is not None:
            builder.name(new, name)
    analysis = Analysis(builder.graph(), vocabulary, contexts(max_len, causal))
    for node_id in range(len(builder)):
        if node_id not in found:
            analysis.settle(node_id)
    tables = _tables(graph, roots, analysis.vocabulary.atoms, max_len, causal)
    for new, table in zip(found, tables, strict=True):
        analysis.sops[new] = _looked_up(analysis, new, operands, table)
    return analysis.facts(), tuple(found)


def _copies(vocabulary: Sequence[Atom], max_len: int) -> tuple[GraphBuilder, list[int]]:
    """A graph with the token at each position, at every place; an atom that is no token where the
    input is shorter."""
    builder = GraphBuilder()
    tokens, indices = builder.add(Tokens("asis")), builder.add(Indices())
    none = builder.add(Constant(_no_token(vocabulary)))
    copies = []
    for position in range(max_len):
        at = builder.add(Constant(position))
        selector = builder.add(Select("=="), (indices, at))
        builder.name(selector, f"position {position}")
        copies.append(builder.add(Aggregate(), (selector, tokens, none)))
        builder.name(copies[-1], f"tokens[{position}]")
    return builder, copies


def _no_token(vocabulary: Sequence[Atom]) -> str:
    texts = (token for token in vocabulary if isinstance(token, str))
    return "_" * (1 + max(map(len, texts), default=0))


@dataclass(frozen=True, eq=False)
class _Table:
    """The interpreter's answers to all inputs, by position among ``values`` (-1: an error): for
    each length n an array [V^n, n]."""

    values: Values
    answers: tuple[Answers, ...]


def _tables(
    graph: Graph, roots: Sequence[int], vocabulary: Sequence[Atom], max_len: int, causal: bool
) -> list[_Table]:
    """The table of each root."""
    batches = [
        evaluate_batch(graph, roots, list(product(vocabulary, repeat=length)), causal=causal)
        for length in range(1, max_len + 1)
    ]
    found = []
    for column in zip(*batches, strict=True):
        atoms = [batch.values.reshape(-1).tolist() for batch in column]
        values = Values.of(atom for part in atoms for atom in part if atom is not None)
        parts = zip(atoms, column, strict=True)
        answers = tuple(values.find(part).reshape(batch.values.shape) for part, batch in parts)
        found.append(_Table(values, answers))
    return found


def _looked_up(analysis: Analysis, node: int, operands: Sequence[int], table: _Table) -> SopFacts:
    """A root as a variable that is looked up."""
    base = most_common(table.answers)
    meanings = [_positions(analysis, operand) for operand in operands]

    def translated(k: int, allowed: Sequence[int]) -> tuple[int, tuple[int, ...]]:
        return operands[k], tuple(meanings[k][value] for value in allowed if value in meanings[k])

    found = tuple(
        (tuple(translated(*condition) for condition in box.conditions), box.answer)
        for box in boxes(table.answers, len(analysis.vocabulary), base)
    )
    reach = _reach(table, analysis.places)
    answer = analysis.variable("lookup", node, table.values, reach, 1)
    analysis.lookups[answer.id] = Lookup(found, base)
    return itself(answer)


def _positions(analysis: Analysis, operand: int) -> dict[int, int]:
    """Where what boxes call the values of an operand (an index, the id of a token, the id after the
    last for none) stands among its values."""
    ids, values = analysis.vocabulary.position, analysis.sops[operand].values
    if isinstance(analysis.graph[operand].op, Indices):
        return {int(index): k for k, index in enumerate(values.atoms)}
    return {ids.get(key, len(ids)): k for key, k in values.position.items()}


def _reach(table: _Table, places: Contexts) -> Reach:
    """Which answers are given at which place."""
    per_place = np.zeros((len(places), len(table.values) + 1), bool)
    for answers in table.answers:
        length = answers.shape[1]
        for index in range(length):
            place = length * (length - 1) // 2 + index if places.paired else index
            per_place[place, answers[:, index]] = True
    return Reach.of(per_place[:, :-1])
