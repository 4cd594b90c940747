"""The places at which an s-op can be looked at: an index and a length.

With a causal mask nothing depends on what follows, so a place is an index alone. Without it a place
is a pair (index, length) up to ``PAIRS_UP_TO`` and an index (with every length that has it) beyond.
``C`` counts places; the keys that a query at one place sees are places too.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

#: Rows of at most this many entries are summed by ``reduceat``, which goes column by column.
NARROW = 256

Grouping = Literal["all", "index", "index_length"]

#: Beyond this maximum length the number of (index, length) pairs is not worth its precision.
PAIRS_UP_TO = 128


@dataclass(frozen=True, slots=True)
class Contexts:
    """``index`` and ``length`` of each place, shape [C]; the length is the least possible one."""

    max_len: int
    causal: bool
    paired: bool
    index: NDArray[np.int64]
    length: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.index)

    def over_keys(
        self, operation: np.ufunc, per_key: NDArray[Any], *, certain: bool = False
    ) -> NDArray[Any]:
        """A sum (or another operation) of ``per_key`` [C, X] over the keys that are seen from each
        horizon: [horizons, X]. ``certain`` counts only keys that are there whatever the length
        (where a place is an index alone)."""
        if self.paired:
            starts = np.arange(self.max_len) * (np.arange(self.max_len) + 1) // 2
            if per_key.shape[1] <= NARROW:
                return np.asarray(operation.reduceat(per_key, starts, axis=0))
            pieces = np.split(per_key, starts[1:])
            return np.stack([operation.reduce(piece, axis=0) for piece in pieces])
        if self.causal or certain:
            return np.asarray(operation.accumulate(per_key, axis=0))
        return np.asarray(operation.reduce(per_key, axis=0, keepdims=True))

    def horizon(self, *, certain: bool = False) -> NDArray[np.int64]:
        """The horizon of each place: places of one horizon see the same keys. Shape [C]."""
        if self.paired:
            return self.length - 1
        return self.index if self.causal or certain else np.zeros_like(self.index)

    def total(self, per_key: NDArray[np.int64], *, certain: bool) -> NDArray[np.int64]:
        """Sum ``per_key`` [C, X] over the keys that each place sees: [C, X]."""
        counted = self.over_keys(np.add, per_key, certain=certain)
        return np.asarray(counted[self.horizon(certain=certain)], np.int64)

    @property
    def most_keys(self) -> NDArray[np.int64]:
        """How many keys each place can see at most, shape [C]."""
        if self.paired or self.causal:
            return self.length
        return np.full(len(self), self.max_len)

    def grouping(self, class_of: NDArray[np.int64]) -> Grouping:
        """The coarsest of ``all``, ``index``, ``index_length`` that tells the classes apart."""
        if (class_of == class_of[0]).all():
            return "all"
        if not self.paired:
            return "index"
        by_index = class_of[self._first_place(self.index)]
        return "index" if (by_index == class_of).all() else "index_length"

    def _first_place(self, index: NDArray[np.int64]) -> NDArray[np.int64]:
        return index * (index + 1) // 2 + index

    def representatives(self, grouping: str) -> list[int] | list[list[int]]:
        """The places to look a class up: by index, or by length and index (see ``grouping``)."""
        if grouping == "index_length":
            starts = [n * (n - 1) // 2 for n in range(1, self.max_len + 1)]
            return [list(range(start, start + n)) for n, start in enumerate(starts, 1)]
        if self.paired:
            return [int(place) for place in self._first_place(np.arange(self.max_len))]
        return list(range(self.max_len))


@lru_cache(maxsize=16)
def contexts(max_len: int, causal: bool) -> Contexts:
    """All places of inputs up to ``max_len``; pairs are ordered by length, then index."""
    paired = not causal and max_len <= PAIRS_UP_TO
    if paired:
        length = np.repeat(np.arange(1, max_len + 1), np.arange(1, max_len + 1))
        index = np.concatenate([np.arange(n) for n in range(1, max_len + 1)])
    else:
        index = np.arange(max_len)
        length = index + 1
    for array in (index, length):
        array.flags.writeable = False  # known to all compilations of this length
    return Contexts(max_len, causal, paired, index, length)
