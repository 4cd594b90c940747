"""One hidden layer for a function of several variables.

Three constructions, the cheapest in neurons wins. *Steps* (``steps``): a linear projection of the
variables on which the function depends alone (``projections``); two neurons a change. *Gates*
(``gates``): for each value of some tabular variables, what is left is a sum, one neuron, or a
function of one number, its steps gated. *Hinges* (``steps``): a piecewise linear function of a
projection, one neuron a kink, where nothing needs restoring.
"""

from __future__ import annotations

import numpy as np

from rasp_lang.analysis.values import places_of, sorted_unique
from rasp_lang.craft.gates import Splitting
from rasp_lang.craft.linear import PlannedUnit, reading
from rasp_lang.craft.projections import Hints, numbers_of, with_levels
from rasp_lang.craft.steps import Construction, outside, over_projection
from rasp_lang.craft.tables import Table
from rasp_lang.limits import DEFAULT

#: What a neuron on a projection that rounds costs, in neurons on one that does not.
INEXACT = 3


def construct(
    table: Table, hints: Hints = tuple, limit: int = DEFAULT.max_width
) -> Construction | None:
    """Neurons for a reduced, non-additive table; None if no construction is as small as the
    limit."""
    best: Construction | None = None
    least = limit + 1
    splitting = Splitting(table)
    conjunction = splitting.conjunction(limit) if limit else None
    if conjunction is not None:
        return conjunction
    for projection, points, levels in with_levels(table, hints):
        price = 1 if projection.exact else INEXACT
        found = over_projection(projection, points, levels, (least - 1) // price)
        if found is not None:
            best, least = found, price * len(found.units)
        if least <= 2:
            break
    for columns in splitting.choices():
        if least <= 1:
            break
        found = splitting.split(columns, least - 1)
        if found is not None:
            best, least = found, len(found.units)
    return best


def penalty(table: Table, hints: Hints = tuple) -> Construction | None:
    """A function that is exactly 0 where the table is 0 and at least 1 where it is 1, however
    large: one neuron on each side of the zeros of a projection. None if the zeros are not one
    run."""
    second: Construction | None = None
    if all(len(variable.values) > 2 for variable in table.variables[:2]):
        # Hardly ever are the zeros one run of a projection then.
        box = _outside_box(table) if len(table.variables) == 2 else None
        if box is not None and len(box.units) == 2:
            return box
    for projection, points, levels in with_levels(table, hints):
        zeros = places_of(levels == 0.0)
        if len(zeros) and len(zeros) == zeros[-1] - zeros[0] + 1:
            found = outside(projection.linear, points.tolist(), int(zeros[0]), int(zeros[-1]))
            if projection.exact:
                return found
            second = second or found
    return second or _outside_box(table)


def _outside_box(table: Table) -> Construction | None:
    """0 where each variable's number is in a range of its own, at least 1 elsewhere; None if the
    zeros are no such box."""
    inside = table.values == 0.0
    units: list[PlannedUnit] = []
    box = np.ones(len(inside), bool)
    for column, variable in enumerate(table.variables):
        numbers = table.number(column)
        points = sorted_unique(numbers)
        place, used = points.searchsorted(numbers), np.zeros(len(points), bool)
        used[place[inside]] = True
        chosen = used.nonzero()[0]
        if not len(chosen) or len(chosen) != chosen[-1] - chosen[0] + 1:
            return None
        box &= used[place]
        linear = reading(variable, numbers_of(variable))
        units.extend(outside(linear, points.tolist(), int(chosen[0]), int(chosen[-1])).units)
    if not np.array_equal(box, inside):
        return None
    return Construction(0.0, tuple(units), zero=True)
