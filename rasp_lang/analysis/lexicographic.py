"""Orders of s-ops that several variables decide one after the other.

``frequency + 1 / (indices + 2)`` orders the positions by frequency, and equal ones by their index.
To compare such keys with such queries no table between all their values is needed: a key comes
first if its first variable does, or if that is equal and its second one does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rasp_lang.analysis.cones import Cone, Variable
from rasp_lang.analysis.facts import SopFacts

Rows = NDArray[np.int64]
#: A comparison of one variable at the key with itself at the query: [query values, key values].
Part = tuple[Variable, NDArray[np.bool_]]
#: Values up to this many are compared by a table.
FEW = 12


@dataclass(frozen=True, eq=False)
class _Order:
    """``ranks`` of a cone's rows; ``rising``: whether the key must be larger; ``ties``: whether
    equal ones are selected."""

    cone: Cone
    ranks: Rows
    rising: bool
    ties: bool

    def conjunctions(
        self, sets: Sequence[Rows], left: Sequence[int]
    ) -> list[tuple[Part, ...]] | None:
        """Disjoint conjunctions that together are the order within each set of rows, by the
        variables that are left; None if these do not decide one after the other."""
        for column in left:
            found = self.groups(sets, column)
            if found is not None:
                order, group_of = found
                rest = [k for k in left if k != column]
                return self.by(sets, column, (order, group_of), rest)
        return None

    def groups(self, sets: Sequence[Rows], column: int) -> tuple[int, Rows] | None:
        """The group of each value of a variable, if groups of neighbouring values come one after
        the other in the order: ascending (1) or descending (-1)."""
        size = len(self.cone.variables[column].values)
        bounds = [self.bounds(rows, column, size) for rows in sets]
        for order in (1, -1):
            apart = np.ones(size - 1, bool)
            for low, high in bounds:
                apart &= _apart(low[::order], high[::order])[::order]
            if apart.any():
                return order, np.concatenate([[0], np.cumsum(apart)])
        return None

    def bounds(self, rows: Rows, column: int, size: int) -> tuple[Rows, Rows]:
        """The lowest and the highest rank with each value, in reverse where it does not occur."""
        low, high = np.full(size, np.iinfo(np.int64).max), np.full(size, -1)
        np.minimum.at(low, self.cone.digits[rows, column], self.ranks[rows])
        np.maximum.at(high, self.cone.digits[rows, column], self.ranks[rows])
        return low, high

    def by(
        self, sets: Sequence[Rows], column: int, grouped: tuple[int, Rows], left: Sequence[int]
    ) -> list[tuple[Part, ...]] | None:
        variable, (order, group_of) = self.cone.variables[column], grouped
        larger = group_of[None, :] > group_of[:, None]
        strict: Part = (variable, larger if (order > 0) == self.rising else larger.T)
        ordered, flat = np.zeros(len(group_of), bool), np.zeros(len(group_of), bool)
        inner: list[Rows] = []
        for rows in sets:
            groups = group_of[self.cone.digits[rows, column]]
            for group in np.unique(groups).tolist():
                part = rows[groups == group]
                if (self.ranks[part] != self.ranks[part[0]]).any():
                    ordered[group_of == group] = True
                    inner.append(part)
                elif len(part) > 1:
                    flat[group_of == group] = True
        if (ordered & flat).any():
            return None
        found: list[tuple[Part, ...]] = [(strict,)]
        equal = group_of[None, :] == group_of[:, None]
        if self.ties:
            found.append(((variable, equal & ~ordered[None, :]),))
        if inner:
            rest = self.conjunctions(inner, left)
            if rest is None:
                return None
            same: Part = (variable, equal & ordered[None, :])
            found += [(same, *parts) for parts in rest]
        return found


def _apart(low: Rows, high: Rows) -> NDArray[np.bool_]:
    """Between which neighbours everything before is lower than everything after."""
    before = np.maximum.accumulate(high)[:-1]
    after = np.minimum.accumulate(low[::-1])[::-1][1:]
    return np.asarray(before < after)


def lexicographic(sop: SopFacts, comparison: str) -> list[tuple[Part, ...]] | None:
    """``key <comparison> query`` of an s-op with itself as disjoint conjunctions of comparisons of
    the variables of its cone; None if it is not that, or better left as it is."""
    cone, variables = sop.cone, sop.cone.variables
    sizes = sum(len(variable.values) for variable in variables)
    few = len(sop.values) <= max(FEW, sizes)
    if len(variables) < 2 or few or (sop.table < 0).any() or comparison == "!=":
        return None
    ranks = _ranks(sop)
    if ranks is None:
        return None
    if comparison == "==":
        if len(np.unique(ranks)) < len(ranks):
            return None
        return [tuple((v, np.eye(len(v.values), dtype=bool)) for v in variables)]
    order = _Order(cone, ranks, comparison[0] == ">", comparison.endswith("="))
    return order.conjunctions([np.arange(len(ranks))], range(len(variables)))


def _ranks(sop: SopFacts) -> Rows | None:
    """The place of each row's value in the order of values; None if some cannot be compared."""
    if all(isinstance(atom, str) for atom in sop.values.atoms):
        return sop.table
    if not sop.values.numeric:
        return None
    place = np.unique(sop.values.numbers, return_inverse=True)[1]
    ranks: Rows = place.reshape(-1)[sop.table]
    return ranks
