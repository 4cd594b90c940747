"""A table over all inputs as one hidden layer: a neuron for each box of inputs and places."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from rasp_lang.analysis.cones import Variable
from rasp_lang.analysis.facts import Conditions, Lookup
from rasp_lang.craft.linear import Linear, PlannedUnit
from rasp_lang.craft.planner import Planner
from rasp_lang.craft.tables import Vector


def looked_up(
    planner: Planner, variable: Variable, lookup: Lookup, basis: Sequence[Vector]
) -> tuple[Linear, ...]:
    """Functions of a looked-up variable. A box's neuron is 1 inside and 0 outside."""
    conditions = _Conditions(planner)
    inside = [(conditions.all_hold(asked), answer) for asked, answer in lookup.boxes]
    found = []
    for vector in basis:
        base = float(vector[lookup.base])
        units = tuple(
            PlannedUnit(reads, float(vector[answer]) - base)
            for reads, answer in inside
            if reads is not None and vector[answer] != base
        )
        linear = planner.made(units, planner.stages[variable.id] // 2, vector - base, variable.node)
        found.append(linear.shifted(base))
    return tuple(found)


class _Conditions:
    """Readings that are 0 where a condition holds and 1 elsewhere, each made once."""

    def __init__(self, planner: Planner) -> None:
        self.planner = planner
        self.known: dict[tuple[int, tuple[int, ...]], Linear | None] = {}

    def all_hold(self, asked: Conditions) -> Linear | None:
        """1 where all conditions hold, at most 0 elsewhere; None if they never do."""
        total = Linear(1.0)
        for condition in asked:
            if condition not in self.known:
                self.known[condition] = self.fails(*condition)
            failing = self.known[condition]
            if failing is None:
                return None
            total = total.plus(failing, -1.0)
        return total

    def fails(self, node: int, allowed: tuple[int, ...]) -> Linear | None:
        sop = self.planner.facts.sops[node]
        fails = np.ones(len(sop.values))
        fails[list(allowed)] = 0.0
        if fails.all():
            return None
        return self.planner.read(sop, fails, node) if fails.any() else Linear()
