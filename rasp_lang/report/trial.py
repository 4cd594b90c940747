"""The interpreter on inputs of the vocabulary: where it fails."""

from __future__ import annotations

from collections.abc import Sequence

from rasp_lang.diagnostics import RaspError
from rasp_lang.graph import Atom, Graph
from rasp_lang.interpret import evaluate
from rasp_lang.report.data import Failure, Trial
from rasp_lang.sampling import all_inputs, number_of_inputs, sample_inputs

Tokens = tuple[Atom, ...]

#: All inputs are tried if there are at most so many, else a sample of short ones.
ALL_UP_TO, SAMPLE, SAMPLE_LENGTH = 3000, 500, 32


def trial_inputs(vocab: Sequence[Atom], max_len: int) -> tuple[list[Tokens], bool]:
    """Inputs to try a program on, ordered by length, and whether they are all there are."""
    if number_of_inputs(len(vocab), max_len) <= ALL_UP_TO:
        return list(all_inputs(vocab, max_len)), True
    return sample_inputs(vocab, min(max_len, SAMPLE_LENGTH), SAMPLE, seed=0), False


def run_trial(
    graph: Graph, roots: Sequence[int], inputs: Sequence[Tokens], exhaustive: bool, causal: bool
) -> Trial:
    """The places at which the roots fail on the inputs, in the order in which they are met."""
    found: dict[object, Failure] = {}
    failed = 0
    for tokens in inputs:
        try:
            evaluate(graph, roots, tokens, causal=causal)
        except RaspError as error:
            failed += 1
            for diagnostic in error.diagnostics:
                place = diagnostic.code, diagnostic.span
                found.setdefault(place, Failure(diagnostic, tokens))
    return Trial(len(inputs), exhaustive, failed, tuple(found.values()))
