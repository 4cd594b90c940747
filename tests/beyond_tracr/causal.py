"""Programs read causally: every selector sees only keys up to the query."""

from __future__ import annotations

from beyond_tracr.table import Answer, Tokens, before, beyond, mean, up_to


@beyond(
    "a causal product of means",
    "x = average(tokens * tokens) - average(tokens) * average(tokens);",
    vocab=range(3),
    max_len=5,
    layers=1,
    causal=True,
)
def running_variance(t: Tokens) -> Answer:
    return [mean(x * x for x in p) - mean(p) * mean(p) for p in up_to(t)]


@beyond(
    "a causal complement: the mask is applied after not",
    "x = selector_width(not select(tokens, tokens, ==)) * 10 + length;",
    vocab="abc",
    max_len=5,
    layers=1,
    causal=True,
)
def different_before_and_length(t: Tokens) -> Answer:
    return [sum(y != p[-1] for y in p) * 10 + len(p) for p in up_to(t)]


@beyond(
    "a causal selector on widths, which count prefixes",
    """
    occurrence = selector_width(select(tokens, tokens, ==));
    x = selector_width(select(occurrence, 1, ==)) / length;
    """,
    vocab="abc",
    max_len=5,
    layers=2,
    causal=True,
)
def running_share_of_kinds(t: Tokens) -> Answer:
    return [len(set(p)) / len(p) for p in up_to(t)]


@beyond(
    "a causal mean over an or, with a text s-op's length as default",
    "x = aggregate(select(tokens, tokens, >) or select(indices, indices - 1, ==), tokens, -1);",
    vocab=range(3),
    max_len=5,
    layers=1,
    causal=True,
)
def mean_of_larger_before_or_previous(t: Tokens) -> Answer:
    return [
        mean((y for j, y in enumerate(front) if y > x or j == len(front) - 1), default=-1)
        for front, x in zip(before(t), t, strict=True)
    ]


@beyond(
    "a causal comparison of two counts, as a text",
    'x = tokens + ("+" if count(tokens, "a") > count(tokens, "b") else "-");',
    vocab="abc",
    max_len=5,
    layers=1,
    causal=True,
)
def who_leads(t: Tokens) -> Answer:
    return [p[-1] + ("+" if p.count("a") > p.count("b") else "-") for p in up_to(t)]


@beyond(
    "a causal quotient of counts, smoothed",
    """
    same_pair = select(tokens, tokens, ==) and select(indices, indices, <);
    x = (selector_width(same_pair) + 1) / (length + 2);
    """,
    vocab="abc",
    max_len=5,
    layers=1,
    causal=True,
)
def smoothed_probability(t: Tokens) -> Answer:
    return [(p[:-1].count(p[-1]) + 1) / (len(p) + 2) for p in up_to(t)]


@beyond(
    "a causal rank by a running mean",
    """
    running = average(tokens);
    x = selector_width(select(running, running, <));
    """,
    vocab=range(3),
    max_len=5,
    layers=2,
    causal=True,
)
def lower_running_means_before(t: Tokens) -> Answer:
    running = [mean(p) for p in up_to(t)]
    return [sum(m < p[-1] for m in p) for p in up_to(running)]


@beyond(
    "a causal look-up of what followed last time, with the token as default",
    """
    previous = aggregate(select(indices, indices - 1, ==), tokens, "");
    number = selector_width(select(previous, previous, ==));
    x = aggregate(select(previous, tokens, ==) and select(indices, 0, >), indices, number);
    """,
    vocab="abc",
    max_len=4,
    layers=2,
    causal=True,
)
def where_my_token_was_followed(t: Tokens) -> Answer:
    previous = ["", *t[:-1]]
    return [
        mean(
            (j for j in range(1, i + 1) if previous[j] == x),
            default=previous[: i + 1].count(previous[i]),
        )
        for i, x in enumerate(t)
    ]
