"""Selectors composed with and, or, not, in any nesting, also over computed s-ops."""

from __future__ import annotations

from beyond_tracr.table import Answer, Tokens, beyond, everywhere, mean


@beyond(
    "a selector joined by or from two different comparisons",
    "x = selector_width(select(tokens, tokens, ==) or select(indices, indices + 1, ==));",
    vocab="abc",
    max_len=5,
    layers=1,
)
def equal_or_next(t: Tokens) -> Answer:
    return [sum(y == x or j == i + 1 for j, y in enumerate(t)) for i, x in enumerate(t)]


@beyond(
    "not of an or",
    "x = selector_width(not (select(tokens, tokens, ==) or select(indices, indices, <)));",
    vocab="abc",
    max_len=5,
    layers=1,
)
def later_and_different(t: Tokens) -> Answer:
    return [sum(y != x for y in t[i:]) for i, x in enumerate(t)]


@beyond(
    "and, or and not nested three deep",
    """
    same = select(tokens, tokens, ==);
    later = select(indices, indices, >);
    near = select(indices, indices - 1, >=) and select(indices, indices + 1, <=);
    x = selector_width(not (same and not later) or (near and not same));
    """,
    vocab="abc",
    max_len=5,
    layers=1,
)
def nested_three_deep(t: Tokens) -> Answer:
    def chosen(i: int, j: int) -> bool:
        same, later, near = t[j] == t[i], j > i, abs(i - j) <= 1
        return not (same and not later) or (near and not same)

    return [sum(chosen(i, j) for j in range(len(t))) for i in range(len(t))]


@beyond(
    "a mean over an or whose sides overlap",
    "x = aggregate(select(tokens, tokens, <) or select(indices, indices, <), tokens, -1);",
    vocab=range(3),
    max_len=5,
    layers=1,
)
def mean_of_smaller_or_earlier(t: Tokens) -> Answer:
    return [
        mean((y for j, y in enumerate(t) if y < x or j < i), default=-1) for i, x in enumerate(t)
    ]


@beyond(
    "exclusive or of two selectors",
    """
    same = select(tokens, tokens, ==);
    earlier = select(indices, indices, <);
    x = selector_width((same or earlier) and not (same and earlier));
    """,
    vocab="abc",
    max_len=5,
    layers=1,
)
def equal_xor_earlier(t: Tokens) -> Answer:
    return [sum((y == x) != (j < i) for j, y in enumerate(t)) for i, x in enumerate(t)]


@beyond(
    "two of three selectors",
    """
    a = select(tokens, tokens, ==);
    b = select(indices, indices, <=);
    c = select(indices % 2, indices % 2, ==);
    x = selector_width((a and b) or (a and c) or (b and c));
    """,
    vocab="abc",
    max_len=5,
    layers=1,
)
def two_of_three(t: Tokens) -> Answer:
    def votes(i: int, j: int) -> int:
        return (t[j] == t[i]) + (j <= i) + (j % 2 == i % 2)

    return [sum(votes(i, j) >= 2 for j in range(len(t))) for i in range(len(t))]


@beyond(
    "different computed numbers as key and query",
    """
    rank = selector_width(select(tokens, tokens, <));
    frequency = selector_width(select(tokens, tokens, ==));
    x = selector_width(select(rank, frequency, ==));
    """,
    vocab=range(3),
    max_len=5,
    layers=2,
)
def ranks_equal_to_my_frequency(t: Tokens) -> Answer:
    ranks = [sum(y < x for y in t) for x in t]
    return [ranks.count(t.count(x)) for x in t]


@beyond(
    "or over computed s-ops on both sides",
    """
    rank = selector_width(select(tokens, tokens, <));
    frequency = selector_width(select(tokens, tokens, ==));
    x = selector_width(select(rank, frequency, <) or select(frequency, indices, ==));
    """,
    vocab=range(3),
    max_len=4,
    layers=2,
)
def or_of_computed_comparisons(t: Tokens) -> Answer:
    keys = [(sum(y < x for y in t), t.count(x)) for x in t]
    return [
        sum(rank < t.count(x) or frequency == i for rank, frequency in keys)
        for i, x in enumerate(t)
    ]


