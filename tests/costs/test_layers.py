"""Compiled programs are as deep as the RASP paper counts: a layer is one with heads. A function of
token and position together that a selector compares takes a hidden layer before the first head."""

from __future__ import annotations

import pytest

import rasp_lang
from rasp_lang import pipeline
from rasp_lang.library_files import ShippedProgram, shipped_programs

#: What they compute of token and position together has to be there before a head, or an output.
JOINT_FUNCTIONS = {"carry_chain", "flip_flop", "power"}
STATED = [program for program in shipped_programs() if program.head.layers is not None]


@pytest.mark.parametrize("shipped", STATED, ids=lambda program: program.name)
def test_a_shipped_program_has_the_layers_that_its_head_states(shipped: ShippedProgram) -> None:
    head = shipped.head
    assert head.vocab is not None
    assert head.max_len is not None
    program = rasp_lang.load(shipped.name)
    artifact = pipeline.compile(program, head.vocab, head.max_len, head.output)
    assert sum(heads > 0 for heads in artifact.heads_by_layer) == head.layers
    assert artifact.config.layers <= head.layers + (shipped.name in JOINT_FUNCTIONS)
