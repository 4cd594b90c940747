"""Selectors: their normal forms, and how many keys they can pick."""

from __future__ import annotations

from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from rasp_lang.analysis.cones import Variable
from rasp_lang.analysis.facts import SelectorFacts
from rasp_lang.analysis.lexicographic import lexicographic
from rasp_lang.analysis.matching import match
from rasp_lang.analysis.selectors import (
    Comparison,
    Conjunction,
    NormalForm,
    TooManyTerms,
    normal_forms,
    orders_positions,
)
from rasp_lang.analysis.uniqueness import Uniqueness
from rasp_lang.analysis.values import sorted_unique
from rasp_lang.analysis.workings import Workings
from rasp_lang.graph import Indices, Select, Width


class Selecting(Workings):
    """Facts of selectors."""

    def selector(self, node_id: int) -> SelectorFacts:
        try:
            form = normal_forms(
                self.graph, node_id, lambda node: self.sops[node].values, self.parts
            )
        except TooManyTerms:
            raise self.refusal(
                node_id, "RASP0601", "the selector needs more heads than a layer may have",
                "split it into selectors of fewer comparisons",
            ) from None  # fmt: skip
        if self.orders(node_id, form):
            self.orderings.add(node_id)
            matching = None
        else:
            matching = match(form, self.sops, self.places, self.permutations)
        self.matchings[node_id] = matching
        if matching is not None:
            least, most = matching.bounds(self.places.max_len)
        else:
            least = np.zeros(len(self.places), np.int64)
            most = self.places.most_keys
        if (most > 1).any() and self.uniqueness.at_most_one(form):
            least, most = np.minimum(least, 1), np.minimum(most, 1)
        compared = {c.key for c in form.comparisons} | {c.query for c in form.comparisons}
        depth = 1 + max((self.sops[node].depth for node in compared), default=0)
        return SelectorFacts(form, least, most, depth)

    def parts(self, select: int) -> list[Conjunction] | None:
        """A comparison of an s-op with itself by the variables that decide one after the other."""
        node = self.graph.nodes[select]
        key, query = node.inputs
        if key != query or self.textbook:
            return None
        assert isinstance(node.op, Select)
        found = lexicographic(self.sops[key], node.op.comparison)
        if found is None:
            return None
        conjunctions = []
        for parts in found:
            compared = [self.comparison(variable, matrix) for variable, matrix in parts]
            known = [comparison for comparison in compared if comparison is not None]
            if len(known) < len(compared):
                return None
            conjunctions.append(frozenset(known))
        return conjunctions

    def comparison(self, variable: Variable, matrix: NDArray[np.bool_]) -> Comparison | None:
        """A table between the values of a variable as one between those of an s-op that tells them
        apart; None if there is none."""
        for node, sop in self.sops.items():
            if sop.cone.variables != (variable,) or len(sop.values) != len(variable.values):
                continue
            if len(sop.cone) == len(sop.values) == len(sorted_unique(sop.table[sop.table >= 0])):
                order = np.empty(len(sop.values), np.int64)
                order[sop.table] = sop.cone.digits[:, 0]
                return Comparison.of(node, node, matrix[np.ix_(order, order)])
        return None

    def orders(self, node_id: int, form: NormalForm) -> bool:
        """Whether a selector of which only the widths count orders the positions: nothing else
        need be known of it."""
        users = [self.graph.nodes[user] for user in self.users[node_id]]
        attending = [user.op for user in users if user.inputs[0] == node_id]
        if self.places.causal or not all(isinstance(op, Width) for op in attending):
            return False
        return orders_positions(form, self.uniqueness.index)

    @cached_property
    def uniqueness(self) -> Uniqueness:
        nodes = self.graph.nodes
        index = next((i for i, node in enumerate(nodes) if isinstance(node.op, Indices)), None)
        return Uniqueness(self.sops, self.selectors, self.definitions, index, self.places.causal)
