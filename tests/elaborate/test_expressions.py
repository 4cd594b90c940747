"""One-line expressions: what they give, and how they fail."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from rasp_lang.diagnostics import RaspError
from rasp_lang.program import loads


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("[1] + [2, 3]", [1, 2, 3]),
        ("2 * [1, 2]", [1, 2, 1, 2]),
        ("[1] * -1", []),
        ("[1] == [1.0]", True),
        ("[1] != [2]", True),
        ("[1, 2] < [1, 3]", True),
        ("[indices] == [indices]", True),
        ("{1: 2} == {1.0: 2}", True),
        ("[1] == {1: 1}", False),
        ("sort == sort", True),
        ("[] or 3", 3),
        ("[1] and 2", 2),
        ("not []", True),
        ("not sort", False),
        ("1 if sort else 2", 1),
        ('len("abc") + len([1]) + len({1: 1})', 5),
        ('"b" in "abc"', True),
        ('"" in "abc"', True),
        ("1 in {True: 2}", True),
        ('"x" in {"y": 1}', False),
        ("[1] + [2] == [1, 2]", True),
        ('"abc"[1]', "b"),
        ('"abc"[-1]', "c"),
        ("[1, 2, 3][-3]", 1),
        ("([1, 2])[(0)]", 1),
        ('tokens("abc")[1]', "b"),
        ('indices("abc") + [7]', [0, 1, 2, 7]),
        ('full_s("ab")[0]', [True, True]),
        ("length([7, 7])", [2, 2]),
        ("zip([1, 2], [3, 4], [5, 6])", [[1, 3, 5], [2, 4, 6]]),
        ("range(True)", [0]),
        ("range(3, 0, -2)", [3, 1]),
        ("range(0, 3, -1)", []),
        ("[f(2.5) for f in [floor, ceil, round2]]", [2, 3, 5.0]),
        ("abs(-3)", 3),
        ("abs(True)", 1),
        ('int("12") + 1', 13),
        ("str(1.5)", "1.5"),
        ('float("2")', 2.0),
        ('bool("")', False),
        ("sign(-0.5)", -1),
        ("sqrt(16)", 4.0),
        ("categorical(3)", 3),
        ("1 / 4 if 3 else nosuch", 0.25),
        ("{1: 1, True: 2, 1.0: 3}", {1: 3}),
    ],
)
def test_an_expression_without_an_input_has_its_value(query: str, expected: Any) -> None:
    program = loads("def round2(x) { return x * 2; }")
    found = program.evaluate(query)
    assert (type(found), found) == (type(expected), expected)


@pytest.mark.parametrize(
    ("query", "tokens", "expected"),
    [
        ('tokens != "a"', "ab", [False, True]),
        ("tokens[1]", "abc", ["b", "b", "b"]),
        ("tokens[True]", "abc", ["b", "b", "b"]),
        ("tokens[-1]", "abc", ["c", "c", "c"]),
        ("tokens[5]", "ab", [0, 0]),
        ('tokens in "ab"', "abc", [True, True, False]),
        ('"b" in tokens', "abc", [True, True, True]),
        ("2 in indices", "ab", [False, False]),
        ('tokens in {"a": 1}', "ab", [True, False]),
        ("indices in [True, 2]", "abc", [False, True, True]),
        ('{0: 5, 1: "x"}[indices]', "a", [5]),
        ("(tokens)[(0)]", "ab", ["a", "a"]),
        ('not tokens in ["a"]', "ab", [False, False]),
        ("aggregate(select(indices, 9, ==), 1, indices)", "abc", [0, 1, 2]),
        ("abs(indices - 1)", "abc", [1, 0, 1]),
        ("str(indices) + tokens", "ab", ["0a", "1b"]),
        ("tokens_asis + 1", [1, 2], [2, 3]),
        ("numerical(indices) + 1", "ab", [1, 2]),
        ("[indices, 1, {2: tokens}]", "ab", [[0, 1], 1, {2: ["a", "b"]}]),
        ("select(indices, 0, ==)", "ab", [[True, False], [True, False]]),
        ("full_s and not select(indices, indices, ==)", "ab", [[False, True], [True, False]]),
        ('1 if select(indices, indices, ==)("a") else 2', None, 1),
    ],
)
def test_an_expression_on_an_input_has_its_values(query: str, tokens: Any, expected: Any) -> None:
    assert loads("").evaluate(query, tokens) == expected


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ('1 + "a"', "RASP0301"),
        ("[1] + 1", "RASP0301"),
        ('[1] < ["a"]', "RASP0301"),
        ("{1: 1} < {1: 2}", "RASP0301"),
        ("[1] - [1]", "RASP0301"),
        ("[1] * 0.5", "RASP0301"),
        ("-[1]", "RASP0301"),
        ("sort + 1", "RASP0301"),
        ("full_s == full_s", "RASP0304"),
        ("full_s + 1", "RASP0304"),
        ("-full_s", "RASP0304"),
        ("abs(full_s)", "RASP0304"),
        ("categorical(full_s)", "RASP0304"),
        ("aggregate(full_s, full_s)", "RASP0304"),
        ("full_s and True", "RASP0305"),
        ("indices or full_s", "RASP0305"),
        ("selector_width(indices)", "RASP0305"),
        ("aggregate(indices, 1)", "RASP0305"),
        ("1 if full_s else 2", "RASP0310"),
        ("full_s if indices else 2", "RASP0304"),
        ("[1] and indices", "RASP0301"),
        ("[1][2]", "RASP0503"),
        ('"a"[1]', "RASP0503"),
        ("{1: 2}[3]", "RASP0504"),
        ("{1: 2}[[1]]", "RASP0308"),
        ("[1][0.0]", "RASP0308"),
        ('[1]["a"]', "RASP0308"),
        ("3[0]", "RASP0301"),
        ("full_s[0]", "RASP0301"),
        ("sort[0]", "RASP0301"),
        ("indices[0.5]", "RASP0314"),
        ("indices[indices]", "RASP0314"),
        ("[][indices]", "RASP0503"),
        ("{[1]: 2}", "RASP0313"),
        ("{indices: 2}", "RASP0313"),
        ("{x: 1 for x in [[1]]}", "RASP0313"),
        ("3(4)", "RASP0302"),
        ("[1](0)", "RASP0302"),
        ("{1: 2}(1)", "RASP0302"),
        ('"f"(1)', "RASP0302"),
        ("sort(1)", "RASP0303"),
        ("abs(1, 2)", "RASP0303"),
        ("abs()", "RASP0303"),
        ("indices()", "RASP0303"),
        ('indices("a", "b")', "RASP0303"),
        ("indices(3)", "RASP0311"),
        ('indices("")', "RASP0311"),
        ("indices([])", "RASP0311"),
        ("indices({1: 2})", "RASP0311"),
        ("indices([[1]])", "RASP0311"),
        ("indices([indices])", "RASP0311"),
        ('tokens_int("ab")', "RASP0511"),
        ('tokens([1, "a"])', "RASP0309"),
        ('average(tokens)("ab")', "RASP0502"),
        ("draw(indices)", "RASP0208"),
        ("full_s in [1]", "RASP0301"),
        ("sort in [1]", "RASP0301"),
        ("[1] in [[1]]", "RASP0301"),
        ("1 in 2", "RASP0301"),
        ("1 in full_s", "RASP0301"),
        ('1 in "1"', "RASP0301"),
        ("indices in indices", "RASP0301"),
        ("indices in [1, [2]]", "RASP0301"),
        ("range(0.5)", "RASP0312"),
        ("range(indices)", "RASP0312"),
        ("range(1, 2, 0)", "RASP0508"),
        ("zip([1], [1, 2])", "RASP0312"),
        ('zip("ab")', "RASP0312"),
        ("len(3)", "RASP0312"),
        ("len(indices)", "RASP0312"),
        ("indicator(1)", "RASP0301"),
        ("indicator(full_s)", "RASP0301"),
        ('round("a")', "RASP0301"),
        ("round([1])", "RASP0301"),
        ("1 / 0", "RASP0501"),
        ("indices / 0", "RASP0501"),
        ("indices % 0.0", "RASP0501"),
        ("sqrt(-1)", "RASP0505"),
        ("(0 - 8) ^ 0.5", "RASP0507"),
        ("nosuch", "RASP0201"),
        ("[x for x in 3]", "RASP0306"),
        ('[x for x in "abc"]', "RASP0306"),
        ("[x for x in indices]", "RASP0306"),
        ("[a for a, b in [1]]", "RASP0306"),
        ("[a for a, b in [[1]]]", "RASP0307"),
        ("aggregate(select(indices, 1, ==), tokens, [1])", "RASP0301"),
    ],
)
def test_a_wrong_expression_has_its_code(query: str, code: str) -> None:
    with pytest.raises(RaspError) as caught:
        loads("").evaluate(query)
    assert [found.code for found in caught.value.diagnostics] == [code]


def test_an_s_op_without_an_input_is_an_error() -> None:
    for query in ("indices", "full_s", "[1, indices]"):
        with pytest.raises(RaspError) as caught:
            loads("").evaluate(query)
        assert [found.code for found in caught.value.diagnostics] == ["RASP0515"]


def test_both_branches_of_a_ternary_on_an_s_op_are_evaluated(
    codes: Callable[[str], list[str]],
) -> None:
    assert codes("x = 1 if indices else nosuch;") == ["RASP0201"]


def test_and_evaluates_both_sides(codes: Callable[[str], list[str]]) -> None:
    assert codes("x = False and 1 / 0;") == ["RASP0501"]


def test_a_negative_index_counts_from_the_length_of_the_prefix_when_read_causally() -> None:
    program = loads("")
    assert program.evaluate("tokens[-1]", "abc", causal=True) == ["a", "b", "c"]
    assert program.evaluate("indices[1]", "abc", causal=True) == [0, 1, 1]
