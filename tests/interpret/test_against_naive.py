"""The interpreter agrees with a direct implementation on random graphs."""

from __future__ import annotations

from time import perf_counter

import naive_semantics as naive
from hypothesis import given, settings
from hypothesis import strategies as st
from random_graphs import TOKENS, graphs, stable_sort

from rasp_lang import graph as g
from rasp_lang.diagnostics import RaspError
from rasp_lang.interpret import evaluate


def outcome(compute) -> tuple:
    """A value with the types of its elements, or the code of the failure."""
    try:
        value = compute()
    except RaspError as error:
        return ("failed", error.diagnostics[0].code)
    except naive.NoValue as error:
        return ("failed", error.code)
    return ("value", value, [type(element) for element in value])


@settings(max_examples=400, deadline=None)
@given(graphs(), TOKENS, st.booleans())
def test_every_node_has_the_value_of_the_direct_implementation(
    graph: g.Graph, tokens: tuple, causal: bool
) -> None:
    for root in range(len(graph)):
        expected = outcome(lambda root=root: naive.evaluate(graph, root, tokens, causal))
        actual = outcome(lambda root=root: evaluate(graph, [root], tokens, causal=causal)[0])
        assert actual == expected, graph[root]


@settings(max_examples=50, deadline=None)
@given(graphs(), TOKENS)
def test_asking_for_all_roots_at_once_is_asking_for_each(graph: g.Graph, tokens: tuple) -> None:
    legal = [
        root
        for root in range(len(graph))
        if outcome(lambda root=root: evaluate(graph, [root], tokens)[0])[0] == "value"
    ]
    together = evaluate(graph, legal, tokens)
    alone = [evaluate(graph, [root], tokens)[0] for root in legal]
    assert repr(together) == repr(alone)


def seconds(compute) -> float:
    def once() -> float:
        start = perf_counter()
        compute()
        return perf_counter() - start

    return min(once() for _ in range(3))


def test_a_stable_sort_is_much_faster_than_one_pair_at_a_time() -> None:
    graph, root = stable_sort()
    tokens = [(7 * i) % 23 for i in range(80)]
    ours = seconds(lambda: evaluate(graph, [root], tokens))
    direct = seconds(lambda: naive.evaluate(graph, root, tokens, False))
    assert evaluate(graph, [root], tokens)[0] == sorted(tokens)
    assert ours * 10 < direct
