"""Several s-ops looked at together at one position: the tuples of values that can occur."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rasp_lang.analysis.cones import Cone, build_cone
from rasp_lang.analysis.facts import SopFacts
from rasp_lang.analysis.values import Reach, distinct


@dataclass(frozen=True, eq=False)
class Bundle:
    """``tuples[b, k]``: the value position of the k-th s-op in tuple b; ``tuple_of[row]`` is the
    tuple of each row of ``cone`` (-1 where one of the s-ops has no value)."""

    tuples: NDArray[np.int64]
    cone: Cone
    tuple_of: NDArray[np.int64]
    reach: Reach

    def __len__(self) -> int:
        return len(self.tuples)


def bundle(members: Sequence[SopFacts], places: int) -> Bundle:
    """The tuples of values that these s-ops take together; raises TooManyRows."""
    if len(members) == 1 and _takes_every_value(members[0]):
        (alone,) = members
        every = np.arange(len(alone.values))[:, None]
        return Bundle(every, alone.cone, alone.table, alone.reach)
    cone = _common([member.cone for member in members], places)
    columns = [
        member.table if member.cone is cone else member.table[cone.project(member.cone)]
        for member in members
    ]
    codes, valid = np.zeros(len(cone), np.int64), np.ones(len(cone), bool)
    for member, column in zip(members, columns, strict=True):
        codes = codes * len(member.values) + np.maximum(column, 0)
        valid &= column >= 0
    bound = math.prod(float(len(member.values)) for member in members)
    first, tuple_in = distinct(codes[valid], bound)
    tuple_of = np.full(len(cone), -1, np.int64)
    tuple_of[valid] = tuple_in
    rows = valid.nonzero()[0][first]
    tuples = np.stack([column[rows] for column in columns], 1) if columns else np.zeros((1, 0), int)
    return Bundle(tuples, cone, tuple_of, cone.reach_of(tuple_of, len(first)))


def _takes_every_value(facts: SopFacts) -> bool:
    """Whether each value of an s-op stands in some row of its cone."""
    counts = np.bincount(facts.table + 1, minlength=len(facts.values) + 1)
    return bool(counts[1:].all())


def _common(cones: Sequence[Cone], places: int) -> Cone:
    """The cone over all variables of these cones, which is one of them if that has all."""
    largest = max(cones, key=lambda cone: len(cone.variables), default=None)
    if largest is not None and all(
        set(cone.variables) <= set(largest.variables) for cone in cones if cone is not largest
    ):
        return largest
    return build_cone([variable for cone in cones for variable in cone.variables], places)


def place_pairs(left: Bundle, right: Bundle, places: int) -> tuple[Cone, NDArray[np.int64]]:
    """The pairs of tuples that two bundles take at one position: a cone over all their variables
    and, by row, (tuple of left, tuple of right), shape [rows, 2]; raises TooManyRows."""
    cone = _common([left.cone, right.cone], places)
    pairs = [part.tuple_of[cone.project(part.cone)] for part in (left, right)]
    return cone, np.stack(pairs, axis=1)
