"""Selectors that pick one key at most because of what a width counts: a claim is never wrong, and
is made for the idioms that need it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

import pytest
from observed_facts import observe

from rasp_lang import loads
from rasp_lang.analysis.analyse import analyse
from rasp_lang.analysis.normalise import normalise
from rasp_lang.graph import Atom

READINGS = pytest.mark.parametrize("causal", [False, True], ids=["whole", "causal"])
LETTERS = ("a", "b", "c")
#: Programs whose last selector, ``pick``, selects one key at most (whole; causal).
UNIQUE = {
    "the first a": (
        'before = selector_width(select(tokens, "a", ==) and select(indices, indices, <));'
        'pick = select(tokens == "a" and before == 0, True, ==);',
        (True, True),
    ),
    "the last a": (
        'after = selector_width(select(tokens, "a", ==) and select(indices, indices, >));'
        'pick = select(tokens == "a" and after == 0, True, ==);',
        (True, False),
    ),
    "the next of a kind": (
        "same = select(tokens, tokens, ==);"
        "number = selector_width(same and select(indices, indices, <));"
        "pick = same and select(number, number + 1, ==);",
        (True, True),
    ),
    "the third a": (
        'number = selector_width(select(tokens, "a", ==) and select(indices, indices, <=));'
        'pick = select(tokens, "a", ==) and select(number, 3, ==);',
        (True, True),
    ),
    "the smallest, the first of equals": (
        "smaller = selector_width(select(tokens, tokens, <));"
        "earlier = selector_width(select(tokens, tokens, ==) and select(indices, indices, <));"
        "pick = select(smaller + earlier, 0, ==);",
        (True, False),
    ),
    "the first": (
        "pick = select(selector_width(select(indices, indices, <)), 0, ==);",
        (True, True),
    ),
}
#: Selectors that look alike and may pick several.
SEVERAL = {
    "smallest of those before": (
        "below = selector_width(select(tokens, tokens, <) and select(indices, indices, <));"
        "pick = select(below, 0, ==);"
    ),
    "smallest, all of equals": "pick = select(selector_width(select(tokens, tokens, <)), 0, ==);",
    "equal numbers of different kinds": (
        "same = select(tokens, tokens, ==) and select(indices, indices, <);"
        "number = selector_width(same); pick = select(number, number + 1, ==);"
    ),
    "equal counts of smaller ones before": (
        "below = selector_width(select(tokens, tokens, <) and select(indices, indices, <));"
        "pick = select(tokens, tokens, ==) and select(below, below, ==);"
    ),
    "none of another kind": (
        "others = selector_width(select(tokens, tokens, !=)); pick = select(others, 0, ==);"
    ),
    "counts of the whole input": (
        "many = selector_width(select(tokens, tokens, ==)); pick = select(many, 1, ==);"
    ),
}


def bounds(source: str, vocab: Sequence[Atom], max_len: int, causal: bool) -> tuple[int, int]:
    """How many keys ``pick`` selects at most: what is claimed, and what happens."""
    program = loads(source)
    normal = normalise(program.graph, [program.node("pick")])
    (root,) = normal.roots
    facts = analyse(normal.graph, normal.roots, vocab, max_len, causal, named=True)
    seen = max(
        int(found.values[root].sum(axis=2)[~found.fails[root]].max(initial=0))
        for found in observe(normal.graph, vocab, max_len, causal)
    )
    return int(facts.selectors[root].most.max()), seen


@READINGS
@pytest.mark.parametrize("name", UNIQUE)
def test_an_idiom_for_one_key_is_known_to_pick_one_at_most(name: str, causal: bool) -> None:
    source, proven = UNIQUE[name]
    claimed, seen = bounds(source, LETTERS, 6, causal)
    assert seen <= claimed
    if proven[causal]:
        assert claimed == 1


@READINGS
@pytest.mark.parametrize("name", SEVERAL)
def test_what_may_pick_several_keys_is_not_taken_for_one(name: str, causal: bool) -> None:
    claimed, seen = bounds(SEVERAL[name], LETTERS, 5, causal)
    assert seen <= claimed
    if not causal:
        assert seen > 1


RELATIONS = [f"select(tokens, tokens, {sign})" for sign in ("==", "<", ">", "<=", "!=")] + [
    'select(tokens, "a", ==)',
    "full_s",
]
SIDES = [f"select(indices, indices, {sign})" for sign in ("<", ">", "<=")] + ["full_s"]
PICKS = ["select(w, 0, ==)", "select(w, w, ==)", "select(w, w + 1, ==)", "select(w, 1, <=)"]


@READINGS
def test_no_combination_of_relations_and_picks_claims_too_little(causal: bool) -> None:
    claims = 0
    for relation, side, pick in product(RELATIONS, SIDES, PICKS):
        for more in ("", " and select(tokens, tokens, ==)", ' and select(tokens, "a", ==)'):
            source = f"w = selector_width({relation} and {side}); pick = {pick}{more};"
            claimed, seen = bounds(source, ("a", "b"), 4, causal)
            assert seen <= claimed, source
            claims += claimed == 1
    assert claims > 20
