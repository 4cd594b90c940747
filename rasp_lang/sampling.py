"""Inputs to try a model on: all of them, or a sample that begins at the boundaries.

In: a vocabulary and a maximum length. Out: inputs, tuples of tokens, ordered by length. Standard
library only.
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterator, Sequence
from itertools import chain, islice, product

from rasp_lang.graph import Atom

Tokens = tuple[Atom, ...]
#: Each kind of boundary input gets at most this share of a sample.
_SHARE = 6


def number_of_inputs(vocabulary: int, max_len: int) -> int:
    """How many inputs of 1 to ``max_len`` tokens there are."""
    return sum(vocabulary**length for length in range(1, max_len + 1))


def about(number: int) -> str:
    """A number of inputs as text. A large one is rounded: Python itself writes out no more than
    4,300 digits."""
    return f"{number:,}" if number < 10**12 else f"about 10^{round(math.log10(number))}"


def all_inputs(vocabulary: Sequence[Atom], max_len: int) -> Iterator[Tokens]:
    """Every input, the short ones first, then in the order of the vocabulary."""
    return chain.from_iterable(
        product(vocabulary, repeat=length) for length in range(1, max_len + 1)
    )


def sample_inputs(
    vocabulary: Sequence[Atom], max_len: int, samples: int, seed: int
) -> list[Tokens]:
    """At most ``samples`` distinct inputs (all of them if there are no more), ordered by length."""
    drawn = sample_ids(len(vocabulary), max_len, samples, seed)
    return [tuple(vocabulary[k] for k in ids) for ids in drawn]


def sample_ids(size: int, max_len: int, samples: int, seed: int) -> list[tuple[int, ...]]:
    """The same as numbers of tokens in a vocabulary of that size.

    The first are boundary cases: single tokens, pairs, full length with all tokens equal, full
    length. The others have lengths from 1 to ``max_len`` alike; half of them draw from one to three
    tokens only, since many programs count or compare equal tokens."""
    sampler = _Sampler(size, max_len, samples, seed)
    sampler.boundaries()
    sampler.fill()
    return sorted(sampler.drawn, key=len)


class _Sampler:
    """Distinct inputs as tuples of token numbers."""

    def __init__(self, size: int, max_len: int, samples: int, seed: int) -> None:
        self.size, self.max_len = size, max_len
        self.samples = min(samples, number_of_inputs(size, max_len))
        self.random = random.Random(seed)
        self.drawn: dict[tuple[int, ...], None] = {}
        self.of_length = [0] * (max_len + 1)

    def boundaries(self) -> None:
        size, share = self.size, max(1, self.samples // _SHARE)
        kinds: list[Iterator[tuple[int, ...]]] = [
            ((k,) for k in self.shuffled(size)),
            ((k,) * self.max_len for k in self.shuffled(size)),
            (self.some(self.max_len, None) for _ in range(share)),
        ]
        if self.max_len > 1:
            kinds.append(divmod(pair, size) for pair in self.shuffled(size**2))
        for kind in kinds:
            for ids in islice(kind, share):
                self.add(ids)

    def fill(self) -> None:
        lengths = list(range(1, self.max_len + 1))
        while len(self.drawn) < self.samples:
            length = self.random.choice(lengths)
            if self.of_length[length] == self.size**length:
                lengths.remove(length)
                continue
            narrow = self.random.random() < 0.5
            self.add(self.some(length, self.random.randint(1, 3) if narrow else None))

    def some(self, length: int, kinds: int | None) -> tuple[int, ...]:
        """Random token numbers, of at most ``kinds`` different ones if that is given."""
        if kinds is None or kinds >= self.size:
            return tuple(self.random.randrange(self.size) for _ in range(length))
        return tuple(self.random.choices(self.random.sample(range(self.size), kinds), k=length))

    def shuffled(self, size: int) -> Iterator[int]:
        """The numbers below ``size``, as many as can be needed, in random order."""
        return iter(self.random.sample(range(size), min(size, self.samples)))

    def add(self, ids: tuple[int, ...]) -> None:
        if ids not in self.drawn and len(self.drawn) < self.samples:
            self.drawn[ids] = None
            self.of_length[len(ids)] += 1
