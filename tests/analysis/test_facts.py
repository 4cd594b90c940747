"""Facts are sound: whatever the interpreter gives on any input is among them."""

from __future__ import annotations

import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from observed_facts import observe, observe_some, unsound, wrong_rows
from random_graphs import graphs
from random_programs import random_program

from rasp_lang import RaspError, loads
from rasp_lang.analysis.analyse import analyse
from rasp_lang.analysis.facts import Facts
from rasp_lang.analysis.normalise import normalise
from rasp_lang.graph import Atom, Graph

Vocabulary = tuple[Atom, ...]
VOCABULARIES: list[Vocabulary] = [
    (0, 1), (1, 2, 3), (-1, 0, 2), ("a", "b"), ("a", "1"), (0.5, 2.0), (True, False), (1, True),
    (1, 1.0), (2,), ("t",),
]  # fmt: skip
SETTINGS = settings(
    max_examples=200, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck)
)
READINGS = pytest.mark.parametrize("causal", [False, True], ids=["whole", "causal"])


def facts_of(
    graph: Graph,
    roots: list[int],
    vocab: Vocabulary,
    max_len: int,
    causal: bool,
    textbook: bool = False,
) -> Facts:
    normal = normalise(graph, roots)
    return analyse(
        normal.graph, normal.roots, vocab, max_len, causal, textbook=textbook, named=True
    )


def missed(facts: Facts, vocab: Vocabulary, max_len: int, causal: bool) -> list[str]:
    """How the facts part from the interpreter on all inputs."""
    return [
        problem
        for seen in observe(facts.graph, vocab, max_len, causal)
        for find in (unsound, wrong_rows)
        for problem in find(facts, seen)
    ]


@SETTINGS
@given(graphs(), st.sampled_from(VOCABULARIES), st.integers(1, 4), st.booleans())
def test_facts_of_random_graphs_hold_on_every_input(
    graph: Graph, vocab: Vocabulary, max_len: int, causal: bool
) -> None:
    try:
        facts = facts_of(graph, list(range(len(graph))), vocab, max_len, causal)
    except RaspError:
        return
    assert missed(facts, vocab, max_len, causal) == []


@pytest.mark.parametrize("textbook", [False, True], ids=["shallow", "textbook"])
def test_facts_of_random_programs_hold_on_every_input(textbook: bool) -> None:
    analysed = 0
    for number in range(120):
        candidate = random_program(f"facts {number}")
        try:
            program = loads(candidate.text)
            roots = [program.node(name) for name in program.names]
            facts = facts_of(program.graph, roots, candidate.vocab, 3, candidate.causal, textbook)
        except RaspError:
            continue
        analysed += 1
        assert missed(facts, candidate.vocab, 3, candidate.causal) == [], candidate.text
    assert analysed > 80


@READINGS
@pytest.mark.parametrize("max_len", [128, 129])
def test_facts_hold_on_both_sides_of_the_length_up_to_which_a_place_is_index_and_length(
    max_len: int, causal: bool
) -> None:
    program = loads(
        "a = selector_width(select(tokens, tokens, ==));"
        "b = aggregate(select(indices, indices - 1, ==), tokens);"
        "c = aggregate(select(indices, length - 1 - indices, ==), tokens);"
        "d = aggregate(select(tokens, 0, >), tokens);"
        "e = aggregate(select(indices, 2 * indices, >), indicator(tokens == 1), -1);"
    )
    vocab, generator = (0, 1), random.Random(max_len)
    roots = [program.node(name) for name in program.names]
    facts = facts_of(program.graph, roots, vocab, max_len, causal)
    for length in (1, 64, max_len):
        inputs = [tuple(generator.choices(vocab[:size], k=length)) for size in (1, 2, 2)]
        seen = observe_some(facts.graph, inputs, causal)
        assert not any(fails.any() for fails in seen.fails)
        assert list(unsound(facts, seen)) == []
