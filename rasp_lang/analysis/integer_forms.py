"""Code over ints that needs no table: their sums and differences, and comparisons of means by the
signs of sums."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from rasp_lang import atoms
from rasp_lang.analysis import means
from rasp_lang.analysis.attention import Attention
from rasp_lang.analysis.combinations import Affine, affine, combination, combine, listed
from rasp_lang.analysis.cones import TooManyRows
from rasp_lang.analysis.elementwise import reduced, tabulated
from rasp_lang.analysis.facts import Head, SopFacts
from rasp_lang.analysis.thresholds import LARGEST_COEFFICIENT, Signs, comparison, threshold
from rasp_lang.analysis.values import Values
from rasp_lang.analysis.workings import itself
from rasp_lang.graph import COMPARISONS, Aggregate, Atom, Constant, Elementwise

#: Means of more values than this are compared by their sums.
MANY = 64


class IntegerForms(Attention):
    """Facts of linear forms, and of comparisons that are the signs of such forms."""

    def combined(self, node_id: int) -> SopFacts | None:
        """A sum or difference of ints as a variable that is never tabulated."""
        node = self.graph.nodes[node_id]
        known = [self.form_of(self.sops[i]) for i in node.inputs]
        operands = [form for form in known if form is not None]
        form = combine(node, operands) if len(operands) == len(known) else None
        facts = None if form is None else self.linear(node_id, form)
        if form is not None and facts is not None and self.counts_back(form):
            self.permutations.add(node_id)
        return facts

    def form_of(self, facts: SopFacts) -> Affine | None:
        """An s-op as an affine form; what is behind a form is taken for it."""
        form = affine(facts)
        if form is None or len(form.parts) != 1:
            return form
        ((variable, vector),) = form.parts.values()
        if variable.id not in self.combinations:
            return form
        numbers, inner = variable.values.numbers, self.combinations[variable.id]
        far = int(np.abs(numbers).argmax())
        slope = vector[far] / (numbers[far] or 1.0)
        parts = {v.id: (v, slope * values) for v, values in inner.parts}
        return Affine(form.constant + slope * inner.constant, parts)

    def linear(self, node_id: int, form: Affine) -> SopFacts | None:
        """A form as a variable that is known by its interval; None if it takes too many values."""
        values = listed(form, len(self.places))
        if values is None:
            return None
        depth = max((variable.depth for variable, _ in form.parts.values()), default=0)
        variable = self.variable("linear", node_id, *values, depth)
        self.combinations[variable.id] = combination(form)
        return itself(variable)

    def compared(self, node_id: int) -> SopFacts | None:
        """A comparison of a mean of many values with a constant, or with another mean over the same
        keys, by the sign of a form of their sums and their number."""
        node = self.graph.nodes[node_id]
        if not isinstance(node.op, Elementwise) or node.op.function not in COMPARISONS:
            return None
        left, right = node.inputs
        if self.of_many(left) and self.of_many(right):
            found = self.beside(node_id, left, right)
            signs = self.signs(node.op.function)
        elif self.of_many(left) or self.of_many(right):
            first = self.of_many(left)
            constant = self.graph.nodes[right if first else left].op
            if not isinstance(constant, Constant):
                return None
            compare = comparison(node.op.function, constant.value, mean_first=first)
            found, signs = self.against(left if first else right, compare, constant.value)
        else:
            return None
        if found is None:
            return None
        sign_of = np.sign(found.values.numbers).astype(np.int64)[found.table]
        return tabulated(found.cone, list(signs), sign_of + 1)

    def signs(self, function: str) -> Signs:
        """What a comparison gives for a difference that is negative, 0 or positive."""
        below, at, above = (atoms.apply(function, sign, 0) for sign in (-1, 0, 1))
        return below, at, above

    def of_many(self, node_id: int) -> bool:
        """Whether a node is a mean of more values than are worth telling apart, and code compares
        it, but does not compute with it."""
        if not isinstance(self.graph.nodes[node_id].op, Aggregate):
            return False
        users = [self.graph.nodes[user].op for user in self.users[node_id]]
        code = [op.function for op in users if isinstance(op, Elementwise)]
        if not set(code) <= set(COMPARISONS):
            return False
        if node_id in self.waiting and self.has_many(node_id):
            return True
        if node_id not in self.sops and node_id not in self.waiting:
            selector, source, _ = self.graph.nodes[node_id].inputs
            return not (selector in self.refused or source in self.refused)
        variables = self.sops[node_id].cone.variables
        return any(v.kind == "mean" and len(v.values) > MANY for v in variables)

    def has_many(self, mean: int) -> bool:
        """Whether a mean certainly takes many values: about W^2 / 3 fractions lie between two
        numbers that differ by 1."""
        selector, source, _ = self.graph.nodes[mean].inputs
        if selector in self.refused or source in self.refused:
            return False
        facts, values = self.selectors[selector], self.sops[source].values
        if facts.at_most_one or not values.numeric:
            return False
        lattice, most = means.Lattice.of(values.numbers), float(facts.most.max())
        return (max(lattice.ints) - min(lattice.ints)) / lattice.step * most**2 > 6 * MANY

    def against(
        self, mean: int, compare: Callable[[float], Atom], constant: Atom
    ) -> tuple[SopFacts | None, Signs]:
        """An int whose sign tells how a mean compares with a constant, and what it tells."""
        nothing: Signs = (False, False, False)
        denominator = self.denominator(mean)
        if denominator is None:
            return None, nothing
        separated = threshold(compare, constant, denominator * self.places.max_len)
        if separated is None:
            return None, nothing
        fraction, signs = separated
        selector, _, default = self.graph.nodes[mean].inputs
        never_empty = self.selectors[selector].never_empty
        if not never_empty and compare(float(self.constant(default))) != signs[1]:
            return None, nothing
        scale, shift = fraction.denominator * denominator, fraction.numerator * denominator
        return self.signed_sum(mean, scale, shift), signs

    def beside(self, node_id: int, left: int, right: int) -> SopFacts | None:
        """An int whose sign is that of the difference of two means over the same keys."""
        selector = self.graph.nodes[left].inputs[0]
        units = [self.denominator(node) for node in (left, right)]
        if (
            selector != self.graph.nodes[right].inputs[0]
            or units != [units[0]] * 2
            or units[0] is None
        ):
            return None
        if not self.selectors[selector].never_empty:
            defaults = [self.constant(self.graph.nodes[node].inputs[2]) for node in (left, right)]
            if defaults[0] != defaults[1]:
                return None
        sums = [self.signed_sum(node, units[0], 0) for node in (left, right)]
        forms = [None if facts is None else affine(facts) for facts in sums]
        if forms[0] is None or forms[1] is None:
            return None
        return self.linear(node_id, forms[0].plus(forms[1], -1.0))

    def denominator(self, mean: int) -> int | None:
        """What makes the values of a mean ints when they are multiplied by it, if that is small."""
        values, default = (
            self.sops[self.graph.nodes[mean].inputs[1]].values,
            self.graph.nodes[mean].inputs[2],
        )
        if not values.numeric or isinstance(self.constant(default), str):
            return None
        found = means.Lattice.of(values.numbers).denominator
        return found if found <= LARGEST_COEFFICIENT else None

    def counts_back(self, form: Affine) -> bool:
        """Whether a form is the length minus 1 minus the index: the positions from the last."""
        widths = [v for v, _ in form.parts.values() if v.kind == "width"]
        if len(form.parts) != 2 or len(widths) != 1 or self.index.id not in form.parts:
            return False
        (width,) = widths
        index, counted = form.parts[self.index.id][1], form.parts[width.id][1]
        falling, rising = index + self.index.values.numbers, counted - width.values.numbers
        steady = bool((falling == falling[0]).all() and (rising == rising[0]).all())
        level = form.constant + float(falling[0]) + float(rising[0])
        return self.selectors[width.node].form.everything and steady and level == -1.0

    def signed_sum(self, mean: int, scale: int, shift: int) -> SopFacts | None:
        """The sum of ``scale`` times a mean's values minus ``shift``, ints, over its keys: below 0
        just where the mean is below their quotient. None if it takes too many values."""
        if ("sum", mean, scale, shift) in self.steps:
            return self.steps["sum", mean, scale, shift]
        selector, source, _ = self.graph.nodes[mean].inputs
        facts = self.selectors[selector]
        numbers = scale * self.sops[source].values.numbers - shift
        try:
            totals, reach = self.reach_of_numbers(
                self.found(selector, source), numbers, facts.least, facts.most, 0.0, averaged=False
            )
        except means.TooManyNumbers:
            return None
        depth = max(facts.depth, self.sops[source].depth + 1)
        values = Values(tuple(map(int, totals.tolist())))
        variable = self.variable("sum", mean, values, reach, depth)
        self.heads[variable.id] = Head("sum", selector, source, variable, scale, shift)
        self.steps["sum", mean, scale, shift] = itself(variable)
        return self.steps["sum", mean, scale, shift]

    def over_total(self, facts: SopFacts) -> SopFacts:
        """A test of a mean as the same test of its sum, if that tells it without the number of
        keys: whether a mean is negative, say. Sums of ints are fewer than means, and exact."""
        variables = facts.cone.variables
        if len(variables) != 1 or variables[0].id not in self.totals:
            return facts
        mean = variables[0]
        if 2 * len(facts.values) > len(mean.values):
            return facts
        total, width = self.totals[mean.id]
        try:
            cone = self.cone([total, *width.cone.variables])
        except TooManyRows:
            return facts
        position = means.positions(mean.values.numbers, cone, total, width)
        table = np.append(facts.table, -1)[position]
        found = reduced(SopFacts(facts.values, facts.reach, cone, table))
        return found if found.cone.variables == (total,) else facts

    def is_mean_over(self, mean: int, width: int) -> bool:
        """Whether a node averages ints over exactly as many keys as the other node says."""
        node = self.graph.nodes[mean]
        if not isinstance(node.op, Aggregate) or not self.sops[width].values.numeric:
            return False
        selector, source, default = node.inputs
        values = self.sops[source].values
        ints = values.numeric and {type(atom) for atom in values.atoms} == {int}
        if self.selectors[selector].at_most_one or not ints:
            return False
        if isinstance(self.constant(default), str):
            return False
        counted = self.width(selector)
        other = self.resolved(self.sops[width])
        return counted is other or (
            counted.cone.variables == other.cone.variables == (self.index,)
            and np.array_equal(_numbers(counted), _numbers(other))
        )


def _numbers(facts: SopFacts) -> NDArray[np.float64]:
    return np.append(facts.values.numbers, np.nan)[facts.table]
