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


@beyond(
    "a mean of means of groups",
    """
    group = tokens % 2;
    group_mean = aggregate(select(group, group, ==), tokens);
    x = aggregate(full_s, group_mean);
    """,
    vocab=range(3),
    max_len=4,
    layers=2,
)
def mean_of_group_means(t: Tokens) -> Answer:
    group_means = [mean(y for y in t if y % 2 == x % 2) for x in t]
    return everywhere(mean(group_means), t)


@beyond(
    "a product of two means",
    "x = aggregate(full_s, tokens) * aggregate(select(indices, indices, <=), tokens);",
    vocab=[-1, 0, 2],
    max_len=5,
    layers=1,
)
def mean_times_running_mean(t: Tokens) -> Answer:
    return [mean(t) * mean(prefix) for prefix in up_to(t)]


@beyond(
    "a quotient of two means",
    """
    weights = indices + 1;
    x = aggregate(full_s, tokens * weights) / aggregate(full_s, weights);
    """,
    vocab=range(3),
    max_len=5,
    layers=1,
)
def weighted_average(t: Tokens) -> Answer:
    weights = range(1, len(t) + 1)
    weighted = mean(w * x for w, x in zip(weights, t, strict=True))
    return everywhere(weighted / mean(weights), t)


@beyond(
    "a quotient of two means whose denominator is guarded against 0",
    """
    mass = aggregate(full_s, tokens);
    x = aggregate(full_s, tokens * indices) / (mass if mass > 0 else 1);
    """,
    vocab=range(3),
    max_len=5,
    layers=1,
)
def centre_of_mass(t: Tokens) -> Answer:
    mass = mean(t)
    return everywhere(mean(i * x for i, x in enumerate(t)) / (mass if mass > 0 else 1), t)


@beyond(
    "the square root of a mean of squares of differences from a mean",
    """
    difference = tokens - aggregate(full_s, tokens);
    x = sqrt(aggregate(full_s, difference * difference));
    """,
    vocab=range(3),
    max_len=5,
    layers=2,
)
def standard_deviation(t: Tokens) -> Answer:
    differences = [x - mean(t) for x in t]
    return everywhere(math.sqrt(mean(d * d for d in differences)), t)


@beyond(
    "a quotient of a difference from a mean and a root of means",
    """
    middle = aggregate(full_s, tokens);
    spread = sqrt(abs(aggregate(full_s, tokens * tokens) - middle * middle));
    x = (tokens - middle) / (spread if spread > 0.1 else 1.0);
    """,
    vocab=[1, 2, 4],
    max_len=4,
    layers=1,
)
def z_score(t: Tokens) -> Answer:
    middle = mean(t)
    spread = math.sqrt(abs(mean(x * x for x in t) - middle * middle))
    return [(x - middle) / (spread if spread > 0.1 else 1.0) for x in t]


@beyond(
    "a mean of products minus a product of means",
    "x = average(tokens * indices) - average(tokens) * average(indices);",
    vocab=[-1, 0, 1],
    max_len=5,
    layers=1,
)
def covariance_with_the_position(t: Tokens) -> Answer:
    both = mean(i * x for i, x in enumerate(t))
    return everywhere(both - mean(t) * mean(range(len(t))), t)


@beyond(
    "a mean of absolute differences from a mean",
    "x = average(abs(tokens - average(tokens)));",
    vocab=range(3),
    max_len=5,
    layers=2,
)
def mean_absolute_deviation(t: Tokens) -> Answer:
    return everywhere(mean(abs(x - mean(t)) for x in t), t)


@beyond(
    "a mean over keys that are computed numbers, with a mean as default",
    """
    smaller = selector_width(select(tokens, tokens, <));
    larger = selector_width(select(tokens, tokens, >));
    inner = select(smaller, 0, >) and select(larger, 0, >);
    x = aggregate(inner, tokens, average(tokens));
    """,
    vocab=range(4),
    max_len=4,
    layers=2,
)
def mean_without_extremes(t: Tokens) -> Answer:
    return everywhere(mean((x for x in t if min(t) < x < max(t)), default=mean(t)), t)


@beyond(
    "a product of a mean and a count",
    'x = aggregate(select(tokens, tokens, ==), indices) * count(tokens, "b");',
    vocab="abc",
    max_len=5,
    layers=1,
)
def mean_position_times_count(t: Tokens) -> Answer:
    return [mean(j for j, y in enumerate(t) if y == x) * t.count("b") for x in t]


@beyond(
    "a quotient of exponentials and a mean of them",
    "x = exp(tokens) / (average(exp(tokens)) * length);",
    vocab=[-1, 0, 1],
    max_len=4,
    layers=1,
)
def softmax(t: Tokens) -> Answer:
    return [math.exp(x) / (mean(math.exp(y) for y in t) * len(t)) for x in t]
