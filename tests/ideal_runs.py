"""Craft programs as they are meant: in double precision, with sinks so heavy that their sums have
no bias."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from rasp_lang.craft.program import CraftHead, CraftProgram, Form
from rasp_lang.craft.run import run
from rasp_lang.graph import Atom

#: The logit of a sink so heavy that in double precision its sums have no bias.
HEAVY = 34.0


def _heavier(head: CraftHead) -> CraftHead:
    if head.mode != "sink":
        return head
    more = Form({}, HEAVY - head.bos_score)
    return replace(head, bos_score=HEAVY, bos_query=head.bos_query.plus(more))


def ideal_readouts(program: CraftProgram, tokens: Sequence[Atom]) -> list[NDArray[np.float64]]:
    """The readout of each output at each position, [n, width]."""
    return run(replace(program, heads=tuple(map(_heavier, program.heads))), tokens)


def ideal_directions(program: CraftProgram, tokens: Sequence[Atom]) -> NDArray[np.float64]:
    """What every direction is meant to hold at the end, [n, directions]."""
    directions = tuple(Form({d.id: 1.0}) for d in program.directions)
    output = replace(program.outputs[0], forms=directions)
    [found] = ideal_readouts(replace(program, outputs=(output,)), tokens)
    # A direction that rounds holds an integer.
    rounds = np.array([d.rounding > 0 for d in program.directions])
    return np.where(rounds, np.round(found), found)
