"""Readouts to atoms: the answer of a categorical or numerical output at each position."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from rasp_lang.graph import Atom
from rasp_lang.transformer.artifact import (
    Candidates,
    CategoricalDecoder,
    Decoder,
    NumericalDecoder,
)

#: Distances that are held at once: 8 MB.
_BLOCK = 2**20


def decode(decoder: Decoder, rows: NDArray[np.float32], lengths: Sequence[int]) -> list[list[Atom]]:
    """The answers to inputs of these lengths. ``rows`` is ``[sum(lengths), width]``: the readouts
    of the first input's positions (without BOS), then the second's, and so on."""
    if isinstance(decoder, CategoricalDecoder):
        values = [decoder.values[k] for k in rows.argmax(axis=1).tolist()]
    elif decoder.exact:
        values = _nearest(decoder, rows.astype(np.float64), lengths)
    else:
        values = rows[:, 0].tolist()
    ends = accumulate(lengths)
    return [values[end - length : end] for end, length in zip(ends, lengths, strict=True)]


def _nearest(
    decoder: NumericalDecoder, rows: NDArray[np.float64], lengths: Sequence[int]
) -> list[Atom]:
    values: list[Atom] = [0] * len(rows)
    classes = _classes(decoder, lengths)
    for number in np.flatnonzero(np.bincount(classes)).tolist():
        places = np.flatnonzero(classes == number)
        candidates = decoder.classes[number]
        chosen = _choose(candidates, rows[places], np.array(decoder.weights))
        for place, k in zip(places.tolist(), chosen.tolist(), strict=True):
            values[place] = candidates.values[k]
    return values


def _classes(decoder: NumericalDecoder, lengths: Sequence[int]) -> NDArray[np.intp]:
    """The class of each row."""
    if decoder.grouping == "all":
        return np.zeros(sum(lengths), np.intp)
    if decoder.grouping == "index":
        table = np.array(decoder.class_of, np.intp)
        return np.concatenate([table[:length] for length in lengths])
    return np.concatenate([np.array(decoder.class_of[n - 1], np.intp) for n in lengths])


def _choose(
    candidates: Candidates, rows: NDArray[np.float64], weights: NDArray[np.float64]
) -> NDArray[np.intp]:
    """The nearest candidate of each row, the first of several."""
    if candidates.points.shape[1] == 1:
        return _choose_on_a_line(candidates.points[:, 0], rows[:, 0])
    chosen = np.empty(len(rows), np.intp)
    block = max(1, _BLOCK // candidates.points.size)
    for start in range(0, len(rows), block):
        differences = rows[start : start + block, None, :] - candidates.points
        distances = np.abs(differences * weights).max(axis=2)
        chosen[start : start + block] = distances.argmin(axis=1)
    return chosen


def _choose_on_a_line(points: NDArray[np.float64], rows: NDArray[np.float64]) -> NDArray[np.intp]:
    above = np.searchsorted(points, rows).clip(1, max(1, len(points) - 1))
    above = np.minimum(above, len(points) - 1)
    below = np.maximum(above - 1, 0)
    nearer = np.where(rows - points[below] <= points[above] - rows, below, above)
    first: NDArray[np.intp] = np.searchsorted(points, points[nearer])  # of several at one point
    return first
