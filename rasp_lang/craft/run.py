"""A run of a craft program as it is meant, in double precision: the middle of the three levels
(interpreter, craft, transformer) that have to agree. What float32 is meant to round is rounded.

Shapes: ``B`` inputs of one length n; a stream is ``[B, n + 1, directions]``, BOS first.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from rasp_lang.craft.program import BOS, CraftFunction, CraftHead, CraftProgram, Form
from rasp_lang.graph import Atom

Array = NDArray[np.float64]


def run(program: CraftProgram, tokens: Sequence[Atom]) -> list[Array]:
    """The readout of each output at each position of one input: arrays ``[n, width]``. The tokens
    must be of the vocabulary and at most as many as the maximum length."""
    return [readout[0] for readout in run_batch(program, [tokens])]


def run_batch(program: CraftProgram, inputs: Sequence[Sequence[Atom]]) -> list[Array]:
    """The same for inputs of one length: arrays ``[B, n, width]``."""
    stream = _embed(program, inputs)
    rounding = [d.id for d in program.directions if d.rounding]
    for layer in range(1, program.layers + 1):
        heads = [head for head in program.heads if head.layer == layer]
        attended = [_attend(head, stream, program.contexts.causal) for head in heads]
        stream = sum(attended, stream)
        stream[..., rounding] = np.round(stream[..., rounding])
        stream = sum((_compute(f, stream) for f in program.functions if f.layer == layer), stream)
    return [_read(output.forms, stream)[:, 1:] for output in program.outputs]


def _embed(program: CraftProgram, inputs: Sequence[Sequence[Atom]]) -> Array:
    typed = {(type(token), token): k for k, token in enumerate(program.vocabulary)}
    ids = np.array([[typed[type(token), token] for token in tokens] for tokens in inputs])
    stream = np.zeros((len(ids), ids.shape[1] + 1, len(program.directions)))
    stream[:, 0, BOS] = 1.0
    places = {"token": ids, "index": np.arange(ids.shape[1]), "any": np.zeros_like(ids)}
    for embedding in program.embeddings:
        stream[:, 1:, embedding.direction] = embedding.table[places[embedding.of]]
    return stream


def _read(forms: Iterable[Form], stream: Array) -> Array:
    """Forms in each row, ``[B, n + 1, forms]``; their constants count at real positions only."""
    forms = tuple(forms)
    matrix = np.zeros((stream.shape[-1], len(forms)))
    for column, form in enumerate(forms):
        for direction, coefficient in form.terms.items():
            matrix[direction, column] = coefficient
    real = 1.0 - stream[..., BOS, None]
    return np.asarray(stream @ matrix + real * np.array([form.constant for form in forms]))


def _attend(head: CraftHead, stream: Array, causal: bool) -> Array:
    queries = _read((product.query for product in head.products), stream)
    keys = _read((product.key for product in head.products), stream)
    scores = queries @ keys.swapaxes(1, 2)
    scores[:, 1:, 0] += _read([head.bos_query], stream)[:, 1:, 0]
    scores[:, 0, 1:] = -np.inf
    if causal:
        scores = np.where(np.tri(stream.shape[1], dtype=bool), scores, -np.inf)
    weights = np.exp(scores - scores.max(axis=-1, keepdims=True))
    weights /= weights.sum(axis=-1, keepdims=True)
    carried = weights @ _read((channel.value for channel in head.channels), stream)
    scale = np.exp(head.bos_score) if head.mode == "sink" else 1.0
    written = np.zeros_like(stream)
    for number, channel in enumerate(head.channels):
        written[..., channel.direction] += scale * channel.factor * carried[..., number]
    return written


def _compute(function: CraftFunction, stream: Array) -> Array:
    hidden = np.maximum(_read((unit.reads for unit in function.units), stream), 0.0)
    written = np.zeros_like(stream)
    written[..., function.direction] = hidden @ [unit.weight for unit in function.units]
    return written
