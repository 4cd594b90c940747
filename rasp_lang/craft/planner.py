"""Planning: which functions of which variables are read, and by which hidden layer they are made.

A *stage* is a moment in the residual stream: 0 the embedding, ``2t`` after the attention of layer
t, ``2t + 1`` after its MLP.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial

import numpy as np
from numpy.typing import NDArray

from rasp_lang.analysis.cones import TooManyRows, Variable, build_cone
from rasp_lang.analysis.facts import Facts, SopFacts
from rasp_lang.analysis.means import positions
from rasp_lang.analysis.values import sorted_unique
from rasp_lang.craft.linear import (
    Linear,
    Part,
    PlannedFunction,
    PlannedUnit,
    reading,
    readings,
)
from rasp_lang.craft.synthesis import Construction, Projection, construct, outside_runs, penalty
from rasp_lang.craft.tables import (
    Quotient,
    Table,
    Vector,
    additive,
    composed,
    of_one,
    unique_rows,
)
from rasp_lang.diagnostics import Diagnostic, RaspError
from rasp_lang.limits import DEFAULT, MOST_WEIGHTS

#: Rows of a table that one variable is replaced in.
LARGEST_EXPANSION = 20_000
#: Functions of an s-op times the rows that they are functions of, if hidden layers compute them.
LARGEST_READING = 30_000_000


def mlp_layer(stage: int) -> int:
    """The first layer whose MLP can read what is there at a stage."""
    return max(1, (stage + 1) // 2)


def attention_layer(stage: int) -> int:
    """The first layer whose attention can read what is there at a stage."""
    return stage // 2 + 1


class TooWide(RaspError):
    """A function of a node needs more neurons than it may have."""

    def __init__(self, node: int, refusal: RaspError) -> None:
        super().__init__(refusal.diagnostics)
        self.node = node


class Planner:
    """Linear readings of s-ops; collects the functions and the readings that are really used."""

    def __init__(self, facts: Facts, opt: int = 1, max_width: int = DEFAULT.max_width) -> None:
        self.facts, self.opt, self.max_width = facts, opt, max_width
        self.stages: dict[int, int] = {}
        self.demands: dict[int, dict[int, Vector]] = {}
        self.used: dict[int, PlannedFunction] = {}
        self.rounded: set[int] = set()
        self.decisive: set[int] = set()
        #: Variables whose features mean nothing to people: one-hot unless the smallest is wanted.
        self.spelled: set[int] = set()
        self._known: dict[tuple[object, ...], Linear] = {}
        self._tables: dict[int, Table | None] = {}
        self._sums: dict[int, tuple[float, list[Vector]] | None] = {}
        self._count = 0

    def stage_of(self, variables: Sequence[Variable]) -> int:
        return max((self.stages[variable.id] for variable in variables), default=0)

    def use(self, linear: Linear, *, exactly: bool = False, decisive: bool = False) -> Linear:
        """Note that a reading is part of the program: its variables must be encoded for it. Counts
        are rounded to integers if it reads them ``exactly``; a ``decisive`` reading (of a score or
        a hidden unit) needs values that float32 holds without error."""
        for part in linear.parts:
            wanted = self.demands.setdefault(part.variable.id, {})
            wanted[id(part.vector)] = part.vector
            if exactly or decisive:
                self.rounded.add(part.variable.id)
            if decisive:
                self.decisive.add(part.variable.id)
        for function, _ in linear.functions:
            if function.id not in self.used:
                self.used[function.id] = function
                for unit in function.units:
                    self.use(unit.reads, decisive=True)
        return linear

    def numbers(self, sop: SopFacts) -> Table:
        return composed(sop.cone, sop.table, sop.values.numbers)

    def read(self, sop: SopFacts, function: Vector, node: int) -> Linear:
        """A reading of ``function`` [values] of an s-op."""
        return next(self.read_all(sop, function[None, :], node))

    def read_all(self, sop: SopFacts, functions: Vector, node: int) -> Iterator[Linear]:
        """Readings of ``functions`` [functions, values] of an s-op, planned one by one where that
        takes hidden layers."""
        if len(sop.cone.variables) == 1 and sop.cone.variables[0].tabular:
            (variable,) = sop.cone.variables
            vectors = np.full((len(functions), len(variable.values)), np.nan)
            vectors[:, sop.cone.digits[:, 0]] = extended(functions)[:, sop.table]
            yield from readings(variable, vectors)
        elif len(functions) * len(sop.cone) > LARGEST_READING:
            raise self.refusal(
                node, "RASP0603",
                f"{len(functions):,} functions of this s-op would have to be computed from"
                f" {len(sop.cone):,} combinations of values",
                "use a smaller vocabulary or maximum length",
            )  # fmt: skip
        else:
            for function in functions:
                yield self.linear(composed(sop.cone, sop.table, function), node)

    def linear(self, table: Table, node: int) -> Linear:
        """A reading of a function: free if it is a sum over variables, else through a hidden
        layer."""
        table = self.over_focus(table) if self.opt else table
        constant = table.constant
        if constant is not None:
            return Linear(constant)
        if ("sum", table.key) not in self._known:
            total = _total(table)
            self._known["sum", table.key] = self.hidden(table, node) if total is None else total
        return self._known["sum", table.key]

    def hidden(self, table: Table, node: int) -> Linear:
        """A function that needs a hidden layer: as a sum of functions of one variable each if it is
        one, else as a whole."""
        table = self.over_widths(self.over_totals(table)).classed
        if not table.variables:
            return Linear(table.constant or 0.0)
        total = additive(table, affine=False) if len(table.variables) > 1 else None
        if total is None:
            return self.function(
                table, construct(table, partial(self.hints, table, node), self.max_width), node
            )
        linear = Linear(total[0])
        for variable, vector in zip(table.variables, total[1], strict=True):
            used = sorted_unique(table.digits[:, table.variables.index(variable)])
            part = Table((variable,), used[:, None], vector[used])
            linear = linear.plus(self.linear(part.reduced(), node))
        return linear

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

    def penalty(self, table: Table, node: int) -> Linear:
        """A reading that is exactly 0 where the table is 0, and at least 1 where it is 1."""
        table = self.over_focus(table) if self.opt else table
        if table.constant is not None or all(variable.tabular for variable in table.variables):
            return self.linear(table, node)
        table = self.over_totals(table)
        if not table.variables:
            return self.linear(table, node)
        if ("penalty", table.key) not in self._known:
            found = penalty(table, partial(self.hints, table, node))
            self._known["penalty", table.key] = (
                self.linear(table, node) if found is None else self.function(table, found, node)
            )
        return self._known["penalty", table.key]

    def penalties(self, sop: SopFacts, functions: Vector, node: int) -> Iterator[Linear]:
        """Penalties of ``functions`` [functions, values] of an s-op, 0 or 1, one by one where they
        take hidden layers."""
        variables = sop.cone.variables
        alone = len(variables) == 1 and variables[0].tabular and self.focus_of(variables[0]) is None
        if alone and (sop.table >= 0).any():
            yield from _from_first(sop, functions)
        elif len(variables) == 1 and self._is_plain_number(variables[0]):
            yield from self._penalties_of_number(sop, functions, node)
        else:
            for function in functions:
                yield self.penalty(composed(sop.cone, sop.table, function), node)

    def _is_plain_number(self, variable: Variable) -> bool:
        """Whether penalties of a variable are functions of its number, and of nothing that tells
        them as well."""
        summed = variable.id in self.facts.totals or variable.kind == "several"
        return not (variable.tabular or summed) and variable.values.numeric

    def _penalties_of_number(self, sop: SopFacts, functions: Vector, node: int) -> Iterator[Linear]:
        (variable,), kept = sop.cone.variables, sop.table >= 0
        digits, levels = sop.cone.digits[kept], functions[:, sop.table[kept]]
        points = variable.values.numbers[digits[:, 0]]
        # Where no count but 0 is told apart, another variable may tell as much.
        some = levels[:, points != 0.0] if self.focus_of(variable) is not None else levels
        varies = (some != some[:, :1]).any(axis=1) if some.size else np.zeros(len(levels), bool)
        if (points[1:] <= points[:-1]).any():
            varies[:] = False
        runs = iter(outside_runs(variable, points, levels[varies] == 0.0))
        layer = mlp_layer(self.stage_of([variable]))
        for values, alone in zip(levels, varies.tolist(), strict=True):
            table = Table((variable,), digits, values)
            found = next(runs) if alone else None
            if found is None:
                yield self.penalty(table.reduced(), node)
                continue
            if ("penalty", table.key) not in self._known:
                made, largest = found
                known = self._function(made, layer, (0.0, largest), node)
                self._known["penalty", table.key] = known
            yield self._known["penalty", table.key]

    def hints(self, table: Table, node: int) -> list[Projection]:
        """Sums that the source code itself forms from the table's variables: the numbers of the
        s-ops below ``node``, and differences and sums of the operands of one operation."""
        if len(table.variables) < 2:
            return []
        found: list[Projection] = []
        aligned: dict[int, Projection | None] = {}
        wanted = frozenset(table.variables)
        pairs = [self.facts.graph[below].inputs[-2:]
                 for below in self.facts.graph.reachable([node])[::-1][:40]]  # fmt: skip
        for operands in dict.fromkeys(pairs):
            fresh = [operand for operand in operands if operand not in aligned]
            aligned.update((operand, self._aligned(table, wanted, operand)) for operand in fresh)
            found.extend(known for operand in fresh if (known := aligned[operand]) is not None)
            sums = [known for operand in operands if (known := aligned[operand]) is not None]
            if len(sums) == 2:
                found.extend((sums[0].plus(sums[1], -1.0), sums[0].plus(sums[1], 1.0)))
        return found

    def _aligned(self, table: Table, wanted: frozenset[Variable], node: int) -> Projection | None:
        sop = self.facts.sops.get(node)
        if sop is None or not sop.cone.variables or not wanted.issuperset(sop.cone.variables):
            return None
        table_of = self._numbers_of(node)
        if table_of is None:
            return None
        if node not in self._sums:
            self._sums[node] = additive(table_of)
        total = self._sums[node]
        if total is None:
            return None
        constant, parts = total[0], list(zip(table_of.variables, total[1], strict=True))
        values = np.full(len(table.values), constant)
        for variable, vector in parts:
            values = values + vector[table.digits[:, table.variables.index(variable)]]
        return Projection(partial(_summed, constant, parts), values)

    def _numbers_of(self, node: int) -> Table | None:
        """The number of an s-op as a function of its variables; None for a constant and for what
        has no number."""
        if node not in self._tables:
            sop = self.facts.sops.get(node)
            known = sop is not None and sop.values.numeric and len(sop.values) > 0
            table = self.numbers(sop) if sop is not None and known else None
            self._tables[node] = table if table is not None and table.variables else None
        return self._tables[node]

    @contextmanager
    def narrowed(self, width: int) -> Iterator[None]:
        """Functions of more neurons than this are too wide for a while."""
        usual, self.max_width = self.max_width, min(width, self.max_width)
        try:
            yield
        finally:
            self.max_width = usual

    def function(self, table: Table, found: Construction | None, node: int) -> Linear:
        if found is None:
            raise TooWide(node, self.refusal(
                node, "RASP0603",
                f"a function of this s-op needs more than {self.max_width:,} neurons",
                "use a smaller vocabulary or maximum length, or allow more with `--max-width`",
            ))  # fmt: skip
        layer = mlp_layer(self.stage_of(table.variables))
        low, high = float(table.values.min()), float(table.values.max())
        if found.zero:
            high = _largest(found, table)
        return self._function(found, layer, (low, high), node)

    def _function(
        self, found: Construction, layer: int, bounds: tuple[float, float], node: int
    ) -> Linear:
        low, high = bounds
        named = self.facts.graph[node]
        function = PlannedFunction(
            self._count, layer, found.units, found.zero, low - found.offset, high - found.offset,
            named.name or "", named.span, node,
        )  # fmt: skip
        self._count += 1
        return Linear(found.offset, (), ((function, 1.0),))

    def made(self, units: tuple[PlannedUnit, ...], layer: int, values: Vector, node: int) -> Linear:
        """A function of given neurons in the hidden layer of ``layer``; ``values`` are all that it
        can be."""
        named = self.facts.graph[node]
        function = PlannedFunction(
            self._count, layer, units, False, float(values.min()), float(values.max()),
            named.name or "", named.span, node,
        )  # fmt: skip
        self._count += 1
        return Linear(0.0, (), ((function, 1.0),))

    def written(self, linear: Linear, layer: int, node: int) -> Linear:
        """The same reading from a direction of its own that the MLP of ``layer`` writes."""
        if not linear.parts and len(linear.functions) == 1:
            (function, factor), *_ = linear.functions
            moved = replace(function, id=self._count, layer=layer)
            self._count += 1
            return Linear(linear.constant, (), ((moved, factor),))
        if not linear.parts and not linear.functions:
            return linear
        reach = sum(part.largest for part in linear.parts)
        reach += sum(abs(k) * max(abs(f.low), abs(f.high)) for f, k in linear.functions)
        low = linear.constant - reach
        named = self.facts.graph[node]
        function = PlannedFunction(
            self._count, layer, (PlannedUnit(linear.shifted(-low), 1.0),), False, 0.0, 2 * reach,
            named.name or "", named.span, node,
        )  # fmt: skip
        self._count += 1
        return Linear(low, (), ((function, 1.0),))

    def too_many_weights(self, node: int, count: int) -> RaspError:
        return self.refusal(
            node, "RASP0605",
            f"the model would have {count:,} weights or more that are not 0;"
            f" at most {MOST_WEIGHTS:,} are worked out",
            "use a smaller vocabulary or maximum length",
        )  # fmt: skip

    def refusal(self, node: int, code: str, message: str, action: str) -> RaspError:
        span = self.facts.graph[node].span
        return RaspError(Diagnostic(code, message, span, "needed here", help=action))


def extended(functions: Vector) -> Vector:
    """Functions of values [functions, values], nan for no value (-1)."""
    return np.column_stack([functions, np.full(len(functions), np.nan)])


def _from_first(sop: SopFacts, functions: Vector) -> list[Linear]:
    """Functions of an s-op of one tabular variable that take two values at most, as constants
    plus differences from them; what does not matter is 0."""
    (variable,), defined = sop.cone.variables, sop.table >= 0
    levels = functions[:, sop.table[defined]]
    vectors = np.zeros((len(functions), len(variable.values)))
    vectors[:, sop.cone.digits[defined, 0]] = levels - levels[:, :1]
    first, varies = levels[:, 0].tolist(), (vectors != 0.0).any(axis=1).tolist()
    return [
        Linear(constant, (Part(variable, vector),) if some else ())
        for constant, vector, some in zip(first, vectors, varies, strict=True)
    ]


def _total(table: Table) -> Linear | None:
    """A reading of a function that is a sum over variables, None of any other."""
    first = table.variables[0]
    if len(table.variables) == 1 and first.tabular and not isinstance(first, Quotient):
        alone = of_one(table)
        if alone is not None:
            return Linear(alone[0], (Part(first, alone[1]),))
    small = table.classed
    total = additive(small)
    if total is None:
        return None
    return _summed(total[0], list(zip(small.variables, total[1], strict=True)))


def _summed(constant: float, parts: Sequence[tuple[Variable, Vector]]) -> Linear:
    linear = Linear(constant)
    for variable, vector in parts:
        linear = linear.plus(reading(variable, vector))
    return linear


def _look_up(table: Table, digits: NDArray[np.int64], valid: NDArray[np.bool_]) -> Vector:
    """A table's value at each row of digits; nan where it has none."""
    sizes = [len(variable.values) + 1 for variable in table.variables]
    strides = np.array([int(np.prod(sizes[k + 1 :])) for k in range(len(sizes))], np.int64)
    known = table.digits @ strides
    order = np.argsort(known)
    wanted = digits @ strides
    found = order[np.minimum(np.searchsorted(known[order], wanted), len(known) - 1)]
    return np.where(valid & (known[found] == wanted), table.values[found], np.nan)


def _largest(found: Construction, table: Table) -> float:
    """The largest value of a penalty over the rows of its table."""
    total = np.zeros(len(table.values))
    for unit in found.units:
        reads = np.full(len(table.values), unit.reads.constant)
        for part in unit.reads.parts:
            column = table.variables.index(part.variable)
            reads += part.factor * part.vector[table.digits[:, column]]
        total += unit.weight * np.maximum(reads, 0.0)
    return float(total.max())
