"""Elementwise functions of two and more counts, and several widths in one layer."""

from __future__ import annotations

import math

from beyond_tracr.table import Answer, Tokens, before, beyond, everywhere, mean, up_to


@beyond(
    "a quotient of two counts",
    'x = count(tokens, "a") / (count(tokens, "b") + 1);',
    vocab="abc",
    max_len=5,
    layers=1,
)
def a_for_each_b(t: Tokens) -> Answer:
    return everywhere(t.count("a") / (t.count("b") + 1), t)


@beyond(
    "a product of two counts",
    """
    smaller = selector_width(select(tokens, tokens, <));
    larger = selector_width(select(tokens, tokens, >));
    x = smaller * larger;
    """,
    vocab=range(3),
    max_len=5,
    layers=1,
)
def smaller_times_larger(t: Tokens) -> Answer:
    return [sum(y < x for y in t) * sum(y > x for y in t) for x in t]


@beyond(
    "three widths in one layer, in one number",
    'x = 100 * count(tokens, "a") + 10 * count(tokens, "b") + count(tokens, "c");',
    vocab="abc",
    max_len=5,
    layers=1,
)
def three_counts_in_one_number(t: Tokens) -> Answer:
    return everywhere(100 * t.count("a") + 10 * t.count("b") + t.count("c"), t)


@beyond(
    "a comparison of two fractions",
    """
    a = indicator(tokens == "a");
    x = aggregate(select(indices, indices, <=), a) > average(a);
    """,
    vocab="ab",
    max_len=7,
    layers=1,
)
def share_above_the_final_share(t: Tokens) -> Answer:
    return [p.count("a") * len(t) > t.count("a") * len(p) for p in up_to(t)]


@beyond(
    "the remainder of one count by another",
    "x = count(tokens, 1) % (count(tokens, 0) + 1);",
    vocab=range(3),
    max_len=5,
    layers=1,
)
def remainder_of_counts(t: Tokens) -> Answer:
    return everywhere(t.count(1) % (t.count(0) + 1), t)


@beyond(
    "one count to the power of another",
    "x = count(tokens, 1) ^ count(tokens, 0);",
    vocab=range(3),
    max_len=5,
    layers=1,
)
def power_of_counts(t: Tokens) -> Answer:
    return everywhere(t.count(1) ** t.count(0), t)


@beyond(
    "counting a predicate of two computed numbers",
    """
    smaller = selector_width(select(tokens, tokens, <));
    larger = selector_width(select(tokens, tokens, >));
    x = count(smaller == larger, True);
    """,
    vocab=range(3),
    max_len=5,
    layers=2,
)
def number_of_middle_tokens(t: Tokens) -> Answer:
    middle = [sum(y < x for y in t) == sum(y > x for y in t) for x in t]
    return everywhere(sum(middle), t)


@beyond(
    "the largest number h such that h tokens are at least h, by counting computed truth values",
    """
    holds = selector_width(select(tokens, indices, >)) > indices;
    x = count(holds, True);
    """,
    vocab=range(4),
    max_len=4,
    layers=2,
)
def h_index(t: Tokens) -> Answer:
    return everywhere(max(h for h in range(5) if sum(x >= h for x in t) >= h), t)


@beyond(
    "a nested choice between three computed numbers",
    """
    a, b = count(tokens, "a"), count(tokens, "b");
    x = a - b if a > b else (length if a == b else -(b * indices));
    """,
    vocab="abc",
    max_len=5,
    layers=1,
)
def nested_choice_of_counts(t: Tokens) -> Answer:
    a, b = t.count("a"), t.count("b")
    return [a - b if a > b else len(t) if a == b else -b * i for i in range(len(t))]


@beyond(
    "a difference of a position and the mean of earlier ones",
    """
    same_before = select(tokens, tokens, ==) and select(indices, indices, <);
    number = selector_width(same_before);
    last = aggregate(select(tokens, tokens, ==) and select(number, number - 1, ==), indices, -1);
    x = indices - last;
    """,
    vocab="abc",
    max_len=5,
    layers=2,
)
def distance_to_the_last_equal(t: Tokens) -> Answer:
    last = [max((j for j in range(i) if t[j] == x), default=-1) for i, x in enumerate(t)]
    return [i - j for i, j in enumerate(last)]


@beyond(
    "the absolute difference of two counts, as a text",
    'x = tokens + str(abs(count(tokens, "a") - count(tokens, "b")));',
    vocab="ab",
    max_len=7,
    layers=1,
)
def difference_of_counts_as_text(t: Tokens) -> Answer:
    return [x + str(abs(t.count("a") - t.count("b"))) for x in t]


@beyond(
    "a count of pairs: the product of a width and one less, halved",
    """
    pairs = selector_width(select(tokens, tokens, ==)) - 1;
    x = round(average(pairs) * length / 2);
    """,
    vocab="abc",
    max_len=5,
    layers=2,
)
def number_of_equal_pairs(t: Tokens) -> Answer:
    return everywhere(sum(front.count(x) for front, x in zip(before(t), t, strict=True)), t)


@beyond(
    "the inverse of a width, summed: every kind of token counts 1",
    "x = average(1 / selector_width(select(tokens, tokens, ==)));",
    vocab="abc",
    max_len=5,
    layers=2,
)
def kinds_for_each_token(t: Tokens) -> Answer:
    return everywhere(mean(1 / t.count(x) for x in t), t)


@beyond(
    "an entropy: logarithms of fractions, averaged",
    "x = -average(log(selector_width(select(tokens, tokens, ==)) / length));",
    vocab="ab",
    max_len=6,
    layers=2,
)
def entropy(t: Tokens) -> Answer:
    return everywhere(-mean(math.log(t.count(x) / len(t)) for x in t), t)
