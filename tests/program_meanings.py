"""What each shipped program computes, said again in plain Python.

``MEANINGS[name](tokens)`` gives the list that the program's output is on those tokens. Nothing of
``rasp_lang`` is used: it is an independent check of the programs and of the interpreter.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

Meaning = Callable[[Sequence[Any]], list[Any]]
MEANINGS: dict[str, Meaning] = {}


def meaning(function: Meaning) -> Meaning:
    """Registers a function under its name, which is the name of the program."""
    MEANINGS[function.__name__.rstrip("_")] = function
    return function


def mean(values: Sequence[Any]) -> Any:
    """As aggregate: one value stays itself, several give a float."""
    return values[0] if len(values) == 1 else sum(values) / len(values)


def everywhere(value: Any, t: Sequence[Any]) -> list[Any]:
    return [value] * len(t)


def by_prefix(function: Callable[[Sequence[Any]], Any], t: Sequence[Any]) -> list[Any]:
    """The function of every prefix, the position itself included."""
    return [function(t[: i + 1]) for i in range(len(t))]


def padded(values: Sequence[Any], t: Sequence[Any]) -> list[Any]:
    return [*values, *("_" for _ in range(len(t) - len(values)))]


# --- core ----------------------------------------------------------------------------------------


@meaning
def identity(t):
    return list(t)


@meaning
def length(t):
    return everywhere(len(t), t)


@meaning
def positions(t):
    return list(range(1, len(t) + 1))


# --- movement ------------------------------------------------------------------------------------


@meaning
def reverse(t):
    return list(reversed(t))


@meaning
def shift_by_n(t):
    return ["_", "_", *t][: len(t)]


@meaning
def shift_left(t):
    return [*t[1:], "_"]


@meaning
def rotate_right(t):
    return [t[-1], *t[:-1]]


@meaning
def rotate_left(t):
    n = 2 % len(t)
    return [*t[n:], *t[:n]]


@meaning
def swap_neighbours(t):
    swapped = list(t)
    for i in range(0, len(t) - 1, 2):
        swapped[i], swapped[i + 1] = t[i + 1], t[i]
    return swapped


@meaning
def first(t):
    return everywhere(t[0], t)


@meaning
def last(t):
    return everywhere(t[-1], t)


@meaning
def middle(t):
    return everywhere(t[(len(t) - 1) // 2], t)


@meaning
def mirror(t):
    front = list(t[: (len(t) + 1) // 2])
    return front + list(reversed(front[: len(t) // 2]))


@meaning
def riffle(t):
    half = (len(t) + 1) // 2
    mixed = []
    for i in range(half):
        mixed += t[i : i + 1]
        mixed += t[half + i : half + i + 1]
    return mixed


@meaning
def deal_out(t):
    return [*t[::2], *t[1::2]]


@meaning
def pack_left(t):
    return padded([x for x in t if x != "x"], t)


@meaning
def reverse_complement(t):
    return [{"a": "t", "t": "a", "c": "g", "g": "c"}[x] for x in reversed(t)]


# --- search --------------------------------------------------------------------------------------


@meaning
def has_seen(t):
    return [x in t[:i] for i, x in enumerate(t)]


@meaning
def contains(t):
    return everywhere("a" in t, t)


@meaning
def first_position(t):
    return everywhere(next((i for i, x in enumerate(t) if x == "a"), -1), t)


@meaning
def last_position(t):
    return everywhere(max((i for i, x in enumerate(t) if x == "a"), default=-1), t)


@meaning
def previous_position(t):
    return [max((j for j in range(i) if t[j] == x), default=-1) for i, x in enumerate(t)]


@meaning
def next_identical(t):
    later = range(len(t))
    return [min((j for j in later if j > i and t[j] == x), default=-1) for i, x in enumerate(t)]


@meaning
def induction(t):
    last_seen: dict[Any, int] = {}
    result = []
    for i, x in enumerate(t):
        result.append(t[last_seen[x] + 1] if x in last_seen else "_")
        last_seen[x] = i
    return result


@meaning
def detect_pattern(t):
    return [list(t[max(0, i - 2) : i + 1]) == ["a", "b", "c"] for i in range(len(t))]


@meaning
def contains_pattern(t):
    return everywhere("abc" in "".join(t), t)


# --- counting ------------------------------------------------------------------------------------


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


# --- sorting -------------------------------------------------------------------------------------


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


# --- neighbours ----------------------------------------------------------------------------------


def runs(t):
    """The first token of every run of equal ones."""
    return [x for i, x in enumerate(t) if i == 0 or t[i - 1] != x]


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


# --- predicates ----------------------------------------------------------------------------------


@meaning
def palindrome(t):
    return everywhere(list(t) == list(reversed(t)), t)


@meaning
def all_equal(t):
    return everywhere(len(set(t)) == 1, t)


@meaning
def all_different(t):
    return everywhere(len(set(t)) == len(t), t)


@meaning
def same_ends(t):
    return everywhere(t[0] == t[-1], t)


@meaning
def ascending(t):
    return everywhere(list(t) == sorted(t), t)


@meaning
def alternating(t):
    return everywhere(len(runs(t)) == len(t), t)


@meaning
def more_a_than_b(t):
    return everywhere(t.count("a") > t.count("b"), t)


@meaning
def even_length(t):
    return everywhere(len(t) % 2 == 0, t)


# --- languages -----------------------------------------------------------------------------------


def status(t, pairs):
    """T for a balanced text, P for one that can still become balanced, F for one that cannot."""
    stack: list[str] = []
    for x in t:
        if x in pairs:
            stack.append(pairs[x])
        elif not stack or stack.pop() != x:
            return "F"
    return "P" if stack else "T"


def shuffled(t, pairs):
    """Whether every kind of bracket is balanced by itself."""
    return all(status([x for x in t if x in pair], {pair[0]: pair[1]}) == "T" for pair in pairs)


@meaning
def pair_balance(t):
    return by_prefix(lambda p: mean([{"(": 1, ")": -1}.get(x, 0) for x in p]), t)


@meaning
def running_balance(t):
    return by_prefix(lambda p: p.count("(") - p.count(")"), t)


@meaning
def dyck_1(t):
    return by_prefix(lambda p: status([x for x in p if x in "()"], {"(": ")"}), t)


@meaning
def dyck_2(t):
    return by_prefix(lambda p: status(p, {"(": ")", "[": "]"}), t)


@meaning
def dyck_3(t):
    return by_prefix(lambda p: status(p, {"(": ")", "[": "]", "{": "}"}), t)


@meaning
def shuffle_dyck_2(t):
    return everywhere(shuffled(t, ["()", "[]"]), t)


@meaning
def shuffle_dyck_3(t):
    return everywhere(shuffled(t, ["()", "[]", "{}"]), t)


@meaning
def a_n_b_n(t):
    half = len(t) // 2
    return everywhere(list(t) == ["a"] * half + ["b"] * half, t)


@meaning
def a_n_b_n_c_n(t):
    third = len(t) // 3
    return everywhere(list(t) == ["a"] * third + ["b"] * third + ["c"] * third, t)


# --- arithmetic ----------------------------------------------------------------------------------


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


# --- elementwise ---------------------------------------------------------------------------------


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
