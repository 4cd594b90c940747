"""The same function of other variables, which are there earlier or need fewer neurons: whether a
selector selects for its width, a width for none, one or several keys, exact sums for means.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from rasp_lang.analysis.cones import TooManyRows, Variable, build_cone
from rasp_lang.analysis.facts import Facts
from rasp_lang.analysis.means import positions
from rasp_lang.craft.tables import Table, Vector, unique_rows

#: Rows of a table that one variable is replaced in.
LARGEST_EXPANSION = 20_000


class Substitutions:
    """Other variables in the place of some of a function's, as the facts of a program allow."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts

    def over_focus(self, table: Table) -> Table:
        """The same function of whether selectors select, where their widths matter no further."""
        for variable in table.variables:
            focus = self.focus_of(variable)
            if focus is not None and focus not in table.variables:
                table = self._over_focus(table, variable, focus) or table
        return table

    def focus_of(self, variable: Variable) -> Variable | None:
        """What tells whether a selector selects anything, for its width and for none, one or
        several."""
        if variable.kind == "several":
            (variable,) = self.facts.definitions[variable.id].cone.variables
        return self.facts.focus.get(variable.id)

    def _over_focus(self, table: Table, variable: Variable, focus: Variable) -> Table | None:
        """The function with ``focus`` in a variable's place; None if the variable tells more."""
        if len(table.variables) == 1:
            others = table.values[table.digits[:, 0] != variable.values.index(0)]
            if (others != others[:1]).any():
                return None
        column, digits = table.variables.index(variable), table.digits.copy()
        digits[:, column] = digits[:, column] != variable.values.index(0)
        rows, first, group = unique_rows(digits)
        if (table.values[first][group] != table.values).any():
            return None
        variables = (*table.variables[:column], focus, *table.variables[column + 1 :])
        order = sorted(range(len(variables)), key=lambda k: variables[k].id)
        found = Table(tuple(variables[k] for k in order), rows[:, order], table.values[first])
        return found.reduced()

    def over_widths(self, table: Table) -> Table:
        """The same function of widths instead of none, one or several keys: these would be there
        one layer later."""
        for variable in table.variables:
            if variable.kind == "several" and len(table.variables) > 1:
                table = self._over_width(table, variable)
        return table

    def _over_width(self, table: Table, variable: Variable) -> Table:
        counted = self.facts.definitions[variable.id]
        (width,) = counted.cone.variables
        column = table.variables.index(variable)
        sizes = np.bincount(counted.table, minlength=len(variable.values))
        repeats = sizes[table.digits[:, column]]
        if width in table.variables or repeats.sum() > LARGEST_EXPANSION:
            return table
        order = np.argsort(counted.table, kind="stable")
        start = (np.cumsum(sizes) - sizes)[table.digits[:, column]]
        within = np.arange(repeats.sum()) - np.repeat(np.cumsum(repeats) - repeats, repeats)
        rows = np.repeat(table.digits, repeats, axis=0)
        rows[:, column] = counted.cone.digits[order[np.repeat(start, repeats) + within], 0]
        variables = (*table.variables[:column], width, *table.variables[column + 1 :])
        return Table(variables, rows, np.repeat(table.values, repeats))

    def over_totals(self, table: Table) -> Table:
        """The same function of exact sums instead of means, if these tell it without the number of
        keys: whether a mean of a prefix is negative, say, or which of two means is larger."""
        means = [v for v in table.variables if v.id in self.facts.totals]
        for group in ([variable] for variable in means):
            table = self._over_totals(table, group) or table
        left = [v for v in means if v in table.variables]
        widths = {id(self.facts.totals[v.id][1]) for v in left}
        if len(left) > 1 and len(widths) == 1:
            table = self._over_totals(table, left) or table
        return table

    def _over_totals(self, table: Table, means: Sequence[Variable]) -> Table | None:
        """The function with these means, over one and the same number of keys, as sums."""
        totals = [self.facts.totals[mean.id][0] for mean in means]
        width = self.facts.totals[means[0].id][1]
        rest = [variable for variable in table.variables if variable not in means]
        try:
            cone = build_cone([*rest, *totals, *width.cone.variables], len(self.facts.contexts))
        except TooManyRows:
            return None
        valid, columns = np.ones(len(cone), bool), []
        for variable in table.variables:
            if variable in means:
                total = totals[means.index(variable)]
                column = positions(variable.values.numbers, cone, total, width)
                valid &= column >= 0
            else:
                column = cone.digits[:, cone.variables.index(variable)]
            columns.append(column)
        found = Table.over(cone, _look_up(table, np.stack(columns, axis=1), valid))
        return found if set(found.variables) <= {*rest, *totals} else None


def _look_up(table: Table, digits: NDArray[np.int64], valid: NDArray[np.bool_]) -> Vector:
    """A table's value at each row of digits; nan where it has none."""
    sizes = [len(variable.values) + 1 for variable in table.variables]
    strides = np.array([int(np.prod(sizes[k + 1 :])) for k in range(len(sizes))], np.int64)
    known = table.digits @ strides
    order = np.argsort(known)
    wanted = digits @ strides
    found = order[np.minimum(np.searchsorted(known[order], wanted), len(known) - 1)]
    return np.where(valid & (known[found] == wanted), table.values[found], np.nan)
