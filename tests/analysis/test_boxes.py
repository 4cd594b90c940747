"""Boxes of inputs: together they are the function, and no two of them overlap."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from rasp_lang.analysis.boxes import Box, boxes, most_common

Tables = list[np.ndarray]


def holds(box: Box, ids: tuple[int, ...], index: int, size: int) -> bool:
    """Whether a place of an input is in a box, by the words of the module."""
    for operand, allowed in box.conditions:
        position = operand - 1
        value = index if operand == 0 else ids[position] if position < len(ids) else size
        if value not in allowed:
            return False
    return True


def answers_of(found: list[Box], tables: Tables, size: int, base: int) -> Tables:
    """The function that boxes are: fails where two of them hold."""
    made = []
    for length, table in enumerate(tables, 1):
        rows = np.full(table.shape, base)
        for row, ids in enumerate(product(range(size), repeat=length)):
            for index in range(length):
                inside = [box for box in found if holds(box, ids, index, size)]
                assert len(inside) <= 1
                if inside:
                    rows[row, index] = inside[0].answer
        made.append(rows)
    return made


def check(tables: Tables, size: int) -> list[Box]:
    base = most_common(tables)
    found = boxes(tables, size, base)
    for table, made in zip(tables, answers_of(found, tables, size, base), strict=True):
        assert ((table == made) | (table < 0)).all()
    return found


@pytest.mark.parametrize("seed", range(12))
def test_boxes_are_the_function_whatever_it_is(seed: int) -> None:
    generator = np.random.default_rng(seed)
    size, max_len, kinds = generator.integers(1, 4), generator.integers(1, 5), seed % 4 + 1
    tables = [
        generator.integers(-1, kinds, size=(int(size) ** n, n)) for n in range(1, int(max_len) + 1)
    ]
    check(tables, int(size))


def _tables(size: int, max_len: int, function) -> Tables:  # type: ignore[no-untyped-def]
    return [
        np.array([[function(ids, i) for i in range(n)] for ids in product(range(size), repeat=n)])
        for n in range(1, max_len + 1)
    ]


def test_what_the_first_tokens_tell_needs_a_box_for_each_of_them() -> None:
    found = check(_tables(3, 4, lambda ids, _: ids[0]), 3)
    assert len(found) == 2


def test_what_the_last_token_tells_needs_few_boxes_for_each_length() -> None:
    found = check(_tables(3, 4, lambda ids, _: ids[-1]), 3)
    assert len(found) == 2 * 4


def test_what_the_index_tells_needs_a_box_for_each() -> None:
    found = check(_tables(2, 4, lambda _, i: i % 2), 2)
    assert len(found) == 2


def test_a_constant_needs_no_box() -> None:
    assert check(_tables(2, 3, lambda *_: 1), 2) == []
