"""Comparisons of means by signs of sums: against exact fractions, and in programs."""

from __future__ import annotations

import math
import random
from fractions import Fraction

import pytest
import three_levels

import rasp_lang
from rasp_lang import pipeline
from rasp_lang.analysis.thresholds import LARGEST_COEFFICIENT, comparison, threshold
from rasp_lang.graph import COMPARISONS, Atom
from rasp_lang.sampling import all_inputs, sample_inputs

WIDEST = 60
NAMED: tuple[Atom, ...] = (0.1, 1 / 3, 2 / 3, 0.5, 0, 1, -2, -0.1, -1 / 3, 7, 1e-9, 0.7, 59 / 60)


def constants(draw: random.Random) -> list[Atom]:
    """Constants at fractions, a last bit beside them, and anywhere."""
    found: list[Atom] = [*NAMED, True, False, 0.0, -0.0, 1.0]
    for _ in range(60):
        fraction = draw.randint(-180, 180) / draw.randint(1, WIDEST)
        found += [fraction, math.nextafter(fraction, 9), math.nextafter(fraction, -9)]
        found += [draw.uniform(-3, 3), draw.randint(-5, 5), round(draw.uniform(-3, 3), 2)]
    return found


@pytest.mark.parametrize("function", sorted(COMPARISONS))
def test_signs_say_of_every_mean_what_the_comparison_says(function: str) -> None:
    draw = random.Random(function)
    for constant in constants(draw):
        mean_first = draw.random() < 0.5
        compare = comparison(function, constant, mean_first=mean_first)
        separated = threshold(compare, constant, WIDEST)
        assert separated is not None, constant
        fraction, signs = separated
        near = [math.floor(float(constant) * w) + d for w in range(1, WIDEST + 1) for d in (0, 1)]
        widths = [w for w in range(1, WIDEST + 1) for _ in (0, 1)]
        far = [(draw.randint(-200, 200), draw.randint(1, WIDEST)) for _ in range(20)]
        for total, width in [*zip(near, widths, strict=True), *far]:
            exact = fraction.denominator * total - fraction.numerator * width
            sign = (exact > 0) - (exact < 0)
            case = (constant, total, width, mean_first)
            assert signs[sign + 1] is compare(total / width), case
            if width == 1:
                assert signs[sign + 1] is compare(total), case


@pytest.mark.parametrize("largest", [1, 2, 7, 300, 1000])
def test_the_fraction_is_one_that_means_can_be(largest: int) -> None:
    draw = random.Random(largest)
    for _ in range(100):
        constant = draw.uniform(-20, 20)
        compare = comparison("<", constant, mean_first=True)
        separated = threshold(compare, constant, largest)
        assert separated is not None
        assert separated[0].denominator <= largest
        assert separated[0] == Fraction(constant).limit_denominator(largest)


@pytest.mark.parametrize(
    "constant", ["a", 2.0 * LARGEST_COEFFICIENT, -LARGEST_COEFFICIENT - 1, 1e300]
)
def test_texts_and_large_constants_are_left_to_others(constant: Atom) -> None:
    assert threshold(lambda mean: mean < 0, constant, 300) is None


def test_a_fraction_of_large_terms_is_left_to_others() -> None:
    constant = 1.0 / (LARGEST_COEFFICIENT + 3)
    assert threshold(lambda mean: mean < constant, constant, 2 * LARGEST_COEFFICIENT) is None


WHOLE = "m = aggregate(full_s, tokens);"
PREFIX = "m = aggregate(select(indices, indices, <=), tokens);"
SMALLER = "m = aggregate(select(tokens, tokens, <), tokens{default});"

