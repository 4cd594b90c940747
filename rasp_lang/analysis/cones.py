"""Which values of several variables can occur together at one position.

A *variable* is what elementwise code starts from: the token, the index, the outcome of an
aggregate. The *cone* of an s-op is the set of variables that it is an elementwise function of,
with the rows (tuples of values) that are reachable together.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from rasp_lang.analysis.values import Reach, Values, same_rows, sorted_unique

#: More rows than this are not enumerated.
ROW_LIMIT = 200_000

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


class TooManyRows(Exception):
    """A cone would have more rows than ``ROW_LIMIT``."""

    def __init__(self, rows: int) -> None:
        super().__init__(rows)
        self.rows = rows


@dataclass(frozen=True, eq=False)
class Cone:
    """``digits[r, s]`` is the value (by position in its value set) of variable s in row r;
    ``codes`` are the rows as mixed-radix numbers, ascending. Place c has class ``class_of[c]``, in
    which the rows ``rows_of[class]`` can occur."""

    variables: tuple[Variable, ...]
    digits: NDArray[np.int64]
    codes: NDArray[np.int64]
    class_of: NDArray[np.int64]
    rows_of: tuple[NDArray[np.int64], ...]

    def __len__(self) -> int:
        return len(self.codes)

    @cached_property
    def strides(self) -> NDArray[np.int64]:
        return _strides(self.variables)

    def project(self, part: Cone) -> NDArray[np.int64]:
        """For each row of this cone the row of ``part`` (over some of its variables): [rows]."""
        columns = [self.variables.index(variable) for variable in part.variables]
        codes = self.digits[:, columns] @ part.strides
        return np.searchsorted(part.codes, codes)

    def reach_of(self, table: NDArray[np.int64], values: int) -> Reach:
        """The reach of an s-op whose value in each row is ``table[row]`` (-1: none)."""
        per_class = np.zeros((len(self.rows_of), values + 1), bool)
        for group, rows in enumerate(self.rows_of):
            per_class[group, table[rows]] = True
        return Reach.of(per_class[:, :values][self.class_of])


def _strides(variables: Sequence[Variable]) -> NDArray[np.int64]:
    sizes = [len(variable.values) for variable in variables]
    return np.array(
        [int(np.prod(sizes[k + 1 :], dtype=object)) for k in range(len(sizes))], np.int64
    )


def build_cone(variables: Sequence[Variable], places: int) -> Cone:
    """The cone over these variables (in order of their ids); raises TooManyRows."""
    ordered = tuple(sorted(set(variables), key=lambda variable: variable.id))
    if not ordered:
        none = np.zeros((1, 0), np.int64)
        return Cone((), none, np.zeros(1, np.int64), np.zeros(places, np.int64), (np.arange(1),))
    joint = np.stack([variable.reach.class_of for variable in ordered], axis=1)
    first, class_of = same_rows(joint)
    groups = joint[first]
    _refuse_if_large(ordered, groups)
    strides = _strides(ordered)
    per_class = [_codes(ordered, strides, group) for group in groups]
    codes = sorted_unique(np.concatenate(per_class))
    sizes = np.array([len(variable.values) for variable in ordered], np.int64)
    digits = (codes[:, None] // strides) % sizes
    rows_of = tuple(np.searchsorted(codes, found) for found in per_class)
    return Cone(ordered, digits, codes, class_of, rows_of)


def _codes(
    variables: Sequence[Variable], strides: NDArray[np.int64], group: NDArray[np.int64]
) -> NDArray[np.int64]:
    codes = np.zeros(1, np.int64)
    for variable, stride, row in zip(variables, strides, group, strict=True):
        reachable = np.flatnonzero(variable.reach.table[row])
        codes = (codes[:, None] + reachable * stride).reshape(-1)
    return codes


def _refuse_if_large(variables: Sequence[Variable], groups: NDArray[np.int64]) -> None:
    if len(variables) == 1:
        return
    counts = [variable.reach.table.sum(axis=1).astype(float) for variable in variables]
    rows = np.ones(len(groups))
    for column, count in enumerate(counts):
        rows *= count[groups[:, column]]
    product = float(np.prod([float(len(variable.values)) for variable in variables]))
    largest = min(product, float(rows.sum()))
    if largest > ROW_LIMIT or product > 2.0**62 or rows.sum() > 20 * ROW_LIMIT:
        raise TooManyRows(int(min(largest, 1e18)))
