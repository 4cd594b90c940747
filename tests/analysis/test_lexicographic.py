"""Comparisons of an s-op with itself by the variables that decide one after the other."""

from __future__ import annotations

from itertools import product

import pytest
from three_levels import agreement

import rasp_lang
from rasp_lang import pipeline
from rasp_lang.analysis.analyse import analyse
from rasp_lang.analysis.normalise import normalise
from rasp_lang.sampling import sample_inputs

FREQUENCY = "frequency = selector_width(select(tokens, tokens, ==));"
SEEN = "seen = has_focus(select(tokens, tokens, ==) and select(indices, indices, <));"
#: S-ops that two or three variables order one after the other.
ORDERED = {
    "frequency, then the earlier": f"{FREQUENCY} key = frequency + 1 / (indices + 2);",
    "frequency, then the later": f"{FREQUENCY} key = 100 * frequency + indices;",
    "the earlier, then frequency": f"{FREQUENCY} key = frequency - 100 * indices;",
    "first occurrences by frequency": (
        f"{FREQUENCY}{SEEN} key = 0 if seen else frequency + 1 / (indices + 2);"
    ),
    "blocks of frequencies": f"{FREQUENCY} key = (frequency > 2) * 100 + indices;",
}
SIGNS = ("<", ">", "<=", ">=")


def terms(source: str, max_len: int) -> int:
    """The conjunctions that ``pick`` is a sum of."""
    program = rasp_lang.loads(source)
    normal = normalise(program.graph, [program.node("pick")])
    facts = analyse(normal.graph, normal.roots, ("a", "b", "c"), max_len, False, named=True)
    return len(facts.selectors[normal.roots[0]].form.terms)


@pytest.mark.parametrize(("name", "sign"), list(product(ORDERED, SIGNS)))
@pytest.mark.parametrize("causal", [False, True], ids=["whole", "causal"])
def test_an_order_of_several_variables_is_the_same_taken_apart(
    name: str, sign: str, causal: bool
) -> None:
    source = f"{ORDERED[name]} pick = select(key, key, {sign}); x = selector_width(pick);"
    program = rasp_lang.loads(source)
    compiled = pipeline.build(program, ("a", "b", "c"), 7, causal=causal)
    inputs = sample_inputs(("a", "b", "c"), 7, 150, seed=1)
    found = agreement(program, compiled, inputs, craft_inputs=30)
    assert found.disagreement is None
    assert found.checked > 0


@pytest.mark.parametrize("name", [name for name in ORDERED if name != "blocks of frequencies"])
def test_an_order_of_several_variables_is_a_sum_of_conjunctions(name: str) -> None:
    assert terms(f"{ORDERED[name]} pick = select(key, key, >);", 9) > 1


def test_an_order_of_few_values_stays_a_table() -> None:
    assert terms(f"{ORDERED['blocks of frequencies']} pick = select(key, key, >);", 9) == 1


def test_equality_of_what_tells_all_variables_is_their_equality() -> None:
    source = f"{FREQUENCY} key = 100 * frequency + indices;"
    program = rasp_lang.loads(f"{source} x = selector_width(select(key, key, ==));")
    compiled = pipeline.build(program, ("a", "b", "c"), 9)
    inputs = sample_inputs(("a", "b", "c"), 9, 100, seed=2)
    assert agreement(program, compiled, inputs).disagreement is None


def test_an_order_that_no_variable_begins_stays_a_table() -> None:
    assert terms(f"{FREQUENCY} key = frequency + indices; pick = select(key, key, >);", 9) == 1


def test_the_sum_of_the_sizes_counts_and_not_their_product() -> None:
    program = rasp_lang.load("most_frequent")
    sizes = [
        pipeline.build(program, ("a", "b", "c"), n, "most_frequent").artifact.config.d_head
        for n in (8, 16, 32)
    ]
    assert sizes[1] < 2.3 * sizes[0]
    assert sizes[2] < 2.3 * sizes[1]