#: name -> (source, vocabulary, maximum length); the mean takes more than MANY values.
PROGRAMS: dict[str, tuple[str, tuple[Atom, ...], int]] = {
    "above a third": (WHOLE + "x = m > 1 / 3;", (-1, 0, 2), 40),
    "at a tenth": (WHOLE + "x = m == 0.1;", (0, 1), 40),
    "not at a tenth": (WHOLE + "x = 0.1 != m;", (0, 1), 40),
    "a constant first": (WHOLE + "x = 0.5 <= m;", (-1, 0, 1), 40),
    "at an int": (WHOLE + "x = m == -1;", (-3, 0, 1), 40),
    "halves": (WHOLE + "x = m >= 0.75;", (0.5, 1.0, -0.5), 40),
    "prefix": (PREFIX + "x = m > 0.3;", (-1, 0, 1), 40),
    "prefix at a third": (PREFIX + "x = m == 1 / 3;", (0, 1, 2), 40),
    "default as the sign says": (
        SMALLER.format(default=", 1") + "x = m == 1;", (-1, 0, 1, 3), 30),
    "default below, as the sign says": (
        SMALLER.format(default="") + "x = m > 0.5;", (-1, 0, 1, 3), 30),
    "default below, against the sign": (
        SMALLER.format(default="") + "x = m < 0.5;", (-1, 0, 1, 3), 30),
    "default above": (SMALLER.format(default=", 5") + "x = m > 1;", (-1, 0, 1, 3), 30),
    "default against the sign": (
        SMALLER.format(default=", 5") + "x = m <= 1;", (-1, 0, 1, 3), 30),
    "mean beside mean": (
        WHOLE + "other = aggregate(full_s, tokens * tokens); x = m < other;", (-1, 0, 2), 30),
    "equal means": (
        WHOLE + "other = aggregate(full_s, 1 - tokens); x = m == other;", (0, 1, 2), 40),
    "running means": (
        PREFIX + "other = aggregate(select(indices, indices, <=), indices / 1); x = m >= other;",
        (0, 20, 4), 14),
    "running means of ints": (
        PREFIX + "other = aggregate(select(indices, indices, <=), 2 - tokens); x = m >= other;",
        (0, 1, 5), 40),
    "means with one default": (
        SMALLER.format(default=", 2")
        + "other = aggregate(select(tokens, tokens, <), -tokens, 2); x = m < other;",
        (-1, 0, 1, 3), 20),
    "means with two defaults": (
        SMALLER.format(default=", 2")
        + "other = aggregate(select(tokens, tokens, <), -tokens, 3); x = m < other;",
        (-1, 0, 1, 3), 14),
    "means over other keys": (
        WHOLE + "other = aggregate(select(indices, indices, <=), tokens); x = m < other;",
        (0, 1, 2), 13),
    "means over fewer keys": (
        SMALLER.format(default="") + "other = aggregate(select(tokens, tokens, <=), tokens);"
        "x = m < other;",
        (0, 1, 2), 12),
    "several comparisons": (WHOLE + "x = (1 if m > 0.5 else 0) + (m < 0.25);", (-1, 0, 2), 40),
}  # fmt: skip


def boundary_inputs(vocab: tuple[Atom, ...], max_len: int, seed: int) -> list[tuple[Atom, ...]]:
    """All short inputs, and longer ones with few distinct tokens, whose means meet constants."""
    draw = random.Random(seed)
    short = max(n for n in range(1, 6) if len(vocab) ** n <= 300)
    some = []
    for _ in range(150):
        kinds = draw.sample(vocab, draw.randint(1, min(2, len(vocab))))
        some.append(tuple(draw.choice(kinds) for _ in range(draw.randint(1, max_len))))
    return [*all_inputs(vocab, short), *some, *sample_inputs(vocab, max_len, 50, seed)]


@pytest.mark.parametrize("causal", [False, True])
@pytest.mark.parametrize("name", PROGRAMS)
def test_programs_that_compare_means_are_right(name: str, causal: bool) -> None:
    source, vocab, max_len = PROGRAMS[name]
    program = rasp_lang.loads(source)
    compiled = pipeline.build(program, vocab, max_len, causal=causal)
    inputs = boundary_inputs(vocab, max_len, seed=1)
    found = three_levels.agreement(program, compiled, inputs, craft_inputs=20)
    assert (found.disagreement, found.checked) == (None, len(inputs))


@pytest.mark.parametrize("causal", [False, True])
@pytest.mark.parametrize(
    "name",
    [
        "above a third",
        "at a tenth",
        "prefix",
        "halves",
        "default as the sign says",
        "default below, as the sign says",
    ],
)
def test_a_comparison_of_a_mean_of_many_values_reads_a_sum(name: str, causal: bool) -> None:
    source, vocab, max_len = PROGRAMS[name]
    compiled = pipeline.build(rasp_lang.loads(source), vocab, max_len, causal=causal)
    [root] = compiled.roots
    [variable] = compiled.facts.variables_of(root)
    assert variable.kind == "sum"
    assert compiled.facts.heads[variable.id].kind == "sum"
    assert all(v.kind != "mean" for v in compiled.facts.variables)
    assert compiled.artifact.config.layers == 1
    assert compiled.artifact.config.d_mlp <= 4


@pytest.mark.parametrize("causal", [False, True])
@pytest.mark.parametrize(
    "name", ["default against the sign", "default above", "default below, against the sign"]
)
def test_a_default_that_the_sign_does_not_give_keeps_the_mean(name: str, causal: bool) -> None:
    source, vocab, max_len = PROGRAMS[name]
    compiled = pipeline.build(rasp_lang.loads(source), vocab, max_len, causal=causal)
    [root] = compiled.roots
    assert [variable.kind for variable in compiled.facts.variables_of(root)] == ["mean"]


@pytest.mark.parametrize("name", ["mean beside mean", "equal means", "running means of ints"])
def test_two_means_over_the_same_keys_are_compared_by_the_difference_of_sums(name: str) -> None:
    source, vocab, max_len = PROGRAMS[name]
    compiled = pipeline.build(rasp_lang.loads(source), vocab, max_len)
    [root] = compiled.roots
    [variable] = compiled.facts.variables_of(root)
    parts = compiled.facts.combinations[variable.id].variables
    assert [part.kind for part in parts] == ["sum", "sum"]
    assert compiled.artifact.config.layers == 1
