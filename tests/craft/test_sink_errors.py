"""What attention in float32 loses with many keys is within what ``craft.errors`` says, in whatever
order sums are formed."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator

import numpy as np
import pytest
from numpy.typing import NDArray

from rasp_lang.craft.assign import sink_score
from rasp_lang.craft.errors import U, mean_error, sum_error
from rasp_lang.craft.scores import COLD

Row = NDArray[np.float32]
KEYS = (1, 2, 3, 10, 100, 1000, 3000)
each_number_of_keys = pytest.mark.parametrize("keys", KEYS)


def one_after_the_other(numbers: Row) -> np.float32:
    return np.add.accumulate(numbers)[-1]  # type: ignore[no-any-return]


def pairwise(numbers: Row) -> np.float32:
    while len(numbers) > 1:
        if len(numbers) % 2:
            numbers = np.append(numbers, np.float32(0))
        numbers = numbers[::2] + numbers[1::2]
    return numbers[0]  # type: ignore[no-any-return]


def in_lanes(numbers: Row) -> np.float32:
    """As vector units do: eight running sums, added up at the end."""
    padded = np.append(numbers, np.zeros(-len(numbers) % 8, np.float32))
    return pairwise(np.add.accumulate(padded.reshape(-1, 8), axis=0)[-1])


ORDERS: dict[str, Callable[[Row], np.float32]] = {
    "sequential": one_after_the_other,
    "backwards": lambda numbers: one_after_the_other(numbers[::-1]),
    "small ones first": lambda n: one_after_the_other(n[np.argsort(np.abs(n), kind="stable")]),
    "large ones first": lambda n: one_after_the_other(n[np.argsort(-np.abs(n), kind="stable")]),
    "by sign": lambda numbers: one_after_the_other(np.sort(numbers)),
    "pairwise": pairwise,
    "in lanes": in_lanes,
    "as numpy does": lambda numbers: np.sum(numbers),
}


def values(keys: int, largest: float) -> Iterator[Row]:
    """Values of at most ``largest``: all the largest, of one sign and of both, ints, some."""
    draw = np.random.default_rng(keys)
    yield np.full(keys, largest)
    yield np.where(draw.random(keys) < 0.5, largest, -largest)
    yield np.where(np.arange(keys) < keys // 2, largest, -largest)
    yield np.round(draw.uniform(-largest, largest, keys))
    yield draw.uniform(0, largest, keys)
    yield draw.uniform(-largest, largest, keys)
    yield np.where(draw.random(keys) < 0.1, largest, 0)


def exponentials(keys: int, score: float, d_head: int, draw: np.random.Generator) -> Row:
    """The exponentials of BOS, somewhere in the row, and of keys whose score is 0."""
    root = np.float32(math.sqrt(d_head))
    logits = np.zeros(keys + 1, np.float32)
    logits[draw.integers(keys + 1)] = np.float32(score * math.sqrt(d_head)) / root
    return np.exp(logits - logits.max())  # type: ignore[no-any-return]


@each_number_of_keys
@pytest.mark.parametrize("order", ORDERS)
def test_the_denominator_of_a_sink_is_exactly_one(keys: int, order: str) -> None:
    draw = np.random.default_rng(keys)
    for d_head in (1, 3, 4, 7, 64, 1001):
        row = exponentials(keys, sink_score(keys), d_head, draw)
        assert ORDERS[order](row) == 1
        assert ORDERS[order](draw.permutation(row)) == 1


@each_number_of_keys
def test_a_lighter_sink_has_no_such_denominator(keys: int) -> None:
    score = math.log(keys / (4 * U))
    assert score < sink_score(keys)
    row = exponentials(keys, score, 1, np.random.default_rng(0))
    assert one_after_the_other(np.sort(row)) > 1


@each_number_of_keys
@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("largest", [1.0, 7.0, 1000.0])
def test_a_sum_read_off_a_sink_is_within_its_bound(keys: int, order: str, largest: float) -> None:
    draw, added = np.random.default_rng(keys), ORDERS[order]
    score = sink_score(keys)
    bound = float(sum_error(keys, largest, 0.0, 0.0, COLD, score))
    scale = np.float32(math.exp(score))
    for held in values(keys, largest):
        for d_head in (1, 3, 101):
            row = exponentials(keys, score, d_head, draw)
            weights = row / added(row)
            bos = int(weights.argmax())
            carried = np.insert(held.astype(np.float32), bos, np.float32(0))
            exact = math.fsum(carried.tolist())
            for products in (weights * carried, draw.permutation(weights * carried)):
                assert abs(float(added(products) * scale) - exact) <= bound


@pytest.mark.parametrize("order", ["sequential", "pairwise"])
def test_the_bound_of_a_sum_is_not_far_above_what_is_lost(order: str) -> None:
    keys, largest = 3000, 1.0
    score = sink_score(keys)
    bound = float(sum_error(keys, largest, 0.0, 0.0, COLD, score))
    worst = 0.0
    for d_head in range(1, 60):
        row = exponentials(keys, score, d_head, np.random.default_rng(d_head))
        products = np.where(row == 1, np.float32(0), row)
        worst = max(worst, abs(float(ORDERS[order](products) * math.exp(score)) - keys))
    assert bound / 500 < worst <= bound


def test_counts_are_provable_up_to_some_three_thousand_keys() -> None:
    errors = {
        n: float(sum_error(n, 1.0, 0.0, 0.0, COLD, sink_score(n))) for n in (1000, 3000, 4096)
    }
    assert errors[1000] < 0.06
    assert errors[3000] < 0.5 < errors[4096]


def test_bounds_grow_with_keys_values_noise_and_leaks() -> None:
    def bound(keys: int = 100, largest: float = 2.0, off: float = 0.0, noise: float = 0.0,
              gap: float = COLD) -> float:  # fmt: skip
        return float(sum_error(keys, largest, off, noise, gap, sink_score(keys)))

    usual = bound()
    for more in (bound(keys=101), bound(largest=2.1), bound(off=1e-6), bound(noise=1e-6),
                 bound(gap=20.0)):  # fmt: skip
        assert more > usual
    assert bound(gap=0.0) == math.inf


@each_number_of_keys
@pytest.mark.parametrize("order", ORDERS)
def test_a_mean_of_equal_scores_is_within_its_bound(keys: int, order: str) -> None:
    draw, added = np.random.default_rng(keys), ORDERS[order]
    for largest in (1.0, 50.0):
        bound = float(mean_error(keys, largest, 0.0, 0.0, COLD))
        for held in values(keys, largest):
            row = np.exp(np.zeros(keys, np.float32))
            weights = row / added(row)
            carried = held.astype(np.float32)
            exact = math.fsum(carried.tolist()) / keys
            for products in (weights * carried, draw.permutation(weights * carried)):
                assert abs(float(added(products)) - exact) <= bound
