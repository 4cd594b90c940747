"""Numbers as keys and queries: widths, means, fractions."""

from __future__ import annotations

from beyond_tracr.table import Answer, Tokens, beyond, everywhere, mean, up_to


@beyond(
    "a mean as key, the token as query",
    """
    running = aggregate(select(indices, indices, <=), tokens);
    x = selector_width(select(running, tokens, <=));
    """,
    vocab=range(3),
    max_len=5,
    layers=2,
)
def running_means_not_above_me(t: Tokens) -> Answer:
    running = [mean(prefix) for prefix in up_to(t)]
    return [sum(m <= x for m in running) for x in t]


@beyond(
    "widths as keys and queries of a mean",
    """
    frequency = selector_width(select(tokens, tokens, ==));
    x = aggregate(select(frequency, frequency, ==), indices);
    """,
    vocab="abc",
    max_len=5,
    layers=2,
)
def mean_position_of_equally_frequent(t: Tokens) -> Answer:
    return [mean(j for j, y in enumerate(t) if t.count(y) == t.count(x)) for x in t]


@beyond(
    "a rotation by a computed amount",
    'x = aggregate(select(indices, (indices + count(tokens, "b")) % length, ==), tokens);',
    vocab="abc",
    max_len=5,
    layers=2,
)
def rotate_by_the_number_of_b(t: Tokens) -> Answer:
    n = t.count("b") % len(t)
    return [*t[n:], *t[:n]]


@beyond(
    "a query between two positions",
    "x = aggregate(select(indices, length / 2, <), tokens);",
    vocab=range(3),
    max_len=5,
    layers=2,
)
def mean_of_the_first_half(t: Tokens) -> Answer:
    return everywhere(mean(t[: (len(t) + 1) // 2]), t)


@beyond(
    "a mean of positions as query, which may lie between two",
    """
    centre = aggregate(select(tokens, "a", ==), indices, -1);
    x = aggregate(select(indices, centre, ==), tokens, "none");
    """,
    vocab="abc",
    max_len=5,
    layers=2,
)
def token_in_the_middle_of_all_a(t: Tokens) -> Answer:
    centre = mean((i for i, x in enumerate(t) if x == "a"), default=-1)
    return everywhere(t[int(centre)] if centre in range(len(t)) else "none", t)


@beyond(
    "keys in an interval around a mean",
    """
    middle = average(tokens);
    x = selector_width(select(tokens, middle - 1, >) and select(tokens, middle + 1, <));
    """,
    vocab=range(4),
    max_len=4,
    layers=2,
)
def tokens_within_one_of_the_mean(t: Tokens) -> Answer:
    return everywhere(sum(abs(x - mean(t)) < 1 for x in t), t)


@beyond(
    "a stable rank as key, the length as query",
    """
    earlier = select(tokens, tokens, ==) and select(indices, indices, <);
    place = selector_width(select(tokens, tokens, <) or earlier);
    x = aggregate(select(place, length - 2, ==), tokens, "alone");
    """,
    vocab="abc",
    max_len=5,
    layers=2,
)
def second_largest(t: Tokens) -> Answer:
    return everywhere(sorted(t)[-2] if len(t) > 1 else "alone", t)


@beyond(
    "a count as the place that is looked up in the sorted order",
    """
    earlier = select(tokens, tokens, ==) and select(indices, indices, <);
    place = selector_width(select(tokens, tokens, <) or earlier);
    x = aggregate(select(place, count(tokens, 0), ==), tokens, -1);
    """,
    vocab=range(3),
    max_len=5,
    layers=2,
)
def smallest_that_is_not_0(t: Tokens) -> Answer:
    return everywhere(min((x for x in t if x != 0), default=-1), t)


@beyond(
    "a stable sort by computed keys",
    "x = sort(tokens, -selector_width(select(tokens, tokens, ==)));",
    vocab="abc",
    max_len=5,
    layers=3,
)
def sorted_by_frequency(t: Tokens) -> Answer:
    return sorted(t, key=lambda x: -t.count(x))


@beyond(
    "negative and fractional tokens as keys",
    "x = aggregate(select(tokens, -tokens, ==), indices, -1);",
    vocab=[-1.5, 0.0, 0.5, 1.5],
    max_len=4,
    layers=1,
)
def mean_position_of_my_negative(t: Tokens) -> Answer:
    return [mean((j for j, y in enumerate(t) if y == -x), default=-1) for x in t]


@beyond(
    "a sum of a token and a count as key",
    """
    key = tokens + selector_width(select(tokens, tokens, <));
    x = aggregate(select(key, indices, ==), tokens, -1);
    """,
    vocab=range(3),
    max_len=4,
    layers=2,
)
def mean_token_whose_key_is_my_position(t: Tokens) -> Answer:
    keys = [x + sum(y < x for y in t) for x in t]
    return [
        mean((x for x, key in zip(t, keys, strict=True) if key == i), default=-1)
        for i in range(len(t))
    ]


@beyond(
    "the next position with a larger value, by an ordering of computed numbers",
    """
    rank = selector_width(select(tokens, tokens, <));
    x = selector_width(select(rank, rank + 1, >=) and select(indices, indices, >));
    """,
    vocab=range(3),
    max_len=5,
    layers=2,
)
def later_and_higher_in_rank(t: Tokens) -> Answer:
    ranks = [sum(y < x for y in t) for x in t]
    return [sum(r > rank for r in ranks[i:]) for i, rank in enumerate(ranks)]


@beyond(
    "equality of two means",
    """
    running = aggregate(select(indices, indices, <=), tokens);
    x = selector_width(select(running, running, ==));
    """,
    vocab=range(3),
    max_len=5,
    layers=2,
)
def how_often_my_running_mean_occurs(t: Tokens) -> Answer:
    running = [mean(prefix) for prefix in up_to(t)]
    return [running.count(m) for m in running]


@beyond(
    "three layers of computed keys: the tokens nearest to the mean",
    """
    distance = abs(tokens - average(tokens));
    nearer = selector_width(select(distance, distance, <));
    x = aggregate(select(nearer, 0, ==), tokens);
    """,
    vocab=range(3),
    max_len=4,
    layers=3,
)
def nearest_to_the_mean(t: Tokens) -> Answer:
    distance = [abs(x - mean(t)) for x in t]
    nearest = min(distance)
    return everywhere(mean(x for x, d in zip(t, distance, strict=True) if d == nearest), t)


@beyond(
    "a stable sort by distances from a mean",
    "x = sort(tokens, abs(tokens - average(tokens)));",
    vocab=range(3),
    max_len=4,
    layers=3,
)
def sorted_by_distance_from_the_mean(t: Tokens) -> Answer:
    return sorted(t, key=lambda x: abs(x - mean(t)))
