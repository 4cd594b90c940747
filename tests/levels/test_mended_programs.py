"""Programs that some version of the compiler got wrong, each with what was wrong."""

from __future__ import annotations

import pytest
import three_levels

import rasp_lang
from rasp_lang import pipeline
from rasp_lang.sampling import all_inputs

#: (what was wrong, source, vocabulary, maximum length)
MENDED = [
    (
        "different classes of one variable's values were taken for the same",
        "x0 = round(length * aggregate(full_s, indices)); x1 = shift(x0, 2, length);",
        [7],
        3,
    ),
    (
        "gates were closed only for the values behind them",
        "x0 = tokens + indices; x1 = round(length * aggregate(full_s, tokens)); x2 = max(x0, x1);",
        [0, 1, 2],
        3,
    ),
    (
        "gates were closed only for the values behind them, of means",
        "x0 = average(tokens); x1 = x0 + indices; x2 = max(tokens, x1);",
        [1, 2],
        3,
    ),
    (
        "the type of equal numbers was read only where they were equal",
        "y = aggregate(select(tokens, tokens, >), tokens);",
        [0.5, 1.0, -2.0],
        3,
    ),
    (
        "False, 0 and 0.0 were told apart only as neighbours",
        "x0 = 0.5 in tokens; x1 = aggregate(full_s, indices, indices); x2 = x0[(-2)];"
        " x3 = x1 * 0; x4 = x2 if x0 else x3;",
        [0.5, 2.0],
        2,
    ),
    (
        "an int and a float that differ by rounding were at one place",
        "x0 = sqrt(abs(tokens)); x1 = x0 * x0; x2 = contains(tokens, 2); x3 = False == x2;"
        " x4 = tokens if x3 else x1;",
        [0, 2],
        1,
    ),
    (
        "equal ranks do not mean equal values in the causal reading",
        "place = selector_width(select(tokens, tokens, <));"
        " x = aggregate(select(place, indices, ==), tokens);",
        [0, 1, 2, 3],
        3,
    ),
    (
        "what a focus head wrote followed the first function that was read of it",
        "x = aggregate(select(0, tokens, <=), False, indices);",
        [0.5, 1.0, -2.0],
        3,
    ),
    (
        "a width whose 0 does not matter was taken for a truth value",
        "y = aggregate(select(tokens_float, tokens_float, !=), tokens_float);"
        " x = {2: 2, True: True, 3: 3}[selector_width(select(y, y, !=))];",
        [0, 1, 2],
        3,
    ),
    (
        "a place at which every input fails had no candidate",
        "x0 = [1, 0, -2][indices]; x1 = tokens % x0;",
        [5],
        2,
    ),
    (
        "values that are one number in several types",
        "x = str(tokens);",
        [1, True],
        2,
    ),
    (
        "scores so noisy that their exponential overflowed",
        "x0 = tokens_int + indices; x1 = tokens > tokens; x2 = length * x0;"
        " s3 = select(length, x2, <); x4 = aggregate(s3, x1);",
        [1, 10],
        4,
    ),
    (
        "a function moved to a later layer was read by an earlier one",
        "x0 = floor(length); x1 = 2 ^ x0; x2 = x1[(-1)];",
        ["t"],
        3,
    ),
    (
        "a running mean of a running mean starts with an int",
        "x = aggregate(select(indices, indices, <=), tokens);"
        " y = aggregate(select(indices, indices, <=), x);",
        [0, 1],
        4,
    ),
    (
        "membership was asked the wrong way round",
        'x = tokens in ["a", "e"]; y = tokens in "abc"; z = x or y;',
        ["a", "d"],
        3,
    ),
    (
        "a product of small numbers was taken for a sum",
        "x = tokens * indices * 0.0000000000001;",
        [1, 2],
        3,
    ),
    (
        "small numbers were taken for one",
        "x = aggregate(full_s, tokens) * 0.0000000000001 * tokens;",
        [1, 2],
        3,
    ),
    (
        "neurons with small weights for large numbers were left out",
        "x = round(length * aggregate(full_s, 1000000000000)) % 3;",
        ["a"],
        3,
    ),
    (
        "the craft program did not round counts, as float32 does",
        "x0 = length ^ 2; x1 = tokens + x0; x2 = tokens + x1; x3 = round(x2 * x2);"
        " s = select(x1 < x0, True, ==); x = round(selector_width(s) * aggregate(s, x3));",
        [-1, 0, 2],
        5,
    ),
    (
        "large ints that differ by one were taken for one",
        "x = tokens * floor(1000000000000 / shift(tokens, -1, tokens));",
        [2, 3],
        2,
    ),
    (
        "what is left by rounding was taken for 0",
        "x = aggregate(full_s, tokens) + 0.1 - tokens - 0.1;",
        [0.1, 0.2, 0.3],
        3,
    ),
    (
        "what is looked up was taken for an error where only its parts mix texts and numbers",
        "other = tokens[1]; x = aggregate(select(indices, indices, <), other, other);",
        ["x", "y"],
        3,
    ),
    (
        "the width of a selector that cannot be built was an internal error",
        "x = 1.0 in aggregate(full_s, tokens, tokens);",
        [1.0, True],
        2,
    ),
    (
        "a zero's sign, which `str` shows, was lost",
        "x = str(indices / tokens);",
        [-2, 0.25],
        3,
    ),
    (
        "constants that are zeros of different signs were taken for the same",
        "a = 0.0 if tokens == 1 else -0.0; b = -0.0 if tokens == 1 else 0.0; x = str(a) + str(b);",
        [-2, 1],
        2,
    ),
    (
        "the sign of a zero that is copied was lost",
        "x = str(aggregate(select(indices, indices - 1, ==), tokens * 0.0, -0.0));",
        [-2, 1],
        3,
    ),
]

#: Read causally it fails on every input.
ONLY_WHOLE = "a width whose 0 does not matter was taken for a truth value"
CASES = [
    pytest.param(*case, causal, id=f"{wrong}, {'causal' if causal else 'whole'}")
    for wrong, *case in MENDED
    for causal in (False, True)
    if not causal or wrong != ONLY_WHOLE
]


@pytest.mark.parametrize("opt", [0, 1, 2])
@pytest.mark.parametrize(("source", "vocab", "max_len", "causal"), CASES)
def test_a_program_that_was_wrong_once_is_right(
    source: str, vocab: list[object], max_len: int, causal: bool, opt: int
) -> None:
    program = rasp_lang.loads(source)
    compiled = pipeline.build(program, vocab, max_len, causal=causal, opt=opt)
    found = three_levels.agreement(program, compiled, list(all_inputs(vocab, max_len)))
    assert found.disagreement is None
    assert found.checked
