"""Elementwise code over cones: the value of an s-op in every reachable row of its variables."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from rasp_lang import atoms
from rasp_lang.analysis.cones import Cone, Variable, build_cone
from rasp_lang.analysis.facts import SopFacts
from rasp_lang.analysis.values import Values
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
        name = op.function
        return lambda *operands: atoms.apply(name, *operands)
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
    columns = [operand.table[cone.project(operand.cone)] for operand in operands]
    joint = np.stack(columns, axis=1) if columns else np.zeros((len(cone), 0), np.int64)
    distinct, row_of = _distinct_rows(joint, [len(operand.values) for operand in operands])
    results = [_attempt(function, operands, row) for row in distinct.tolist()]
    return tabulated(cone, results, row_of)


def _distinct_rows(
    joint: NDArray[np.int64], sizes: list[int]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    codes = np.zeros(len(joint), np.int64)
    for column, size in zip(joint.T, sizes, strict=True):
        codes = codes * (size + 1) + column + 1
    _, first, inverse = np.unique(codes, return_index=True, return_inverse=True)
    return joint[first], inverse.reshape(-1)


def _attempt(function: Function, operands: Sequence[SopFacts], row: list[int]) -> Atom | None:
    if any(digit < 0 for digit in row):
        return None
    try:
        return function(*(o.values.atoms[digit] for o, digit in zip(operands, row, strict=True)))
    except atoms.AtomError:
        return None


def tabulated(cone: Cone, results: Sequence[Atom | None], row_of: NDArray[np.int64]) -> SopFacts:
    """Facts of an s-op whose value in row r is ``results[row_of[r]]`` (None: an error)."""
    values = Values.of(result for result in results if result is not None)
    positions = [-1 if r is None else values.position[type(r), r] for r in results]
    table = np.array(positions, np.int64)[row_of]
    return reduced(SopFacts(values, cone.reach_of(table, len(values)), cone, table))


def reduced(facts: SopFacts) -> SopFacts:
    """The same facts over the variables that the value really depends on."""
    cone, table = facts.cone, facts.table
    for variable in facts.cone.variables:
        if len(cone.variables) == 0 or not _independent(cone, table, variable):
            continue
        rest = [other for other in cone.variables if other is not variable]
        smaller = build_cone(rest, len(cone.class_of))
        row_of = cone.project(smaller)
        projected = np.full(len(smaller), -1, np.int64)
        np.maximum.at(projected, row_of, table)
        cone, table = smaller, projected
    if cone is facts.cone:
        return facts
    return SopFacts(facts.values, facts.reach, cone, table)


def _independent(cone: Cone, table: NDArray[np.int64], variable: Variable) -> bool:
    column = cone.variables.index(variable)
    others = cone.codes - cone.digits[:, column] * cone.strides[column]
    defined = table >= 0
    order = np.lexsort((table[defined], others[defined]))
    group, value = others[defined][order], table[defined][order]
    return not bool(((group[1:] == group[:-1]) & (value[1:] != value[:-1])).any())
