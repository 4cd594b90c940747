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
