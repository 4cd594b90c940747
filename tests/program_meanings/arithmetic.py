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


def two_numbers(t, sign):
    """The values of both numbers, and how many digits the longer one has."""
    first, _, second = "".join(t).partition(sign)
    second = second.replace(sign, "0")
    return int(first or "0"), int(second or "0"), max(len(first), len(second))


@meaning
def long_sum(t):
    first, second, size = two_numbers(t, "+")
    digits = str(first + second).zfill(size) if size else ""
    return list(digits.rjust(len(t), "_"))


@meaning
def long_subtraction(t):
    first, second, size = two_numbers(t, "-")
    digits = str(abs(first - second)).zfill(size) if size else ""
    return list(("-" * (first < second) + digits).rjust(len(t), "_"))


@meaning
def compare_numbers(t):
    first, second, _ = two_numbers(t, "?")
    return everywhere("<" if first < second else ">" if first > second else "=", t)


@meaning
def modular_addition(t):
    digits = [0, 0, *(0 if x == "=" else int(x) for x in t)]
    return [str((digits[i] + digits[i + 1]) % 5) if x == "=" else "_" for i, x in enumerate(t)]


@meaning
def running_sum_modulo_n(t):
    return by_prefix(lambda p: sum(p) % 3, t)


@meaning
def polynomial_value(t):
    value = 0
    for coefficient in t:
        value = -2 * value + coefficient
    return everywhere(value, t)


@meaning
def digit_sum(t):
    return everywhere(sum(int(x) for x in t if x != "-"), t)


@meaning
def digital_root(t):
    text = str(number(t))
    while len(text) > 1:
        text = str(sum(map(int, text)))
    return everywhere(int(text), t)


@meaning
def luhn_check(t):
    total = 0
    for i, x in enumerate(reversed(t)):
        total += sum(map(int, str(2 * int(x)))) if i % 2 else int(x)
    return everywhere(str(total).endswith("0"), t)


def digits_of(value, t):
    """The last digits of a number, as many as there are tokens."""
    return [int(x) for x in str(value).zfill(len(t))[-len(t) :]]


def number(t):
    return int("".join(map(str, t)))


@meaning
def increment(t):
    return digits_of(number(t) + 1, t)


@meaning
def double_number(t):
    return digits_of(2 * number(t), t)


@meaning
def halve_number(t):
    return digits_of(number(t) // 2, t)


@meaning
def carry_chain(t):
    arrives, carry = [], False
    for x in reversed(t):
        arrives.append(carry)
        carry = x == "g" or (x == "p" and carry)
    return arrives[::-1]


@meaning
def negate_binary(t):
    value = -int("".join(map(str, t)), 2) % 2 ** len(t)
    return [int(x) for x in f"{value:b}".zfill(len(t))]


@meaning
def divisible_by_three(t):
    return everywhere(int("".join(map(str, t)), 2) % 3 == 0, t)
