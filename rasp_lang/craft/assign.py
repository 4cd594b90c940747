"""Planned -> final: directions are given out, and every reading becomes a form."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache

import numpy as np

from rasp_lang.analysis.cones import Variable
from rasp_lang.craft import errors
from rasp_lang.craft.encode import Coefficients, Encoding
from rasp_lang.craft.heads import HeadKey, PlannedChannel, default_of
from rasp_lang.craft.linear import Linear, Part, PlannedFunction, PlannedScore
from rasp_lang.craft.outputs import PlannedOutput
from rasp_lang.craft.planner import Planner
from rasp_lang.craft.program import (
    BOS,
    Channel,
    CraftFunction,
    CraftHead,
    CraftProgram,
    Direction,
    DistanceScore,
    Embedding,
    Form,
    Output,
    Product,
    TableScore,
    Unit,
)
from rasp_lang.craft.scores import COLD
from rasp_lang.craft.tables import Vector
from rasp_lang.graph import Atom, Width
from rasp_lang.limits import MOST_WEIGHTS
from rasp_lang.source import Span

PlannedHead = tuple[HeadKey, tuple[PlannedScore, ...], list[PlannedChannel]]


def sink_score(max_len: int) -> float:
    """ln A of a heavy sink: A so large that all keys together weigh less than what float32 loses
    beside BOS. Then softmax's denominator, and with it the sum that is read off, is as good as
    exact."""
    return float(math.ceil(math.log(2 * max_len / errors.U)))


@lru_cache(maxsize=256)
def _error_of_sum(keys: int, largest: float) -> float:
    """How far a sum of at most ``keys`` exact values is off."""
    return float(errors.sum_error(keys, largest, 0.0, 0.0, COLD, sink_score(keys)))


@lru_cache(maxsize=256)
def _error_of_mean(keys: int) -> float:
    """How far a mean of 0 and 1 is off where nothing may be selected."""
    return float(errors.mean_error(keys, 1.0, 0.0, 0.0, COLD / 2))


class Allocation:
    """Directions for everything that is used, in order of stages."""

    def __init__(
        self,
        planner: Planner,
        encodings: Mapping[int, Encoding],
        definitions: Mapping[int, tuple[Linear, ...]],
        heads: Mapping[tuple[object, ...], PlannedHead],
    ) -> None:
        self.planner, self.facts = planner, planner.facts
        self.encodings, self.definitions, self.planned_heads = encodings, definitions, heads
        self.directions = [Direction(BOS, "BOS", "BOS", None, None, 0.0, 0.0)]
        self.embeddings: list[Embedding] = []
        self.offsets: dict[int, list[float]] = {}
        self.of_variable: dict[int, list[int]] = {}
        self.of_function: dict[int, int] = {}
        self._one: int | None = None
        self._labels: Counter[str] = Counter()
        self._weights, self._needed_by = 0, 0
        self._known: dict[int, dict[int, Coefficients]] = {}
        self._scores: dict[int, TableScore | DistanceScore] = {}
        self._allocate()

    # --- directions ------------------------------------------------------------------------------

    def _allocate(self) -> None:
        stages = self.planner.stages
        variables = [v for v in self.facts.variables if v.id in self.encodings]
        functions = sorted(self.planner.used.values(), key=lambda f: f.id)
        order: list[tuple[int, int, Variable | PlannedFunction]] = [
            *((stages[v.id], v.id, v) for v in variables if v.id not in self.definitions),
            *((2 * f.layer + 1, f.id, f) for f in functions),
        ]
        for _, _, item in sorted(order, key=lambda entry: entry[:2]):
            if isinstance(item, Variable):
                self._variable(item)
            else:
                self.of_function[item.id] = self._direction(
                    self._function_name(item), item.label, None, item.span, (item.low, item.high)
                )

    def _direction(
        self,
        name: str,
        sop: str,
        value: Atom | None,
        span: Span | None,
        bounds: tuple[float, float],
    ) -> int:
        low, high = bounds
        self._labels[sop] += 1
        self.directions.append(Direction(len(self.directions), name, sop, value, span, low, high))
        return len(self.directions) - 1

    def _function_name(self, function: PlannedFunction) -> str:
        label = function.label or "s-op"
        known = self._labels[function.label]
        return f"{label} ({known + 1})" if known else label

    def _variable(self, variable: Variable) -> None:
        encoding = self.encodings[variable.id]
        sop, span = self._origin(variable)
        offsets = self._offsets(variable, encoding)
        self.offsets[variable.id] = offsets
        found, offset = [], self._rounding(variable)
        basis = np.array(encoding.basis).reshape(len(offsets), len(variable.values))
        held = basis - np.array(offsets)[:, None]
        bounds = list(zip(held.min(axis=1).tolist(), held.max(axis=1).tolist(), strict=True))
        for k, vector in enumerate(encoding.basis):
            name = sop + encoding.labels[k]
            found.append(self._direction(name, sop, encoding.values[k], span, bounds[k]))
            if offset:
                self._add_rounding(found[-1], offset)
                offsets[k] = -offset
            if variable.kind == "token" or variable.kind == "index":
                self.embeddings.append(Embedding(found[-1], variable.kind, vector))
        self.of_variable[variable.id] = found

    def _rounding(self, variable: Variable) -> float:
        """The offset at which a count that hidden units read is rounded to an integer."""
        counts = variable.kind in ("width", "sum", "focus")
        if not counts or variable.id not in self.planner.rounded:
            return 0.0
        if not {bool, int}.issuperset(map(type, variable.values.atoms)):
            return 0.0
        head, keys = self.facts.heads[variable.id], self.facts.contexts.max_len
        largest, terms = 1.0, self.facts.selectors[head.selector].form.terms
        positive = all(coefficient > 0 for _, coefficient in terms)
        if head.values is not None:
            numbers = head.scale * self.facts.sops[head.values].values.numbers - head.shift
            largest, positive = float(abs(numbers).max()), positive and numbers.min() >= 0
        error = _error_of_mean(keys) if variable.kind == "focus" else _error_of_sum(keys, largest)
        most = float(abs(variable.values.numbers).max()) + 1
        return errors.rounding_offset(error * len(terms), most, positive)

    def _add_rounding(self, direction: int, offset: float) -> None:
        known = self.directions[direction]
        self.directions[direction] = known._replace(
            low=known.low + offset, high=known.high + offset, rounding=offset
        )
        self.embeddings.append(Embedding(direction, "any", np.array([offset])))

    def _offsets(self, variable: Variable, encoding: Encoding) -> list[float]:
        """What each basis function is at the default, which is not written but added by readers."""
        head = self.facts.heads.get(variable.id)
        default = default_of(self.planner, head) if head is not None else None
        if default is None:
            return [0.0] * len(encoding.basis)
        if variable.kind == "mean":
            return [float(default)]
        position = variable.values.index(default)
        return [float(vector[position]) for vector in encoding.basis]

    def _origin(self, variable: Variable) -> tuple[str, Span | None]:
        if variable.kind == "token" or variable.kind == "index":
            return ("tokens" if variable.kind == "token" else "indices"), None
        graph = self.facts.graph
        node = graph[variable.node]
        if variable.kind == "width":
            counting = (n for n in graph.nodes if n.inputs == (variable.node,))
            node = next((n for n in counting if isinstance(n.op, Width)), node)
            return node.name or f"width of {graph[variable.node].name or 'selector'}", node.span
        return node.name or variable.kind, node.span

    # --- forms -----------------------------------------------------------------------------------

    def form(self, linear: Linear) -> Form:
        """A reading as a form of directions."""
        parts = linear.parts
        if (
            len(parts) == 1
            and not linear.functions
            and parts[0].variable.id not in self.definitions
        ):
            found = self._form_of_one(linear.constant, parts[0])
        else:
            terms: dict[int, float] = {}
            constant = self._collect(linear, 1.0, terms)
            if 0.0 in terms.values():
                terms = {direction: value for direction, value in terms.items() if value}
            found = Form(terms, constant)
        self._weights += len(found.terms)
        if self._weights > MOST_WEIGHTS:
            raise self.planner.too_many_weights(self._needed_by, self._weights)
        return found

    def _form_of_one(self, constant: float, part: Part) -> Form:
        """A constant and a function of one written variable as a form."""
        (variable, vector, factor), terms = part, {}
        level, coefficients = self._coefficients(variable.id, vector)
        constant += factor * level
        directions, offsets = self.of_variable[variable.id], self.offsets[variable.id]
        for k, coefficient in coefficients:
            constant += factor * coefficient * offsets[k]
            if coefficient:
                terms[directions[k]] = factor * coefficient
        return Form(terms, constant)

    def _unbiased(self, linear: Linear) -> Form:
        """A reading whose constant is read too: a bias that BOS takes back would be off by what the
        weights are off, and a sink multiplies what is left at BOS."""
        form = self.form(linear)
        if not form.constant:
            return form
        ones = Form(dict.fromkeys(self._ones(), form.constant))
        return Form(form.terms).plus(ones)

    def _ones(self) -> Sequence[int]:
        """Directions whose sum is 1 at real positions and 0 at BOS: a one-hot of the token or the
        index, if there is one."""
        for variable in self.facts.variables:
            known = self.encodings.get(variable.id)
            if variable.kind in ("token", "index") and known is not None and known.one_hot:
                return self.of_variable[variable.id]
        if self._one is None:
            self._one = self._direction("ONE", "ONE", None, None, (1.0, 1.0))
            self.embeddings.append(Embedding(self._one, "any", np.ones(1)))
        return [self._one]

    def _collect(self, linear: Linear, factor: float, terms: dict[int, float]) -> float:
        """Add ``factor`` times a reading to ``terms``; its constant is returned."""
        constant = factor * linear.constant
        for part in linear.parts:
            variable = part.variable.id
            level, coefficients = self._coefficients(variable, part.vector)
            constant += factor * part.factor * level
            for k, coefficient in coefficients:
                weight = factor * part.factor * coefficient
                if variable in self.definitions:
                    constant += self._collect(self.definitions[variable][k], weight, terms)
                    continue
                direction = self.of_variable[variable][k]
                terms[direction] = terms.get(direction, 0.0) + weight
                constant += weight * self.offsets[variable][k]
        for function, coefficient in linear.functions:
            direction = self.of_function[function.id]
            terms[direction] = terms.get(direction, 0.0) + factor * coefficient
        return constant

    def _coefficients(self, variable: int, vector: Vector) -> Coefficients:
        known = self._known.get(variable)
        if known is None:
            demanded = self.planner.demands[variable]
            found = self.encodings[variable].coefficients(np.array(list(demanded.values())))
            known = self._known[variable] = dict(zip(demanded, found, strict=True))
        return known[id(vector)]

    # --- the program -----------------------------------------------------------------------------

    def program(self, outputs: Sequence[PlannedOutput]) -> CraftProgram:
        heads = [self._head(*planned) for planned in self.planned_heads.values()]
        functions = [self._function(f) for f in self.planner.used.values()]
        used = sorted({h.layer for h in heads} | {f.layer for f in functions})
        if used != list(range(1, len(used) + 1)):  # layers in which nothing is left
            heads = [replace(head, layer=used.index(head.layer) + 1) for head in heads]
            functions = [f._replace(layer=used.index(f.layer) + 1) for f in functions]
        return CraftProgram(
            self.facts.vocabulary.atoms, self.facts.contexts, len(used),
            tuple(self.directions), tuple(self.embeddings),
            tuple(sorted(heads, key=lambda head: (head.layer, head.channels[0].direction))),
            tuple(sorted(functions, key=lambda function: (function.layer, function.direction))),
            tuple(self._output(output) for output in outputs),
        )  # fmt: skip

    def _function(self, function: PlannedFunction) -> CraftFunction:
        self._needed_by = function.node
        units = tuple([Unit(self.form(u.reads), u.weight, u.plateau) for u in function.units])
        direction = self.of_function[function.id]
        name = self.directions[direction].name
        return CraftFunction(
            function.layer, direction, units, function.zero, name, function.span, function.node
        )

    def _output(self, output: PlannedOutput) -> Output:
        self._needed_by = output.node
        forms = tuple(self.form(reading) for reading in output.readings)
        span = self.facts.graph.nodes[output.node].span
        return Output(
            output.name, output.kind, forms, output.values, output.grouping, output.class_of,
            output.classes, span, output.gap, output.unit, output.whole,
        )  # fmt: skip

    def _head(
        self, key: HeadKey, scores: Sequence[PlannedScore], carried: Sequence[PlannedChannel]
    ) -> CraftHead:
        self._needed_by = key.selector
        node = self.facts.graph.nodes[key.selector]
        never_empty = self.facts.selectors[key.selector].never_empty
        read = self._unbiased if key.mode == "sink" else self.form
        channels = tuple(
            Channel(read(c.value), self.of_variable[c.variable.id][c.basis], c.factor, c.largest)
            for c in carried
        )
        bos_score, bos_query = self._bos(key, scores, never_empty)
        return CraftHead(
            key.layer, key.mode, tuple(self._score(score) for score in scores), bos_score,
            bos_query, channels, key.one_key, never_empty, node.name or "selector", node.span,
        )  # fmt: skip

    def _bos(
        self, key: HeadKey, scores: Sequence[PlannedScore], never_empty: bool
    ) -> tuple[float, Form]:
        """How BOS stands to a selected key: the score in numbers and as a form of the query."""
        if key.mode == "sink":
            score = sink_score(self.facts.contexts.max_len)
        else:
            score = -COLD if never_empty else -COLD / 2
            if any(planned.reward for planned in scores):
                score = COLD / 2
        form = Form({}, score)
        if not never_empty:
            for planned in scores:
                if planned.distance is not None:
                    cold = COLD / planned.nearest**2
                    form = form.plus(self.form(planned.distance[2]), cold)
        return score, form

    def _score(self, planned: PlannedScore) -> TableScore | DistanceScore:
        """A planned score in forms, the same for all heads that have it."""
        if id(planned) not in self._scores:
            self._scores[id(planned)] = self._scored(planned)
        return self._scores[id(planned)]

    def _scored(self, planned: PlannedScore) -> TableScore | DistanceScore:
        form = self.form
        products = tuple([Product(form(q), form(k)) for q, k in planned.products])
        if planned.distance is None:
            return TableScore(products, COLD, planned.indicator_is_query, planned.reward)
        query, key, square = (self.form(linear) for linear in planned.distance)
        gap = COLD / planned.nearest**2
        return DistanceScore(products, gap, planned.nearest, query, key, square)
