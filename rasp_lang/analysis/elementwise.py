"""Elementwise code over cones: the value of an s-op in every reachable row of its variables."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from rasp_lang import atoms
from rasp_lang.analysis.cones import Cone, Variable, build_cone
from rasp_lang.analysis.facts import SopFacts
from rasp_lang.analysis.values import Values, all_hold, distinct
from rasp_lang.graph import (
    Atom,
    Elementwise,
    LookupDict,
    LookupList,
    Membership,
    Op,
    Substring,
)

#: An operation on atoms; None where no input leads to these operands.
Function = Callable[..., Atom | None]


def function_of(op: Op) -> Function:
    """The operation on atoms that an elementwise node applies at each position."""
    if isinstance(op, Elementwise):
        return atoms.operation(op.function)
    if isinstance(op, LookupList):
        return lambda index: atoms.lookup_list(op.items, index)
    if isinstance(op, LookupDict):
        return lambda key: atoms.lookup_dict(op.items, key)
    if isinstance(op, Membership):
        return lambda item: atoms.membership(op.items, item)
    assert isinstance(op, Substring)
    return lambda text: atoms.substring(op.text, text)


def apply_over(cone: Cone, function: Function, operands: Sequence[SopFacts]) -> SopFacts:
    """The s-op ``function(*operands)`` over ``cone``, which covers the cones of the operands."""
    columns = [_column(cone, operand) for operand in operands]
    first, row_of = _distinct_rows(columns, [len(operand.values) for operand in operands])
    taken: list[Iterator[Atom | None]] = []
    for operand, column in zip(operands, columns, strict=True):
        known = (*operand.values.atoms, None)
        taken.append(map(known.__getitem__, column[first].tolist()))
    return tabulated(cone, _results(function, zip(*taken, strict=True)), row_of)


def _column(cone: Cone, operand: SopFacts) -> NDArray[np.int64]:
    """The operand's value in each row of a cone that covers its own."""
    if operand.cone.variables == cone.variables:
        return operand.table
    if not operand.cone.variables:
        return operand.table.repeat(len(cone))
    return operand.table[cone.project(operand.cone)]


def _distinct_rows(
    columns: Sequence[NDArray[np.int64]], sizes: Sequence[int]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Where each distinct row of operands stands first, and which of them each row is."""
    codes, bound = columns[0] + 1, sizes[0] + 1.0
    for column, size in zip(columns[1:], sizes[1:], strict=True):
        codes, bound = codes * (size + 1) + column + 1, bound * (size + 1.0)
    return distinct(codes, bound)


def _results(function: Function, rows: Iterable[tuple[Atom | None, ...]]) -> list[Atom | None]:
    """What the function makes of each row of operands; None where there is no result."""
    found: list[Atom | None] = []
    for operands in rows:
        try:
            found.append(None if None in operands else function(*operands))
        except atoms.AtomError:
            found.append(None)
    return found


def tabulated(cone: Cone, results: Sequence[Atom | None], row_of: NDArray[np.int64]) -> SopFacts:
    """Facts of an s-op whose value in row r is ``results[row_of[r]]`` (None: an error)."""
    values, positions = Values.listed(results)
    table = positions[row_of]
    return reduced(SopFacts(values, cone.reach_of(table, len(values)), cone, table))


def reduced(facts: SopFacts) -> SopFacts:
    """The same facts over the variables that the value really depends on."""
    cone, table = facts.cone, facts.table
    if len(cone.variables) == 1 and len(facts.values) > 1:
        return facts
    for variable in facts.cone.variables:
        if len(cone.variables) == 0 or not _independent(cone, table, variable):
            continue
        rest = [other for other in cone.variables if other is not variable]
        smaller = build_cone(rest, len(cone.class_of))
        row_of = cone.project(smaller)
        defined = table >= 0
        projected = np.full(len(smaller), -1, np.int64)
        projected[row_of[defined]] = table[defined]
        cone, table = smaller, projected
    if cone is facts.cone:
        return facts
    return SopFacts(facts.values, facts.reach, cone, table)


def _independent(cone: Cone, table: NDArray[np.int64], variable: Variable) -> bool:
    column = cone.variables.index(variable)
    if cone.is_full:
        grid = table.reshape([len(v.values) for v in cone.variables])
        if grid.min() >= 0:
            return all_hold(grid == grid.take([0], axis=column))
    defined = table >= 0
    if len(cone.variables) == 1:
        return all_hold(table[defined][1:] == table[defined][:-1])
    others = (cone.codes - cone.digits[:, column] * cone.strides[column])[defined]
    first, group = distinct(others, math.prod(float(len(v.values)) for v in cone.variables))
    found = table[defined]
    return all_hold(found[first][group] == found)
