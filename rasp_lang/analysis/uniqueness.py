"""Why a selector picks at most one key: first occurrences, smallest elements, numbered ones.

A width counts the keys that are related to a position. Of two positions, one of which is related to
the other, not both can have a width of 0; and where the related ones are earlier and alike, not
both can have the same width. So keys that are all related to each other, and picked by their
widths, are picked one at most: the first "a", the largest token, the next that is equal.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

from rasp_lang.analysis.facts import SelectorFacts, SopFacts
from rasp_lang.analysis.selectors import Comparison, Conjunction, NormalForm
from rasp_lang.analysis.values import same_rows, sorted_unique

Bits = NDArray[np.bool_]
#: Whether something holds for keys before the query, and for keys after it.
Sides = tuple[bool, bool]
#: An s-op, and which rows of its cone each kind of query selects.
Choices = tuple[SopFacts, NDArray[np.bool_]]


@dataclass(frozen=True, eq=False)
class _Relation:
    """When a width counts a key: ``matrix`` [query, key] by the values of one s-op, if the key is
    on one of the ``sides`` of the query."""

    matrix: Bits
    sides: Sides


@dataclass(frozen=True, eq=False)
class Uniqueness:
    """What is known when a selector is looked at; ``index`` is the node of the indices."""

    sops: Mapping[int, SopFacts]
    selectors: Mapping[int, SelectorFacts]
    definitions: Mapping[int, SopFacts]
    index: int | None
    causal: bool

    def at_most_one(self, form: NormalForm) -> bool:
        """Whether no query selects two keys."""
        conjunction = form.single
        if not conjunction:
            return False
        widths = {
            variable.node: variable
            for comparison in conjunction
            for variable in self.sops[comparison.key].cone.variables
            if variable.kind == "width" and variable.node in self.selectors
        }
        least = [s for s in widths if self.picked(conjunction, widths[s].id, least=True)]
        if self.all_related(conjunction, least, alike=False):
            return True
        same = [s for s in widths if self.picked(conjunction, widths[s].id, least=False)]
        return any(self.all_related(conjunction, [s], alike=True) for s in same)

    def picked(self, conjunction: Conjunction, variable: int, *, least: bool) -> bool:
        """Whether all keys that a query selects have a width of 0 (``least``), or the same one."""
        for comparison in conjunction:
            facts = self.sops[comparison.key]
            ids = [v.id for v in facts.cone.variables]
            if variable not in ids:
                continue
            column = ids.index(variable)
            numbers = facts.cone.variables[column].values.numbers
            selected = self.selected_rows(comparison)
            widths = numbers[facts.cone.digits[:, column]]
            smallest = np.where(selected, widths, np.inf).min(axis=1)
            largest = np.where(selected, widths, -np.inf).max(axis=1)
            if (largest <= (np.minimum(smallest, 0.0) if least else smallest)).all():
                return True
        return False

    def selected_rows(self, comparison: Comparison) -> NDArray[np.bool_]:
        """For each kind of query, which rows of the key's cone it selects."""
        table = self.sops[comparison.key].table
        first, _ = same_rows(np.packbits(comparison.matrix, axis=1))
        kinds = np.column_stack([comparison.matrix[first], np.zeros(len(first), bool)])
        found: NDArray[np.bool_] = kinds[:, table]
        return found

    def all_related(self, conjunction: Conjunction, selectors: list[int], *, alike: bool) -> bool:
        """Whether of any two keys that a query selects one counts the other. ``alike``: and counts
        whatever that one counts."""
        terms = [term for s in selectors for term, _ in self.selectors[s].form.terms]
        counted = [k for s in selectors for _, k in self.selectors[s].form.terms]
        nodes = {c.key for term in terms for c in term} - {self.index}
        if not terms or len(nodes) > 1 or set(counted) != {1} or (alike and len(terms) > 1):
            return False
        node = min(nodes, default=None)
        relations = [self.relation(term, node) for term in terms]
        known = [relation for relation in relations if relation is not None]
        if len(known) < len(relations):
            return False
        return all(
            self.related(known, earlier, later, alike=alike)
            for values in self.selected_values(conjunction, node)
            for earlier, later in product(values, repeat=2)
        )

    def related(self, known: list[_Relation], earlier: int, later: int, *, alike: bool) -> bool:
        for relation in known:
            matrix, (before, after) = relation.matrix, relation.sides
            if before and matrix[later, earlier]:
                whole = not after and bool((matrix[earlier] <= matrix[later]).all())
                if not alike or whole:
                    return True
            if after and not self.causal and matrix[earlier, later]:
                whole = not before and bool((matrix[later] <= matrix[earlier]).all())
                if not alike or whole:
                    return True
        return False

    def relation(self, term: Conjunction, node: int | None) -> _Relation | None:
        """A conjunction as a relation of the values of one s-op; None if it is more than that."""
        size = 1 if node is None else len(self.sops[node].values)
        matrix, sides = np.ones((size, size), bool), (True, True)
        for comparison in term:
            bits = comparison.matrix
            if comparison.key == self.index == comparison.query:
                lower = np.tri(len(bits), k=-1, dtype=bool)
                before, after = bool(bits[lower].all()), bool(bits[lower.T].all())
                none = not bits[lower].any(), not bits[lower.T].any()
                if (not before and not none[0]) or (not after and not none[1]):
                    return None
                sides = sides[0] and before, sides[1] and after
            elif comparison.key == node and comparison.query == node:
                matrix &= bits
            elif comparison.key == node and len(bits) == 1:
                matrix &= bits[0][None, :]
            else:
                return None
        return _Relation(matrix, sides)

    def selected_values(self, conjunction: Conjunction, node: int | None) -> list[list[int]]:
        """For each kind of query, the values of an s-op at the keys that it may select."""
        if node is None:
            return [[0]]
        wanted, best = self.sops[node], [list(range(len(self.sops[node].values)))]
        for comparison in conjunction:
            facts = self.sops[comparison.key]
            rows = self.selected_rows(comparison)
            for known, chosen in [(facts, rows), *self.behind(facts, rows)]:
                if not set(wanted.cone.variables) <= set(known.cone.variables):
                    continue
                values = wanted.table[known.cone.project(wanted.cone)]
                found = [sorted_unique(values[some]) for some in chosen]
                lists = [some[some >= 0].tolist() for some in found]
                if max(map(len, lists), default=0) < max(map(len, best)):
                    best = lists
        return best

    def behind(self, facts: SopFacts, rows: NDArray[np.bool_]) -> Iterator[Choices]:
        """What rows of a cone tell of the code that its variables are made by."""
        for column, variable in enumerate(facts.cone.variables):
            if variable.id in self.definitions:
                made = self.definitions[variable.id]
                held = np.zeros((len(rows), len(made.values) + 1), bool)
                for here, some in zip(held, rows, strict=True):
                    here[facts.cone.digits[some, column]] = True
                yield made, held[:, made.table]
