"""Means with an s-op for no keys, and other programs that are easily made too deep, reach the
paper's depth; the one exception is stated."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
import three_levels

import rasp_lang
from rasp_lang import pipeline
from rasp_lang.depth import depths
from rasp_lang.graph import Atom
from rasp_lang.sampling import all_inputs, number_of_inputs, sample_inputs


@dataclass(frozen=True)
class Deep:
    """A program, its vocabulary, the depth that the paper counts and a small length."""

    source: str
    vocab: tuple[Atom, ...]
    depth: int
    small: int


PROGRAMS = {
    "mean of the others": Deep(
        "x = aggregate(not select(indices, indices, ==), tokens, tokens);", (-1, 0, 2), 1, 5
    ),
    "mean of smaller, or of all": Deep(
        "smaller_before = select(tokens, tokens, <) and select(indices, indices, <);"
        "x = aggregate(smaller_before, tokens, average(tokens));",
        (0, 1, 2), 1, 5,
    ),
    "mean of smaller, or how many are larger": Deep(
        "x = aggregate(select(tokens, tokens, <), tokens,"
        "  selector_width(select(tokens, tokens, >)));",
        (0, 1, 2), 1, 5,
    ),
    "mean of fractions, or a token": Deep(
        "x = aggregate(select(tokens, tokens, <), tokens / 4, tokens);", (0, 1, 2), 1, 5
    ),
    "mean earlier position, or the length": Deep(
        "x = aggregate(select(tokens, tokens, ==) and select(indices, indices, <), indices,"
        "  length);",
        ("a", "b", "c"), 1, 5,
    ),
    "mean position, or how many are above": Deep(
        "rank = selector_width(select(tokens, tokens, <));"
        "better = selector_width(select(rank, rank, >));"
        "x = aggregate(select(tokens, tokens + 1, ==) and select(indices, indices, <), indices,"
        "  better);",
        (0, 1, 2), 2, 4,
    ),
    "where my token was followed": Deep(
        'previous = aggregate(select(indices, indices - 1, ==), tokens, "");'
        "number = selector_width(select(previous, previous, ==));"
        "x = aggregate(select(previous, tokens, ==) and select(indices, 0, >), indices, number);",
        ("a", "b", "c"), 2, 4,
    ),
    "a mean for no keys of another mean": Deep(
        "x = aggregate(select(tokens, tokens, <), tokens,"
        "  aggregate(select(tokens, tokens, >), indices, length));",
        (0, 1, 2), 1, 4,
    ),
    "position of the opening bracket": Deep(
        'opens = tokens == "("; step = 1 if opens else -1;'
        "depth = round(aggregate(select(indices, indices, <=), step) * (indices + 1));"
        "level = depth if opens else depth + 1;"
        "same_level = select(level, level, ==);"
        "number = selector_width(same_level and select(indices, indices, <));"
        "open_before = same_level and select(opens, True, ==) and select(number, number - 1, ==);"
        "x = -1 if opens else aggregate(open_before, indices, -1);",
        ("(", ")"), 3, 6,
    ),
    "rotation by a count": Deep(
        'x = aggregate(select(indices, (indices + count(tokens, "b")) % length, ==), tokens);',
        ("a", "b", "c"), 2, 5,
    ),
}  # fmt: skip
#: The key of its only selector is a function of token and index together, which no embedding
#: holds: a hidden layer has to write it first.
COMPUTED_KEY = Deep(
    "key = tokens / (indices + 1); x = selector_width(select(key, key, <));", (1, 2, 3), 1, 5
)

#: In one hidden layer its thresholds of a mean, of the length and of three counts together are too
#: coarse for float32; in steps of their own they are exact.
COARSE = Deep(
    'bar = round(aggregate(select(tokens, "|", ==), indices));'
    "def without(token) { return not (True in (tokens == token)); }"
    'x = length == 2 * bar + 1 and (without("a") or without("b") or without("|"));',
    ("a", "b", "|"), 1, 10,
)  # fmt: skip


def paper_depth(case: Deep) -> int:
    program = rasp_lang.loads(case.source)
    return depths(program.graph)[program.output_node("x")]


def layers_of(case: Deep, max_len: int, causal: bool) -> int:
    """The layers of a model that was made of the program's own steps and is right."""
    program = rasp_lang.loads(case.source)
    compiled = pipeline.build(program, case.vocab, max_len, causal=causal)
    assert not compiled.facts.lookups
    few = number_of_inputs(len(case.vocab), max_len) < 1000
    inputs = (
        list(all_inputs(case.vocab, max_len))
        if few
        else sample_inputs(case.vocab, max_len, 300, seed=3)
    )
    found = three_levels.agreement(program, compiled, inputs, craft_inputs=40)
    assert (found.disagreement, found.checked) == (None, len(inputs))
    return compiled.artifact.config.layers


@pytest.mark.parametrize("causal", [False, True])
@pytest.mark.parametrize("name", PROGRAMS)
def test_a_program_is_as_deep_as_the_paper_counts(name: str, causal: bool) -> None:
    case = PROGRAMS[name]
    assert paper_depth(case) == case.depth
    for max_len in (case.small, 10):
        assert layers_of(case, max_len, causal) <= case.depth
    if not causal:
        assert layers_of(case, case.small, causal) == case.depth


@pytest.mark.parametrize("max_len", [COMPUTED_KEY.small, 10])
def test_a_key_of_token_and_index_together_costs_one_layer_more(max_len: int) -> None:
    assert paper_depth(COMPUTED_KEY) == COMPUTED_KEY.depth
    assert layers_of(COMPUTED_KEY, max_len, False) == COMPUTED_KEY.depth + 1


def test_what_cannot_be_proven_in_one_step_takes_as_few_more_as_it_needs() -> None:
    assert paper_depth(COARSE) == COARSE.depth
    assert layers_of(COARSE, COARSE.small, False) <= COARSE.depth + 2
