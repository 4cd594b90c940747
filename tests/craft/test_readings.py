"""What is known of the residual stream: slots that one-hots share, and what heads score alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ladder import LADDER, Rung

import rasp_lang
from rasp_lang import pipeline
from rasp_lang.craft.certificate import certify
from rasp_lang.craft.program import CraftHead, Direction, Embedding
from rasp_lang.craft.readings import Stream

SETTINGS = settings(max_examples=150, deadline=None, derandomize=True)
KINDS = {"token": 4, "index": 6, "any": 1}


@st.composite
def embeddings(draw: st.DrawFn) -> list[Embedding]:
    """A direction each, from number 1 on, mostly 0."""
    found = []
    for number in range(1, draw(st.integers(2, 9))):
        kind = draw(st.sampled_from(sorted(KINDS)))
        level = st.sampled_from([0.0, 0.0, 0.0, 1.0, -2.0, 0.1])
        table = draw(st.lists(level, min_size=KINDS[kind], max_size=KINDS[kind]))
        found.append(Embedding(number, kind, np.array(table)))
    return found


def alone(some: Sequence[Embedding]) -> list[set[int]]:
    """Of each kind, the directions that hold something where no direction does that holds something
    at fewer places, or that comes earlier."""
    groups = []
    for kind in KINDS:
        used: set[int] = set()
        group = set()
        these = [e for e in some if e.of == kind]
        for embedding in sorted(these, key=lambda e: int((e.table != 0).sum())):
            places = set(np.flatnonzero(embedding.table).tolist())
            if places and not places & used:
                group.add(embedding.direction)
            used |= places
        groups.append(group)
    return [group for group in groups if len(group) > 1]


@SETTINGS
@given(embeddings())
def test_directions_that_are_never_lit_together_share_a_slot(made: list[Embedding]) -> None:
    bounds = {e.direction: (min(e.table.min(), 0.0), max(e.table.max(), 0.0)) for e in made}
    directions = [Direction(0, "BOS", "BOS", None, None, 0.0, 0.0)]
    directions += [Direction(d, str(d), "s", None, None, *bounds[d]) for d in sorted(bounds)]
    stream = Stream(SimpleNamespace(directions=directions, embeddings=made), np.array([0.0, 1e-6]))
    shared: dict[int, set[int]] = {}
    for direction in range(1, len(directions)):
        slot = int(stream.slot[direction])
        if stream.shared[slot]:
            shared.setdefault(slot, set()).add(direction)
    assert sorted(map(sorted, shared.values())) == sorted(map(sorted, alone(made)))
    for embedding in made:
        # What float32 holds of the table, and what a weight that is off makes of it.
        largest = np.abs(embedding.table).max()
        exact = (embedding.table.astype(np.float32) == embedding.table).all()
        slot = stream.slot[embedding.direction]
        error = stream.error[slot] * stream.unit[embedding.direction]
        assert error[0] >= (0.0 if exact else 2.0**-24 * largest * (1 - 1e-9))
        assert error[1] >= 1e-6 * largest * (1 - 1e-9)
        if not stream.shared[slot]:
            assert error[0] == 0.0 or not exact


def apart(head: CraftHead) -> CraftHead:
    """The same head with scores of its own."""
    return replace(head, scores=tuple(replace(score) for score in head.scores))


@pytest.mark.parametrize("rung", LADDER, ids=lambda rung: rung.program)
def test_scores_that_heads_have_in_common_prove_what_scores_of_their_own_do(rung: Rung) -> None:
    program = rasp_lang.load(rung.program)
    output = program.head.output or program.output
    craft = pipeline.build(program, rung.vocabulary(8), 10, output).craft
    sinks = [head.bos_score if head.mode == "sink" else 0.0 for head in craft.heads]
    alike = replace(craft, heads=tuple(map(apart, craft.heads)))
    assert certify(craft, sinks, 1.0).to_json() == certify(alike, sinks, 1.0).to_json()


def test_heads_of_one_selector_have_their_scores_in_common() -> None:
    rung = next(rung for rung in LADDER if rung.program == "sort_unique")
    program = rasp_lang.load(rung.program)
    output = program.head.output or program.output
    craft = pipeline.build(program, rung.vocabulary(8), 10, output).craft
    layers = [[head for head in craft.heads if head.layer == layer] for layer in (1, 2)]
    for first, second in layers:
        assert first.scores[0] is second.scores[0]
