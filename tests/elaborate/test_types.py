"""The static types against what the operations do."""

from __future__ import annotations

from itertools import product

import pytest

from rasp_lang import types
from rasp_lang.atoms import AtomError, apply, kind_of
from rasp_lang.diagnostics import RaspError
from rasp_lang.elaborate import Session, Sop
from rasp_lang.graph import BINARY, UNARY, Atom
from rasp_lang.program import loads

SAMPLES: tuple[Atom, ...] = (0, 1, -2, 3, 0.5, 2.0, -1.5, True, False, "", "a", "12")


def result_type(function: str, *operands: Atom) -> str | None:
    """The type of a result; the code of the error if there is none."""
    try:
        return kind_of(apply(function, *operands))
    except AtomError as error:
        return error.code


@pytest.mark.parametrize("function", UNARY)
def test_a_result_of_one_operand_has_a_predicted_type(function: str) -> None:
    for operand in SAMPLES:
        predicted = types.elementwise(function, (types.of_atom(operand),))
        found = result_type(function, operand)
        assert found in predicted or found == ("RASP0505" if predicted else "RASP0301")


@pytest.mark.parametrize("function", BINARY)
def test_a_result_of_two_operands_has_a_predicted_type(function: str) -> None:
    for left, right in product(SAMPLES, SAMPLES):
        predicted = types.elementwise(function, (types.of_atom(left), types.of_atom(right)))
        found = result_type(function, left, right)
        domain = ("RASP0501", "RASP0507") if predicted else ("RASP0301",)
        assert found in predicted or found in domain


@pytest.mark.parametrize("function", BINARY)
def test_an_empty_prediction_means_that_every_pair_fails(function: str) -> None:
    for left, right in product(("int", "float", "bool", "string"), repeat=2):
        if types.elementwise(function, (frozenset({left}), frozenset({right}))):
            continue
        for a, b in product(SAMPLES, SAMPLES):
            if (kind_of(a), kind_of(b)) == (left, right):
                with pytest.raises(AtomError):
                    apply(function, a, b)


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("tokens", "int|float|bool|string"),
        ("tokens_int", "int"),
        ("tokens + 1", "int|float"),
        ('tokens + "!"', "string"),
        ("indices / 2", "float"),
        ("indices ^ 2", "int"),
        ("indices ^ -1", "int|float"),
        ("2 ^ indices", "int|float"),
        ("tokens_bool + tokens_bool", "int"),
        ("tokens_bool % 2.0", "float"),
        ("tokens_str * indices", "string"),
        ("tokens_str == 1", "bool"),
        ("-tokens_bool", "int"),
        ("round(tokens_float)", "int"),
        ("1 if indices else 0.5", "int|float"),
        ('1 if indices else "a"', "int|string"),
        ("aggregate(full_s, 1)", "int|float"),
        ("aggregate(full_s, tokens_str)", "string"),
        ("aggregate(full_s, tokens_bool)", "bool"),
        ("aggregate(select(indices, 0, ==), tokens_str)", "int|string"),
        ('aggregate(select(indices, 0, ==), tokens_str, "")', "string"),
        ("aggregate(select(tokens, tokens, ==), tokens_str)", "string"),
        ("aggregate(select(tokens, tokens, <), tokens_bool)", "int|bool"),
        ("aggregate(select(indices, 0, ==), tokens_bool, 0.5)", "float|bool"),
        ("length", "int"),
        ('[1, "a", True][indices]', "int|bool|string"),
        ('"abc"[indices]', "string"),
        ('{1: 0.5, 2: "x"}[indices]', "float|string"),
        ("tokens in [1]", "bool"),
        ("categorical(tokens_int)", "int"),
        ("abs(tokens)", "int|float"),
        ("floor(tokens)", "int"),
        ("sqrt(tokens_int)", "float"),
        ("str(indices)", "string"),
    ],
)
def test_an_expression_has_its_static_types(expression: str, expected: str) -> None:
    program = loads(f"s = {expression};")
    assert types.show(program.graph[program.output_node("s")].types) == expected


def test_selectors_have_no_types() -> None:
    program = loads("s = aggregate(full_s, 1);")
    assert {n.types for n in program.graph.nodes if n.is_selector} == {frozenset()}


@pytest.mark.parametrize(
    "expression",
    [
        "tokens_str + 1",
        'tokens + 1 + "a"',
        "tokens_str % 2",
        "-tokens_str",
        "tokens_str < indices",
        "select(tokens_str, indices, <)",
        "round(tokens_str)",
        "sqrt(tokens_str)",
        "tokens_str * tokens_str",
        "tokens_str * 0.5",
        'indices in "abc"',
        "[1, 2][tokens_str]",
        "[1, 2][indices / 2]",
        "[[1], [2]][indices]",
        "indices + [1]",
        "[1] if indices else 2",
    ],
)
def test_what_fails_on_every_input_is_found_without_one(expression: str) -> None:
    with pytest.raises(RaspError) as caught:
        loads(f"s = {expression};")
    assert [d.kind for d in caught.value.diagnostics] == ["type"]


@pytest.mark.parametrize(
    "expression",
    [
        'aggregate(full_s, "x")',
        "tokens + 1",
        'tokens + "a"',
        "tokens * tokens",
        'max(tokens, "c")',
        'shift(tokens, 1, "-")',
        "tokens_int + 1",
        "1 / indices",
        '1 if indices else "a"',
        "[1, [2]][indices]",
        "select(tokens, indices, <)",
        "aggregate(full_s, tokens, [1])",
    ],
)
def test_what_some_input_allows_is_no_static_error(expression: str) -> None:
    assert loads(f"s = {expression};").names == ("s",)


def test_predefined_views_are_typed() -> None:
    session = Session()
    view = session.value("tokens_float")
    assert isinstance(view, Sop)
    assert session.nodes.types(view) == types.FLOAT
