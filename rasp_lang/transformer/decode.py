"""Readouts to atoms: the answer of a categorical or numerical output at each position.

Answers are codes into a table of atoms, so that a million of them can be handled, and compared, as
an array.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate, chain
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rasp_lang.graph import Atom
from rasp_lang.transformer.artifact import (
    Candidates,
    CategoricalDecoder,
    Decoder,
    NumericalDecoder,
    QuotientDecoder,
)

#: Distances that are held at once: 8 MB.
_BLOCK = 2**20
Places = NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Coded:
    """Answers: ``atoms[codes]``, of the shape of ``codes``. ``atoms`` is an array of objects."""

    codes: Places
    atoms: NDArray[Any]

    def at(self, number: int) -> list[Atom]:
        """The answers of one row."""
        answers: list[Atom] = self.atoms[self.codes[number]].tolist()
        return answers


#: From readouts ``[sum(lengths), width]`` of inputs of these lengths (the positions of the first
#: input, without BOS, then the second's, and so on) to their answers, one after the other.
Decode = Callable[[NDArray[np.float32], Sequence[int]], Coded]


def decoding(decoder: Decoder) -> Decode:
    """How readouts of an output become answers; made once for a model."""
    if isinstance(decoder, CategoricalDecoder):
        atoms = _table(decoder.values)
        return lambda rows, _: Coded(rows.argmax(axis=1), atoms)
    if isinstance(decoder, QuotientDecoder):
        return _Quotients(decoder)
    return _Nearest(decoder) if decoder.exact else _as_computed


def decode(decoder: Decoder, rows: NDArray[np.float32], lengths: Sequence[int]) -> list[list[Atom]]:
    """The answers to inputs of these lengths from their readouts ``[sum(lengths), width]``."""
    return by_input(decoding(decoder)(rows, lengths), lengths)


def by_input(answers: Coded, lengths: Sequence[int]) -> list[list[Atom]]:
    """The answers to inputs of these lengths as lists."""
    values = answers.atoms[answers.codes].tolist()
    ends = accumulate(lengths)
    return [values[end - length : end] for end, length in zip(ends, lengths, strict=True)]


def _as_computed(rows: NDArray[np.float32], _: Sequence[int]) -> Coded:
    values, codes = np.unique(rows[:, 0], return_inverse=True)
    return Coded(codes, _table(values.tolist()))


def _table(values: Iterable[Atom]) -> NDArray[Any]:
    """An array of atoms as they are."""
    known = list(values)
    table = np.empty(len(known), dtype=object)
    table[:] = known
    return table


class _Nearest:
    """The nearest of the candidates of each position."""

    def __init__(self, decoder: NumericalDecoder) -> None:
        self._decoder = decoder
        self._weights = np.array(decoder.weights)
        self._atoms = _table(chain.from_iterable(c.values for c in decoder.classes))
        self._starts = [0, *accumulate(len(c.values) for c in decoder.classes)]

    def __call__(self, rows: NDArray[np.float32], lengths: Sequence[int]) -> Coded:
        classes, codes = self._classes(lengths), np.empty(len(rows), np.intp)
        order = np.argsort(classes, kind="stable")
        counts = np.bincount(classes, minlength=len(self._decoder.classes))
        end = 0
        for number in np.flatnonzero(counts).tolist():
            places = order[end : end + counts[number]]
            chosen = _choose(
                self._decoder.classes[number], rows[places].astype(np.float64), self._weights
            )
            codes[places] = self._starts[number] + chosen
            end += counts[number]
        return Coded(codes, self._atoms)

    def _classes(self, lengths: Sequence[int]) -> Places:
        """The class of each row."""
        grouping, class_of = self._decoder.grouping, self._decoder.class_of
        if grouping == "all":
            return np.zeros(sum(lengths), np.intp)
        known: dict[int, Places] = {}
        for n in set(lengths):
            known[n] = np.array(class_of[:n] if grouping == "index" else class_of[n - 1], np.intp)
        return np.concatenate([known[n] for n in lengths] or [np.zeros(0, np.intp)])


class _Quotients:
    """The nearest multiple of the unit over the number of keys."""

    def __init__(self, decoder: QuotientDecoder) -> None:
        self._decoder = decoder

    def __call__(self, rows: NDArray[np.float32], lengths: Sequence[int]) -> Coded:
        decoder = self._decoder
        parts = [np.arange(1, n + 1) if decoder.keys == "index" else np.full(n, n) for n in lengths]
        keys = np.concatenate(parts or [np.zeros(0, np.int64)])
        # A readout a little below 0 is 0, not -0.
        units = np.round(rows[:, 0].astype(np.float64) * keys / decoder.unit) + 0.0
        quotients, codes = np.unique(units * decoder.unit / keys, return_inverse=True)
        values: list[Atom] = quotients.tolist()
        if decoder.whole:  # a single key's value is the int itself
            codes[keys == 1] += len(values)
            values += [round(value) for value in quotients.tolist()]
        return Coded(codes, _table(values))


def _choose(
    candidates: Candidates, rows: NDArray[np.float64], weights: NDArray[np.float64]
) -> Places:
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


def _choose_on_a_line(points: NDArray[np.float64], rows: NDArray[np.float64]) -> Places:
    above = np.searchsorted(points, rows).clip(1, max(1, len(points) - 1))
    above = np.minimum(above, len(points) - 1)
    below = np.maximum(above - 1, 0)
    nearer = np.where(rows - points[below] <= points[above] - rows, below, above)
    first: Places = np.searchsorted(points, points[nearer])  # of several at one point
    return first
