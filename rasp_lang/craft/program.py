"""A transformer in named directions: what the lowering makes and the assembly turns into weights.

Every direction but ``BOS`` holds exactly 0 in the BOS row, and so does every form without a ``BOS``
coefficient: the constant of a form counts at real positions only. Defaults of aggregates are
therefore not written anywhere; they are constants of the forms that read the aggregate.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from rasp_lang.analysis.contexts import Contexts
from rasp_lang.analysis.values import Values, sorted_unique
from rasp_lang.graph import Atom
from rasp_lang.source import Span

#: The direction that is 1 in the BOS row and 0 elsewhere.
BOS = 0


class Direction(NamedTuple):
    """One residual dimension: the s-op it tells of, and the value if it is an indicator of one.
    ``low`` and ``high`` bound what it holds at real positions. A *rounding* direction holds its
    integer plus ``rounding``, a power of two from the embedding: adding a head's output to so large
    a number rounds it in float32, and what is left is the exact integer."""

    id: int
    name: str
    sop: str
    value: Atom | None
    span: Span | None
    low: float
    high: float
    rounding: float = 0.0


class Form(NamedTuple):
    """An affine form: ``sum(coefficient * direction) + constant`` at real positions."""

    terms: Mapping[int, float] = MappingProxyType({})
    constant: float = 0.0

    def plus(self, other: Form, factor: float = 1.0) -> Form:
        """``self + factor * other``; terms that vanish are dropped."""
        terms = dict(self.terms)
        for direction, coefficient in other.terms.items():
            terms[direction] = terms.get(direction, 0.0) + factor * coefficient
        kept = {direction: value for direction, value in terms.items() if value != 0.0}
        return Form(kept, self.constant + factor * other.constant)

    def scaled(self, factor: float) -> Form:
        return Form().plus(self, factor)


class Embedding(NamedTuple):
    """What a direction holds for each token (vocabulary order), for each index, or for any token (a
    table of one)."""

    direction: int
    of: Literal["token", "index", "any"]
    table: NDArray[np.float64]


class Product(NamedTuple):
    """One dimension of a head: ``query * key`` is added to the score."""

    query: Form
    key: Form


@dataclass(frozen=True, slots=True)
class TableScore:
    """A comparison as a score: for each class the product of an indicator and a penalty, 0 for
    selected pairs and at most ``-gap`` for others. The indicator is the query's or the key's. As a
    ``reward``: 0 for pairs that are not selected and at least ``gap`` for others."""

    products: tuple[Product, ...]
    gap: float
    indicator_is_query: bool
    reward: bool = False


@dataclass(frozen=True, slots=True)
class DistanceScore:
    """Equality as ``-gap * (key - query)^2`` up to a term of the query alone. ``nearest`` is the
    smallest distance of different numbers."""

    products: tuple[Product, ...]
    gap: float
    nearest: float
    query: Form
    key: Form
    square: Form


class Channel(NamedTuple):
    """What a head carries: ``value`` at the keys, at most ``largest`` in absolute value, written
    ``factor`` times to ``direction``."""

    value: Form
    direction: int
    factor: float
    largest: float


@dataclass(frozen=True)
class CraftHead:
    """``flat``: the mean over the selected keys, BOS (value 0) when there is none. ``sink``: BOS
    stands ``bos_score`` above the selected keys and the result is multiplied by ``exp(bos_score)``:
    the sum. ``one_key`` says that at most one key counts. ``bos_square`` is the query's square term
    of a distance score whose BOS is a threshold."""

    layer: int
    mode: Literal["flat", "sink"]
    scores: tuple[TableScore | DistanceScore, ...]
    bos_score: float
    bos_query: Form
    channels: tuple[Channel, ...]
    one_key: bool
    never_empty: bool
    name: str
    span: Span | None

    @cached_property
    def products(self) -> tuple[Product, ...]:
        return tuple(product for score in self.scores for product in score.products)


class Unit(NamedTuple):
    """One hidden neuron: ``weight * relu(reads)``. On a plateau its reading may be off by a half:
    in a pair whose difference is constant there, or where it is 0."""

    reads: Form
    weight: float
    plateau: bool


class CraftFunction(NamedTuple):
    """Neurons that together write one function of the residual stream to one direction. ``zero``:
    where the ideal value is 0 the written value is exactly 0 (as long as the plateaus hold).
    ``node`` is the graph node that needs it."""

    layer: int
    direction: int
    units: tuple[Unit, ...]
    zero: bool
    name: str
    span: Span | None
    node: int


@dataclass(frozen=True, slots=True)
class Candidate:
    """A class of places with the values possible there and the readings that stand for them."""

    values: tuple[Atom, ...]
    points: NDArray[np.float64]


@dataclass(frozen=True)
class Output:
    """An answer: one form a value (categorical, the largest wins), one a channel (numerical, the
    nearest candidate wins) or the mean itself (quotient: the nearest multiple of ``unit`` over the
    number of keys, see ``facts.Quotient``; ``grouping`` says which). ``gap``: by how much the right
    form of a categorical output is larger than all others, how far apart quotients are."""

    name: str
    kind: Literal["categorical", "numerical", "quotient"]
    forms: tuple[Form, ...]
    values: Values
    grouping: Literal["all", "index", "index_length", "length"]
    class_of: tuple[object, ...]
    classes: tuple[Candidate, ...]
    span: Span | None
    gap: float = 1.0
    unit: float = 1.0
    whole: bool = False

    @cached_property
    def gaps(self) -> tuple[float, ...]:
        """The smallest distance between different candidates, by form."""
        if self.kind != "numerical":
            return (self.gap,) * len(self.forms)
        return tuple(self._gap_of(channel) for channel in range(len(self.forms)))

    def _gap_of(self, channel: int) -> float:
        levels = [sorted_unique(candidate.points[:, channel]) for candidate in self.classes]
        gaps = [points[1:] - points[:-1] for points in levels]
        return min((float(some.min()) for some in gaps if len(some)), default=1.0)


@dataclass(frozen=True, slots=True)
class CraftProgram:
    """``layers`` attention layers, each followed by the functions of the same number (from 1)."""

    vocabulary: tuple[Atom, ...]
    contexts: Contexts
    layers: int
    directions: tuple[Direction, ...]
    embeddings: tuple[Embedding, ...]
    heads: tuple[CraftHead, ...]
    functions: tuple[CraftFunction, ...]
    outputs: tuple[Output, ...]
