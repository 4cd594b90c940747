"""A run of a craft program as it is meant, in double precision: the middle of the three levels
(interpreter, craft, transformer) that have to agree."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from rasp_lang.craft.program import BOS, CraftFunction, CraftHead, CraftProgram, Form
from rasp_lang.graph import Atom

Array = NDArray[np.float64]


def run(program: CraftProgram, tokens: Sequence[Atom]) -> list[Array]:
    """The readout of each output at each position: arrays [n, width]. The tokens must be of the
    vocabulary and at most as many as the maximum length."""
    stream = _embed(program, tokens)
    for layer in range(1, program.layers + 1):
        stream = stream + sum(
            (_attend(head, stream, program.contexts.causal) for head in program.heads
             if head.layer == layer), np.zeros_like(stream),
        )  # fmt: skip
        stream = stream + sum(
            (_compute(function, stream) for function in program.functions
             if function.layer == layer), np.zeros_like(stream),
        )  # fmt: skip
    return [
        np.stack([_read(form, stream)[1:] for form in output.forms], axis=1)
        for output in program.outputs
    ]


def _embed(program: CraftProgram, tokens: Sequence[Atom]) -> Array:
    typed = {(type(token), token): k for k, token in enumerate(program.vocabulary)}
    ids = [typed[type(token), token] for token in tokens]
    stream = np.zeros((len(tokens) + 1, len(program.directions)))
    stream[0, BOS] = 1.0
    for embedding in program.embeddings:
        source = {"token": ids, "index": list(range(len(tokens))), "any": [0] * len(tokens)}[
            embedding.of
        ]
        stream[1:, embedding.direction] = embedding.table[source]
    return stream


def _read(form: Form, stream: Array) -> Array:
    """A form in each row; its constant counts at real positions only."""
    total = form.constant * (1.0 - stream[:, BOS])
    for direction, coefficient in form.terms.items():
        total = total + coefficient * stream[:, direction]
    return np.asarray(total)


def _attend(head: CraftHead, stream: Array, causal: bool) -> Array:
    scores = np.zeros((len(stream), len(stream)))
    for product in head.products:
        scores += np.outer(_read(product.query, stream), _read(product.key, stream))
    scores[1:, 0] += _read(head.bos_query, stream)[1:]
    scores[0, 1:] = -np.inf
    if causal:
        scores = np.where(np.tri(len(stream), dtype=bool), scores, -np.inf)
    weights = np.exp(scores - scores.max(axis=1, keepdims=True))
    weights /= weights.sum(axis=1, keepdims=True)
    scale = np.exp(head.bos_score) if head.mode == "sink" else 1.0
    written = np.zeros_like(stream)
    for channel in head.channels:
        carried = weights @ _read(channel.value, stream)
        written[:, channel.direction] += scale * channel.factor * carried
    return written


def _compute(function: CraftFunction, stream: Array) -> Array:
    written = np.zeros_like(stream)
    for unit in function.units:
        written[:, function.direction] += unit.weight * np.maximum(_read(unit.reads, stream), 0.0)
    return written
