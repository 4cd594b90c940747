"""Ten programs at growing sizes: their vocabularies, and random inputs of full length on which a
wrong model shows."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rasp_lang.graph import Atom

#: (tokens in the vocabulary, maximum length)
SIZES = ((4, 5), (8, 10), (16, 16), (32, 32), (64, 64), (100, 100))
Tokens = tuple[Atom, ...]
Draw = Callable[[random.Random, Sequence[Atom], int], Tokens]


@dataclass(frozen=True)
class Rung:
    """A shipped program; the tokens that it names come first in its vocabulary. Without any its
    tokens are ints. ``draw`` makes an input of a length."""

    program: str
    named: tuple[str, ...]
    draw: Draw

    def vocabulary(self, size: int) -> Tokens:
        if not self.named:
            return tuple(range(size))
        letters = [chr(code) for code in range(ord("a"), ord("z") + 1)]
        others = [token for token in (*letters, *(f"t{k}" for k in range(size)))
                  if token not in self.named]  # fmt: skip
        return (*self.named, *others)[:size]

    def inputs(self, size: int, max_len: int, count: int, seed: int = 0) -> list[Tokens]:
        """Random inputs of full length."""
        generator = random.Random(f"{self.program} {size} {max_len} {seed}")
        return [self.draw(generator, self.vocabulary(size), max_len) for _ in range(count)]


def _any(generator: random.Random, vocabulary: Sequence[Atom], length: int) -> Tokens:
    """From all tokens, or from a few of them, since many programs compare or count."""
    kinds = generator.choice((2, 4, len(vocabulary)))
    return tuple(generator.choices(vocabulary[:kinds], k=length))


def _distinct(generator: random.Random, vocabulary: Sequence[Atom], length: int) -> Tokens:
    return tuple(generator.sample(vocabulary, min(length, len(vocabulary))))


def _balanced(generator: random.Random, vocabulary: Sequence[Atom], length: int) -> Tokens:
    """Two kinds of brackets, each balanced by itself; every other time two tokens change places."""
    found: list[Atom] = list(vocabulary[4:5]) * (length % 2)
    for opening in generator.choices((0, 2), k=length // 2):
        first, second = sorted(generator.choices(range(len(found) + 1), k=2))
        found.insert(first, vocabulary[opening])
        found.insert(second + 1, vocabulary[opening + 1])
    if len(found) > 1 and generator.random() < 0.5:
        i, j = generator.sample(range(len(found)), 2)
        found[i], found[j] = found[j], found[i]
    return tuple(found)


def _planted(generator: random.Random, vocabulary: Sequence[Atom], length: int) -> Tokens:
    """With the first three tokens in a row here and there."""
    found = list(_any(generator, vocabulary, length))
    for start in generator.sample(range(length - 2), max(1, length // 8)):
        found[start : start + 3] = vocabulary[:3]
    return tuple(found)


LADDER = (
    Rung("reverse", (), _any),
    Rung("histogram", (), _any),
    Rung("sort", (), _any),
    Rung("sort_unique", (), _distinct),
    Rung("fraction_previous", ("x",), _any),
    Rung("pair_balance", ("(", ")"), _any),
    Rung("shuffle_dyck_2", ("(", ")", "[", "]"), _balanced),
    Rung("length", (), _any),
    Rung("count", ("a",), _any),
    Rung("detect_pattern", ("a", "b", "c"), _planted),
)
