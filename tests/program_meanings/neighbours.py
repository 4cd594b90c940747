"""What the programs of the chapter neighbours compute."""

from itertools import groupby, pairwise

from program_meanings.common import by_prefix, everywhere, mean, meaning, padded, runs


@meaning
def repeats(t):
    return [i > 0 and t[i - 1] == x for i, x in enumerate(t)]


@meaning
def dedupe_neighbours(t):
    return padded(runs(t), t)


@meaning
def unique_tokens(t):
    return padded(list(dict.fromkeys(t)), t)


@meaning
def peaks(t):
    walled = [-1, *t, -1]
    return [walled[i] < x > walled[i + 2] for i, x in enumerate(t)]


@meaning
def differences(t):
    return [x - y for x, y in zip(t, [0, *t], strict=False)]


@meaning
def moving_average(t):
    return [mean(t[max(0, i - 1) : i + 2]) for i in range(len(t))]


@meaning
def count_runs(t):
    return everywhere(len(runs(t)), t)


@meaning
def word_starts(t):
    return [x != "_" and y == "_" for x, y in zip(t, ["_", *t], strict=False)]


@meaning
def sum_with_next(t):
    return [x + y for x, y in zip(t, [*t[1:], 0], strict=True)]


@meaning
def difference_with_next(t):
    return [y - x for x, y in zip(t, [*t[1:], t[-1]], strict=True)]


@meaning
def product_with_next(t):
    return [x * y for x, y in zip(t, [*t[1:], 1], strict=True)]


@meaning
def pairwise_maximum(t):
    return [max(t[i : i + 2]) for i in range(len(t))]


@meaning
def trend(t):
    steps = zip([t[0], *t], t, strict=False)
    return ["up" if y > x else "down" if y < x else "level" for x, y in steps]


@meaning
def oscillation(t):
    signs = [(y > x) - (y < x) for x, y in pairwise(t)]
    return everywhere(0 not in signs and all(a != b for a, b in pairwise(signs)), t)


@meaning
def boundary(t):
    return [len(set(t[max(0, i - 1) : i + 2])) > 1 for i in range(len(t))]


@meaning
def alternation(t):
    return [i >= 2 and t[i - 2] == x != t[i - 1] for i, x in enumerate(t)]


@meaning
def window_sum(t):
    return by_prefix(lambda p: sum(p[-3:]), t)


def run_lengths(t):
    return [len(list(members)) for _, members in groupby(t)]


@meaning
def run_length(t):
    return [n for n in run_lengths(t) for _ in range(n)]


@meaning
def longest_run(t):
    return everywhere(max(run_lengths(t)), t)


@meaning
def run_number(t):
    return by_prefix(lambda p: len(runs(p)), t)
