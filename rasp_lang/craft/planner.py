"""Planning: which functions of which variables are read, and by which hidden layer they are made.

A *stage* is a moment in the residual stream: 0 the embedding, ``2t`` after the attention of layer
t, ``2t + 1`` after its MLP.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial

import numpy as np

from rasp_lang.analysis.cones import Variable
from rasp_lang.analysis.facts import Facts, SopFacts
from rasp_lang.analysis.selectors import Comparison
from rasp_lang.analysis.values import sorted_unique
from rasp_lang.craft.hints import SourceSums
from rasp_lang.craft.linear import (
    Linear,
    Part,
    PlannedFunction,
    PlannedScore,
    PlannedUnit,
    readings,
    summed,
)
from rasp_lang.craft.steps import Construction, outside_runs
from rasp_lang.craft.substitutions import Substitutions
from rasp_lang.craft.synthesis import construct, penalty
from rasp_lang.craft.tables import (
    Quotient,
    Table,
    Vector,
    additive,
    composed,
    of_one,
)
from rasp_lang.diagnostics import Diagnostic, RaspError
from rasp_lang.limits import DEFAULT, MOST_WEIGHTS

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
        self.substitutions, self.sums = Substitutions(facts), SourceSums(facts)
        self.stages: dict[int, int] = {}
        self.demands: dict[int, dict[int, Vector]] = {}
        self.used: dict[int, PlannedFunction] = {}
        self.rounded: set[int] = set()
        self.decisive: set[int] = set()
        #: Variables whose features mean nothing to people: one-hot unless the smallest is wanted.
        self.spelled: set[int] = set()
        #: Scores of comparisons by tables: heads of one selector have them in common.
        self.tables: dict[Comparison, PlannedScore] = {}
        self._known: dict[tuple[object, ...], Linear] = {}
        self._count = 0

    def stage_of(self, variables: Sequence[Variable]) -> int:
        return max((self.stages[variable.id] for variable in variables), default=0)

    def use(self, linear: Linear, *, exactly: bool = False, decisive: bool = False) -> Linear:
        """Note that a reading is part of the program: its variables must be encoded for it. Counts
        are rounded to integers if it reads them ``exactly``; a ``decisive`` reading (of a score or
        a hidden unit) needs values that float32 holds without error."""
        for variable, vector, _ in linear.parts:
            wanted = self.demands.get(variable.id)
            if wanted is None:
                wanted = self.demands[variable.id] = {}
            wanted[id(vector)] = vector
            if exactly or decisive:
                self.rounded.add(variable.id)
            if decisive:
                self.decisive.add(variable.id)
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
        else:
            self.check_reading(sop, len(functions), node)
            for function in functions:
                yield self.linear(composed(sop.cone, sop.table, function), node)

    def check_reading(self, sop: SopFacts, functions: int, node: int) -> None:
        """Raises RaspError (RASP0603) where hidden layers would have too much to compute."""
        if functions * len(sop.cone) > LARGEST_READING:
            raise self.refusal(
                node, "RASP0603",
                f"{functions:,} functions of this s-op would have to be computed from"
                f" {len(sop.cone):,} combinations of values",
                "use a smaller vocabulary or maximum length",
            )  # fmt: skip

    def linear(self, table: Table, node: int) -> Linear:
        """A reading of a function: free if it is a sum over variables, else through a hidden
        layer."""
        table = self.substitutions.over_focus(table) if self.opt else table
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
        table = self.substitutions.over_widths(self.substitutions.over_totals(table)).classed
        if not table.variables:
            return Linear(table.constant or 0.0)
        total = additive(table, affine=False) if len(table.variables) > 1 else None
        if total is None:
            return self.function(
                table, construct(table, partial(self.sums.hints, table, node), self.max_width), node
            )
        linear = Linear(total[0])
        for variable, vector in zip(table.variables, total[1], strict=True):
            used = sorted_unique(table.digits[:, table.variables.index(variable)])
            part = Table((variable,), used[:, None], vector[used])
            linear = linear.plus(self.linear(part.reduced(), node))
        return linear

    def penalty(self, table: Table, node: int) -> Linear:
        """A reading that is exactly 0 where the table is 0, and at least 1 where it is 1."""
        table = self.substitutions.over_focus(table) if self.opt else table
        if table.constant is not None or all(variable.tabular for variable in table.variables):
            return self.linear(table, node)
        table = self.substitutions.over_totals(table)
        if not table.variables:
            return self.linear(table, node)
        if ("penalty", table.key) not in self._known:
            found = penalty(table, partial(self.sums.hints, table, node))
            self._known["penalty", table.key] = (
                self.linear(table, node) if found is None else self.function(table, found, node)
            )
        return self._known["penalty", table.key]

    def penalties(self, sop: SopFacts, functions: Vector, node: int) -> Iterator[Linear]:
        """Penalties of ``functions`` [functions, values] of an s-op, 0 or 1, one by one where they
        take hidden layers."""
        variables = sop.cone.variables
        alone = len(variables) == 1 and variables[0].tabular
        if alone and self.substitutions.focus_of(variables[0]) is None and (sop.table >= 0).any():
            yield from _from_first(sop, functions)
        elif len(variables) == 1 and self._is_plain_number(variables[0]):
            yield from self._penalties_of_number(sop, functions, node)
        else:
            self.check_reading(sop, len(functions), node)
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
        focus = self.substitutions.focus_of(variable)
        some = levels if focus is None else levels[:, points != 0.0]
        varies = (some != some[:, :1]).any(axis=1) if some.size else np.zeros(len(levels), bool)
        if (points[1:] <= points[:-1]).any():
            varies[:] = False
        runs = iter(outside_runs(variable, points, levels[varies] == 0.0))
        layer = mlp_layer(self.stage_of([variable]))
        *over, _ = Table((variable,), digits, points).key
        for values, alone in zip(levels, varies.tolist(), strict=True):
            found = next(runs) if alone else None
            if found is None:
                yield self.penalty(Table((variable,), digits, values).reduced(), node)
                continue
            key = "penalty", (*over, values.tobytes())
            if key not in self._known:
                made, largest = found
                self._known[key] = self._function(made, layer, (0.0, largest), node)
            yield self._known[key]

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
        named = self.facts.graph.nodes[node]
        function = PlannedFunction(
            self._count, layer, found.units, found.zero, low - found.offset, high - found.offset,
            named.name or "", named.span, node,
        )  # fmt: skip
        self._count += 1
        return Linear(found.offset, (), ((function, 1.0),))

    def made(self, units: tuple[PlannedUnit, ...], layer: int, values: Vector, node: int) -> Linear:
        """A function of given neurons in the hidden layer of ``layer``; ``values`` are all that it
        can be."""
        named = self.facts.graph.nodes[node]
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
            moved = function._replace(id=self._count, layer=layer)
            self._count += 1
            return Linear(linear.constant, (), ((moved, factor),))
        if not linear.parts and not linear.functions:
            return linear
        reach = sum(part.largest for part in linear.parts)
        reach += sum(abs(k) * max(abs(f.low), abs(f.high)) for f, k in linear.functions)
        low = linear.constant - reach
        named = self.facts.graph.nodes[node]
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
        span = self.facts.graph.nodes[node].span
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
    return summed(total[0], list(zip(small.variables, total[1], strict=True)))


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
