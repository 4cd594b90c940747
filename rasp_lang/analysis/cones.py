"""Which values of several variables can occur together at one position.

A *variable* is what elementwise code starts from: the token, the index, the outcome of an
aggregate. The *cone* of an s-op is the set of variables that it is an elementwise function of,
with the rows (tuples of values) that are reachable together.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from rasp_lang.analysis.values import Reach, Values, distinct, in_order, places_of, ranked

#: More rows than this, or pairs of a place and a row, are not enumerated.
ROW_LIMIT, PAIR_LIMIT = 200_000, 12_000_000

Attended = Literal["copy", "mean", "width", "sum", "focus"]
Defined = Literal["step", "several", "categorical", "numerical", "linear", "lookup"]
VariableKind = Literal["token", "index"] | Attended | Defined


@dataclass(frozen=True, eq=False)
class Variable:
    """``node`` is the graph node that it stands for (for ``mean`` and ``width``: the aggregate or
    the selector it belongs to). A *tabular* variable can be read through any function of its value
    (one-hot), any other only through affine functions of its number. ``depth`` is the attention
    layer that produces it, 0 for the token and the index."""

    id: int
    kind: VariableKind
    node: int
    values: Values
    reach: Reach
    tabular: bool
    depth: int

    @cached_property
    def cone(self) -> Cone:
        """The cone over this variable alone."""
        groups, values = self.reach.table.nonzero()
        used = self.reach.table.any(axis=0)
        codes = places_of(used)
        rows = (used.cumsum() - 1)[values]
        return Cone((self,), codes[:, None], codes, self.reach.class_of, groups, rows)


class TooManyRows(Exception):
    """A cone would have more rows than ``ROW_LIMIT``."""

    def __init__(self, rows: int) -> None:
        super().__init__(rows)
        self.rows = rows


@dataclass(frozen=True, eq=False)
class Cone:
    """``digits[r, s]`` is the value (by position in its value set) of variable s in row r;
    ``codes`` are the rows as mixed-radix numbers, ascending. Place c has class ``class_of[c]``; in
    class ``groups[k]`` row ``rows[k]`` can occur, and only what these pairs, ascending, say."""

    variables: tuple[Variable, ...]
    digits: NDArray[np.int64]
    codes: NDArray[np.int64]
    class_of: NDArray[np.int64]
    groups: NDArray[np.int64]
    rows: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.codes)

    @cached_property
    def classes(self) -> int:
        """The number of classes of places."""
        return int(self.class_of.max()) + 1

    @cached_property
    def strides(self) -> NDArray[np.int64]:
        return _strides(self.variables)

    def project(self, part: Cone) -> NDArray[np.int64]:
        """For each row of this cone the row of ``part`` (over some of its variables): [rows]."""
        if part.variables == self.variables:
            return np.arange(len(self))
        columns = [self.variables.index(variable) for variable in part.variables]
        if len(columns) == 1:
            codes = self.digits[:, columns[0]]
        else:
            codes = self.digits[:, columns] @ part.strides
        if part.is_full:
            return codes
        return part.codes.searchsorted(codes) if part._rank is None else part._rank[codes]

    @cached_property
    def is_full(self) -> bool:
        """Whether every combination of values of the variables is a row."""
        return len(self.codes) == math.prod([len(variable.values) for variable in self.variables])

    @cached_property
    def _rank(self) -> NDArray[np.int64] | None:
        """The row of each code, where codes are few enough for that."""
        size = math.prod(len(variable.values) for variable in self.variables)
        if size > 16 * len(self) + 256:
            return None
        rank = np.empty(size, np.int64)
        rank[self.codes] = np.arange(len(self))
        return rank

    def reach_of(self, table: NDArray[np.int64], values: int) -> Reach:
        """The reach of an s-op whose value in each row is ``table[row]`` (-1: none)."""
        # The last column of each class, which is cut off, is for -1.
        per_class = np.zeros(self.classes * (values + 1), bool)
        per_class[self.groups * (values + 1) + table[self.rows]] = True
        return Reach.by_class(self.class_of, per_class.reshape(-1, values + 1)[:, :values])


def _strides(variables: Sequence[Variable]) -> NDArray[np.int64]:
    sizes = [len(variable.values) for variable in variables]
    return np.array([math.prod(sizes[k + 1 :]) for k in range(len(sizes))], np.int64)


def build_cone(variables: Sequence[Variable], places: int) -> Cone:
    """The cone over these variables (in order of their ids); raises TooManyRows."""
    ordered = tuple(sorted(set(variables), key=lambda variable: variable.id))
    if len(ordered) == 1:
        return ordered[0].cone
    reaches = [variable.reach for variable in ordered]
    class_of, classes = _joint(reaches, places)
    if classes and len(classes[0]) == 1:
        alike = [reach.table[column[0]] for reach, column in zip(reaches, classes, strict=True)]
        return _product(ordered, alike, class_of)
    if _too_many_pairs(ordered, classes):
        # Not by place: fewer pairs to list, though more rows than there need be.
        anywhere = np.zeros(places, np.int64)
        reaches = [
            Reach(anywhere, np.asarray(reach.table.any(axis=0))[None, :]) for reach in reaches
        ]
        class_of, classes = _joint(reaches, places)
    groups = np.arange(len(classes[0]) if classes else 1)
    found = np.zeros(len(groups), np.int64)
    for reach, stride, column in zip(reaches, _strides(ordered), classes, strict=True):
        rows, values = reached(reach.table, column[groups])
        groups, found = groups[rows], found[rows] + stride * values
    sizes = [len(variable.values) for variable in ordered]
    if not sizes:
        return Cone((), np.zeros((1, 0), np.int64), found, class_of, groups, found)
    codes, rows = ranked(found, math.prod(sizes))
    digits = np.array(np.unravel_index(codes, sizes)).T
    return Cone(ordered, digits, codes, class_of, groups, rows)


def _product(
    variables: tuple[Variable, ...],
    reached: Sequence[NDArray[np.bool_]],
    class_of: NDArray[np.int64],
) -> Cone:
    """The cone where all places are alike: every combination of values that are reached."""
    values = [places_of(row) for row in reached]
    count = math.prod(map(len, values))
    if count > ROW_LIMIT or math.prod(map(len, reached)) > 2**62:
        raise TooManyRows(count)
    codes = np.zeros(1, np.int64)
    for row, some in zip(reached, values, strict=True):
        codes = (codes[:, None] * len(row) + some).reshape(-1)
    digits = np.array(np.unravel_index(codes, list(map(len, reached)))).T
    every = np.arange(count)
    return Cone(variables, digits, codes, class_of, np.zeros(count, np.int64), every)


def _joint(
    reaches: Sequence[Reach], places: int
) -> tuple[NDArray[np.int64], list[NDArray[np.int64]]]:
    """Which combination of classes each place has, numbered in the order in which they come first;
    and the classes of each combination, for one reach after the other."""
    varying = {id(reach.class_of): reach for reach in reaches if len(reach.table) > 1}
    first, class_of = np.zeros(1, np.int64), np.zeros(places, np.int64)
    if len(varying) == 1:
        (reach,) = varying.values()
        every, none = np.arange(len(reach.table)), np.zeros(len(reach.table), np.int64)
        return reach.class_of, [every if len(other.table) > 1 else none for other in reaches]
    for reach in varying.values():
        size = len(reach.table)
        first, class_of = in_order(*distinct(class_of * size + reach.class_of, len(first) * size))
    return class_of, [reach.class_of[first] for reach in reaches]


def reached(
    table: NDArray[np.bool_], classes: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The values that are reached in a sequence of classes, those of one after those of the other:
    (position in the sequence, value)."""
    if len(table) == 1:
        values, count = table[0].nonzero()[0], len(classes)
        rows = np.arange(count).repeat(len(values))
        return rows, values[None, :].repeat(count, axis=0).reshape(-1)
    counts, values = table.sum(axis=1), table.nonzero()[1]
    starts, wanted = counts.cumsum() - counts, counts[classes]
    rows = np.arange(len(classes)).repeat(wanted)
    before = starts[classes] - (wanted.cumsum() - wanted)
    return rows, values[before.repeat(wanted) + np.arange(len(rows))]


def least_rows(variables: Sequence[Variable], places: int) -> float:
    """A number of rows that a cone over these variables has at least."""
    return float(_per_class(variables, _joint([v.reach for v in variables], places)[1]).max())


def _per_class(
    variables: Sequence[Variable], classes: Sequence[NDArray[np.int64]]
) -> NDArray[np.float64]:
    """How many rows each class has."""
    rows = np.ones(len(classes[0]) if classes else 1)
    for variable, column in zip(variables, classes, strict=True):
        rows *= variable.reach.table.sum(axis=1)[column]
    return rows


def _too_many_pairs(variables: Sequence[Variable], classes: Sequence[NDArray[np.int64]]) -> bool:
    """Whether there are more pairs of a class and a row than are listed; raises TooManyRows for too
    many rows."""
    if len(variables) < 2:
        return False
    product = math.prod(float(len(variable.values)) for variable in variables)
    if product * max(map(len, classes)) <= ROW_LIMIT:
        return False
    pairs = float(_per_class(variables, classes).sum())
    if min(product, pairs) > ROW_LIMIT or product > 2.0**62:
        raise TooManyRows(int(min(product, pairs, 1e18)))
    return pairs > PAIR_LIMIT
