"""Inputs as arrays, and work on them in order."""

from __future__ import annotations

import time
from collections.abc import Iterator

import numpy as np
import pytest

from rasp_lang.analysis.blocks import all_blocks, blocks_of, in_order
from rasp_lang.sampling import all_inputs


@pytest.mark.parametrize(("size", "max_len"), [(1, 70), (2, 6), (3, 4), (7, 2)])
@pytest.mark.parametrize("at_once", [1, 5, 1000])
def test_blocks_are_all_inputs_in_their_order(size: int, max_len: int, at_once: int) -> None:
    blocks = list(all_blocks(size, max_len, lambda _: at_once))
    rows = [tuple(row) for block in blocks for row in block.tolist()]
    assert rows == list(all_inputs(range(size), max_len))
    assert max(map(len, blocks)) <= at_once


def test_blocks_of_given_inputs_are_of_one_length() -> None:
    inputs = [(1,), (0,), (1, 1), (0, 1), (1, 0), (2, 2, 2)]
    blocks = list(blocks_of(inputs, lambda length: 3 - length + length // 3))
    assert [block.tolist() for block in blocks] == [
        [[1], [0]], [[1, 1]], [[0, 1]], [[1, 0]], [[2, 2, 2]]
    ]  # fmt: skip
    assert all(block.dtype == np.intp for block in blocks)


def test_results_come_in_the_order_of_the_items() -> None:
    def slow(item: int) -> int:
        time.sleep(0.02 if item % 3 == 0 else 0)
        return item * item

    assert list(in_order(slow, range(30))) == [item * item for item in range(30)]


def test_few_items_are_taken_ahead() -> None:
    taken: list[int] = []

    def items() -> Iterator[int]:
        for item in range(10_000):
            taken.append(item)
            yield item

    for found in in_order(lambda item: item, items()):
        if found == 5:
            break
    assert len(taken) < 1_000


def test_what_goes_wrong_is_raised() -> None:
    def act(item: int) -> int:
        if item == 3:
            raise ValueError("three")
        return item

    with pytest.raises(ValueError, match="three"):
        list(in_order(act, range(10)))
