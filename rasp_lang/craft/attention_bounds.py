"""How far a head's scores, and what it writes, can be from what is meant. All bounds are arrays
over the deltas of the stream that is read; scores are in the units of the craft program."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from rasp_lang.craft.errors import (
    UNDERFLOW,
    Numbers,
    U,
    copy_error,
    gamma,
    leak,
    mean_error,
    sum_error,
)
from rasp_lang.craft.program import CraftHead, DistanceScore, Form, TableScore
from rasp_lang.craft.readings import Bounds, SomeBounds

#: How far BOS's own score stands above all others in BOS's row: no other key gets any weight.
BOS_SELF = 256.0


def sides_of(head: CraftHead) -> list[Form]:
    """Queries, then keys of a head."""
    return [*(p.query for p in head.products), *(p.key for p in head.products)]


def carried_by(head: CraftHead) -> list[Form]:
    """Values of a head, then what BOS is scored by."""
    return [*(channel.value for channel in head.channels), head.bos_query]


class Sides(NamedTuple):
    """Queries and keys as they are read, one row a product."""

    query: SomeBounds
    key: SomeBounds

    @staticmethod
    def of(reads: Bounds, first: int, count: int) -> Sides:
        """``sides_of`` a head of ``count`` products, from the ``first`` one of ``reads`` on."""
        middle = first + count
        return Sides(reads.rows(first, middle), reads.rows(middle, middle + count))

    def part(self, first: int, count: int) -> Sides:
        """Those of some consecutive products."""
        return Sides(self.query.part(first, count), self.key.part(first, count))


@dataclass(frozen=True, eq=False)
class Attending:
    """One head with what it reads: ``sides``, what its ``scores`` tell apart, the ``values`` of its
    channels and what BOS is ``asked`` by. ``factor`` is what attention makes of a score of 1,
    ``sink`` the logit of a sink as assembled."""

    head: CraftHead
    sides: Sides
    scores: Sequence[Score]
    values: SomeBounds
    asked: SomeBounds
    deltas: Numbers
    keys: int
    factor: float
    sink: float


@dataclass(frozen=True, eq=False)
class Score:
    """One score of a head. ``noise``: how far a key can be from what is meant, up to what is common
    to all keys; ``gap``: how far keys that are not selected stay below what is meant for selected
    ones; ``bos``: what BOS's key, meant to be 0, adds. A distance's query moves all keys:
    ``shift`` is how far, and ``sunk`` how far it can take the selected key below 0."""

    noise: Numbers
    gap: Numbers
    bos: Numbers
    shift: Numbers | float = 0.0
    sunk: Numbers | float = 0.0


def scores_of(head: CraftHead, sides: Sides) -> list[Score]:
    """How far each score of a head tells keys apart."""
    found, first = [], 0
    for score in head.scores:
        query, key = sides.part(first, len(score.products))
        if isinstance(score, TableScore):
            found.append(_table(score, query, key))
        else:
            found.append(_distance(score, query, key, len(head.products)))
        first += len(score.products)
    return found


def _table(score: TableScore, query: SomeBounds, key: SomeBounds) -> Score:
    """At most one indicator is 1. Where its penalty is 0 the pair is selected."""
    indicator, penalty = (query, key) if score.indicator_is_query else (key, query)
    sums = gamma(len(score.products) + 2)
    unlit = (indicator.at_zero * penalty.size).sum(axis=0)
    noise = ((1 + indicator.error) * penalty.at_zero).max(axis=0) + unlit
    below = (score.gap * indicator.error + penalty.below(score.gap)).max(axis=0) + unlit
    if score.indicator_is_query:
        bos = ((1 + indicator.error) * penalty.at_bos).max(axis=0)
        bos = bos + (indicator.at_zero * penalty.at_bos).sum(axis=0)
    else:
        bos = (penalty.size * indicator.at_bos).sum(axis=0)
    gap = score.gap * (1 - sums) - below * (1 + sums)
    return Score(noise * (1 + sums), gap, bos * (1 + sums))


def _distance(score: DistanceScore, query: SomeBounds, key: SomeBounds, products: int) -> Score:
    """The first product is twice the product of the numbers, the second takes off the key's
    square. The key that is nearest stays so wherever the query is off by less than half a
    distance."""
    span = (query.size * key.size).sum(axis=0)
    steps = query.step * key.step
    rounding = gamma(products + 2) * span
    if steps.all() and span[0] < 2.0**24 * steps.min():
        rounding[0] = 0.0
    # Attention divides by sqrt(d_head), whatever was exact.
    rounding = rounding + U * query.size[1] * key.size[1]
    noise = (query.size * key.error).sum(axis=0) + query.error[1] * key.size[1] + rounding
    moved = query.error[0] / (2 * score.gap)
    gap = score.gap * score.nearest * (score.nearest - 2 * moved) * (1 - U) - noise
    bos = (query.size * key.at_bos).sum(axis=0)
    return Score(noise, gap, bos, query.error[0] * key.size[0], score.gap * moved**2)


@dataclass(frozen=True, eq=False)
class Separation:
    """``noise`` of selected keys, ``bos`` of BOS's score against theirs, and the ``gap`` between
    what is to count and what is not; attention makes them all ``factor`` times larger."""

    noise: Numbers
    bos: Numbers
    gap: Numbers


def separation(attending: Attending) -> Separation:
    """What the scores of a head tell apart."""
    head, found = attending.head, attending.scores
    nothing = np.zeros(len(attending.deltas))
    noise = sum((score.noise for score in found), nothing)
    asked = attending.asked
    # BOS's key is its embedding times a weight.
    bos = asked.error[0] + ((1 + attending.deltas) ** 2 - 1) * asked.size[0]
    bos = sum((score.bos for score in found), bos)
    if not found and head.mode == "sink":
        return Separation(noise, bos, nothing + UNDERFLOW)
    unselected = [score.gap + score.noise - noise for score in found]
    gaps = [gap - noise for gap in unselected]
    if head.mode == "flat":
        bos = bos + U * asked.size[0]
        gaps += _around_bos(head, found, noise, bos, unselected)
    if any(isinstance(score, TableScore) and score.reward for score in head.scores):
        noise = nothing  # all that is asked is whether any is selected
    return Separation(noise, bos, np.minimum.reduce(gaps))


def _around_bos(
    head: CraftHead, found: Sequence[Score], noise: Numbers, bos: Numbers, unselected: list[Numbers]
) -> list[Numbers]:
    """How far BOS of a flat head stands from selected keys, and from others if it may have to be
    above them."""
    apart = abs(head.bos_score)
    if head.bos_score > 0:  # the scores are rewards
        return [apart - noise - bos, *(gap - apart - bos for gap in unselected)]
    if head.never_empty:
        return [apart - noise - bos - sum(score.sunk for score in found)]
    bos = bos + sum(score.shift for score in found)
    return [apart - noise - bos, *(gap - apart - bos for gap in unselected)]


@dataclass(frozen=True, eq=False)
class Written:
    """What each channel [channels, deltas] carries and writes: its ``error`` at real positions,
    ``at_zero`` there where 0 is meant, ``at_bos`` in the row of BOS, ``size`` bounds it. ``step``
    is that of values which are copied; ``positive`` ones are exactly 0 or more; no weight leaks
    where it is ``tight``."""

    error: Numbers
    at_zero: Numbers
    at_bos: Numbers
    size: Numbers
    step: Numbers
    positive: NDArray[np.bool_]
    tight: NDArray[np.bool_]


def written(attending: Attending, apart: Separation, causal: bool) -> Written:
    """What the head makes of its values, and what is off by the output's weight."""
    head, values, deltas, keys = attending.head, attending.values, attending.deltas, attending.keys
    noise, gap = attending.factor * apart.noise, attending.factor * apart.gap
    largest = np.array([channel.largest for channel in head.channels])[:, None] + values.error
    exact = (values.step > 0)[:, None] & (deltas == 0)
    tight, heavy, at_zero = gap >= UNDERFLOW, math.exp(attending.sink), None
    if head.mode == "sink":
        noise = noise + attending.factor * apart.bos
        error = sum_error(keys, largest, values.error, noise, gap, attending.sink)
        size = keys * largest
    elif head.one_key:
        lost = leak(keys, gap)
        error, size = copy_error(lost, largest, values.error, exact), largest
        at_zero = values.at_zero + 2 * largest * lost
    else:
        spread = (values.high - values.low)[:, None] + 2 * values.error
        error, size = mean_error(keys, largest, values.error, noise, gap, spread), largest
    off = deltas * size + heavy * values.at_bos
    error = (error + off) * (1 + deltas)
    at_zero = error if at_zero is None else (at_zero + values.at_bos) * (1 + deltas)
    leaked = 0.0 if causal else leak(keys, attending.factor * _gap_of_bos(attending))
    at_bos = heavy * (values.at_bos + leaked * largest) * (1 + deltas) * (1 + 8 * U)
    step = values.step if head.mode == "flat" and head.one_key else np.zeros(len(head.channels))
    positive = (values.low >= 0) & (values.at_zero[:, 0] == 0) & tight[0]
    return Written(error, np.minimum(at_zero, error), at_bos, size, step, positive, tight)


def _gap_of_bos(attending: Attending) -> Numbers:
    """How far all other keys stay below BOS in its own row, where queries are meant to be 0."""
    deltas, asked = attending.deltas, attending.asked
    query, key = attending.sides
    own = (BOS_SELF + 2 * asked.size[0]) * ((1 + deltas) ** 4 * (1 + gamma(8)) - 1)
    met = (query.at_bos * (key.size + key.at_bos)).sum(axis=0)
    return np.asarray(BOS_SELF - own - asked.at_bos[0] - met)
