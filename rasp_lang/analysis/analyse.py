"""The analysis: Graph x (vocabulary, maximum length) -> Facts, one node after the other."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from rasp_lang import atoms
from rasp_lang.analysis import means
from rasp_lang.analysis.cones import Cone, TooManyRows, Variable, VariableKind, build_cone
from rasp_lang.analysis.contexts import Contexts, contexts
from rasp_lang.analysis.elementwise import apply_over, function_of, tabulated
from rasp_lang.analysis.facts import Facts, Head, SelectorFacts, SopFacts
from rasp_lang.analysis.matching import Matching, found_values, match, orders_positions
from rasp_lang.analysis.selectors import TooManyTerms, normal_forms
from rasp_lang.analysis.values import Reach, Values
from rasp_lang.diagnostics import Diagnostic, RaspError
from rasp_lang.graph import (
    Aggregate,
    Atom,
    Constant,
    Elementwise,
    Graph,
    Indices,
    Tokens,
    Width,
)


#: Up to this many rows a cone is taken as it is, with all that is known of its variables together.
SMALL_CONE = 256


def analyse(graph: Graph, vocabulary: Sequence[Atom], max_len: int, causal: bool) -> Facts:
    """Facts of every node of a normalised graph; raises RaspError for what cannot be analysed."""
    analysis = _Analysis(graph, vocabulary, contexts(max_len, causal))
    for node_id in range(len(graph)):
        analysis.visit(node_id)
    return analysis.facts()


class _Analysis:
    def __init__(self, graph: Graph, vocabulary: Sequence[Atom], places: Contexts) -> None:
        self.graph, self.places = graph, places
        self.vocabulary = Values.of(vocabulary)
        self.sops: dict[int, SopFacts] = {}
        self.selectors: dict[int, SelectorFacts] = {}
        self.matchings: dict[int, Matching | None] = {}
        self.heads: dict[int, Head] = {}
        self.variables: list[Variable] = []
        self.widths: dict[int, SopFacts] = {}
        self.steps: dict[object, SopFacts] = {}
        self.definitions: dict[int, SopFacts] = {}
        self.permutations: set[int] = set()
        self.totals: dict[int, tuple[Variable, SopFacts]] = {}
        everywhere = Reach.everywhere(len(places), len(self.vocabulary))
        self.token = self.variable("token", -1, self.vocabulary, everywhere, depth=0)
        positions = Values(tuple(range(places.max_len)))
        at = Reach.of(places.index[:, None] == np.arange(places.max_len)[None, :])
        self.index = self.variable("index", -1, positions, at, depth=0)

    def facts(self) -> Facts:
        return Facts(self.graph, self.vocabulary, self.places, self.sops, self.selectors,
                     self.heads, self.definitions, self.totals, tuple(self.variables))  # fmt: skip

    def variable(
        self, kind: VariableKind, node: int, values: Values, reach: Reach, depth: int
    ) -> Variable:
        tabular = kind in ("token", "index", "copy", "step", "several")
        self.variables.append(
            Variable(len(self.variables), kind, node, values, reach, tabular, depth)
        )
        return self.variables[-1]

    def visit(self, node_id: int) -> None:
        node = self.graph[node_id]
        if node.is_selector:
            self.selectors[node_id] = self.selector(node_id)
            return
        self.sops[node_id] = self.sop(node_id)

    def sop(self, node_id: int) -> SopFacts:
        op = self.graph[node_id].op
        if isinstance(op, Constant):
            return tabulated(self.cone([]), [op.value], np.zeros(1, np.int64))
        if isinstance(op, Tokens):
            view = op.view
            return apply_over(self.cone([self.token]), lambda token: atoms.convert(view, token),
                              [_itself(self.token, self.places)])  # fmt: skip
        if isinstance(op, Indices):
            self.permutations.add(node_id)
            return _itself(self.index, self.places)
        if isinstance(op, Width):
            return self.counted(node_id)
        if isinstance(op, Aggregate):
            return self.aggregate(node_id)
        total = self.total(node_id)
        return total if total is not None else self.elementwise(node_id)

    def counted(self, node_id: int) -> SopFacts:
        """A width node. Counting the positions that come before in a total order numbers them."""
        selector = self.graph[node_id].inputs[0]
        matching = self.matchings[selector]
        index = next((i for i, n in enumerate(self.graph.nodes) if n.op == Indices()), None)
        if matching is not None and not self.places.causal and orders_positions(matching, index):
            self.permutations.add(node_id)
        return self.width(selector)

    def cone(self, variables: Sequence[Variable]) -> Cone:
        return build_cone(variables, len(self.places))

    def elementwise(self, node_id: int) -> SopFacts:
        node = self.graph[node_id]
        operands = [self.sops[i] for i in node.inputs]
        function = function_of(node.op)
        try:
            cone = self.common_cone(operands)
            if len(cone) <= SMALL_CONE:
                return apply_over(cone, function, operands)
        except TooManyRows:
            pass
        early = [self.early_step(i, operands) for i in node.inputs]
        try:
            return apply_over(self.common_cone(early), function, early)
        except TooManyRows:
            operands = [self.step(i) for i in node.inputs]
        try:
            return apply_over(self.common_cone(operands), function, operands)
        except TooManyRows as error:
            raise self.too_many(node_id, error.rows) from None

    def common_cone(self, operands: Sequence[SopFacts]) -> Cone:
        return self.cone([variable for operand in operands for variable in operand.cone.variables])

    def early_step(self, node_id: int, operands: Sequence[SopFacts]) -> SopFacts:
        """The operand as a variable of its own, if it can be there before the others are: that
        costs no layer, and makes the cone smaller."""
        facts = self.sops[node_id]
        if max(facts.depth, 1) < max(operand.depth for operand in operands):
            return self.step(node_id)
        return facts

    def step(self, node_id: int) -> SopFacts:
        """The s-op as a variable of its own, computed one step earlier than those who use it."""
        facts = self.sops[node_id]
        return facts if len(facts.cone.variables) < 2 else self.cut("step", node_id, facts)

    def cut(self, kind: VariableKind, node: int, facts: SopFacts) -> SopFacts:
        """A variable defined by elementwise code over other variables."""
        if (kind, node) not in self.steps:
            variable = self.variable(kind, node, facts.values, facts.reach, max(facts.depth, 1))
            self.definitions[variable.id] = facts
            self.steps[kind, node] = _itself(variable, self.places)
        return self.steps[kind, node]

    def several(self, selector: int) -> SopFacts:
        """0, 1 or 2 for no, one or several selected keys: what the type of a mean depends on."""
        width = self.width(selector)
        count = apply_over(width.cone, lambda w: min(w, 2), [width])
        if all(variable.kind == "index" for variable in count.cone.variables):
            return count
        return self.cut("several", selector, count)

    # --- selectors and what attention brings -----------------------------------------------------

    def selector(self, node_id: int) -> SelectorFacts:
        try:
            form = normal_forms(self.graph, node_id, lambda node: self.sops[node].values)
        except TooManyTerms:
            raise self.refusal(
                node_id, "RASP0601", "the selector needs more heads than a layer may have",
                "split it into selectors of fewer comparisons",
            ) from None  # fmt: skip
        matching = match(form, self.sops, self.places, self.permutations)
        self.matchings[node_id] = matching
        if matching is not None:
            least, most = matching.bounds()
        else:
            least = np.zeros(len(self.places), np.int64)
            most = self.places.total(np.ones((len(self.places), 1), np.int64), certain=False)[:, 0]
        compared = {c.key for c in form.comparisons} | {c.query for c in form.comparisons}
        depth = 1 + max((self.sops[node].depth for node in compared), default=0)
        return SelectorFacts(form, least, most, depth)

    def attended(
        self, kind: VariableKind, node: int, values: Values, reach: Reach, head: tuple[int, int | None]
    ) -> SopFacts:
        """The facts of a variable that a head brings; one that the place alone decides is a
        function of the index instead, and needs no head."""
        selector, source = head
        single = self.by_index(values, reach)
        if single is not None:
            return single
        depth = self.selectors[selector].depth
        if source is not None:
            depth = max(depth, self.sops[source].depth + 1)
        variable = self.variable(kind, node, values, reach, depth)
        self.heads[variable.id] = Head(kind, selector, source, variable)
        return _itself(variable, self.places)

    def by_index(self, values: Values, reach: Reach) -> SopFacts | None:
        if (reach.table.sum(axis=1) > 1).any():
            return None
        grouping = self.places.grouping(reach.class_of)
        if grouping == "index_length" or not (self.places.paired or self.places.causal):
            return None
        places = self.places.representatives("index")
        rows = reach.table[reach.class_of[places]]
        results = [values.atoms[row.argmax()] if row.any() else None for row in rows]
        return tabulated(self.cone([self.index]), results, np.arange(len(results)))

    def width(self, selector: int) -> SopFacts:
        if selector not in self.widths:
            matching = self.matchings[selector]
            facts = self.selectors[selector]
            if matching is not None:
                per_place = matching.widths(self.places.max_len)
            else:
                counts = np.arange(self.places.max_len + 1)[None, :]
                per_place = (facts.least[:, None] <= counts) & (counts <= facts.most[:, None])
            used = per_place.any(axis=0)
            values = Values(tuple(int(w) for w in np.flatnonzero(used)))
            reach = Reach.of(per_place[:, used])
            self.widths[selector] = self.attended(
                "width", selector, values, reach, (selector, None)
            )
        return self.widths[selector]

    def found(self, selector: int, source: int) -> NDArray[np.bool_]:
        """Which values of ``source`` a selected key can hold, by place of the query: [C, values]."""
        matching, values = self.matchings[selector], self.sops[source]
        known = None
        if matching is not None:
            known = found_values(matching, self.sops, values, self.places)
        if known is None:
            here = values.reach.per_place().astype(np.int64)
            known = self.places.total(here, certain=False) > 0
        return known & (self.selectors[selector].most > 0)[:, None]

    def aggregate(self, node_id: int) -> SopFacts:
        selector, source, default = self.graph[node_id].inputs
        facts, values = self.selectors[selector], self.sops[source].values
        kinds = {type(atom) for atom in values.atoms}
        averages = not facts.at_most_one and bool(kinds & {int, float})
        if averages and not values.numeric:
            raise self.refusal(
                node_id, "RASP0602", "an aggregate of both texts and numbers may have to average",
                "aggregate the texts and the numbers apart",
            )  # fmt: skip
        found = self.found(selector, source)
        empty = self.constant(default) if not facts.never_empty else None
        if averages:
            return self.mean(node_id, found, empty)
        return self.copy(node_id, found, empty)

    def constant(self, node_id: int) -> Atom:
        op = self.graph[node_id].op
        assert isinstance(op, Constant)
        return op.value

    def copy(self, node_id: int, found: NDArray[np.bool_], empty: Atom | None) -> SopFacts:
        selector, source, _ = self.graph[node_id].inputs
        old = self.sops[source].values
        kept = [atom for atom, used in zip(old.atoms, found.any(axis=0), strict=True) if used]
        values = Values.of([*kept, *([] if empty is None else [empty])])
        per_place = np.zeros((len(self.places), len(values)), bool)
        for atom in kept:
            per_place[:, values.position[type(atom), atom]] = found[:, old.position[type(atom), atom]]
        if empty is not None:
            per_place[:, values.position[type(empty), empty]] |= self.selectors[selector].least == 0
        return self.attended("copy", node_id, values, Reach.of(per_place), (selector, source))

    def mean(self, node_id: int, found: NDArray[np.bool_], empty: Atom | None) -> SopFacts:
        selector, source, _ = self.graph[node_id].inputs
        raw = self.numbers("mean", node_id, selector, source, found, empty)
        self.total_of_mean(raw, node_id, found, empty)
        width, old = self.several(selector), self.sops[source].values
        single = {float(atom): atom for atom in old.atoms}
        ambiguous = len(single) < len(old)

        def typed(number: Atom, count: Atom) -> Atom | None:
            if count == 0:
                return empty if number == empty else None
            if count == 2:
                return float(number)
            if ambiguous:
                raise self.refusal(
                    node_id, "RASP0602", "a mean of values of several types, equal as numbers",
                    "convert the values to one type first",
                )  # fmt: skip
            return single.get(float(number))

        return apply_over(self.common_cone([raw, width]), typed, [raw, width])

    def numbers(
        self,
        kind: VariableKind,
        node_id: int,
        selector: int,
        source: int,
        found: NDArray[np.bool_],
        empty: Atom | None,
    ) -> SopFacts:
        """The variable of a mean (floats) or of a sum (ints) over the selected keys."""
        facts, averaged = self.selectors[selector], kind == "mean"
        if isinstance(empty, str):
            raise self.refusal(
                node_id, "RASP0602", "the default of a mean of numbers is a text",
                "give a number as the default",
            )  # fmt: skip
        try:
            numbers, reach = means.reach_of_numbers(
                found, self.sops[source].values.numbers, facts.least, facts.most,
                None if empty is None else float(empty), averaged=averaged,
            )  # fmt: skip
        except means.TooManyNumbers:
            raise self.too_many(node_id, means.NUMBER_LIMIT) from None
        convert = float if averaged else int
        values = Values(tuple(convert(number) for number in numbers))
        return self.attended(kind, node_id, values, reach, (selector, source))

    def total_of_mean(
        self, raw: SopFacts, node_id: int, found: NDArray[np.bool_], empty: Atom | None
    ) -> None:
        """Remember the sum that belongs to a mean of ints."""
        selector, source, _ = self.graph[node_id].inputs
        ints = {type(atom) for atom in self.sops[source].values.atoms} == {int}
        variables = raw.cone.variables
        if not ints or empty not in (None, 0) or not variables or variables[0].kind != "mean":
            return
        total = self.numbers("sum", node_id, selector, source, found, 0)
        if total.cone.variables and total.cone.variables[0].kind == "sum":
            self.totals[variables[0].id] = (total.cone.variables[0], self.width(selector))

    def total(self, node_id: int) -> SopFacts | None:
        """``round(width * mean)`` of ints is their sum, which attention gives directly."""
        node = self.graph[node_id]
        if node.op != Elementwise("round"):
            return None
        product = self.graph[node.inputs[0]]
        if product.op != Elementwise("*"):
            return None
        for mean, width in (product.inputs, product.inputs[::-1]):
            if self.is_mean_over(mean, width):
                selector, source, _ = self.graph[mean].inputs
                found = self.found(selector, source)
                return self.numbers("sum", node_id, selector, source, found, 0)
        return None

    def is_mean_over(self, mean: int, width: int) -> bool:
        """Whether a node averages ints over exactly as many keys as the other node says."""
        node = self.graph[mean]
        if not isinstance(node.op, Aggregate) or not self.sops[width].values.numeric:
            return False
        selector, source, default = node.inputs
        values = self.sops[source].values.atoms
        if self.selectors[selector].at_most_one or {type(atom) for atom in values} != {int}:
            return False
        if isinstance(self.constant(default), str):
            return False
        counted = self.width(selector)
        other = self.sops[width]
        return counted is other or (
            counted.cone.variables == other.cone.variables == (self.index,)
            and np.array_equal(_numbers(counted), _numbers(other))
        )

    # --- refusals --------------------------------------------------------------------------------

    def too_many(self, node_id: int, count: int) -> RaspError:
        name = self.graph[node_id].name
        what = f"`{name}`" if name else "this s-op"
        return self.refusal(
            node_id, "RASP0603", f"{what} takes too many values to tabulate (at least {count:,})",
            "use a smaller vocabulary or maximum length",
        )  # fmt: skip

    def refusal(self, node_id: int, code: str, message: str, action: str) -> RaspError:
        return RaspError(
            Diagnostic(code, message, self.graph[node_id].span, "needed here", help=action)
        )


def _numbers(facts: SopFacts) -> NDArray[np.float64]:
    return np.append(facts.values.numbers, np.nan)[facts.table]


def _itself(variable: Variable, places: Contexts) -> SopFacts:
    cone = build_cone([variable], len(places))
    table = cone.digits[:, 0]
    return SopFacts(variable.values, variable.reach, cone, table)
