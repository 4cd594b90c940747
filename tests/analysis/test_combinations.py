"""Sums and differences of ints as linear variables: the forms, and programs that need them."""

from __future__ import annotations

import random

import numpy as np
import pytest
import three_levels

import rasp_lang
from rasp_lang import pipeline
from rasp_lang.analysis.combinations import (
    LARGEST,
    TABLE_LIMIT,
    VALUE_LIMIT,
    Affine,
    affine,
    combine,
    listed,
)
from rasp_lang.analysis.cones import Variable, build_cone
from rasp_lang.analysis.facts import SopFacts
from rasp_lang.analysis.values import Reach, Values
from rasp_lang.graph import Atom, Elementwise, Node, Select
from rasp_lang.sampling import sample_inputs

PLACES = 4


def variable(
    number: int, values: tuple[Atom, ...], reach: object = None, **given: bool
) -> Variable:
    table = np.ones((PLACES, len(values)), bool) if reach is None else np.array(reach, bool)
    tabular = given.get("tabular", False)
    kind = "token" if tabular else "width"
    return Variable(number, kind, 0, Values(values), Reach.of(table), tabular, 1)


def sop(of: Variable, function: object) -> SopFacts:
    """A function of a variable's values."""
    atoms = [function(atom) for atom in of.values.atoms]  # type: ignore[operator]
    values = Values.of(atoms)
    cone = build_cone([of], PLACES)
    at = np.array([values.index(atom) for atom in atoms], np.int64)
    everywhere = Reach.everywhere(PLACES, len(values))
    return SopFacts(values, everywhere, cone, at[cone.digits[:, 0]])


def value(form: Affine, row: dict[int, int]) -> float:
    """A form's value where variable v has its value number ``row[v]``."""
    parts = (float(vector[row[key]]) for key, (_, vector) in form.parts.items())
    return form.constant + sum(parts)


COUNT = variable(1, (1, 2, 3, 5, 8))
OTHER = variable(2, (0, 4, 6))
TOKEN = variable(3, ("a", "b", "c"), tabular=True)


def operands() -> dict[str, tuple[SopFacts, object]]:
    return {
        "count": (sop(COUNT, lambda w: w), lambda row: COUNT.values.atoms[row[1]]),
        "affine": (sop(COUNT, lambda w: 7 - 3 * w), lambda row: 7 - 3 * COUNT.values.atoms[row[1]]),
        "other": (sop(OTHER, lambda w: w + 1), lambda row: OTHER.values.atoms[row[2]] + 1),
        "token": (
            sop(TOKEN, lambda t: ord(t) ** 2),
            lambda row: ord(TOKEN.values.atoms[row[3]]) ** 2,  # type: ignore[arg-type]
        ),
        "constant": (sop(OTHER, lambda w: -4), lambda row: -4),
    }


def rows() -> list[dict[int, int]]:
    return [{1: a, 2: b, 3: c} for a in range(5) for b in range(3) for c in range(3)]


def node(function: str, arity: int) -> Node:
    return Node(Elementwise(function), tuple(range(arity)))  # type: ignore[arg-type]


@pytest.mark.parametrize("seed", range(20))
def test_a_form_is_the_operation_on_its_operands(seed: int) -> None:
    draw, known = random.Random(seed), operands()
    facts, meant = draw.choice(list(known.values()))
    form = affine(facts)
    assert form is not None
    for _ in range(draw.randint(1, 6)):
        function = draw.choice("+-")
        more, also = draw.choice(list(known.values()))
        other = affine(more)
        assert other is not None
        pair = (form, other) if draw.random() < 0.5 else (other, form)
        form = combine(node(function, 2), pair)
        assert form is not None

        def both(row, a=meant, b=also, f=function, first=pair[1] is other):  # type: ignore[no-untyped-def]
            x, y = (a(row), b(row)) if first else (b(row), a(row))
            return x + y if f == "+" else x - y

        meant = both
        if draw.random() < 0.3:
            form = combine(node("neg", 1), (form,))
            assert form is not None
            meant = lambda row, inner=meant: -inner(row)  # noqa: E731
    for row in rows():
        assert value(form, row) == meant(row)  # type: ignore[operator]


