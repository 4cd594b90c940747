"""The analysis: Graph x (vocabulary, maximum length) -> Facts, one node after the other."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np

from rasp_lang import atoms
from rasp_lang.analysis.cones import Cone, TooManyRows, Variable, least_rows
from rasp_lang.analysis.contexts import PAIRS_UP_TO, contexts
from rasp_lang.analysis.elementwise import apply_over, function_of
from rasp_lang.analysis.facts import Facts, SopFacts
from rasp_lang.analysis.integer_forms import MANY, IntegerForms
from rasp_lang.analysis.values import Reach, Values, sorted_unique
from rasp_lang.analysis.workings import is_itself, itself
from rasp_lang.diagnostics import RaspError
from rasp_lang.graph import (
    COMPARISONS,
    Aggregate,
    Atom,
    Constant,
    Elementwise,
    Encoding,
    Graph,
    Indices,
    Pin,
    Tokens,
    Width,
    applies,
)

#: More values than this are not given a direction each.
CATEGORICAL_LIMIT = 4096
#: In the textbook layout an s-op of more values is held as its number.
OWN_SPACE = 128
#: Up to this many rows a cone is taken as it is, with all that is known of its variables together.
SMALL_CONE = 256


def analyse(
    graph: Graph,
    roots: Sequence[int],
    vocabulary: Sequence[Atom],
    max_len: int,
    causal: bool,
    *,
    textbook: bool = False,
    named: bool = False,
    cuts: Collection[int] = (),
) -> Facts:
    """Facts of the nodes of a normalised graph; raises RaspError if one that ``roots`` need cannot
    be analysed. In the ``textbook`` layout every s-op is a variable of its own. Selectors that are
    only parts of others are looked at if they are ``named`` and that is asked for. What the
    elementwise nodes among ``cuts`` read is computed a step earlier."""
    analysis = Analysis(graph, vocabulary, contexts(max_len, causal))
    analysis.textbook, analysis.named, analysis.cuts = textbook, named, frozenset(cuts)
    for node_id in range(len(graph)):
        if analysis.may_wait(node_id) and node_id not in roots:
            analysis.waiting.add(node_id)
        else:
            analysis.settle(node_id)
    for root in roots:
        if root in analysis.refused and root not in analysis.quotients:
            raise analysis.refused[root]
    return analysis.facts()


class Analysis(IntegerForms):
    """Facts of a graph, node by node in topological order."""

    def may_wait(self, node_id: int) -> bool:
        """Whether a node is a mean that is only compared with constants: the values of its sums may
        be all that is needed."""
        if self.textbook or self.named or not isinstance(self.graph.nodes[node_id].op, Aggregate):
            return False
        users = [self.graph.nodes[user] for user in self.users[node_id]]
        return all(
            isinstance(user.op, Elementwise)
            and user.op.function in COMPARISONS
            and any(isinstance(self.graph.nodes[i].op, Constant) for i in user.inputs)
            for user in users
        )

    def settle(self, node_id: int) -> None:
        node = self.graph.nodes[node_id]
        try:
            if not node.is_selector:
                self.sops[node_id] = self.sop(node_id)
            elif node_id in self.attended_by or (self.named and node.name is not None):
                self.selectors[node_id] = self.selector(node_id)
            if not self.is_long_mean(node_id):
                return
        except TooManyRows as error:
            self.refused[node_id] = self.too_many(node_id, error.rows)
        except RaspError as error:
            self.refused[node_id] = error
        if isinstance(node.op, Aggregate):
            self.quotient(node_id)

    def is_long_mean(self, node_id: int) -> bool:
        """Whether a node averages so many keys that places tell little of what it can be."""
        if self.places.max_len <= PAIRS_UP_TO or node_id not in self.sops:
            return False
        is_mean = isinstance(self.graph.nodes[node_id].op, Aggregate)
        return is_mean and len(self.sops[node_id].values) > MANY

    def sop(self, node_id: int) -> SopFacts:
        op = self.graph.nodes[node_id].op
        if isinstance(op, Constant):
            everywhere = Reach.everywhere(len(self.places), 1)
            nothing = np.zeros(1, np.int64)
            return SopFacts(Values((op.value,)), everywhere, self.cone([]), nothing)
        if isinstance(op, Tokens):
            view = op.view
            if view == "asis":
                return itself(self.token)
            return apply_over(self.cone([self.token]), lambda token: atoms.convert(view, token),
                              [itself(self.token)])  # fmt: skip
        if isinstance(op, Indices):
            self.permutations.add(node_id)
            return itself(self.index)
        if isinstance(op, Width):
            return self.counted(node_id)
        if isinstance(op, Aggregate):
            return self.aggregate(node_id)
        if isinstance(op, Pin):
            return self.pinned(node_id, op.encoding)
        known = None if self.textbook else self.shortcut(node_id)
        facts = known or self.total(node_id) or self.over_total(self.elementwise(node_id))
        return self.own_space(node_id, facts) if self.textbook else facts

    def counted(self, node_id: int) -> SopFacts:
        """A width node. Counting the positions that come before in a total order numbers them."""
        selector = self.graph.nodes[node_id].inputs[0]
        if selector in self.orderings:
            self.permutations.add(node_id)
            return self.numbering(selector)
        return self.width(selector)

    def pinned(self, node_id: int, encoding: Encoding) -> SopFacts:
        """An s-op that must have directions of a kind: as it is if its variable has them, else as a
        variable of its own."""
        inner = self.graph.nodes[node_id].inputs[0]
        facts = self.sops[inner]
        if inner in self.permutations:
            self.permutations.add(node_id)
        alone = [variable for variable in facts.cone.variables if is_itself(facts, variable)]
        if encoding == "numerical":
            if not facts.values.numeric:
                raise self.refusal(
                    node_id, "RASP0402", f"{self.called(node_id)} has {_unfit(facts)}",
                    "use `categorical(..)` or no pin", "pinned here",
                )  # fmt: skip
            return self.as_number(node_id, facts, alone)
        if len(facts.values) > CATEGORICAL_LIMIT:
            raise self.refusal(
                node_id, "RASP0401", f"{self.called(node_id)} takes {len(facts.values):,} values",
                f"a categorical s-op may take {CATEGORICAL_LIMIT:,}; use no pin", "pinned here",
            )  # fmt: skip
        if any(variable.tabular for variable in alone) or not facts.cone.variables:
            self.one_hot.update(variable.id for variable in alone)
            return facts
        pinned = self.cut("categorical", node_id, facts)
        self.one_hot.add(pinned.cone.variables[0].id)
        return pinned

    def as_number(self, node_id: int, facts: SopFacts, alone: Sequence[Variable]) -> SopFacts:
        """An s-op that is read through its number alone, and through its type where one place can
        hold equal numbers of several types."""
        ambiguous = len(sorted_unique(facts.values.numbers)) < len(facts.values)
        scalar = [variable for variable in facts.cone.variables if not variable.tabular]
        if not facts.cone.variables or (scalar and (alone or ambiguous)):
            return facts
        if ambiguous:
            raise self.refusal(
                node_id, "RASP0402",
                f"{self.called(node_id)} has values of several types, equal as numbers",
                "convert them to one type first", "pinned here",
            )  # fmt: skip
        return self.cut("numerical", node_id, facts)

    def own_space(self, node_id: int, facts: SopFacts) -> SopFacts:
        """Elementwise code as a variable of its own: one-hot, or its number if it has too many
        values for that or is computed from means."""
        if not facts.cone.variables:
            return facts
        distinct = len(sorted_unique(facts.values.numbers)) == len(facts.values)
        averages = any(v.kind in ("mean", "numerical") for v in facts.cone.variables)
        if facts.values.numeric and (averages or len(facts.values) > OWN_SPACE):
            return self.cut("numerical", node_id, facts) if distinct else facts
        if len(facts.values) > OWN_SPACE:
            return facts
        found = self.cut("categorical", node_id, facts)
        self.one_hot.add(found.cone.variables[0].id)
        return found

    def elementwise(self, node_id: int) -> SopFacts:
        node = self.graph.nodes[node_id]
        operands = [self.sops[i] for i in node.inputs]
        function = function_of(node.op)
        if node_id in self.cuts:
            operands = [self.earlier(i) for i in node.inputs]
            return apply_over(self.common_cone(operands), function, operands)
        if self.combinations and any(
            v.id in self.combinations for some in operands for v in some.cone.variables
        ):
            total = self.combined(node_id)
            if total is not None:
                return total
        cone = self.small_cone(operands)
        if cone is not None:
            return apply_over(cone, function, operands)
        if not self.places.paired and (total := self.combined(node_id)) is not None:
            return total
        depth = max(operand.depth for operand in operands)
        early = [self.early_step(i, depth) or self.view(i) for i in node.inputs]
        try:
            return apply_over(self.common_cone(early), function, early)
        except TooManyRows:
            total = self.combined(node_id)
            if total is not None:
                return total
            operands = [self.step(i) for i in node.inputs]
        return apply_over(self.common_cone(operands), function, operands)

    def small_cone(self, operands: Sequence[SopFacts]) -> Cone | None:
        """The cone over all that the operands depend on, if it is small or of one variable."""
        cones = {id(some.cone): some.cone for some in operands if some.cone.variables}
        if len(cones) == 1:
            (alone,) = cones.values()
            if len(alone.variables) == 1:
                return alone
        variables = list({v.id: v for cone in cones.values() for v in cone.variables}.values())
        if len(variables) > 1 and least_rows(variables, len(self.places)) > SMALL_CONE:
            return None
        try:
            cone = self.cone(variables)
        except TooManyRows:
            return None
        return cone if len(cone) <= SMALL_CONE or len(variables) == 1 else None

    def shortcut(self, node_id: int) -> SopFacts | None:
        """Code that is better not taken operand by operand."""
        return self.focused(node_id) or self.compared(node_id) or self.defaulted(node_id)

    def focused(self, node_id: int) -> SopFacts | None:
        """Whether a selector selects anything, where its width matters no further."""
        node = self.graph.nodes[node_id]
        width = node.inputs[0] if node.inputs else node_id
        counts = isinstance(self.graph.nodes[width].op, Width)
        if not counts or not self.is_positive(node_id, width):
            return None
        if not all(self.is_positive(user, width) for user in self.users[width]):
            return None
        variables = self.sops[width].cone.variables
        focus = self.focus.get(variables[0].id) if len(variables) == 1 else None
        if focus is None:
            return None
        facts = itself(focus)
        return apply_over(facts.cone, lambda some: some == 1, [facts])

    def defaulted(self, node_id: int) -> SopFacts | None:
        """A mean with an s-op for no keys (see ``normalise``): whether there are any is told by
        what tells the type of the mean, too, and needs no second variable."""
        node = self.graph.nodes[node_id]
        if not applies(node.op, "if"):
            return None
        some, mean, default = node.inputs
        width = self.graph.nodes[some].inputs[0] if self.graph.nodes[some].inputs else some
        is_mean = isinstance(self.graph.nodes[mean].op, Aggregate)
        counts = isinstance(self.graph.nodes[width].op, Width)
        if not is_mean or not counts or mean in self.refused:
            return None
        (selector,) = self.graph.nodes[width].inputs
        if selector != self.graph.nodes[mean].inputs[0] or not self.is_positive(some, width):
            return None
        several = [v for v in self.sops[mean].cone.variables if v.kind == "several"]
        if len(several) != 1 or several[0].node != selector:
            return None
        operands = [self.several(selector), self.sops[mean], self.sops[default]]
        try:
            cone = self.common_cone(operands)
        except TooManyRows:
            return None
        return apply_over(cone, lambda count, found, other: found if count else other, operands)

    def is_positive(self, node_id: int, other: int) -> bool:
        """Whether a node is the test that another is above 0."""
        node = self.graph.nodes[node_id]
        if not applies(node.op, ">") or node.inputs[0] != other:
            return False
        return self.graph.nodes[node.inputs[1]].op == Constant(0)

    def earlier(self, node_id: int) -> SopFacts:
        """An operand as a variable of its own, if reading it takes a hidden layer."""
        facts = self.sops[node_id]
        variables = facts.cone.variables
        if len(variables) == 1 and (variables[0].tabular or is_itself(facts, variables[0])):
            return facts
        return self.cut("step", node_id, facts) if variables else facts

    def view(self, node_id: int) -> SopFacts:
        """An s-op that takes few values of one tabular variable, as a variable of its own: read off
        that one at no cost, it makes cones smaller."""
        facts = self.sops[node_id]
        variables = facts.cone.variables
        if len(variables) != 1 or not variables[0].tabular:
            return facts
        if 2 * len(facts.values) > len(variables[0].values):
            return facts
        return self.cut("step", node_id, facts)

    def early_step(self, node_id: int, depth: int) -> SopFacts | None:
        """The operand as a variable of its own, if it can be there before a depth: that costs no
        layer, and makes the cone smaller. Or its own operands, if that is smaller still."""
        facts = self.sops[node_id]
        if max(facts.depth, 1) >= depth or len(facts.cone.variables) < 2:
            return None
        inner = self.by_operands(node_id)
        if inner is not None and 8 * len(inner.cone) < len(facts.cone):
            return inner
        return self.step(node_id)

    def by_operands(self, node_id: int) -> SopFacts | None:
        """An elementwise s-op over its operands, each a variable of its own."""
        node = self.graph.nodes[node_id]
        operands = [self.sops.get(i) for i in node.inputs]
        if not isinstance(node.op, Elementwise) or not all(operands):
            return None
        apart = [
            self.cut("step", i, facts) if facts is not None and facts.cone.variables else facts
            for i, facts in zip(node.inputs, operands, strict=True)
        ]
        known = [facts for facts in apart if facts is not None]
        try:
            return apply_over(self.common_cone(known), function_of(node.op), known)
        except TooManyRows:
            return None

    def total(self, node_id: int) -> SopFacts | None:
        """``round(width * mean)`` of ints is their sum, which attention gives directly."""
        node = self.graph.nodes[node_id]
        if not applies(node.op, "round"):
            return None
        product = self.graph.nodes[node.inputs[0]]
        if not applies(product.op, "*"):
            return None
        for mean, width in (product.inputs, product.inputs[::-1]):
            if self.is_mean_over(mean, width):
                selector, source, _ = self.graph.nodes[mean].inputs
                found = self.found(selector, source)
                return self.numbers("sum", node_id, selector, source, found, 0)
        return None


def _unfit(facts: SopFacts) -> str:
    """What keeps an s-op from being held as a number."""
    if any(isinstance(atom, str) for atom in facts.values.atoms):
        return "values that are texts"
    return "values that are too large for exact arithmetic"
