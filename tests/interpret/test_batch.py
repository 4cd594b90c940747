"""Many inputs at once give what the reference interpreter gives on each."""

from __future__ import annotations

from itertools import product
from time import perf_counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from random_graphs import ATOMS, graphs, stable_sort

from rasp_lang import graph as g
from rasp_lang.analysis import batch
from rasp_lang.analysis.batch import evaluate_batch, evaluate_codes
from rasp_lang.diagnostics import RaspError
from rasp_lang.interpret import evaluate

BATCHES = st.integers(1, 5).flatmap(
    lambda length: st.lists(
        st.lists(ATOMS | st.sampled_from([10**30, 1e300, 5e-324, 0.1]), min_size=length,
                 max_size=length).map(tuple),
        min_size=1,
        max_size=6,
    )
)  # fmt: skip


def reference(graph: g.Graph, root: int, tokens: tuple, causal: bool) -> list | None:
    try:
        return evaluate(graph, [root], tokens, causal=causal)[0]
    except RaspError:
        return None


def check(graph: g.Graph, inputs: list, causal: bool) -> None:
    roots = list(range(len(graph)))
    for root, found in zip(roots, evaluate_batch(graph, roots, inputs, causal=causal), strict=True):
        expected = [reference(graph, root, tokens, causal) for tokens in inputs]
        assert found.failed.tolist() == [value is None for value in expected], graph[root]
        for value, wanted in zip(found.values.tolist(), expected, strict=True):
            assert wanted is None or repr(value) == repr(wanted), graph[root]


@settings(max_examples=300, deadline=None)
@given(graphs(), BATCHES, st.booleans())
def test_a_batch_is_the_interpreter_on_each_input(g_: g.Graph, inputs: list, causal: bool) -> None:
    check(g_, inputs, causal)


def test_chunks_make_no_difference(monkeypatch) -> None:
    graph, _ = stable_sort()
    inputs = list(product("abc", repeat=3))
    monkeypatch.setattr(batch, "_CHUNK", 50)
    check(graph, inputs, False)


def test_what_does_not_depend_on_the_tokens_is_computed_once() -> None:
    builder = g.GraphBuilder()
    indices, one = builder.add(g.Indices()), builder.add(g.Constant(1))
    full = builder.add(g.Select("=="), (one, one))
    length = builder.add(g.Width(), (full,))
    mirrored = builder.add(g.Elementwise("-"), (length, indices))
    mean = builder.add(g.Aggregate(), (full, mirrored))
    graph, ids = builder.graph(), np.zeros((50, 4), np.intp)
    columns = evaluate_codes(graph, [length, mirrored, mean], ["a"], ids, causal=False)
    assert [column.codes.shape for column in columns] == [(1, 1), (4, 1), (1, 1)]
    check(graph, ["ab", "aa"], False)
    check(graph, ["abba", "aaaa"], True)


@pytest.mark.parametrize("number", [
    1, 63, 127, 128, 255, 256, 10_000, 32_767, 2**31, 2**40, 2**55, 2**62, 2**70, 0.1, 2.0**-40
])  # fmt: skip
def test_means_are_exact_whatever_the_size_of_the_numbers(number: float) -> None:
    builder = g.GraphBuilder()
    tokens, zero = builder.add(g.Tokens("asis")), builder.add(g.Constant(0))
    some = builder.add(g.Select(">="), (tokens, zero))
    earlier = builder.add(g.Select("<="), (builder.add(g.Indices()),) * 2)
    for selector in (some, earlier):
        builder.add(g.Aggregate(), (selector, tokens))
    pool = (number, -number, number, 3, 0)
    inputs = [tuple(pool[(start + i * step) % 5] for i in range(5)) for start in range(5)
              for step in range(1, 5)]  # fmt: skip
    check(builder.graph(), inputs, False)


def test_long_inputs_are_counted_right() -> None:
    builder = g.GraphBuilder()
    tokens = builder.add(g.Tokens("asis"))
    builder.add(g.Width(), (builder.add(g.Select("=="), (tokens, tokens)),))
    inputs = [("a",) * 300, ("a", "b") * 150, ("b",) * 43 + ("a",) * 257]
    check(builder.graph(), inputs, False)
    check(builder.graph(), inputs, True)


def test_shapes_are_inputs_by_positions_and_failed_rows_hold_none() -> None:
    builder = g.GraphBuilder()
    tokens = builder.add(g.Tokens("int"))
    diagonal = builder.add(g.Select("=="), (tokens, tokens))
    numbers, matrix = evaluate_batch(builder.graph(), [tokens, diagonal], ["12", "1a"])
    assert numbers.values.tolist() == [[1, 2], [None, None]]
    assert numbers.failed.tolist() == [False, True]
    assert (matrix.values.shape, matrix.values.dtype) == ((2, 2, 2), np.bool_)


def test_all_inputs_together_are_faster_than_one_after_the_other() -> None:
    graph, root = stable_sort()
    inputs = list(product("abcd", repeat=6))
    start = perf_counter()
    (found,) = evaluate_batch(graph, [root], inputs)
    middle = perf_counter()
    alone = [evaluate(graph, [root], tokens)[0] for tokens in inputs]
    end = perf_counter()
    assert found.values.tolist() == alone
    assert (middle - start) * 2 < end - middle