@beyond(
    "a conjunction of comparisons with two computed bounds",
    """
    left = aggregate(select(indices, indices - 1, ==), tokens, tokens);
    right = aggregate(select(indices, indices + 1, ==), tokens, tokens);
    low, high = min(left, right), max(left, right);
    x = selector_width(select(tokens, low, >=) and select(tokens, high, <=));
    """,
    vocab=range(3),
    max_len=5,
    layers=2,
)
def tokens_between_my_neighbours(t: Tokens) -> Answer:
    bounds = [sorted([t[max(i - 1, 0)], t[min(i + 1, len(t) - 1)]]) for i in range(len(t))]
    return [sum(low <= y <= high for y in t) for low, high in bounds]


@beyond(
    "whether a conjunction selects anything, and a sum of widths",
    """
    smaller_later = select(tokens, tokens, <) and select(indices, indices, >);
    inversions = round(aggregate(full_s, selector_width(smaller_later)) * length);
    x = -1 if not has_focus(smaller_later) else inversions;
    """,
    vocab=range(3),
    max_len=5,
    layers=2,
)
def number_of_inversions(t: Tokens) -> Answer:
    later = [sum(y < x for y in t[i:]) for i, x in enumerate(t)]
    return [sum(later) if n else -1 for n in later]


@beyond(
    "a complement of a comparison of widths",
    """
    frequency = selector_width(select(tokens, tokens, ==));
    x = selector_width(not select(frequency, frequency, <=) or select(tokens, "a", ==));
    """,
    vocab="abc",
    max_len=5,
    layers=2,
)
def more_frequent_or_a(t: Tokens) -> Answer:
    return [sum(t.count(y) > t.count(x) or y == "a" for y in t) for x in t]


@beyond(
    "keys that are truth values, joined by or",
    """
    previous = aggregate(select(indices, indices - 1, ==), tokens, "");
    frequency = selector_width(select(tokens, tokens, ==));
    x = aggregate(select(tokens == previous, True, ==) or select(frequency, 1, ==), indices, -1);
    """,
    vocab="abc",
    max_len=4,
    layers=2,
)
def mean_position_of_repeats_and_singles(t: Tokens) -> Answer:
    chosen = [i for i, x in enumerate(t) if t[i - 1 : i] == (x,) or t.count(x) == 1]
    return everywhere(mean(chosen, default=-1), t)


@beyond(
    "a loop of heads over distances, each with a default",
    """
    nearest = -1;
    for k in range(4, 0, -1) {
        there = aggregate(select(indices, indices - k, ==), tokens, 9);
        nearest = there if there < tokens else nearest;
    }
    """,
    vocab=range(3),
    max_len=5,
    layers=1,
)
def nearest_smaller_to_the_left(t: Tokens) -> Answer:
    return [next((y for y in reversed(t[:i]) if y < x), -1) for i, x in enumerate(t)]


@beyond(
    "or of a window and an ordering, as a truth value",
    """
    window = select(indices, indices - 2, >=) and select(indices, indices, <);
    x = has_focus((window or select(indices, 0, ==)) and select(tokens, tokens, >));
    """,
    vocab=range(3),
    max_len=5,
    layers=1,
)
def larger_in_the_window_or_first(t: Tokens) -> Answer:
    return [any(y > x for y in (*t[max(0, i - 2) : i], t[0])) for i, x in enumerate(t)]


@beyond(
    "ordering of texts, and its complement",
    """
    smaller = select(tokens, tokens, <);
    x = selector_width(smaller) - selector_width(not smaller and not select(tokens, tokens, ==));
    """,
    vocab=["a", "aa", "b"],
    max_len=5,
    layers=1,
)
def smaller_minus_larger_texts(t: Tokens) -> Answer:
    return [sum(y < x for y in t) - sum(y > x for y in t) for x in t]


@beyond(
    "a mean over the complement of one position, with the token as default",
    "x = aggregate(not select(indices, indices, ==), tokens, tokens);",
    vocab=[-1, 0, 2],
    max_len=5,
    layers=1,
)
def mean_of_the_others(t: Tokens) -> Answer:
    return [mean([*t[:i], *t[i + 1 :]], default=x) for i, x in enumerate(t)]
