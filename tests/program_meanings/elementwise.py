"""What the programs of the chapter elementwise compute."""

import math

from program_meanings.common import meaning


@meaning
def vowels(t):
    return [x in ["a", "e", "i", "o", "u"] for x in t]


@meaning
def caesar(t):
    return ["cdeab"["abcde".index(x)] for x in t]


@meaning
def complement(t):
    return [{"a": "t", "t": "a", "c": "g", "g": "c"}[x] for x in t]


@meaning
def fizzbuzz(t):
    numbers = range(1, len(t) + 1)
    return ["fizz" * (n % 3 == 0) + "buzz" * (n % 5 == 0) or str(n) for n in numbers]


@meaning
def collatz_step(t):
    return [x // 2 if x % 2 == 0 else 3 * x + 1 for x in t]


@meaning
def sigmoid(t):
    return [1 / (1 + math.exp(-x)) for x in t]


@meaning
def absolute_value(t):
    return [max(x, -x) for x in t]


@meaning
def sign(t):
    return [(x > 0) - (x < 0) for x in t]


@meaning
def power(t):
    return [math.prod([x] * i) for i, x in enumerate(t)]


@meaning
def square_root(t):
    return [math.isqrt(x) for x in t]


@meaning
def cube_root(t):
    return [(-1 if x < 0 else 1) * abs(x) ** (1 / 3) if x else 0.0 for x in t]


@meaning
def factorial(t):
    return [math.factorial(x) for x in t]


@meaning
def fibonacci(t):
    return [[0, 1, 1, 2, 3, 5, 8, 13, 21, 34][x] for x in t]


@meaning
def primes(t):
    return [x in {2, 3, 5, 7, 11, 13} for x in t]


@meaning
def wrap(t):
    def wrapped(x):
        return x if -2 <= x <= 2 else wrapped(x + 5 if x < 0 else x - 5)

    return [wrapped(x) for x in t]


@meaning
def threshold(t):
    return [1 if x > 2 else 0 for x in t]


@meaning
def range_tags(t):
    return [["low", "middle", "high"][(x > 2) + (x > 6)] for x in t]


@meaning
def bit_mask(t):
    return [x & 5 for x in t]


@meaning
def bit_count(t):
    return [x.bit_count() for x in t]


@meaning
def binary_digits(t):
    return [f"{x:04b}" for x in t]