def test_a_product_with_a_constant_is_a_form_and_any_other_is_none() -> None:
    count, other = affine(operands()["count"][0]), affine(operands()["other"][0])
    assert count is not None
    assert other is not None
    three = Affine(3.0, {})
    for pair in ((count, three), (three, count)):
        form = combine(node("*", 2), pair)
        assert form is not None
        assert [value(form, row) for row in rows()] == [3 * value(count, row) for row in rows()]
    assert combine(node("*", 2), (count, other)) is None
    assert combine(node("*", 2), (count, count)) is None
    for function in ("/", "%", "^", "==", "and"):
        assert combine(node(function, 2), (count, three)) is None
    assert combine(Node(Select("=="), (0, 1)), (count, three)) is None


@pytest.mark.parametrize(
    "function",
    [
        lambda w: w * w,
        lambda w: w // 2,
        lambda w: float(w),
        lambda w: w > 2,
        lambda w: 2 * w if w < 8 else 15,
        str,
    ],
)
def test_what_is_no_multiple_of_a_number_is_no_form(function: object) -> None:
    found = affine(sop(COUNT, function))
    if function(2) is True or function(1) is False:  # type: ignore[operator]
        assert found is None or not found.parts
    else:
        assert found is None


def test_a_fraction_is_a_form_once_it_is_multiplied() -> None:
    halves = sop(TOKEN, lambda t: ord(t) / 2)
    assert affine(halves) is None
    assert affine(halves, 1) is None
    form = affine(halves, 2)
    assert form is not None
    assert {value(form, row) for row in rows()} == {float(ord(t)) for t in "abc"}


def test_a_function_that_fails_somewhere_is_no_form() -> None:
    facts = sop(COUNT, lambda w: w)
    table = facts.table.copy()
    table[-1] = -1  # an index that would find the right number
    assert affine(SopFacts(facts.values, facts.reach, facts.cone, table)) is None


def test_the_values_at_a_place_are_those_between_the_least_and_the_largest() -> None:
    count = variable(1, (1, 2, 5), [[1, 0, 0], [1, 1, 0], [0, 1, 1], [0, 0, 1]])
    other = variable(2, (0, 3), [[1, 1], [1, 0], [0, 1], [1, 1]])
    form = Affine(10.0, {1: (count, np.array([2.0, 4.0, 10.0])), 2: (other, np.array([0.0, -3.0]))})
    found = listed(form, PLACES)
    assert found is not None
    values, reach = found
    assert all(type(atom) is int for atom in values.atoms)
    spans = []
    for place in range(PLACES):
        some = [values.atoms[k] for k in np.flatnonzero(reach.per_place()[place])]
        spans.append((some[0], some[-1]))
        assert some == list(range(int(some[0]), int(some[-1]) + 1))
    assert spans == [(9, 12), (12, 14), (11, 17), (17, 20)]


def test_forms_of_too_many_or_too_large_values_are_not_listed() -> None:
    def form(last: int) -> Affine:
        count = variable(1, (0, last))
        return Affine(0.0, {1: (count, np.array([0.0, float(last)]))})

    assert listed(form(VALUE_LIMIT - 1), PLACES) is not None
    assert listed(form(VALUE_LIMIT), PLACES) is None
    ten = variable(1, (0, 10))
    for constant, fits in ((LARGEST - 10, True), (LARGEST - 9, False), (-LARGEST, True)):
        shifted = Affine(float(constant), {1: (ten, np.array([0.0, 10.0]))})
        assert (listed(shifted, PLACES) is not None) == fits
    assert listed(Affine(-LARGEST - 1.0, {1: (ten, np.array([0.0, 10.0]))}), PLACES) is None
    many = TABLE_LIMIT // 1000
    few = Variable(1, "width", 0, Values((0, 999)), Reach.everywhere(many, 2), False, 1)
    assert listed(Affine(0.0, {1: (few, np.array([0.0, 999.0]))}), many) is not None
    assert listed(Affine(0.0, {1: (few, np.array([0.0, 1001.0]))}), many) is None


REVERSE = "x = aggregate(select(indices, length - 1 - indices, ==), tokens);"
HISTOGRAM = "h = selector_width(select(tokens, tokens, ==));"
SMALLER = "s = selector_width(select(tokens, tokens, <));"
NUMBERS = (0, 1, 5)


def compiled_and_right(
    source: str, vocab: tuple[Atom, ...], max_len: int, causal: bool = False, inputs: int = 12
) -> pipeline.Compiled:
    program = rasp_lang.loads(source)
    compiled = pipeline.build(program, vocab, max_len, causal=causal)
    some = sample_inputs(vocab, max_len, inputs, seed=5)
    found = three_levels.agreement(program, compiled, some, craft_inputs=3)
    assert (found.disagreement, found.checked) == (None, len(some))
    return compiled


