"""What attention brings: the widths of selectors, and copies, means and sums over them."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from rasp_lang.analysis import means
from rasp_lang.analysis.cones import VariableKind
from rasp_lang.analysis.elementwise import apply_over, tabulated
from rasp_lang.analysis.facts import Head, Quotient, SelectorFacts, SopFacts
from rasp_lang.analysis.matching import found_values
from rasp_lang.analysis.selecting import Selecting
from rasp_lang.analysis.selectors import (
    ordered_by,
)
from rasp_lang.analysis.values import Reach, Values, places_of, sorted_unique
from rasp_lang.analysis.workings import itself
from rasp_lang.diagnostics import RaspError
from rasp_lang.graph import Atom, Constant, Width

#: Sums of multiples of 1 over this are exact.
FINEST_UNIT = 2**20


class Attention(Selecting):
    """Facts of widths and aggregates."""

    def several(self, selector: int) -> SopFacts:
        """0, 1 or 2 for no, one or several selected keys: what the type of a mean depends on."""
        if selector not in self.severals:
            width = self.width(selector)
            count = apply_over(width.cone, lambda w: min(w, 2), [width])
            placed = all(variable.kind == "index" for variable in count.cone.variables)
            self.severals[selector] = count if placed else self.cut("several", selector, count)
        return self.severals[selector]

    def attended(
        self,
        kind: VariableKind,
        node: int,
        values: Values,
        reach: Reach,
        head: tuple[int, int | None],
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
        return itself(variable)

    def by_index(self, values: Values, reach: Reach) -> SopFacts | None:
        if (reach.table.sum(axis=1) > 1).any():
            return None
        grouping = self.places.grouping(reach.class_of)
        if grouping == "index_length":
            return None
        places = self.places.representatives("index")
        rows = reach.table[reach.class_of[places]]
        results = [values.atoms[row.argmax()] if row.any() else None for row in rows]
        return tabulated(self.cone([self.index]), results, np.arange(len(results)))

    def numbering(self, selector: int) -> SopFacts:
        """The width of a selector that orders the positions: each of 0 .. n-1 once."""
        most = self.places.most_keys
        return self.counts(selector, np.arange(self.places.max_len + 1) < most[:, None])

    def width(self, selector: int) -> SopFacts:
        if selector in self.widths:
            return self.widths[selector]
        facts, matching = self.selectors[selector], self.matchings[selector]
        if matching is not None:
            return self.counts(selector, matching.widths(self.places.max_len))
        counts = np.arange(self.places.max_len + 1)
        possible = (facts.least[:, None] <= counts) & (counts <= facts.most[:, None])
        return self.counts(selector, possible)

    def counts(self, selector: int, per_place: NDArray[np.bool_]) -> SopFacts:
        """The variable of a selector's width, which can be w at place c if ``per_place[c, w]``."""
        if selector not in self.widths:
            used = per_place.any(axis=0)
            values = Values(tuple(places_of(used).tolist()))
            reach = Reach.of(per_place[:, used])
            self.widths[selector] = self.attended(
                "width", selector, values, reach, (selector, None)
            )
            self.focus_of(selector, self.widths[selector])
        return self.widths[selector]

    def focus_of(self, selector: int, width: SopFacts) -> None:
        """Remember the variable that tells whether a selector that is one head selects anything."""
        variables = width.cone.variables
        single = self.selectors[selector].form.single is not None
        if not (single and variables and variables[0].kind == "width" and 0 in width.values.atoms):
            return
        counts = variables[0].reach  # of ascending widths, the first of which is 0
        some = np.stack([counts.table[:, 0], counts.table[:, 1:].any(axis=1)], axis=1)
        values = Values((0, 1) if len(width.values) > 1 else (0,))
        reach = Reach.by_class(counts.class_of, some[:, : len(values)])
        focus = self.attended("focus", selector, values, reach, (selector, None))
        if focus.cone.variables and focus.cone.variables[0].kind == "focus":
            self.focus[variables[0].id] = focus.cone.variables[0]

    def found(self, selector: int, source: int) -> NDArray[np.bool_]:
        """Which values of ``source`` a selected key can hold, by place of the query: [C,
        values]."""
        if (selector, source) not in self.held:
            self.held[selector, source] = self.look_for(selector, source)
        return self.held[selector, source]

    def look_for(self, selector: int, source: int) -> NDArray[np.bool_]:
        matching, values = self.matchings[selector], self.sops[source]
        known = None
        if self.is_apart(selector, values):
            known = values.reach.table
        elif matching is not None:
            known = found_values(matching, self.sops, values, self.places)
        if known is None:
            here = values.reach.per_place().astype(np.int64)
            known = self.places.total(here, certain=False) > 0
        return known & (self.selectors[selector].most > 0)[:, None]

    def is_apart(self, selector: int, values: SopFacts) -> bool:
        """Whether an s-op can take the same values at every place, whatever is compared there."""
        if len(values.reach.table) > 1:
            return False
        keys = (c.key for c in self.selectors[selector].form.comparisons)
        compared = {variable.id for key in keys for variable in self.sops[key].cone.variables}
        return compared.isdisjoint(variable.id for variable in values.cone.variables)

    def aggregate(self, node_id: int) -> SopFacts:
        selector, source, default = self.graph.nodes[node_id].inputs
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
        op = self.graph.nodes[node_id].op
        assert isinstance(op, Constant)
        return op.value

    def copy(self, node_id: int, found: NDArray[np.bool_], empty: Atom | None) -> SopFacts:
        selector, source, _ = self.graph.nodes[node_id].inputs
        old = self.sops[source].values
        kept = [old.atoms[k] for k in places_of(found.any(axis=0))]
        values = Values.of([*kept, *([] if empty is None else [empty])])
        per_place = np.zeros((len(self.places), len(values)), bool)
        for atom in kept:
            per_place[:, values.index(atom)] = found[:, old.index(atom)]
        if empty is not None:
            per_place[:, values.index(empty)] |= self.selectors[selector].least == 0
        return self.attended("copy", node_id, values, Reach.of(per_place), (selector, source))

    def mean(self, node_id: int, found: NDArray[np.bool_], empty: Atom | None) -> SopFacts:
        """A mean by its number, or (over a selector that is several heads) by sum and width."""
        selector, source, _ = self.graph.nodes[node_id].inputs
        single = self.single_values(node_id, source)
        if self.selectors[selector].form.single is None:
            total = self.numbers("sum", node_id, selector, source, found, 0)
            width = self.width(selector)
            quotient = partial(_quotient, empty=empty, single=single)
            return apply_over(self.common_cone([total, width]), quotient, [total, width])
        equal = self.are_equal(selector, source)
        raw = self.numbers("mean", node_id, selector, source, found, empty, equal=equal)
        self.total_of_mean(raw, node_id, found, empty)
        several = self.several(selector)
        if len(sorted_unique(self.sops[source].values.numbers)) == len(self.sops[source].values):
            typed = partial(_typed, empty=empty, single=single)
            return apply_over(self.common_cone([raw, several]), typed, [raw, several])
        at = self.single_values_by_index(node_id, source, found)
        placed = itself(self.index)

        def typed_at(number: Atom, count: Atom, index: Atom) -> Atom | None:
            return _typed(number, count, empty=empty, single=partial(at, int(index)))

        parts = [raw, several, placed]
        return apply_over(self.common_cone(parts), typed_at, parts)

    def single_values_by_index(
        self, node_id: int, source: int, found: NDArray[np.bool_]
    ) -> Callable[[int, float], Atom | None]:
        """The value that a single key holds, by the query's index and its number."""
        atoms, indices = self.sops[source].values.atoms, self.places.index
        known: dict[tuple[int, float], set[int]] = {}
        for value, atom in enumerate(atoms):
            for index in sorted_unique(indices[found[:, value]]).tolist():
                known.setdefault((index, float(atom)), set()).add(value)

        def single(index: int, number: float) -> Atom | None:
            possible = known.get((index, number), set())
            if len(possible) > 1:
                raise self.several_types(node_id)
            return atoms[min(possible)] if possible else None

        return single

    def quotient(self, node_id: int) -> None:
        """Remember a mean of too many values to list, if its denominator is known at each place."""
        selector, source, _ = self.graph.nodes[node_id].inputs
        if selector in self.refused or source in self.refused:
            return
        facts, values = self.selectors[selector], self.sops[source].values
        keys = self.keys(facts)
        types = {type(atom) for atom in values.atoms}
        if keys is None or types not in ({int}, {float}) or not values.numeric:
            return
        numbers = values.numbers
        denominator = means.Lattice.of(numbers).denominator
        if denominator > FINEST_UNIT:
            return
        bounds = Values((float(numbers.min()), float(numbers.max())))
        everywhere = Reach.everywhere(len(self.places), 2)
        depth = max(facts.depth, self.sops[source].depth + 1)
        variable = self.variable("mean", node_id, bounds, everywhere, depth)
        self.heads[variable.id] = Head("mean", selector, source, variable)
        self.quotients[node_id] = Quotient(variable, keys, 1 / denominator, types == {int})

    def keys(self, facts: SelectorFacts) -> Literal["index", "length"] | None:
        """Whether a selector selects just the positions up to each, or all."""
        if facts.form.everything:
            return "index" if self.places.causal else "length"
        prefix = self.places.index + 1
        single = facts.form.single is not None
        exactly = np.array_equal(facts.least, prefix) and np.array_equal(facts.most, prefix)
        return "index" if single and exactly else None

    def several_types(self, node_id: int) -> RaspError:
        return self.refusal(
            node_id, "RASP0602", "a mean of values of several types, equal as numbers",
            "convert the values to one type first",
        )  # fmt: skip

    def are_equal(self, selector: int, source: int) -> bool:
        """Whether the keys that one query selects hold equal values, because they have equal ranks:
        keys are compared for equality with the number of smaller values, and the values aggregated
        are a function of those."""
        single = self.selectors[selector].form.single
        if self.places.causal:  # every query counts the smaller values of a prefix of its own
            return False
        if single is None or not any((c.matrix.sum(axis=1) <= 1).all() for c in single):
            return False
        for comparison in single:
            node = self.graph.nodes[comparison.key]
            if not isinstance(node.op, Width) or not (comparison.matrix.sum(axis=1) <= 1).all():
                continue
            ranked = ordered_by(self.selectors[node.inputs[0]].form)
            if ranked is not None and self.is_function_of(source, ranked):
                return True
        return False

    def is_function_of(self, node: int, other: int) -> bool:
        """Whether an s-op's value follows from another's at the same position."""
        facts, base = self.sops[node], self.sops[other]
        if not set(facts.cone.variables) <= set(base.cone.variables):
            return False
        values = facts.table[base.cone.project(facts.cone)]
        known: dict[int, int] = {}
        pairs = zip(base.table.tolist(), values.tolist(), strict=True)
        return all(known.setdefault(b, v) == v for b, v in pairs if b >= 0 and v >= 0)

    def single_values(self, node_id: int, source: int) -> Callable[[float], Atom | None]:
        """The value that a single key holds, by its number."""
        known: dict[float, list[Atom]] = {}
        for atom in self.sops[source].values.atoms:
            known.setdefault(float(atom), []).append(atom)

        def single(number: float) -> Atom | None:
            found = known.get(number, [])
            if len(found) > 1:
                raise self.several_types(node_id)
            return found[0] if found else None

        return single

    def numbers(
        self,
        kind: VariableKind,
        node_id: int,
        selector: int,
        source: int,
        found: NDArray[np.bool_],
        empty: Atom | None,
        *,
        equal: bool = False,
    ) -> SopFacts:
        """The variable of a mean (floats) or of a sum (ints, if the values are) over the selected
        keys. The mean of ``equal`` values is one of them."""
        facts, averaged = self.selectors[selector], kind == "mean"
        if isinstance(empty, str):
            raise self.refusal(
                node_id, "RASP0602", "the default of a mean of numbers is a text",
                "give a number as the default",
            )  # fmt: skip
        try:
            numbers, reach = self.reach_of_numbers(
                found, self.sops[source].values.numbers,
                np.minimum(facts.least, 1) if equal else facts.least,
                np.minimum(facts.most, 1) if equal else facts.most,
                None if empty is None else float(empty), averaged=averaged,
            )  # fmt: skip
        except means.TooManyNumbers:
            raise self.too_many(node_id, means.NUMBER_LIMIT) from None
        ints = not averaged and {type(atom) for atom in self.sops[source].values.atoms} <= {
            int,
            bool,
        }
        convert = int if ints else float
        values = Values(tuple(map(convert, numbers.tolist())))
        return self.attended(kind, node_id, values, reach, (selector, source))

    def reach_of_numbers(
        self,
        found: NDArray[np.bool_],
        numbers: means.Numbers,
        least: NDArray[np.int64],
        most: NDArray[np.int64],
        empty: float | None,
        *,
        averaged: bool,
    ) -> tuple[means.Numbers, Reach]:
        """``means.reach_of_numbers``; aggregates that look alike are asked about once."""
        arrays = tuple(array.tobytes() for array in (found, numbers, least, most))
        key = (*arrays, repr(empty), averaged)  # -0.0 is not 0.0
        if key not in self.reaches:
            self.reaches[key] = means.reach_of_numbers(
                found, numbers, least, most, empty, averaged=averaged
            )
        return self.reaches[key]

    def total_of_mean(
        self, raw: SopFacts, node_id: int, found: NDArray[np.bool_], empty: Atom | None
    ) -> None:
        """Remember the sum that belongs to a mean of ints."""
        selector, source, _ = self.graph.nodes[node_id].inputs
        ints = {type(atom) for atom in self.sops[source].values.atoms} == {int}
        variables = raw.cone.variables
        if not ints or empty not in (None, 0) or not variables or variables[0].kind != "mean":
            return
        try:
            total = self.numbers("sum", node_id, selector, source, found, 0)
        except RaspError:  # more sums than can be told apart: the mean has to do
            return
        if total.cone.variables and total.cone.variables[0].kind == "sum":
            self.totals[variables[0].id] = (total.cone.variables[0], self.width(selector))


def _typed(
    number: Atom, count: Atom, *, empty: Atom | None, single: Callable[[float], Atom | None]
) -> Atom | None:
    """A mean with its type: of no key (``count`` 0), of one, of several (2)."""
    if count == 0:
        return empty if number == empty else None
    return float(number) if count == 2 else single(float(number))


def _quotient(
    total: Atom, count: Atom, *, empty: Atom | None, single: Callable[[float], Atom | None]
) -> Atom | None:
    """A mean from the sum and the number of keys, correctly rounded."""
    if count == 0:
        return empty if total == 0 else None
    if count == 1:
        return single(float(total))
    from fractions import Fraction  # 8 ms that few programs need

    fraction = Fraction(total) / int(count)
    return fraction.numerator / fraction.denominator
