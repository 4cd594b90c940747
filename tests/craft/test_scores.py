"""Comparisons as scores: kinds of keys and queries by sets of features, fewer than kinds."""

from __future__ import annotations

from math import comb

import numpy as np
import pytest
import three_levels

import rasp_lang
from rasp_lang import pipeline
from rasp_lang.craft import scores
from rasp_lang.craft.planner import Planner
from rasp_lang.craft.scores import COLD
from rasp_lang.graph import Atom
from rasp_lang.sampling import all_inputs, sample_inputs


def features_for(kinds: int) -> int:
    """The least m of which there are as many sets of m // 2."""
    return next(m for m in range(1, kinds + 1) if comb(m, m // 2) >= kinds)


def test_no_chosen_set_contains_another_and_no_fewer_features_do() -> None:
    for count in range(2, 201):
        sets = scores._antichain(count)
        features = sets.shape[1]
        assert sets.shape == (count, features_for(count))
        assert comb(features - 1, (features - 1) // 2) < count
        lacking = (sets[:, None] & ~sets[None, :]).sum(axis=2)
        assert (lacking[~np.eye(count, dtype=bool)] > 0).all()
        assert (np.diag(lacking) == 0).all()


HISTOGRAM = "x = selector_width(select(tokens, tokens, ==));"


def built(source: str, vocab: tuple[Atom, ...], max_len: int, opt: int = 1) -> pipeline.Compiled:
    return pipeline.build(rasp_lang.loads(source), vocab, max_len, opt=opt)


@pytest.mark.parametrize("opt", [1, 2])
@pytest.mark.parametrize("size", range(5, 41))
def test_equality_of_tokens_takes_a_dimension_a_feature_and_one_for_bos(
    size: int, opt: int
) -> None:
    compiled = built(HISTOGRAM, tuple(range(size)), 6, opt)
    assert compiled.artifact.config.d_head == features_for(size) + 1
    [head] = compiled.craft.heads
    [score] = head.scores
    assert len(score.products) == features_for(size)


@pytest.mark.parametrize("size", [2, 3, 4])
def test_few_tokens_keep_a_dimension_each(size: int) -> None:
    for opt in (0, 1, 2):
        assert built(HISTOGRAM, tuple(range(size)), 6, opt).artifact.config.d_head == size + 1


@pytest.mark.parametrize("size", [5, 12, 40])
def test_the_textbook_layout_keeps_a_product_a_kind(size: int) -> None:
    compiled = built(HISTOGRAM, tuple(range(size)), 6, opt=0)
    head = next(head for head in compiled.craft.heads if head.scores)
    assert len(head.scores[0].products) == size
    assert compiled.artifact.config.d_head == size + 1


@pytest.mark.parametrize("size", [12, 20, 40])
def test_tokens_are_one_hot_but_in_the_smallest_model(size: int) -> None:
    vocab = tuple(range(size))
    for opt in (0, 1):
        directions = built(HISTOGRAM, vocab, 6, opt).artifact.directions
        values = [d.get("value") for d in directions if d["sop"] == "tokens"]
        assert values == list(vocab)
    smallest = built(HISTOGRAM, vocab, 6, opt=2).artifact
    held = [d for d in smallest.directions if d["sop"] == "tokens"]
    assert len(held) == features_for(size)
    assert all(d.get("value") is None for d in held)
    assert smallest.config.d_model < built(HISTOGRAM, vocab, 6).artifact.config.d_model


VOCAB = tuple(range(12))
#: Selectors in which each key is selected by one kind of query, if by any.
SELECTORS = {
    "equality": "select(tokens, tokens, ==)",
    "keys that no query selects": "select(tokens, min(tokens, 6), ==)",
    "many keys that no query selects": "select(tokens, 2 * tokens % 5 + 7, ==)",
    "queries that select nothing": "select(tokens, tokens + 5, ==)",
    "both": "select(tokens, tokens * 2, ==)",
    "several keys a kind": "select(tokens - tokens % 2, tokens - tokens % 2, ==)",
    "several keys a kind, one query": "select(tokens % 7, tokens, ==)",
    "several queries a kind": "select(tokens, tokens % 7, ==)",
    "texts": 'select(str(tokens), "1" + str(tokens), ==)',
    "floats": "select(tokens / 2, tokens, ==)",
    "a key of ranges": "select(floor(tokens / 3), tokens, ==)",
    "indices and tokens": "select(indices, tokens, ==)",
    "tokens and indices": "select(tokens, indices, ==)",
    "with another comparison": "select(tokens, tokens, ==) and select(indices, indices, <=)",
    "not equal": "not select(tokens, tokens, ==)",
    "one of two": "select(tokens, tokens, ==) or select(tokens, tokens + 1, ==)",
}
#: Those whose keys several kinds of queries select, and those of fewer kinds than features.
UNCODED = {"not equal", "texts", "a key of ranges"}
USES = {
    "width": "x = selector_width({});",
    "mean": "x = aggregate({}, tokens, -1);",
    "sum": "s = {}; x = round(selector_width(s) * aggregate(s, tokens));",
    "copy": "x = aggregate({} and select(indices, indices - 1, ==), tokens, -1);",
    "focus": "x = 1 if selector_width({}) > 0 else 0;",
}


@pytest.mark.parametrize("opt", [0, 1, 2])
@pytest.mark.parametrize("name", SELECTORS)
def test_what_is_selected_by_features_is_selected(name: str, opt: int) -> None:
    inputs = [*all_inputs(VOCAB, 2), *sample_inputs(VOCAB, 5, 150, seed=0)]
    for use in USES.values():
        program = rasp_lang.loads(use.format(SELECTORS[name]))
        compiled = pipeline.build(program, VOCAB, 5, opt=opt)
        found = three_levels.agreement(program, compiled, inputs, craft_inputs=15)
        assert (found.disagreement, found.checked) == (None, len(inputs)), use


@pytest.mark.parametrize(
    ("name", "kinds"),
    [
        ("equality", 12),
        ("keys that no query selects", 7 + 1),  # what is not selected is a kind of its own
        ("queries that select nothing", 7 + 1 + 1),
        ("several keys a kind", 6),
        ("several keys a kind, one query", 7 + 1),
    ],
)
def test_a_kind_is_what_one_query_selects(name: str, kinds: int) -> None:
    [head] = built(USES["width"].format(SELECTORS[name]), VOCAB, 5).craft.heads
    assert len(head.scores[0].products) == features_for(kinds)


@pytest.mark.parametrize("name", SELECTORS)
def test_selected_pairs_score_zero_and_others_are_cold(name: str) -> None:
    program = rasp_lang.loads(USES["width"].format(SELECTORS[name]))
    facts = pipeline.build(program, VOCAB, 5).facts
    planner = Planner(facts)
    planner.stages = {variable.id: 2 * variable.depth for variable in facts.variables}
    comparisons = {c for found in facts.selectors.values() for c in found.form.comparisons}
    coded = {comparison: scores._coded(planner, comparison) for comparison in comparisons}
    for comparison, score in coded.items():
        if score is not None:
            assert_scores(planner, comparison, score)
    assert any(coded.values()) == (name not in UNCODED)


def assert_scores(planner, comparison, coded) -> None:  # type: ignore[no-untyped-def]
    """The score of every pair of values: 0 where they are selected, else at most -COLD."""
    key, query = planner.facts.sops[comparison.key], planner.facts.sops[comparison.query]
    total = np.zeros(comparison.shape)
    for asked, offered in coded.products:
        total += np.outer(numbers(asked, query), numbers(offered, key))
    assert (total[comparison.matrix] == 0).all()
    assert (total[~comparison.matrix] <= -COLD).all()


def numbers(linear, sop):  # type: ignore[no-untyped-def]
    """A reading of one variable, by the value of the s-op that it is read of."""
    found = np.full(len(sop.values), np.nan)
    read = np.full(len(sop.table), linear.constant)
    for part in linear.parts:
        read = read + part.factor * part.vector[sop.cone.digits[:, 0]]
    found[sop.table] = read
    return found
