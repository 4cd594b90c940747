"""Which heads bring which variables, and in which layer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from rasp_lang.analysis.cones import Variable
from rasp_lang.analysis.facts import Facts, Head, SopFacts
from rasp_lang.analysis.selectors import Conjunction
from rasp_lang.analysis.values import kind
from rasp_lang.craft.linear import Linear
from rasp_lang.craft.planner import Planner, attention_layer, extended, mlp_layer
from rasp_lang.craft.scores import by_distance
from rasp_lang.craft.tables import Vector, additive
from rasp_lang.graph import Atom, Constant


@dataclass(frozen=True, eq=False)
class PlannedChannel:
    """``value``, at most ``largest`` in absolute value, is read at the keys and adds ``factor``
    times to basis vector ``basis`` of the variable."""

    variable: Variable
    basis: int
    value: Linear
    factor: float
    largest: float


@dataclass(frozen=True, eq=False)
class HeadKey:
    """Heads with the same key are one head with more channels."""

    layer: int
    mode: Literal["flat", "sink"]
    selector: int
    conjunction: Conjunction
    one_key: bool
    focus: bool = False

    @property
    def identity(self) -> tuple[object, ...]:
        return self.layer, self.mode, self.conjunction, self.one_key, self.focus


def default_of(planner: Planner, head: Head) -> Atom | None:
    """The value for no selected key; None if that cannot happen."""
    if head.kind not in ("copy", "mean") or planner.facts.selectors[head.selector].never_empty:
        return None
    node = planner.facts.graph[head.variable.node]
    op = planner.facts.graph[node.inputs[2]].op
    assert isinstance(op, Constant)
    return op.value


def assign_stages(planner: Planner, roots: Sequence[int]) -> None:
    """The stage of every variable: as early as what it is made of allows; at optimisation level 0
    each that the roots need in a layer of its own, in order."""
    apart = needed(planner.facts, roots) if planner.opt == 0 else frozenset()
    last = 0
    for variable in planner.facts.variables:
        if variable.kind in ("token", "index"):
            planner.stages[variable.id] = 0
            continue
        if variable.id in planner.facts.combinations:
            parts = planner.facts.combinations[variable.id].variables
            planner.stages[variable.id] = planner.stage_of(parts)
            continue
        if variable.id in planner.facts.lookups:
            planner.stages[variable.id] = 2 * max(1, last) + 1
            continue
        if variable.id in planner.facts.definitions:
            cone = planner.facts.definitions[variable.id].cone
            if planner.opt and len(cone.variables) == 1 and cone.variables[0].tabular:
                planner.stages[variable.id] = planner.stage_of(cone.variables)
                continue
            layer, late = mlp_layer(planner.stage_of(cone.variables)), 1
        else:
            layer, late = attention_layer(_head_ready(planner, planner.facts.heads[variable.id])), 0
        if variable.id in apart:
            last = layer = max(layer, last + 1)
        planner.stages[variable.id] = 2 * layer + late


def needed(facts: Facts, roots: Sequence[int]) -> frozenset[int]:
    """The variables, by id, that the roots are made of, through heads and definitions."""
    found: set[int] = set()
    waiting = [variable for root in roots for variable in facts.variables_of(root)]
    while waiting:
        variable = waiting.pop()
        if variable.id in found:
            continue
        found.add(variable.id)
        if variable.id in facts.definitions:
            waiting.extend(facts.definitions[variable.id].cone.variables)
        elif variable.id in facts.combinations:
            waiting.extend(facts.combinations[variable.id].variables)
        elif variable.id in facts.heads:
            waiting.extend(_read_by(facts, facts.heads[variable.id]))
    return frozenset(found)


def _read_by(facts: Facts, head: Head) -> list[Variable]:
    compared = facts.selectors[head.selector].form.comparisons
    nodes = {node for c in compared for node in (c.key, c.query)}
    nodes |= set() if head.values is None else {head.values}
    return [variable for node in nodes for variable in facts.sops[node].cone.variables]


def _head_ready(planner: Planner, head: Head) -> int:
    facts = planner.facts
    selector = facts.selectors[head.selector]
    form = selector.form
    one_key = head.kind == "copy" and form.single is not None
    stages = [0]
    for comparison in form.comparisons:
        key, query = facts.sops[comparison.key], facts.sops[comparison.query]
        near = by_distance(planner, comparison, one_key, selector.never_empty)
        stages.append(_ready(planner, key, number=False))
        stages.append(_ready(planner, query, number=near is not None))
    if head.values is not None:
        stages.append(_ready(planner, facts.sops[head.values], number=head.kind != "copy"))
    return max(stages)


def _ready(planner: Planner, sop: SopFacts, number: bool) -> int:
    """When any function (or just the number) of an s-op can be read."""
    variables = sop.cone.variables
    stage = planner.stage_of(variables)
    if not variables or (len(variables) == 1 and variables[0].tabular):
        return stage
    if number and sop.values.numeric and additive(planner.numbers(sop)) is not None:
        return stage
    return 2 * mlp_layer(stage) + 1


def head_keys(planner: Planner, head: Head) -> list[tuple[HeadKey, int]]:
    """The heads of a variable, each with the coefficient of its contribution."""
    layer = planner.stages[head.variable.id] // 2
    form = planner.facts.selectors[head.selector].form
    single = form.single
    if head.kind in ("copy", "mean", "focus") and single is not None:
        kind = head.kind
        key = HeadKey(layer, "flat", head.selector, single, kind == "copy", kind == "focus")
        return [(key, 1)]
    return [
        (HeadKey(layer, "sink", head.selector, conjunction, False), coefficient)
        for conjunction, coefficient in form.terms
    ]


def channels(
    planner: Planner, head: Head, basis: Sequence[Vector], factor: int
) -> list[PlannedChannel]:
    """What the head carries for each basis vector that is read of its variable."""
    variable = head.variable
    if head.kind in ("width", "focus"):
        return [PlannedChannel(variable, 0, Linear(1.0), float(factor), 1.0)]
    assert head.values is not None
    source = planner.facts.sops[head.values]
    default = default_of(planner, head)
    if head.kind != "copy":
        offset = float(default) if default is not None else 0.0
        numbers = head.scale * source.values.numbers - head.shift - offset
        value = planner.read(source, numbers, head.values)
        return [PlannedChannel(variable, 0, value, float(factor), float(np.abs(numbers).max()))]
    position = variable.values.position
    size = len(variable.values)
    where = [position.get((kind(atom), atom), size) for atom in source.values.atoms]
    levels = extended(np.array(basis).reshape(len(basis), size))
    functions = levels[:, where]
    if default is not None:
        functions = functions - levels[:, variable.values.index(default), None]
    largest = np.nanmax(np.abs(functions), axis=1, initial=0.0).tolist()
    values = planner.read_all(source, functions, head.values)
    return [
        PlannedChannel(variable, k, value, float(factor), largest[k])
        for k, value in enumerate(values)
    ]
