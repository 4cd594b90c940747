"""What is known of selectors without looking at every pair is what looking at them all gives."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from random_programs import random_program

from rasp_lang import RaspError, loads
from rasp_lang.analysis import matching
from rasp_lang.analysis.analyse import Analysis
from rasp_lang.analysis.bundles import bundle
from rasp_lang.analysis.contexts import contexts
from rasp_lang.analysis.elementwise import tabulated
from rasp_lang.analysis.matching import Matching, found_values, match
from rasp_lang.analysis.normalise import normalise


def analyses() -> Iterator[Analysis]:
    """Analyses of random programs, with all that can be told of their nodes."""
    for number in range(150):
        candidate = random_program(f"matching {number}")
        try:
            program = loads(candidate.text)
        except RaspError:
            continue
        roots = [program.node(n) for n in program.names if program.kind(n) in ("s-op", "selector")]
        graph = normalise(program.graph, roots).graph
        analysis = Analysis(graph, candidate.vocab, contexts(candidate.max_len, candidate.causal))
        for node in range(len(graph)):
            analysis.settle(node)
        yield analysis


def general(analysis: Analysis, selector: int) -> Matching:
    """The matching of a selector without any shortcut."""
    form = analysis.selectors[selector].form
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(matching, "_is_independent", lambda key, query: False)
        again = match(form, analysis.sops, analysis.places, analysis.permutations)
    assert again is not None
    return again


def test_values_apart_from_the_keys_are_those_that_matching_finds() -> None:
    compared = 0
    for analysis in analyses():
        for (selector, source), held in analysis.held.items():
            matched, values = analysis.matchings[selector], analysis.sops[source]
            if matched is None or not analysis.is_apart(selector, values):
                continue
            found = found_values(matched, analysis.sops, values, analysis.places)
            assert found is not None
            some = (analysis.selectors[selector].most > 0)[:, None]
            assert (held == (found & some)).all()
            compared += 1
    assert compared > 50


def test_the_own_place_of_a_query_without_the_keys_variables_tells_nothing() -> None:
    compared = 0
    for analysis in analyses():
        for selector, known in analysis.matchings.items():
            if known is None:
                continue
            again = general(analysis, selector)
            assert (known.least == again.least).all()
            assert (known.most == again.most).all()
            compared += bool(known.keys)
    assert compared > 100


@pytest.mark.parametrize(("max_len", "causal"), [(5, False), (5, True), (130, False)])
def test_a_selector_of_everything_selects_as_many_keys_as_are_seen(
    max_len: int, causal: bool
) -> None:
    places = contexts(max_len, causal)
    found = matching._everything(places)
    nothing = bundle([], len(places))
    pairs = np.arange(len(places)), np.zeros(len(places), np.int64)
    least, most = matching._count(np.ones((1, 1), bool), nothing, nothing, places, pairs)
    assert (found.least == least).all()
    assert (found.most == most).all()


@pytest.mark.parametrize(
    ("source", "fine"),
    [
        # A query without a value: inputs of three tokens or more fail.
        ('x = [0, 0, 0][length]; y = aggregate(select(indices, x, ==), tokens, "-");', 2),
        # A key without a value: any input that has it fails.
        ("x = [0, 1, 2][indices]; y = aggregate(select(x, 0, ==), tokens);", 3),
        ("x = [0, 1, 2][indices]; y = aggregate(select(x, indices % 1, ==), tokens);", 3),
    ],
)
@pytest.mark.parametrize("causal", [False, True], ids=["whole", "causal"])
def test_inputs_that_fail_do_not_make_a_selector_empty(
    source: str, fine: int, causal: bool
) -> None:
    program = loads(source)
    graph = normalise(program.graph, [program.node("y")]).graph
    analysis = Analysis(graph, ("a", "b"), contexts(5, causal))
    for node in range(len(graph)):
        analysis.settle(node)
    selector, facts = max(analysis.selectors.items(), key=lambda item: item[0])
    assert facts.never_empty
    assert facts.at_most_one
    known, places = analysis.matchings[selector], analysis.places
    assert known is not None
    reached = np.isin(np.arange(len(places)), known.place)
    assert (reached == (places.length <= fine)).all()
    assert (facts.least[reached] == 1).all()
    assert (facts.most[reached] == 1).all()


def test_one_s_op_is_bundled_as_several_are() -> None:
    compared = 0
    for analysis in analyses():
        fixed = tabulated(analysis.cone([]), [0], np.zeros(1, np.int64))
        for facts in analysis.sops.values():
            alone = bundle([facts], len(analysis.places))
            paired = bundle([facts, fixed], len(analysis.places))
            assert (alone.tuples[:, 0] == paired.tuples[:, 0]).all()
            assert (alone.tuple_of == paired.tuple_of).all()
            # Code that turned out not to depend on a variable is known better than its cone tells.
            assert not (alone.reach.per_place() & ~paired.reach.per_place()).any()
            compared += 1
    assert compared > 100
