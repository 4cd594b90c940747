"""What the programs of the chapter arithmetic compute."""

from program_meanings.common import by_prefix, everywhere, mean, meaning


@meaning
def linear_combination(t):
    return [3 * x - 2 * i + len(t) for i, x in enumerate(t)]


@meaning
def n_ary_arithmetic(t):
    return [x * i + (x + len(t)) % 3 for i, x in enumerate(t)]


@meaning
def polynomial(t):
    return [x**2 - 3 * x + 2 for x in t]


@meaning
def clamp(t):
    return [1 if x < 1 else 3 if x > 3 else x for x in t]


@meaning
def sum_(t):
    return everywhere(sum(t), t)


@meaning
def prefix_sums(t):
    return by_prefix(sum, t)


@meaning
def mean_(t):
    return everywhere(mean(t), t)


@meaning
def running_mean(t):
    return by_prefix(mean, t)


@meaning
def variance(t):
    return everywhere(mean([x * x for x in t]) - mean(t) * mean(t), t)


@meaning
def deviation(t):
    return [x - mean(t) for x in t]


@meaning
def binary_value(t):
    return everywhere(int("".join(map(str, t)), 2), t)


@meaning
def long_addition(t):
    """The result fills the place of the plus and what follows; in front of it stands nothing. An
    input that is no sum has its middle read as the plus, and as a digit of the first column."""
    plus = (len(t) - 1) // 2
    digit = {"0": 0, "1": 1, "8": 8, "9": 9, "+": 0}
    below = range(plus + 1, len(t))
    columns = [digit[t[plus]], *(digit[t[i]] + digit[t[i - plus - 1]] for i in below)]
    value = sum(column * 10**place for place, column in enumerate(reversed(columns)))
    digits = str(value % 10 ** len(columns)).rjust(len(columns), "0")
    return ["_"] * plus + list(digits)


@meaning
def mirror_difference(t):
    return [abs(x - y) for x, y in zip(t, reversed(t), strict=True)]
