"""The text forms of the 2021 REPL, character by character."""

from __future__ import annotations

import pytest

from rasp_lang.display import (
    ShownFunction,
    ShownSelector,
    ShownSop,
    call_text,
    example_text,
    named_text,
    plain_text,
    sequence_text,
)


def shown(text: str) -> str:
    """The text with its tabs and the blanks at its line ends visible."""
    lines = text.split("\n")
    return "\n".join(
        line.replace("\t", "→") + ("|" if line.endswith(" ") else "") for line in lines
    )


INDICES = ShownSop("indices", "hello", [0, 1, 2, 3, 4])
HIDDEN = ShownSop("length", "hello", None)
EQUAL = ShownSelector("plain select", "aba", [[a == b for a in "aba"] for b in "aba"])


@pytest.mark.parametrize(
    ("values", "text"),
    [
        ([0, 1, 2], "[0, 1, 2] (ints)"),
        ([5, 5, 5], "[5]*3 (ints)"),
        ([5], "[5] (ints)"),
        (["h", "i"], "[h, i] (strings)"),
        (["", ""], "[]*2 (strings)"),
        ([True, False], "[T, F] (bools)"),
        ([True, 2], "[T, 2] (ints)"),
        ([1, True], "[1]*2 (ints)"),
        ([0, 0.5, 1.0], "[0, 0.5, 1.0] (floats)"),
        ([1.0, 1 / 3, 1e-5, 1e20, -0.3335], "[1.0, 0.333, 0.0, 1e+20, -0.334] (floats)"),
    ],
)
def test_a_sequence_is_shown_with_its_type(values: list, text: str) -> None:
    assert sequence_text(values) == text


def test_an_s_op_is_shown_with_its_example() -> None:
    assert shown(named_text("out", INDICES)).split("\n") == [
        "     s-op: out",
        ' → Example: out("hello") = [0, 1, 2, 3, 4] (ints)',
    ]


def test_an_s_op_of_a_list_example_shows_the_list() -> None:
    sop = ShownSop("tokens", [4, 7], [4, 7])
    assert named_text("tokens", sop).endswith("tokens([4, 7]) = [4, 7] (ints)")


def test_without_examples_only_the_name_is_shown() -> None:
    assert named_text("n", HIDDEN) == "     s-op: n"
    assert named_text("s", ShownSelector("s", "ab", None)) == "     selector: s"


def test_a_selector_is_shown_as_a_matrix() -> None:
    assert shown(named_text("s", EQUAL)).split("\n") == [
        "     selector: s",
        " → Example:",
        " →→→     a b a",
        " →→→ a | 1   1",
        " →→→ b |   1  |",
        " →→→ a | 1   1",
    ]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (3, "    value: x =  3"),
        ("a", '    value: x =  "a"'),
        (True, "    value: x =  True"),
        (1 / 3, "    value: x =  0.3333333333333333"),
        ([1, "a"], "     list: x = [1, 'a']"),
        ([], "     list: x = []"),
        ({"a": 1, 2: "b"}, "     dict: x = {'a': 1, 2: 'b'}"),
        (ShownFunction("console", "f", ("a", "b")), "     console function: f(a, b)"),
        (ShownFunction("m", "g", ()), "     m function: g()"),
    ],
)
def test_values_and_flat_collections_take_one_line(value: object, text: str) -> None:
    assert named_text("x", value) == text


def test_a_list_of_s_ops_is_shown_in_lines() -> None:
    assert shown(named_text("l", [INDICES, 1, "a", [2]])).split("\n") == [
        "     list: l =  [",
        "→→     s-op: indices",
        '→→ → Example: indices("hello") = [0, 1, 2, 3, 4] (ints)',
        "→→    value:  1",
        '→→    value:  "a"',
        "→→     list: [2]",
        "               ]",
    ]


def test_a_dict_of_s_ops_is_shown_with_its_keys() -> None:
    assert shown(named_text("d", {"k": HIDDEN, 1: HIDDEN})).split("\n") == [
        "     dict: d =  {",
        '→→→ "k" :     s-op: length',
        "→→→ 1 :     s-op: length",
        "               }",
    ]


def test_a_call_shows_values_after_an_equals_sign() -> None:
    assert shown(call_text("hello", INDICES)) == "→ =  [0, 1, 2, 3, 4] (ints)"
    assert shown(call_text("aba", EQUAL)).split("\n")[:2] == ["→ = |", " →→→     a b a"]


def test_the_full_display_aligns_inputs_and_outputs() -> None:
    sop = ShownSop("x", "hello", [10, 2, 3, 4, 5], full=True)
    assert shown(named_text("x", sop)).split("\n") == [
        "     s-op: x",
        " → Example:",
        " →→input:    h  e  l  l  o → (strings)",
        " →→output:  10  2  3  4  5 → (ints)",
    ]
    assert shown(call_text("hello", sop)).split("\n")[0] == "→ = |"


@pytest.mark.parametrize(
    ("values", "cells"),
    [
        ([True, False, False], "T    "),
        ([False, True, True], "F    "),
        ([True, False, True, False], "T F T F"),
    ],
)
def test_the_full_display_shows_the_rarer_bool(values: list, cells: str) -> None:
    sop = ShownSop("x", "abcd"[: len(values)], values, full=True)
    assert named_text("x", sop).split("output:  ")[1] == f"{cells} \t (bools)"


def test_the_full_display_of_a_constant_stays_short() -> None:
    sop = ShownSop("n", "hello", [5] * 5, full=True)
    note = "[5]*5 (ints) [skipped full display: identical values]"
    assert shown(named_text("n", sop)).split("\n")[1] == f' → Example: n("hello") = {note}'
    assert shown(call_text("hello", sop)) == f"→ =   {note}"


def test_examples_are_quoted_texts_or_host_lists() -> None:
    assert example_text("hello") == '"hello"'
    assert example_text([1, "a", True]) == "[1, 'a', True]"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ([3, 2, 1], "[3, 2, 1]"),
        (["a", 1.5, True], "['a', 1.5, True]"),
        ([[True, False]], "[[True, False]]"),
        ({"a": [1]}, "{'a': [1]}"),
        (7, "7"),
        ("a", '"a"'),
        ([ShownFunction("console", "f", ("x",))], "[f(x)]"),
    ],
)
def test_the_plain_form_is_how_lists_and_values_are_shown(value: object, text: str) -> None:
    assert plain_text(value) == text
