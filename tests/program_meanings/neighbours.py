"""What the programs of the chapter neighbours compute."""

from program_meanings.common import everywhere, mean, meaning, padded, runs


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
