"""The three levels at the size where other compilers break."""

from __future__ import annotations

import pytest
from ladder import LADDER, Rung
from three_levels import agreement

import rasp_lang
from rasp_lang import pipeline
from rasp_lang.graph import Atom


@pytest.mark.slow
@pytest.mark.parametrize("rung", LADDER, ids=lambda rung: rung.program)
def test_twenty_of_twenty_inputs_of_32_of_32_tokens_are_right(rung: Rung) -> None:
    program = rasp_lang.load(rung.program)
    compiled = pipeline.build(program, rung.vocabulary(32), 32)
    inputs = rung.inputs(32, 32, 20)
    assert {len(tokens) for tokens in inputs} == {32}
    for backend in ("numpy", "jax"):
        found = agreement(program, compiled, inputs, backend=backend)
        assert found.disagreement is None
        assert (found.checked, found.skipped) == (20, 0)


@pytest.mark.slow
def test_strings_are_sorted_too() -> None:
    vocabulary: list[Atom] = [f"{a}{b}" for a in "zebra" for b in "mixture"][:32]
    program = rasp_lang.load("sort_unique")
    compiled = pipeline.build(program, vocabulary, 32)
    [sort] = [rung for rung in LADDER if rung.program == "sort_unique"]
    inputs = [tuple(vocabulary[k] for k in keys) for keys in sort.inputs(32, 32, 20)]  # type: ignore[index]
    found = agreement(program, compiled, inputs, backend="jax")
    assert found.disagreement is None
    assert found.checked == 20
