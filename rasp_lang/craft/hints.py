"""Hints for the synthesis of a hidden layer: the sums that the source code itself forms."""

from __future__ import annotations

from functools import partial

import numpy as np

from rasp_lang.analysis.cones import Variable
from rasp_lang.analysis.facts import Facts
from rasp_lang.craft.linear import summed
from rasp_lang.craft.projections import Projection
from rasp_lang.craft.tables import Table, Vector, additive, composed


class SourceSums:
    """The numbers of s-ops as sums over variables, each worked out once."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self._tables: dict[int, Table | None] = {}
        self._sums: dict[int, tuple[float, list[Vector]] | None] = {}

    def hints(self, table: Table, node: int) -> list[Projection]:
        """Sums that the source code itself forms from the table's variables: the numbers of the
        s-ops below ``node``, and differences and sums of the operands of one operation."""
        if len(table.variables) < 2:
            return []
        found: list[Projection] = []
        aligned: dict[int, Projection | None] = {}
        wanted = frozenset(table.variables)
        pairs = [self.facts.graph.nodes[below].inputs[-2:]
                 for below in self.facts.graph.reachable([node])[::-1][:40]]  # fmt: skip
        for operands in dict.fromkeys(pairs):
            fresh = [operand for operand in operands if operand not in aligned]
            aligned.update((operand, self._aligned(table, wanted, operand)) for operand in fresh)
            found.extend(known for operand in fresh if (known := aligned[operand]) is not None)
            sums = [known for operand in operands if (known := aligned[operand]) is not None]
            if len(sums) == 2:
                found.extend((sums[0].plus(sums[1], -1.0), sums[0].plus(sums[1], 1.0)))
        return found

    def _aligned(self, table: Table, wanted: frozenset[Variable], node: int) -> Projection | None:
        sop = self.facts.sops.get(node)
        if sop is None or not sop.cone.variables or not wanted.issuperset(sop.cone.variables):
            return None
        table_of = self._numbers_of(node)
        if table_of is None:
            return None
        if node not in self._sums:
            self._sums[node] = additive(table_of)
        total = self._sums[node]
        if total is None:
            return None
        constant, parts = total[0], list(zip(table_of.variables, total[1], strict=True))
        values = np.full(len(table.values), constant)
        for variable, vector in parts:
            values = values + vector[table.digits[:, table.variables.index(variable)]]
        return Projection(partial(summed, constant, parts), values)

    def _numbers_of(self, node: int) -> Table | None:
        """The number of an s-op as a function of its variables; None for a constant and for what
        has no number."""
        if node not in self._tables:
            sop = self.facts.sops.get(node)
            known = sop is not None and sop.values.numeric and len(sop.values) > 0
            table = None
            if sop is not None and known:
                table = composed(sop.cone, sop.table, sop.values.numbers)
            self._tables[node] = table if table is not None and table.variables else None
        return self._tables[node]
