"""Selectors in normal form against the Boolean expressions that they come from."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rasp_lang import atoms, loads
from rasp_lang import graph as g
from rasp_lang.analysis.selectors import (
    Comparison,
    NormalForm,
    TooManyTerms,
    comparison_table,
    normal_forms,
)
from rasp_lang.analysis.values import Values
from rasp_lang.graph import Atom

SETTINGS = settings(max_examples=150, deadline=None, derandomize=True)
ATOMS: list[Atom] = [0, 1, 2, -1, 0.5, 1.0, True, False, 10**30]
NUMBERS = st.lists(st.sampled_from(ATOMS), min_size=1, max_size=4).map(Values.of)
TEXTS = st.lists(st.sampled_from(["", "a", "ab", "b", "1"]), min_size=1, max_size=4).map(Values.of)
SETS = NUMBERS | TEXTS


def holds(comparison: str, key: Atom, query: Atom) -> bool:
    """As the language compares; pairs without an order are not selected."""
    try:
        return bool(atoms.apply(comparison, key, query))
    except atoms.AtomError:
        return False


@SETTINGS
@given(SETS, SETS, st.sampled_from(g.COMPARISONS))
def test_the_table_of_a_comparison_compares_every_pair(
    query: Values, key: Values, comparison: str
) -> None:
    table = comparison_table(comparison, query, key)
    assert table.shape == (len(query), len(key))
    for (q, asked), (k, offered) in product(enumerate(query.atoms), enumerate(key.atoms)):
        assert table[q, k] == holds(comparison, offered, asked)


@st.composite
def selectors(draw: st.DrawFn) -> tuple[g.Graph, dict[int, Values]]:
    """A graph of a few s-ops, comparisons of them and Boolean expressions; the last node is a
    selector. And the values of the s-ops."""
    builder = g.GraphBuilder()
    kind = draw(st.sampled_from([NUMBERS, TEXTS]))
    values = {builder.add(g.Tokens("asis")): draw(kind) for _ in range(draw(st.integers(1, 3)))}
    sops = st.sampled_from(list(values))
    made = [
        builder.add(g.Select(draw(st.sampled_from(g.COMPARISONS))), (draw(sops), draw(sops)))
        for _ in range(draw(st.integers(1, 4)))
    ]
    for _ in range(draw(st.integers(0, 6))):
        connective = draw(st.sampled_from(["and", "or", "not"]))
        count = 1 if connective == "not" else 2
        operands = tuple(draw(st.sampled_from(made)) for _ in range(count))
        made.append(builder.add(g.Combine(connective), operands))
    return builder.graph(), values


def truth(graph: g.Graph, node: int, query: dict[int, Atom], key: dict[int, Atom]) -> bool:
    """A Boolean expression for the values of the s-ops at query and at key."""
    op, inputs = graph[node].op, graph[node].inputs
    if isinstance(op, g.Select):
        return holds(op.comparison, key[inputs[0]], query[inputs[1]])
    parts = [truth(graph, i, query, key) for i in inputs]
    return {"and": all, "or": any, "not": lambda p: not p[0]}[op.connective](parts)


def choices(values: dict[int, Values]) -> list[dict[int, Atom]]:
    """Every combination of values of the s-ops."""
    return [
        dict(zip(values, found, strict=True))
        for found in product(*(v.atoms for v in values.values()))
    ]


def evaluated(
    form: NormalForm, values: dict[int, Values], query: dict[int, Atom], key: dict[int, Atom]
) -> int:
    """The sum of the coefficients of the conjunctions that hold."""

    def position(node: int, atom: Atom) -> int:
        return values[node].index(atom)

    return sum(
        coefficient
        for conjunction, coefficient in form.terms
        if all(
            c.matrix[position(c.query, query[c.query]), position(c.key, key[c.key])]
            for c in conjunction
        )
    )


@SETTINGS
@given(selectors())
def test_a_normal_form_is_the_boolean_expression(made: tuple[g.Graph, dict[int, Values]]) -> None:
    graph, values = made
    form = normal_forms(graph, len(graph) - 1, values.__getitem__, lambda _: None)
    for query, key in product(choices(values), repeat=2):
        expected = truth(graph, len(graph) - 1, query, key)
        assert evaluated(form, values, query, key) == int(expected)


@SETTINGS
@given(selectors())
def test_conjunctions_are_distinct_and_hold_one_table_for_each_pair(
    made: tuple[g.Graph, dict[int, Values]],
) -> None:
    graph, values = made
    form = normal_forms(graph, len(graph) - 1, values.__getitem__, lambda _: None)
    assert len({conjunction for conjunction, _ in form.terms}) == len(form.terms)
    assert all(coefficient for _, coefficient in form.terms)
    for conjunction, _ in form.terms:
        assert len({(c.key, c.query) for c in conjunction}) == len(conjunction)
        for comparison in conjunction:
            shape = (len(values[comparison.query]), len(values[comparison.key]))
            assert comparison.matrix.shape == shape
            assert comparison.matrix.any()
            assert not comparison.matrix.all()


THREE = Values.of([0, 1, 2])


def form_of(selector: str) -> NormalForm:
    """The normal form of a selector over ``a``, ``b``, ``c``, s-ops of the values 0, 1, 2."""
    program = loads(f"a = tokens; b = tokens + 1; c = tokens + 2; x = {selector};")
    return normal_forms(program.graph, program.node("x"), lambda _: THREE, lambda _: None)


EQUAL, LESS = "select(a, b, ==)", "select(a, b, <)"
OTHER, THIRD = "select(b, a, <)", "select(c, c, ==)"


@pytest.mark.parametrize(
    ("selector", "simple"),
    [
        (f"{EQUAL} or {LESS}", "select(a, b, <=)"),
        (f"{EQUAL} and (not {LESS})", EQUAL),
        (f"not {LESS}", "select(a, b, >=)"),
        (f"not (not {LESS})", LESS),
        (f"not {EQUAL}", "select(a, b, !=)"),
        (f"{LESS} and {LESS}", LESS),
        (f"{LESS} or {LESS}", LESS),
        (f"{OTHER} and ({EQUAL} and {OTHER})", f"{EQUAL} and {OTHER}"),
        (f"{OTHER} or ({EQUAL} and {OTHER})", OTHER),
        (f"{OTHER} and ({EQUAL} or {OTHER})", OTHER),
        (f"{EQUAL} or {OTHER}", f"{OTHER} or {EQUAL}"),
    ],
)
def test_equal_selectors_have_one_normal_form(selector: str, simple: str) -> None:
    assert form_of(selector) == form_of(simple)


def test_selecting_everything_is_the_empty_conjunction_and_nothing_is_no_conjunction() -> None:
    assert form_of(f"{EQUAL} or (not {EQUAL})").terms == ((frozenset(), 1),)
    nothing = f"{EQUAL} and (not {EQUAL})"
    assert form_of(nothing).terms == ()
    assert form_of(f"not ({OTHER} and ({nothing}))").terms == ((frozenset(), 1),)


def test_comparisons_of_one_pair_are_one_comparison() -> None:
    [(conjunction, coefficient)] = form_of(f"(not {EQUAL}) and (not {LESS})").terms
    [comparison] = conjunction
    assert coefficient == 1
    # Rows are queries (b), columns keys (a): a > b.
    assert comparison.matrix.tolist() == [[False, True, True], [False, False, True], [False] * 3]


def test_a_conjunction_is_told_from_other_forms() -> None:
    assert form_of(LESS).single is not None
    conjunction = form_of(f"{LESS} and ({OTHER} and {THIRD})").single
    assert conjunction is not None
    assert len(conjunction) == 3
    assert form_of(f"{LESS} or {OTHER}").single is None
    assert form_of(f"not ({LESS} and {OTHER})").single is None


@pytest.mark.parametrize("other", [OTHER, "select(a, c, <)", "select(c, b, <)"])
def test_an_or_of_two_pairs_is_inclusion_and_exclusion(other: str) -> None:
    terms = form_of(f"{LESS} or {other}").terms
    coefficients = sorted((len(conjunction), coefficient) for conjunction, coefficient in terms)
    assert coefficients == [(1, 1), (1, 1), (2, -1)]


def test_a_selector_of_too_many_conjunctions_is_refused() -> None:
    builder = g.GraphBuilder()
    sops = [builder.add(g.Tokens("asis")) for _ in range(8)]
    root = builder.add(g.Select("=="), (sops[0], sops[0]))
    for sop in sops[1:]:
        other = builder.add(g.Select("=="), (sop, sop))
        root = builder.add(g.Combine("or"), (root, other))
    with pytest.raises(TooManyTerms):
        normal_forms(builder.graph(), root, lambda _: THREE, lambda _: None)


def test_a_comparison_keeps_its_table() -> None:
    generator = np.random.default_rng(0)
    for shape in [(1, 1), (3, 5), (8, 8), (2, 17)]:
        matrix = generator.random(shape) < 0.5
        assert np.array_equal(Comparison.of(3, 4, matrix).matrix, matrix)
        assert Comparison.of(3, 4, matrix) == Comparison.of(3, 4, matrix.copy())
        assert Comparison.of(3, 4, matrix) != Comparison.of(4, 3, matrix)
