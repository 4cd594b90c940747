"""What the programs of the chapter sorting compute."""

from collections import Counter

from program_meanings.common import by_prefix, everywhere, meaning, padded


@meaning
def sort_unique(t):
    return sorted(t)


@meaning
def sort(t):
    return sorted(t)


@meaning
def sort_descending(t):
    return sorted(t, reverse=True)


@meaning
def sort_by_magnitude(t):
    return sorted(t, key=abs)


@meaning
def sort_by_frequency(t):
    return padded([x for x, _ in Counter(t).most_common()], t)


@meaning
def rank(t):
    return [sum(y < x for y in t) for x in t]


@meaning
def median(t):
    return everywhere(sorted(t)[(len(t) - 1) // 2], t)


@meaning
def maximum(t):
    return everywhere(max(t), t)


@meaning
def minimum(t):
    return everywhere(min(t), t)


@meaning
def argmax(t):
    return everywhere(t.index(max(t)), t)


@meaning
def running_maximum(t):
    return by_prefix(max, t)


@meaning
def argmin(t):
    return everywhere(t.index(min(t)), t)


@meaning
def mode(t):
    return everywhere(max(sorted(set(t)), key=t.count), t)


@meaning
def quantile(t):
    at_least = (x for x in sorted(t) if 4 * sum(y <= x for y in t) >= 3 * len(t))
    return everywhere(next(at_least), t)


@meaning
def second_largest(t):
    return everywhere(sorted(t, reverse=True)[:2][-1], t)


@meaning
def spread(t):
    return everywhere(max(t) - min(t), t)


@meaning
def scale_by_maximum(t):
    return [x / max(t) if x else 0.0 for x in t]


@meaning
def mean_first_last(t):
    return everywhere((t[0] + t[-1]) / 2, t)


@meaning
def dense_rank(t):
    return [len({y for y in t if y < x}) for x in t]


@meaning
def sort_by_key(t):
    half = len(t) // 2
    pairs = sorted(zip(t[half : 2 * half], t[:half], strict=True), key=lambda pair: pair[0])
    return [x for _, x in pairs] + [0] * (len(t) - half)
