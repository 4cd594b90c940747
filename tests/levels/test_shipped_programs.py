"""The three levels on all inputs of every shipped program.

The vocabulary and the length that a program's head names are cut to at most ``RASPC_LEVELS_INPUTS``
inputs. The full comparison, which takes an hour:

    RASPC_LEVELS_INPUTS=100000 python -m pytest tests/levels
"""

from __future__ import annotations

import os
from collections.abc import Sequence

import pytest
from three_levels import Agreement, agreement

import rasp_lang
from rasp_lang import pipeline
from rasp_lang.graph import Atom
from rasp_lang.library_files import ShippedProgram, shipped_programs
from rasp_lang.sampling import all_inputs, number_of_inputs
from rasp_lang.transformer.model import Backend

#: Inputs of a program.
LIMIT = int(os.environ.get("RASPC_LEVELS_INPUTS", "2000"))
PROGRAMS = [program for program in shipped_programs() if not program.head.library]
pytestmark = pytest.mark.slow


def _cut(vocab: Sequence[Atom], max_len: int, limit: int) -> tuple[Sequence[Atom], int]:
    """As much of a vocabulary as leaves room for 4 tokens, and the length that is left."""
    for size in range(len(vocab), 0, -1):
        lengths = [n for n in range(1, max_len + 1) if number_of_inputs(size, n) <= limit]
        if lengths and lengths[-1] >= min(4, max_len):
            return vocab[:size], lengths[-1]
    raise AssertionError("a vocabulary of one token has few inputs")


def _agreement(
    shipped: ShippedProgram, limit: int, causal: bool, opt: int, backend: Backend
) -> Agreement:
    """The levels on all inputs, which are at most ``limit``; some must be compared."""
    program, head = rasp_lang.load(shipped.name), shipped.head
    assert head.vocab is not None
    assert head.max_len is not None
    vocab, max_len = _cut(head.vocab, head.max_len, limit)
    compiled = pipeline.build(program, vocab, max_len, head.output, causal, opt)
    inputs = list(all_inputs(vocab, max_len))
    found = agreement(program, compiled, inputs, backend=backend)
    if found.disagreement is None:
        assert found.checked + found.skipped == len(inputs)
        assert found.checked > 0
    return found


@pytest.mark.parametrize("causal", [False, True], ids=["whole", "causal"])
@pytest.mark.parametrize("shipped", PROGRAMS, ids=lambda program: program.name)
def test_interpreter_craft_program_and_transformer_agree_on_all_inputs(
    shipped: ShippedProgram, causal: bool
) -> None:
    assert _agreement(shipped, LIMIT, causal, 1, "jax").disagreement is None


@pytest.mark.parametrize("opt", [0, 2])
@pytest.mark.parametrize("shipped", PROGRAMS, ids=lambda program: program.name)
def test_every_optimisation_level_agrees(shipped: ShippedProgram, opt: int) -> None:
    assert _agreement(shipped, LIMIT // 5, False, opt, "numpy").disagreement is None
