"""Operators, functions, conversions and means on single values."""

from __future__ import annotations

from fractions import Fraction
from math import fsum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rasp_lang.atoms import (
    AtomError,
    apply,
    convert,
    logical,
    lookup_dict,
    lookup_list,
    mean,
    membership,
    sequence_type,
    substring,
)
from rasp_lang.diagnostics import CODES
from rasp_lang.graph import BINARY, TERNARY, UNARY

HUGE = 10**3_999


def same(actual: object, expected: object) -> bool:
    return type(actual) is type(expected) and actual == expected


@pytest.mark.parametrize(
    ("application", "expected"),
    [
        (("+", 1, 2.5), 3.5),
        (("+", True, True), 2),
        (("+", "a", "b"), "ab"),
        (("*", "ab", 3), "ababab"),
        (("*", True, "ab"), "ab"),
        (("*", -(10**30), "ab"), ""),
        (("*", "", 10**30), ""),
        (("/", 4, 2), 2.0),
        (("%", -7, 3), 2),
        (("%", 5.5, 2), 1.5),
        (("^", 2, 10), 1024),
        (("^", 2, -2), 0.25),
        (("^", 0, 0), 1),
        (("^", -8, 3.0), -512.0),
        (("^", 10, 3_999), HUGE),
        (("^", 1, HUGE), 1),
        (("^", -1, HUGE), 1),
        (("==", 1, True), True),
        (("==", 1, "1"), False),
        (("!=", 1, 1.0), False),
        (("<", "Z", "a"), True),
        (("<=", True, 1.0), True),
        (("and", 3, "x"), True),
        (("or", 0, ""), False),
        (("not", ""), True),
        (("neg", True), -1),
        (("pos", True), 1),
        (("round", 2.5), 2),
        (("round", -0.5), 0),
        (("round", True), 1),
        (("indicator", "x"), 1),
        (("abs", True), 1),
        (("abs", -1.5), 1.5),
        (("floor", -1.5), -2),
        (("ceil", -1.5), -1),
        (("sign", -2.5), -1),
        (("sqrt", 4), 2.0),
        (("exp", 0), 1.0),
        (("log", 1), 0.0),
        (("sin", 0), 0.0),
        (("cos", 0), 1.0),
        (("tan", 0), 0.0),
        (("int", "-3"), -3),
        (("int", -1.9), -1),
        (("float", "1.5"), 1.5),
        (("str", True), "True"),
        (("str", 1e-7), "1e-07"),
        (("bool", "False"), True),
        (("if", "x", 1, 2), 1),
    ],
    ids=str,
)
def test_a_function_gives_the_value_and_the_type_of_the_host(
    application: tuple, expected: object
) -> None:
    actual = apply(*application)
    assert same(actual, expected), actual


@pytest.mark.parametrize(
    ("application", "code"),
    [
        (("+", 1, "a"), "RASP0301"),
        (("-", "a", "b"), "RASP0301"),
        (("*", "a", 1.0), "RASP0301"),
        (("*", "a", "b"), "RASP0301"),
        (("%", "%d", 1), "RASP0301"),
        (("<", 1, "a"), "RASP0301"),
        (("neg", "a"), "RASP0301"),
        (("round", "2"), "RASP0301"),
        (("sqrt", "4"), "RASP0301"),
        (("/", 1, 0), "RASP0501"),
        (("/", 1, False), "RASP0501"),
        (("%", 1.5, 0.0), "RASP0501"),
        (("^", 0, -1), "RASP0501"),
        (("log", 0), "RASP0505"),
        (("sqrt", -1), "RASP0505"),
        (("int", "1.5"), "RASP0505"),
        (("float", "nan"), "RASP0505"),
        (("float", "-inf"), "RASP0505"),
        (("float", "1e999"), "RASP0506"),
        (("int", "9" * 4_001), "RASP0506"),
        (("int", "9" * 9_000), "RASP0506"),
        (("float", HUGE), "RASP0506"),
        (("exp", 1_000), "RASP0506"),
        (("sin", HUGE), "RASP0506"),
        (("^", 10, 4_000), "RASP0506"),
        (("^", 10, 10**10**3), "RASP0506"),
        (("^", 2.0, 5_000), "RASP0506"),
        (("^", HUGE, -1), "RASP0506"),
        (("*", 1e308, 10), "RASP0506"),
        (("/", 1e308, 1e-308), "RASP0506"),
        (("/", HUGE, 3), "RASP0506"),
        (("+", HUGE * 9, HUGE), "RASP0506"),
        (("^", -8, 0.5), "RASP0507"),
        (("*", "ab", 500_001), "RASP0510"),
        (("*", "ab", 10**30), "RASP0510"),
        (("+", "a" * 600_000, "a" * 600_000), "RASP0510"),
    ],
    ids=lambda case: str(case)[:40],
)
def test_a_function_without_a_result_fails_with_a_code(application: tuple, code: str) -> None:
    with pytest.raises(AtomError) as caught:
        apply(*application)
    assert caught.value.code == code
    assert caught.value.message[0].islower() or caught.value.message[0] == "`"
    assert "\n" not in caught.value.message


def test_every_function_of_the_graph_is_defined() -> None:
    for function in UNARY:
        apply(function, 1)
    for function in BINARY:
        apply(function, 1, 1)
    for function in TERNARY:
        apply(function, 1, 1, 1)


def test_logical_connectives_between_atoms_return_an_operand() -> None:
    assert same(logical("and", 0, "x"), 0)
    assert same(logical("and", "x", 2.5), 2.5)
    assert same(logical("or", "", False), False)
    assert same(logical("or", 3, "x"), 3)


