"""Programs beyond Tracr's reach: Python's word, the interpreter and the models on all inputs."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from functools import cache

import jax
import pytest
from beyond_tracr.table import PROGRAMS, Beyond
from three_levels import agreement, same

import rasp_lang
from rasp_lang import pipeline
from rasp_lang.depth import depths
from rasp_lang.program import Program
from rasp_lang.sampling import all_inputs, number_of_inputs, sample_inputs

#: Inputs of the long addition of five symbols; 500,000 go up to 8 of them.
LIMIT = int(os.environ.get("RASPC_LEVELS_INPUTS", "2000"))
LONG_SUM = PROGRAMS["long_sum"]
each_program = pytest.mark.parametrize("name", PROGRAMS)


@pytest.fixture(scope="module", autouse=True)
def _no_time_for_optimising() -> Iterator[None]:
    """XLA compiles each model without its optimisations, which take longer than all runs."""
    before = jax.config.read("jax_disable_most_optimizations")
    jax.config.update("jax_disable_most_optimizations", True)
    yield
    jax.config.update("jax_disable_most_optimizations", before)


@cache
def loaded(name: str) -> Program:
    return rasp_lang.loads(PROGRAMS[name].source)


def outputs(case: Beyond) -> Sequence[str]:
    output = loaded(case.name).output
    assert output is not None
    return case.outputs or (output,)


def built(name: str, opt: int) -> pipeline.Compiled:
    case = PROGRAMS[name]
    return pipeline.build(loaded(name), case.vocab, case.max_len, outputs(case), case.causal, opt)


def test_there_are_at_least_ninety_programs() -> None:
    assert len(PROGRAMS) >= 90


@each_program
def test_a_program_means_what_python_says_on_all_inputs(name: str) -> None:
    case = PROGRAMS[name]
    for tokens in all_inputs(case.vocab, case.max_len):
        meant = case.meaning(tokens)
        for output in outputs(case):
            found = loaded(name).evaluate(output, tokens, causal=case.causal)
            assert same(found, meant[output] if isinstance(meant, dict) else meant), tokens


@each_program
def test_the_paper_counts_as_many_layers_as_the_table_says(name: str) -> None:
    program, case = loaded(name), PROGRAMS[name]
    known = depths(program.graph)
    assert max(known[program.output_node(output)] for output in outputs(case)) == case.layers


@pytest.mark.slow
@each_program
def test_models_are_right_on_all_inputs_and_no_deeper_than_the_paper_counts(name: str) -> None:
    case, compiled = PROGRAMS[name], built(name, 1)
    assert compiled.artifact.config.layers <= case.layers
    inputs = list(all_inputs(case.vocab, case.max_len))
    for backend, crafted in (("numpy", None), ("jax", 1)):
        found = agreement(loaded(name), compiled, inputs, craft_inputs=crafted, backend=backend)
        assert (found.disagreement, found.checked) == (None, len(inputs))


@pytest.mark.slow
@pytest.mark.parametrize("opt", [0, 2])
@each_program
def test_every_optimisation_level_is_right_on_all_inputs(name: str, opt: int) -> None:
    case, compiled = PROGRAMS[name], built(name, opt)
    inputs = list(all_inputs(case.vocab, case.max_len))
    found = agreement(loaded(name), compiled, inputs)
    assert (found.disagreement, found.checked) == (None, len(inputs))


@pytest.mark.slow
def test_long_addition_of_five_symbols_is_right_on_all_inputs() -> None:
    vocab = "0459+"
    max_len = max(n for n in range(1, 9) if number_of_inputs(len(vocab), n) <= LIMIT)
    model = rasp_lang.compile(rasp_lang.loads(LONG_SUM.source), vocab, max_len)
    assert model.config.layers <= 5
    assert rasp_lang.verify(model, exhaustive=True).ok
    inputs = list(all_inputs(vocab, max_len))
    for tokens, answer in zip(inputs, model.batch(inputs), strict=True):
        assert answer == LONG_SUM.meaning(tokens), tokens


@pytest.mark.slow
def test_long_addition_of_all_digits_is_right_on_a_sample() -> None:
    vocab = "0123456789+"
    model = rasp_lang.compile(rasp_lang.loads(LONG_SUM.source), vocab, 10)
    assert model.config.layers <= 5
    inputs = sample_inputs(vocab, 10, 1500, seed=0)
    sums = [f"{first}+{second}" for first in (7, 999, 123) for second in (4567, 93, 99999, 0)]
    for tokens, answer in zip(
        [*inputs, *map(tuple, sums)], model.batch([*inputs, *sums]), strict=True
    ):
        assert answer == LONG_SUM.meaning(tokens), tokens
