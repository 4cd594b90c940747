"""Defaults that are neither 0 nor None: constants of every type, tokens, computed s-ops."""

from __future__ import annotations

from beyond_tracr.table import Answer, Tokens, before, beyond, mean


@beyond(
    "a negative default",
    "x = aggregate(select(indices, indices + 2, ==), tokens, -7);",
    vocab=range(3),
    max_len=5,
    layers=1,
)
def two_ahead_or_minus_seven(t: Tokens) -> Answer:
    return [*t[2:], -7, -7][: len(t)] if len(t) > 1 else [-7]


@beyond(
    "the tokens as default",
    "x = aggregate(select(indices, indices - 1, ==), tokens, tokens);",
    vocab="abc",
    max_len=5,
    layers=1,
)
def shifted_first_stays(t: Tokens) -> Answer:
    return [t[0], *t[:-1]]


@beyond(
    "True as default",
    'x = aggregate(select(indices, indices + 1, ==), tokens == "a", True);',
    vocab="abc",
    max_len=5,
    layers=1,
)
def next_is_a_or_the_end(t: Tokens) -> Answer:
    return [*(y == "a" for y in t[1:]), True]


@beyond(
    "an aggregate as the default of another",
    """
    second = aggregate(select(indices, indices + 2, ==), tokens, "?");
    x = aggregate(select(indices, indices + 3, ==), tokens, second);
    """,
    vocab="abc",
    max_len=5,
    layers=1,
)
def three_ahead_or_two_or_none(t: Tokens) -> Answer:
    return [(list(t[i + 3 : i + 4]) or list(t[i + 2 : i + 3]) or ["?"])[0] for i in range(len(t))]


@beyond(
    "a mean of three values, two of which have the token as default",
    """
    left = aggregate(select(indices, indices - 1, ==), tokens, tokens);
    right = aggregate(select(indices, indices + 1, ==), tokens, tokens);
    x = (left + tokens + right) / 3;
    """,
    vocab=range(4),
    max_len=4,
    layers=1,
)
def moving_average_with_repeated_ends(t: Tokens) -> Answer:
    walled = [t[0], *t, t[-1]]
    return [sum(walled[i : i + 3]) / 3 for i in range(len(t))]


@beyond(
    "a float default of ints, which changes the type of the answer",
    "x = aggregate(select(tokens, tokens, ==) and select(indices, indices, <), 1, 0.5);",
    vocab="ab",
    max_len=6,
    layers=1,
)
def one_or_a_half(t: Tokens) -> Answer:
    return [mean([1] * front.count(x), default=0.5) for front, x in zip(before(t), t, strict=True)]


@beyond(
    "a text made of token and position as default",
    """
    same_before = select(tokens, tokens, ==) and select(indices, indices - 2, ==);
    x = aggregate(same_before, "again", tokens + str(indices));
    """,
    vocab="ab",
    max_len=6,
    layers=1,
)
def again_or_token_and_position(t: Tokens) -> Answer:
    return ["again" if i > 1 and t[i - 2] == x else x + str(i) for i, x in enumerate(t)]


@beyond(
    "a mean as the default of a mean",
    """
    smaller_before = select(tokens, tokens, <) and select(indices, indices, <);
    x = aggregate(smaller_before, tokens, average(tokens));
    """,
    vocab=range(3),
    max_len=5,
    layers=1,
)
def mean_of_smaller_before_or_of_all(t: Tokens) -> Answer:
    return [
        mean((y for y in front if y < x), default=mean(t))
        for front, x in zip(before(t), t, strict=True)
    ]


@beyond(
    "a default that is computed in a deeper layer than what it stands in for",
    """
    rank = selector_width(select(tokens, tokens, <));
    better = selector_width(select(rank, rank, >));
    x = aggregate(select(tokens, tokens + 1, ==) and select(indices, indices, <), indices, better);
    """,
    vocab=range(3),
    max_len=4,
    layers=2,
)
def mean_position_or_number_above(t: Tokens) -> Answer:
    found = [[j for j in range(i) if t[j] == x + 1] for i, x in enumerate(t)]
    return [mean(where, default=sum(y > x for y in t)) for where, x in zip(found, t, strict=True)]


@beyond(
    "a mean with an s-op as default",
    "x = aggregate(select(tokens, tokens, ==) and select(indices, indices, <), indices, length);",
    vocab="abc",
    max_len=5,
    layers=1,
)
def mean_earlier_position_or_length(t: Tokens) -> Answer:
    found = [[j for j in range(i) if t[j] == x] for i, x in enumerate(t)]
    return [mean(where, default=len(t)) for where in found]