def linear_variables(compiled: pipeline.Compiled) -> list[Variable]:
    return [found for found in compiled.facts.variables if found.kind == "linear"]


@pytest.mark.parametrize("max_len", [200, 300, 1000])
def test_a_long_reversal_takes_a_handful_of_directions(max_len: int) -> None:
    compiled = compiled_and_right(REVERSE, ("a", "b", "c"), max_len, inputs=8)
    config = compiled.artifact.config
    assert config.d_model <= 12
    assert (config.layers, config.d_mlp) == (2, 0)
    assert len(linear_variables(compiled)) == 1


#: Sums, differences and multiples of more values together than are tabulated.
SUMS = {
    "a sum": HISTOGRAM + "x = length + h;",
    "a difference": HISTOGRAM + "x = length - h;",
    "a multiple": HISTOGRAM + "x = 2 * h - length * 3;",
    "with the index": HISTOGRAM + "x = indices - h - 7;",
    "with a function of the token": HISTOGRAM + "x = tokens * tokens + h - length;",
    "a negative": HISTOGRAM + "x = -(h - length);",
    "of three counts": HISTOGRAM + SMALLER + "x = length + h - s;",
    "of a form and a count": HISTOGRAM + SMALLER + "y = length - h; x = y - 2 * s;",
    "a form beside itself": HISTOGRAM + "y = length - h; x = y + y + h;",
    "of a sum over keys": HISTOGRAM + "x = round(length * aggregate(full_s, tokens)) - h;",
}


@pytest.mark.parametrize("causal", [False, True])
@pytest.mark.parametrize("name", SUMS)
def test_sums_of_ints_are_read_as_they_are(name: str, causal: bool) -> None:
    compiled = compiled_and_right(SUMS[name], NUMBERS, 260, causal)
    config = compiled.artifact.config
    assert (config.layers, config.d_mlp) == (1, 0)
    assert config.d_model <= 12


def test_a_sum_is_not_tabulated_where_its_parts_are_many() -> None:
    compiled = compiled_and_right(SUMS["a difference"], NUMBERS, 260)
    [found] = linear_variables(compiled)
    assert not found.tabular
    assert found.values.atoms == tuple(range(-259, 260))
    parts = compiled.facts.combinations[found.id]
    assert (parts.constant, [part.kind for part in parts.variables]) == (0, ["width", "width"])


@pytest.mark.parametrize(
    ("expression", "max_len"), [("h * length", 12), ("max(length, h)", 260), ("h % 3", 260)]
)
def test_what_is_no_sum_is_left_alone(expression: str, max_len: int) -> None:
    compiled = compiled_and_right(HISTOGRAM + f"x = {expression};", NUMBERS, max_len)
    assert linear_variables(compiled) == []


def test_comparisons_and_keys_use_linear_variables() -> None:
    source = HISTOGRAM + "y = length - h - h; x = (1 if y > 0 else 2) + (y == 0);"
    compiled_and_right(source, NUMBERS, 200)
    source = HISTOGRAM + "x = aggregate(select(indices, length - h, ==), tokens, 9);"
    compiled_and_right(source, NUMBERS, 200)


def permutations(source: str, max_len: int = 40) -> list[str | None]:
    """How many keys the selectors of a program select, by their form."""
    compiled = pipeline.build(rasp_lang.loads(source), ("a", "b"), max_len)
    return [
        "one" if facts.never_empty and facts.at_most_one else None
        for facts in compiled.facts.selectors.values()
        if facts.form.comparisons
    ]


def test_counting_back_from_the_last_position_meets_every_position_once() -> None:
    flip = "x = aggregate(select(indices, {}, ==), tokens);"
    for max_len in (40, 300):
        for written in ("length - 1 - indices", "(length - 1) - indices"):
            assert permutations(flip.format(written), max_len) == ["one"]
        for written in ("length - indices", "length - 2 - indices", "indices - 1"):
            assert permutations(flip.format(written), max_len) == [None]


def test_counting_back_as_key_meets_every_query_once() -> None:
    source = "back = length - 1 - indices; x = aggregate(select(back, indices, ==), tokens);"
    for max_len in (40, 300):
        assert permutations(source, max_len) == ["one"]
    compiled_and_right(source, ("a", "b", "c"), 300, inputs=6)
