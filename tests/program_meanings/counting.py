"""What the programs of the chapter counting compute."""

from collections import Counter

from program_meanings.common import by_prefix, everywhere, mean, meaning, padded


@meaning
def histogram(t):
    return [Counter(t)[x] for x in t]


@meaning
def running_histogram(t):
    return [list(t[: i + 1]).count(x) for i, x in enumerate(t)]


@meaning
def double_histogram(t):
    frequency = Counter(t)
    alike = Counter(frequency.values())
    return [alike[frequency[x]] for x in t]


@meaning
def count(t):
    return everywhere(Counter(t)["a"], t)


@meaning
def rare_tokens(t):
    return everywhere(sum(n for n in Counter(t).values() if n <= 1), t)


@meaning
def prefix_counts(t):
    return by_prefix(lambda p: list(p).count("a"), t)


@meaning
def occurrence_number(t):
    return by_prefix(lambda p: list(p).count(p[-1]), t)


@meaning
def distinct_count(t):
    return everywhere(len(set(t)), t)


@meaning
def fraction_previous(t):
    return by_prefix(lambda p: mean([int(x == "x") for x in p]), t)


@meaning
def fraction_of_token(t):
    return everywhere(mean([int(x == "a") for x in t]), t)


@meaning
def most_frequent(t):
    frequency = Counter(t)
    return everywhere(max(t, key=lambda x: (frequency[x], -t.index(x))), t)


@meaning
def parity(t):
    return everywhere(sum(t) % 2, t)


@meaning
def running_parity(t):
    return by_prefix(lambda p: sum(p) % 2, t)


@meaning
def majority(t):
    return everywhere(2 * sum(t) > len(t), t)


@meaning
def word_number(t):
    return [list(t[:i]).count("_") + 1 for i in range(len(t))]


@meaning
def majority_token(t):
    return everywhere(next((x for x in t if 2 * t.count(x) > len(t)), -1), t)


@meaning
def frequency_classes(t):
    return [{1: "once", 2: "twice"}.get(t.count(x), "often") for x in t]


@meaning
def only_once(t):
    return padded([x for x in t if t.count(x) == 1], t)
