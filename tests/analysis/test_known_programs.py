"""The facts of programs whose value sets and widths are known exactly."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations_with_replacement

import numpy as np
import pytest
from observed_facts import reachable

from rasp_lang import loads
from rasp_lang.analysis.analyse import analyse
from rasp_lang.analysis.facts import Facts, SelectorFacts, SopFacts
from rasp_lang.analysis.means import Lattice
from rasp_lang.analysis.normalise import normalise
from rasp_lang.graph import Atom

READINGS = pytest.mark.parametrize("causal", [False, True], ids=["whole", "causal"])
LENGTH = 5
PLACES = [(i, n) for n in range(1, LENGTH + 1) for i in range(n)]


@dataclass(frozen=True)
class Known:
    """The facts of one s-op or selector of a program."""

    facts: Facts
    node: int
    causal: bool

    @property
    def sop(self) -> SopFacts:
        return self.facts.sops[self.node]

    @property
    def selector(self) -> SelectorFacts:
        return self.facts.selectors[self.node]

    def at(self, index: int, length: int) -> list[Atom]:
        """The reachable values; a causal reading sees the prefix alone."""
        return reachable(self.facts, self.node, index, index + 1 if self.causal else length)

    def seen(self, index: int, length: int) -> int:
        """How many keys there are for the query at an index."""
        return index + 1 if self.causal else length


def known(
    source: str, causal: bool = False, vocab: Sequence[Atom] = (0, 1, 2), max_len: int = LENGTH
) -> Known:
    """The facts of ``x`` in a program."""
    program = loads(source)
    normal = normalise(program.graph, [program.node("x")])
    return Known(
        analyse(normal.graph, normal.roots, vocab, max_len, causal, named=True),
        normal.roots[0],
        causal,
    )


def typed(atoms: Sequence[Atom]) -> list[tuple[type, Atom]]:
    return [(type(atom), atom) for atom in atoms]


@READINGS
def test_length_is_the_number_of_keys(causal: bool) -> None:
    x = known("x = length;", causal)
    assert typed(x.sop.values.atoms) == typed([1, 2, 3, 4, 5])
    assert all(x.at(i, n) == [x.seen(i, n)] for i, n in PLACES)
    # The length of a prefix is a function of the index and needs no attention.
    assert (x.sop.depends_on, x.sop.depth) == (("index", 0) if causal else ("anything", 1))


@READINGS
def test_a_histogram_counts_from_one_to_the_number_of_keys(causal: bool) -> None:
    x = known("x = selector_width(select(tokens, tokens, ==));", causal)
    assert all(x.at(i, n) == list(range(1, x.seen(i, n) + 1)) for i, n in PLACES)
    assert x.sop.depth == 1


@READINGS
def test_a_count_of_one_token_may_be_zero(causal: bool) -> None:
    x = known("x = count(tokens, 1);", causal)
    assert all(x.at(i, n) == list(range(x.seen(i, n) + 1)) for i, n in PLACES)


@READINGS
def test_a_token_that_the_vocabulary_lacks_is_counted_zero_times(causal: bool) -> None:
    x = known("x = count(tokens, 7);", causal)
    assert typed(x.sop.values.atoms) == [(int, 0)]
    assert (x.sop.depends_on, x.sop.depth) in {("constant", 0), ("index", 0)}


def test_reversing_finds_exactly_one_key() -> None:
    x = known("x = select(indices, length - 1 - indices, ==);")
    assert (x.selector.least == 1).all()
    assert (x.selector.most == 1).all()
    assert x.selector.never_empty
    assert x.selector.at_most_one
    assert x.selector.depth == 2


@READINGS
def test_the_previous_position_is_at_most_one_key_and_missing_at_the_start(causal: bool) -> None:
    x = known("x = select(indices, indices - 1, ==);", causal)
    assert x.selector.at_most_one
    assert not x.selector.never_empty
    expected = (x.facts.contexts.index > 0).astype(int)
    assert x.selector.least.tolist() == x.selector.most.tolist() == expected.tolist()
    copied = known("x = shift(tokens, 1, 9);", causal)
    assert all(copied.at(i, n) == ([9] if i == 0 else [0, 1, 2]) for i, n in PLACES)


@pytest.mark.parametrize(
    "key", ["tokens", "-tokens", "tokens % 2", "selector_width(select(tokens, tokens, ==))"]
)
def test_the_place_in_a_sorted_sequence_is_a_permutation(key: str) -> None:
    ranks = f"""
        k = {key};
        before = select(k, k, <) or (select(k, k, ==) and select(indices, indices, <));
        target = selector_width(before);
    """
    target = known(f"{ranks} x = target;")
    assert all(target.at(i, n) == list(range(n)) for i, n in PLACES if i > 0)
    place = known(f"{ranks} x = select(target, indices, ==);")
    assert (place.selector.least == 1).all()
    assert (place.selector.most == 1).all()


@pytest.mark.parametrize(
    "before",
    [
        "select(tokens, tokens, <)",  # ties
        "select(tokens, tokens, <=) and select(indices, indices, !=)",  # both of a tie
        "select(tokens % 2, tokens, <)",  # different s-ops on the two sides
    ],
)
def test_a_count_of_what_is_no_total_order_is_no_permutation(before: str) -> None:
    place = known(f"t = selector_width({before}); x = select(t, indices, ==);")
    assert not place.selector.never_empty


def test_a_prefix_has_no_permutation_in_it() -> None:
    x = known(
        "b = select(tokens, tokens, <) or (select(tokens, tokens, ==) and "
        "select(indices, indices, <)); x = select(selector_width(b), indices, ==);",
        causal=True,
    )
    assert not x.selector.never_empty


@READINGS
def test_the_mean_of_a_prefix_is_a_fraction_of_its_length(causal: bool) -> None:
    x = known("x = aggregate(select(indices, indices, <=), indicator(tokens == 1));", causal)
    for i, n in PLACES:
        fractions = [k / (i + 1) for k in range(i + 2)]
        assert typed(x.at(i, n)) == typed([0, 1] if i == 0 else fractions)
    assert x.sop.depth == 1


@READINGS
def test_means_are_correctly_rounded_and_sums_are_ints(causal: bool) -> None:
    vocab = (0.1, 0.2)
    x = known("x = aggregate(full_s, tokens);", causal, vocab)
    for i, n in PLACES:
        count = x.seen(i, n)
        sums = [k * Fraction(0.1) + (count - k) * Fraction(0.2) for k in range(count + 1)]
        assert x.at(i, n) == sorted({float(total / count) for total in sums})
    x = known("x = round(length * aggregate(full_s, tokens));", causal)
    for i, n in PLACES:
        assert typed(x.at(i, n)) == typed(list(range(2 * x.seen(i, n) + 1)))
    assert x.sop.depth == 1


@READINGS
def test_a_mean_that_may_find_nothing_has_its_default_among_its_values(causal: bool) -> None:
    x = known("x = aggregate(select(tokens, 1, ==), 5, 7);", causal, (0, 1))
    for i, n in PLACES:
        occurring = typed([5, 7] if x.seen(i, n) == 1 else [5, 5.0, 7])
        assert set(occurring) <= set(typed(x.at(i, n))) <= {*occurring, (float, 7.0)}


@READINGS
def test_a_constant_selector_knows_its_width(causal: bool) -> None:
    empty = known("x = select(1, 2, ==);", causal)
    assert (empty.selector.most == 0).all()
    full = known("x = full_s;", causal)
    assert full.selector.never_empty
    assert full.selector.least.tolist() == full.selector.most.tolist()


def test_facts_say_what_an_s_op_depends_on() -> None:
    cases = {
        "x = indices - indices + 3;": ("constant", 0),
        "x = tokens * 2 + 1;": ("token", 0),
        "x = indices % 2;": ("index", 0),
        "x = tokens + indices;": ("token and index", 0),
        "x = tokens - tokens + indices;": ("index", 0),
        "x = selector_width(select(indices, indices, <=)) + tokens;": ("token and index", 0),
        "x = tokens + length;": ("anything", 1),
        "x = sort(tokens, tokens);": ("anything", 2),
    }
    for source, expected in cases.items():
        sop = known(source).sop
        assert (sop.depends_on, sop.depth) == expected, source


def test_values_that_the_interpreter_cannot_reach_are_not_among_the_facts() -> None:
    x = known("x = 12 / tokens;")
    assert typed(x.sop.values.atoms) == typed([6.0, 12.0])
    x = known("x = tokens_int + 1;", vocab=("a", "b"))
    assert x.sop.values.atoms == ()
    x = known("x = (tokens == 1) and (tokens == 2);")
    assert typed(x.sop.values.atoms) == [(bool, False)]


def test_equal_numbers_of_different_types_are_different_values() -> None:
    x = known("x = tokens;", vocab=(True, 1, 1.0))
    assert typed(x.sop.values.atoms) == typed([True, 1, 1.0])
    x = known("x = aggregate(select(indices, indices, ==), tokens);", vocab=(1, 1.0))
    assert typed(x.at(0, 2)) == typed([1, 1.0])


@pytest.mark.parametrize("values", [(0, 1), (1, 3, 8), (-2, 5), (0.5, 2.0), (0.1, 0.7)])
@pytest.mark.parametrize("count", [1, 2, 3, 7])
def test_every_sum_and_mean_of_a_multiset_is_listed(values: tuple[float, ...], count: int) -> None:
    lattice = Lattice.of(np.array(values, float))
    totals, found = lattice.sums(count), lattice.sums(count, averaged=True)
    for chosen in combinations_with_replacement(map(Fraction, values), count):
        assert float(sum(chosen)) in totals
        assert float(sum(chosen) / count) in found


def test_the_means_of_close_numbers_are_those_of_multisets_and_no_others() -> None:
    values = (1, 2, 4)
    expected = {sum(c) / 3 for c in combinations_with_replacement(values, 3)}
    # The lattice of ints has 11/3 too, which no three of these give.
    found = Lattice.of(np.array(values, float)).sums(3, averaged=True)
    assert set(found.tolist()) - expected == {11 / 3}
