"""Facts of named nodes, of as many as can be analysed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rasp_lang.analysis.analyse import analyse
from rasp_lang.analysis.contexts import Contexts
from rasp_lang.analysis.facts import SelectorFacts, SopFacts
from rasp_lang.analysis.normalise import normalise
from rasp_lang.diagnostics import Diagnostic, RaspError
from rasp_lang.graph import Atom, Graph


@dataclass(frozen=True, eq=False)
class Known:
    """What the analysis says of one node, or why it says nothing."""

    contexts: Contexts | None = None
    sop: SopFacts | None = None
    selector: SelectorFacts | None = None
    refusal: Diagnostic | None = None


@dataclass(frozen=True, eq=False)
class Reading:
    """How a program is looked at: with which tokens and how many, causally or not."""

    vocab: Sequence[Atom]
    max_len: int
    causal: bool


def facts_of(graph: Graph, nodes: Sequence[int], reading: Reading) -> list[Known]:
    """What is known of each node: together if possible, else one by one, so that what cannot be
    analysed hides only what depends on it."""
    try:
        return _together(graph, nodes, reading)
    except RaspError as error:
        if len(nodes) == 1:
            return [Known(refusal=error.diagnostics[0])]
    return [found for node in nodes for found in facts_of(graph, [node], reading)]


def _together(graph: Graph, nodes: Sequence[int], reading: Reading) -> list[Known]:
    normal = normalise(graph, nodes)
    facts = analyse(
        normal.graph, normal.roots, reading.vocab, reading.max_len, reading.causal, named=True
    )
    return [
        Known(facts.contexts, facts.sops.get(root), facts.selectors.get(root))
        for root in normal.roots
    ]


def depends_on(sop: SopFacts, contexts: Contexts) -> str:
    """What decides the value: as the facts say, or the length where each place has one value."""
    if sop.depends_on != "anything" or not contexts.paired:
        return sop.depends_on
    rows = sop.reach.per_place()
    if (rows.sum(axis=1) > 1).any():
        return "anything"
    first_of_length = contexts.length * (contexts.length - 1) // 2
    same = bool((rows == rows[first_of_length]).all())
    return "length" if same else "index and length"
