"""What the programs of the chapter predicates compute."""

from math import gcd

from program_meanings.common import everywhere, meaning, runs


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


@meaning
def descending(t):
    return everywhere(list(t) == sorted(t, reverse=True), t)


@meaning
def last_two_equal(t):
    return everywhere(len(t) > 1 and t[-1] == t[-2], t)


@meaning
def alternating_parity(t):
    return everywhere(all((x - t[0] - i) % 2 == 0 for i, x in enumerate(t)), t)


@meaning
def multiples_of_n(t):
    return everywhere(set(t) <= set(range(0, 1000, 3)), t)


@meaning
def multiples_of_first(t):
    return everywhere(gcd(*t) == t[0], t)


@meaning
def permutation(t):
    return everywhere(sorted(t) == list(range(len(t))), t)
