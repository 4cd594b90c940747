"""Many inputs as arrays: blocks of inputs of one length, and work on them by all processors.

An input is its tokens' numbers in the vocabulary. Shapes: ``B`` inputs, ``n`` positions.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import groupby
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

Ids = NDArray[np.intp]
Found = TypeVar("Found")


def all_blocks(size: int, max_len: int, at_once: Callable[[int], int]) -> Iterator[Ids]:
    """Every input over ``size`` tokens, ``[B, n]``, the short ones first, then in the order of the
    vocabulary; at most ``at_once(n)`` in a block."""
    for length in range(1, max_len + 1):
        total, step = size**length, at_once(length)
        for start in range(0, total, step):
            numbers = np.arange(start, min(start + step, total), dtype=np.intp)
            yield _digits(numbers, size, length)


def _digits(numbers: Ids, base: int, length: int) -> Ids:
    digits = np.empty((length, len(numbers)), dtype=np.intp)
    for k in reversed(range(length)):
        numbers, digits[k] = np.divmod(numbers, base)
    return digits.T


def blocks_of(inputs: Iterable[Sequence[int]], at_once: Callable[[int], int]) -> Iterator[Ids]:
    """Inputs that are ordered by length in such blocks."""
    for length, of_length in groupby(inputs, len):
        ids, step = np.array(list(of_length), dtype=np.intp), at_once(length)
        for start in range(0, len(ids), step):
            yield ids[start : start + step]


def in_order(act: Callable[[Any], Found], items: Iterable[Any]) -> Iterator[Found]:
    """``map`` by as many threads as there are processors (numpy and XLA let others run while they
    compute). Few items are taken ahead of what is asked for."""
    workers = os.cpu_count() or 1
    with ThreadPoolExecutor(workers) as pool:
        waiting: deque[Future[Found]] = deque()
        try:
            for item in items:
                waiting.append(pool.submit(act, item))
                if len(waiting) > 2 * workers:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            for future in waiting:
                future.cancel()
