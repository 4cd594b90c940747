"""Outputs of every type, constants, tokens themselves, several outputs, unreachable failures."""

from __future__ import annotations

from beyond_tracr.table import Answer, Tokens, beyond, everywhere, mean


@beyond(
    "a program that is just its tokens, which are equal as numbers but of several types",
    "x = tokens;",
    vocab=[1, 1.0, True, -0.5],
    max_len=4,
    layers=0,
)
def tokens_of_every_type(t: Tokens) -> Answer:
    return list(t)


@beyond(
    "constants of four types, in one model",
    """
    a = 7 + 0 * indices;
    b = "x" if indices >= 0 else "y";
    c = indices * 0 + 2.5;
    d = indices > -1;
    """,
    vocab="ab",
    max_len=4,
    layers=0,
    outputs=("a", "b", "c", "d"),
)
def constants(t: Tokens) -> Answer:
    values = {"a": 7, "b": "x", "c": 2.5, "d": True}
    return {name: everywhere(value, t) for name, value in values.items()}


@beyond(
    "several outputs of different depths and types",
    """
    rank = selector_width(select(tokens, tokens, <));
    ordered = sort(tokens, tokens);
    share = rank / length;
    label = str(tokens) + ":" + str(rank);
    """,
    vocab=range(3),
    max_len=5,
    layers=2,
    outputs=("label", "rank", "ordered", "share"),
)
def four_outputs(t: Tokens) -> Answer:
    ranks = [sum(y < x for y in t) for x in t]
    return {
        "label": [f"{x}:{rank}" for x, rank in zip(t, ranks, strict=True)],
        "rank": ranks,
        "ordered": sorted(t),
        "share": [rank / len(t) for rank in ranks],
    }


@beyond(
    "a division by zero that no input reaches",
    "x = 12 / (length - indices) + 1 / tokens;",
    vocab=[-1, 2],
    max_len=6,
    layers=1,
)
def division_by_what_is_left(t: Tokens) -> Answer:
    return [12 / (len(t) - i) + 1 / x for i, x in enumerate(t)]


@beyond(
    "a type that depends on the length",
    "x = aggregate(full_s, indices);",
    vocab="a",
    max_len=8,
    layers=1,
)
def mean_position(t: Tokens) -> Answer:
    return everywhere(mean(range(len(t))), t)


@beyond(
    "a choice between numbers, truth values and texts of computed conditions",
    """
    n = selector_width(select(tokens, tokens, ==));
    x = "many" if n > 2 else ("two" if n == 2 else "one" + str(n == length));
    """,
    vocab="abc",
    max_len=5,
    layers=1,
)
def number_words(t: Tokens) -> Answer:
    words = {1: f"one{len(t) == 1}", 2: "two"}
    return [words.get(t.count(x), "many") for x in t]


@beyond(
    "an int or a float at one place, as a computed condition says",
    "x = tokens if count(tokens, 1) % 2 == 0 else tokens / 2;",
    vocab=range(3),
    max_len=5,
    layers=1,
)
def halved_if_odd(t: Tokens) -> Answer:
    return [x if t.count(1) % 2 == 0 else x / 2 for x in t]


@beyond(
    "a truth value of a computed number of both parities",
    "x = (length + count(tokens, 1)) % 2 == 0;",
    vocab=range(2),
    max_len=7,
    layers=1,
)
def even_number_of_zeros(t: Tokens) -> Answer:
    return everywhere(t.count(0) % 2 == 0, t)


@beyond(
    "a map of counts that is not 0 at 0, on negative numbers too",
    'x = (3 - 2 * count(tokens, "a")) ^ 2 % 5 - 4;',
    vocab="abc",
    max_len=5,
    layers=1,
)
def odd_map_of_a_count(t: Tokens) -> Answer:
    return everywhere((3 - 2 * t.count("a")) ** 2 % 5 - 4, t)


@beyond(
    "conversions of texts to numbers, and their sum",
    "x = str(round(average(tokens_int) * length)) + tokens;",
    vocab=["2", "7", "10"],
    max_len=4,
    layers=1,
)
def sum_of_number_texts(t: Tokens) -> Answer:
    return [str(sum(map(int, t))) + x for x in t]


@beyond(
    "rounding to even of computed halves",
    "x = round(length * tokens / 2);",
    vocab=[-1, 1, 3],
    max_len=5,
    layers=1,
)
def rounded_halves(t: Tokens) -> Answer:
    return [round(len(t) * x / 2) for x in t]


@beyond(
    "remainders of negative numbers by computed ones",
    "x = tokens % (length + 1) - tokens % -length;",
    vocab=[-3, 0, 4],
    max_len=4,
    layers=1,
)
def remainders_of_both_signs(t: Tokens) -> Answer:
    return [x % (len(t) + 1) - x % -len(t) for x in t]


@beyond(
    "truth values averaged as numbers, and shown as such",
    "x = average(indicator(tokens) + (indices > 1));",
    vocab=[False, True],
    max_len=6,
    layers=1,
)
def mean_of_truth_values(t: Tokens) -> Answer:
    return everywhere(mean(int(x) + (i > 1) for i, x in enumerate(t)), t)


@beyond(
    "tokens that are fractions, as keys, values and defaults",
    "x = aggregate(select(tokens, tokens, <), tokens, tokens) * 2 + 0.25;",
    vocab=[-1.5, 0.5, 2.0],
    max_len=5,
    layers=1,
)
def twice_the_mean_of_smaller(t: Tokens) -> Answer:
    return [mean((y for y in t if y < x), default=x) * 2 + 0.25 for x in t]
