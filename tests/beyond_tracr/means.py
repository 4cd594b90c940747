"""Averages of anything but 0 and 1, and arithmetic with several of them."""

from __future__ import annotations

import math
from itertools import pairwise

from beyond_tracr.table import Answer, Tokens, beyond, everywhere, mean, up_to


@beyond(
    "an average of -1/2 and 1/2",
    "x = aggregate(full_s, tokens);",
    vocab=[-0.5, 0.5],
    max_len=7,
    layers=1,
)
def mean_of_halves(t: Tokens) -> Answer:
    return everywhere(mean(t), t)


@beyond(
    "the exponential of a mean of logarithms",
    "x = exp(aggregate(full_s, log(tokens)));",
    vocab=[1, 2, 4],
    max_len=5,
    layers=1,
)
def geometric_mean(t: Tokens) -> Answer:
    return everywhere(math.exp(mean(math.log(x) for x in t)), t)


@beyond(
    "the inverse of a mean of fractions",
    "x = 1 / aggregate(full_s, 1 / tokens);",
    vocab=[1, 2, 3],
    max_len=5,
    layers=1,
)
def harmonic_mean(t: Tokens) -> Answer:
    return everywhere(1 / mean(1 / x for x in t), t)


@beyond(
    "a mean over one or two middle ones",
    """
    smaller = select(tokens, tokens, <);
    place = selector_width(smaller or (select(tokens, tokens, ==) and select(indices, indices, <)));
    centre = (length - 1) / 2;
    x = aggregate(select(place, floor(centre), ==) or select(place, ceil(centre), ==), tokens);
    """,
    vocab=range(3),
    max_len=5,
    layers=2,
)
def median_of_two_middle_ones(t: Tokens) -> Answer:
    ordered, n = sorted(t), len(t)
    return everywhere(mean(ordered[(n - 1) // 2 : n // 2 + 1]), t)


@beyond(
    "a sum of products of a token and a computed one",
    """
    next_one = aggregate(select(indices, indices + 1, ==), tokens, 0);
    x = round(average(tokens * next_one) * length);
    """,
    vocab=[-1, 1, 2],
    max_len=5,
    layers=2,
)
def sum_of_products_with_the_next(t: Tokens) -> Answer:
    return everywhere(sum(x * y for x, y in pairwise(t)), t)


@beyond(
    "a dot product of two halves",
    """
    half = floor(length / 2);
    partner = aggregate(select(indices, indices + half, ==), tokens, 0);
    x = round(average(tokens * partner if indices < half else 0) * length);
    """,
    vocab=range(3),
    max_len=5,
    layers=3,
)
def dot_product_of_the_halves(t: Tokens) -> Answer:
    half = len(t) // 2
    return everywhere(sum(t[i] * t[i + half] for i in range(half)), t)


@beyond(
    "an average of negative numbers and a map of it that is not 0 at 0",
    "x = cos(aggregate(select(indices, indices, <=), tokens));",
    vocab=[-2, -1, 1],
    max_len=5,
    layers=1,
)
def cosine_of_the_running_mean(t: Tokens) -> Answer:
    return [math.cos(mean(prefix)) for prefix in up_to(t)]


@beyond(
    "an average of a computed number that is negative at places",
    """
    lead = count(tokens, "a") - count(tokens, "b") + indices;
    x = aggregate(select(tokens, tokens, ==), lead - 3);
    """,
    vocab="abc",
    max_len=4,
    layers=2,
)
def mean_lead_of_equal_tokens(t: Tokens) -> Answer:
    lead = [t.count("a") - t.count("b") + i - 3 for i in range(len(t))]
    return [mean(v for y, v in zip(t, lead, strict=True) if y == x) for x in t]


@beyond(
    "a mean of ranks, which are computed numbers",
    """
    rank = selector_width(select(tokens, tokens, <));
    x = aggregate(select(indices, indices, <=), rank * rank);
    """,
    vocab=range(3),
    max_len=5,
    layers=2,
)
def running_mean_of_squared_ranks(t: Tokens) -> Answer:
    ranks = [sum(y < x for y in t) for x in t]
    return [mean(r * r for r in prefix) for prefix in up_to(ranks)]


@beyond(
    "half the sum of two computed extremes",
    """
    larger = selector_width(select(tokens, tokens, >));
    smaller = selector_width(select(tokens, tokens, <));
    top = round(aggregate(select(larger, 0, ==), tokens));
    bottom = round(aggregate(select(smaller, 0, ==), tokens));
    x = (top + bottom) / 2;
    """,
    vocab=[-3, 0, 1, 4],
    max_len=4,
    layers=2,
)
def midrange(t: Tokens) -> Answer:
    return everywhere((max(t) + min(t)) / 2, t)
