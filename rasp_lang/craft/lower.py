"""Facts -> CraftProgram: outputs first, then each variable with what is read of it, last to
first."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from rasp_lang.analysis.facts import Facts
from rasp_lang.craft.assign import Allocation
from rasp_lang.craft.encode import Encoding, encode
from rasp_lang.craft.heads import HeadKey, PlannedChannel, assign_stages, channels, head_keys
from rasp_lang.craft.linear import Linear, PlannedScore, combined
from rasp_lang.craft.lookup import looked_up
from rasp_lang.craft.outputs import plan_output
from rasp_lang.craft.planner import Planner
from rasp_lang.craft.program import CraftProgram
from rasp_lang.craft.scores import plan_focus, plan_scores
from rasp_lang.limits import DEFAULT


def lower(
    facts: Facts,
    outputs: Sequence[tuple[str, int]],
    opt: int = 1,
    max_width: int = DEFAULT.max_width,
) -> CraftProgram:
    """The craft program for the named outputs; raises RaspError for what it cannot express,
    TooWide for a function of more than ``max_width`` neurons."""
    planner = Planner(facts, opt, max_width)
    assign_stages(planner, [node for _, node in outputs])
    planned = [plan_output(planner, name, node) for name, node in outputs]
    plan = _Plan(planner)
    for variable in reversed(facts.variables):
        if variable.id in planner.demands:
            plan.variable(variable.id)
    return Allocation(planner, plan.encodings, plan.definitions, plan.heads).program(planned)


class _Plan:
    def __init__(self, planner: Planner) -> None:
        self.planner = planner
        self.encodings: dict[int, Encoding] = {}
        self.definitions: dict[int, tuple[Linear, ...]] = {}
        self.heads: dict[
            tuple[object, ...], tuple[HeadKey, tuple[PlannedScore, ...], list[PlannedChannel]]
        ] = {}

    def variable(self, variable_id: int) -> None:
        """Encode a variable for its readers, and plan what brings it."""
        variable = self.planner.facts.variables[variable_id]
        spelled = self.planner.opt < 2 and variable_id in self.planner.spelled
        one_hot = spelled or variable_id in self.planner.facts.one_hot
        demanded = list(self.planner.demands[variable_id].values())
        circle = self.planner.opt == 2 and variable_id not in self.planner.decisive
        encoding = encode(variable, demanded, one_hot=one_hot, circle=circle)
        self.encodings[variable_id] = encoding
        if variable_id in self.planner.facts.definitions:
            self.definition(variable_id, encoding)
        elif variable_id in self.planner.facts.combinations:
            total = combined(self.planner.facts.combinations[variable_id])
            self.definitions[variable_id] = (self.used_for(variable_id, total),)
        elif variable_id in self.planner.facts.lookups:
            lookup = self.planner.facts.lookups[variable_id]
            functions = looked_up(self.planner, variable, lookup, encoding.basis)
            self.definitions[variable_id] = tuple(map(self.planner.use, functions))
        elif variable_id in self.planner.facts.heads:
            self.attention(variable_id, encoding)

    def definition(self, variable_id: int, encoding: Encoding) -> None:
        sop = self.planner.facts.definitions[variable_id]
        node = self.planner.facts.variables[variable_id].node
        functions = np.array(encoding.basis).reshape(len(encoding.basis), len(sop.values))
        readings = list(self.planner.read_all(sop, functions, node))
        if self.planner.opt == 0:
            layer = self.planner.stages[variable_id] // 2
            readings = [self.planner.written(r, layer, node) for r in readings]
        self.definitions[variable_id] = tuple(self.used_for(variable_id, r) for r in readings)

    def used_for(self, variable_id: int, reading: Linear) -> Linear:
        """Use a reading that defines a variable as exactly as the variable is read."""
        exactly = variable_id in self.planner.rounded
        return self.planner.use(
            reading, exactly=exactly, decisive=variable_id in self.planner.decisive
        )

    def attention(self, variable_id: int, encoding: Encoding) -> None:
        head = self.planner.facts.heads[variable_id]
        never_empty = self.planner.facts.selectors[head.selector].never_empty
        for key, factor in head_keys(self.planner, head):
            if key.identity not in self.heads:
                scores = (
                    plan_focus(self.planner, key.conjunction)
                    if key.focus
                    else plan_scores(self.planner, key.conjunction, key.one_key, never_empty)
                )
                for score in scores:
                    self.score(score)
                self.heads[key.identity] = (key, scores, [])
            carried = channels(self.planner, head, encoding.basis, factor)
            for channel in carried:
                decisive = variable_id in self.planner.decisive and head.kind == "copy"
                self.planner.use(channel.value, exactly=True, decisive=decisive)
            self.heads[key.identity][2].extend(carried)

    def score(self, score: PlannedScore) -> None:
        """Use a score's readings. Queries of a distance may be off; all else has to be exact."""
        for query, key in score.products:
            self.planner.use(query, exactly=True, decisive=score.distance is None)
            self.planner.use(key, decisive=True)
        if score.distance is not None:
            query, key, square = score.distance
            self.planner.use(query, exactly=True)
            self.planner.use(key, decisive=True)
            self.planner.use(square, decisive=True)