@pytest.mark.parametrize(
    ("view", "token", "expected"),
    [
        ("asis", True, True),
        ("str", 2.5, "2.5"),
        ("str", True, "True"),
        ("int", "12", 12),
        ("int", 1.9, 1),
        ("int", True, 1),
        ("float", "2", 2.0),
        ("bool", "False", True),
        ("bool", 0, False),
    ],
)
def test_a_view_converts_a_token_as_the_host_does(
    view: str, token: object, expected: object
) -> None:
    assert same(convert(view, token), expected)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("view", "token", "code"),
    [
        ("int", "a", "RASP0511"),
        ("int", "1.5", "RASP0511"),
        ("float", "nan", "RASP0511"),
        ("float", "x", "RASP0511"),
        ("float", "1e999", "RASP0506"),
    ],
)
def test_a_view_of_a_token_that_it_cannot_convert_fails(view: str, token: str, code: str) -> None:
    with pytest.raises(AtomError) as caught:
        convert(view, token)  # type: ignore[arg-type]
    assert caught.value.code == code


def test_a_list_is_indexed_from_both_ends_by_ints_and_bools() -> None:
    assert lookup_list((5, 6, 7), -1) == 7
    assert lookup_list((5, 6, 7), True) == 6
    assert lookup_list("abc", 2) == "c"
    for index, code in ((3, "RASP0503"), (-4, "RASP0503"), (1.0, "RASP0308"), ("a", "RASP0308")):
        with pytest.raises(AtomError) as caught:
            lookup_list((5, 6, 7), index)
        assert caught.value.code == code


def test_a_dict_is_indexed_by_host_equality() -> None:
    assert lookup_dict(((1, "x"), ("1", "y")), True) == "x"
    assert lookup_dict({1: "x", "1": "y"}, "1") == "y"
    with pytest.raises(AtomError) as caught:
        lookup_dict(((1, "x"),), "1")
    assert caught.value.code == "RASP0504"


def test_an_item_that_is_no_atom_cannot_be_chosen() -> None:
    for choose in (lambda: lookup_list((1, None), 1), lambda: lookup_dict(((1, None),), 1)):
        with pytest.raises(AtomError) as caught:
            choose()
        assert caught.value.code == "RASP0309"


def test_membership_is_host_equality_with_an_item() -> None:
    assert membership((True,), 1.0)
    assert not membership(("1",), 1)
    assert not membership((), 1)


def test_only_a_string_can_be_part_of_a_text() -> None:
    assert substring("abc", "bc")
    assert not substring("abc", "ca")
    with pytest.raises(AtomError) as caught:
        substring("123", 1)
    assert caught.value.code == "RASP0301"


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (["a", "b"], "string"),
        ([True, False], "bool"),
        ([True, 2], "int"),
        ([1, 2.5], "float"),
        ([True, 2.5], "float"),
        ([1.0], "float"),
    ],
)
def test_a_sequence_has_the_type_of_its_values(values: list, expected: str) -> None:
    assert sequence_type(values) == expected


def test_strings_beside_numbers_are_no_sequence() -> None:
    with pytest.raises(AtomError) as caught:
        sequence_type([1, "a"])
    assert caught.value.code == "RASP0309"


numbers = st.integers(-(10**30), 10**30) | st.floats(allow_nan=False, allow_infinity=False)


@given(st.lists(numbers, min_size=2, max_size=20))
def test_a_mean_is_the_exact_quotient_rounded_once(values: list) -> None:
    exact = sum(map(Fraction, values)) / len(values)
    actual = mean(values)
    assert same(actual, exact.numerator / exact.denominator)


@given(st.lists(numbers, min_size=2, max_size=20), st.randoms())
def test_a_mean_does_not_depend_on_the_order(values: list, random: object) -> None:
    shuffled = list(values)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert mean(values) == mean(shuffled)


def test_a_mean_is_not_rounded_twice() -> None:
    assert mean([0.1] * 10) == 0.1 != sum([0.1] * 10) / 10
    values = [1.8, 7.3, 9.8]
    exact = sum(map(Fraction, values)) / 3
    assert mean(values) == exact.numerator / exact.denominator != fsum(values) / 3


def test_the_mean_of_one_value_is_the_value() -> None:
    for value in ("a", True, 1, 1.0):
        assert same(mean([value]), value)


def test_strings_and_bools_have_no_mean_but_bools_among_ints_count() -> None:
    assert same(mean([True, 2]), 1.5)
    for values in (["a", "a"], [True, True]):
        with pytest.raises(AtomError) as caught:
            mean(values)
        assert caught.value.code == "RASP0502"


def test_a_mean_beyond_the_floats_is_too_large() -> None:
    with pytest.raises(AtomError) as caught:
        mean([HUGE, HUGE])
    assert caught.value.code == "RASP0506"


atoms = st.sampled_from(
    [0, 1, -3, 7, True, False, 0.0, -0.5, 2.0, 1e200, "", "a", "12", HUGE]
)  # fmt: skip


@given(st.sampled_from([*UNARY, *BINARY]), atoms, atoms)
def test_a_function_gives_a_legal_atom_or_a_known_code(function: str, a: object, b: object) -> None:
    operands = (a, b) if function in BINARY else (a,)
    try:
        result: object = apply(function, *operands)
    except AtomError as error:
        result = CODES[error.code].title
    assert type(result) in (int, float, str, bool)
    assert result == result, "nan is no value"
