"""The interpreter on many inputs of one length at once. Shapes: ``B`` inputs, ``n`` positions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rasp_lang import atoms
from rasp_lang import graph as g
from rasp_lang.analysis import columns
from rasp_lang.analysis.columns import Bits, Column, Relation
from rasp_lang.graph import Atom

#: Entries of one selector matrix over a chunk of inputs: bounds the memory to some 100 MB.
_CHUNK = 1 << 23


@dataclass(frozen=True, eq=False)
class Batch:
    """One root on all inputs. ``values`` are atoms of shape [B, n] for an s-op (``None`` where the
    input failed), bools of shape [B, n, n] for a selector, ``[input, query, key]``. ``failed``, of
    shape [B], marks the inputs on which the interpreter reports an error."""

    values: NDArray[Any]
    failed: Bits


def evaluate_batch(
    graph: g.Graph,
    roots: Sequence[int],
    inputs: Sequence[Sequence[Atom]],
    *,
    causal: bool = False,
) -> list[Batch]:
    """``interpret.evaluate`` for each of the inputs, all of one length and not empty; one result
    for each root, of which each fails on its own."""
    size = max(1, _CHUNK // len(inputs[0]) ** 2)
    chunks = [
        _evaluate(graph, roots, inputs[start : start + size], causal)
        for start in range(0, len(inputs), size)
    ]
    return [
        Batch(
            np.concatenate([batch.values for batch in parts]),
            np.concatenate([batch.failed for batch in parts]),
        )
        for parts in zip(*chunks, strict=True)
    ]


def _evaluate(
    graph: g.Graph, roots: Sequence[int], inputs: Sequence[Sequence[Atom]], causal: bool
) -> list[Batch]:
    values: dict[int, Any] = {}
    for node_id in graph.reachable(roots):
        node = graph[node_id]
        operands = [values[i] for i in node.inputs]
        made = _value(node.op, operands, inputs, causal)
        failed = reduce(np.logical_or, (operand.failed for operand in operands), made.failed)
        values[node_id] = replace(made, failed=failed)
    return [_result(values[root], causal) for root in roots]


def _result(value: Column | Relation, causal: bool) -> Batch:
    if isinstance(value, Relation):
        return Batch(value.used(causal), value.failed)
    known = np.empty(len(value.atoms), dtype=object)
    known[:] = value.atoms
    values = known[value.codes]
    values[value.failed] = None
    return Batch(values, value.failed)


def _value(
    op: g.Op, operands: list[Any], inputs: Sequence[Sequence[Atom]], causal: bool
) -> Column | Relation:
    """The node's value; ``failed`` marks the failures of this node alone."""
    shape = (len(inputs), len(inputs[0]))
    match op:
        case g.Constant(atom):
            return _whole(np.zeros(shape, dtype=np.int64), [atom])
        case g.Indices():
            return _whole(np.broadcast_to(np.arange(shape[1]), shape), range(shape[1]))
        case g.Tokens(view):
            given = columns.encoded(inputs)
            return columns.one_type(columns.mapped(lambda t: atoms.convert(view, t), [given]))
        case g.Select(comparison):
            return columns.select(comparison, *operands)
        case g.Combine(connective):
            return columns.combine(connective, operands)
        case g.Aggregate():
            bits = operands[0].used(causal)
            zeros = _whole(np.zeros(shape, dtype=np.int64), [0])
            values, default = operands[1], operands[2] if len(operands) == 3 else zeros
            return columns.one_type(columns.aggregate(bits, values, default))
        case g.Width():
            counts = operands[0].used(causal).sum(axis=2, dtype=np.int64)
            return _whole(counts, range(shape[1] + 1))
        case g.Pin():
            return _whole(operands[0].codes, operands[0].atoms)
        case _:
            return columns.one_type(columns.mapped(_function(op), operands))


def _whole(codes: NDArray[np.int64], table: Sequence[Atom]) -> Column:
    """A column without failures."""
    return Column(codes, table, np.zeros(len(codes), dtype=bool))


def _function(op: g.Op) -> Callable[..., Atom]:
    match op:
        case g.Elementwise(function):
            return lambda *operands: atoms.apply(function, *operands)
        case g.LookupList(items):
            return lambda index: atoms.lookup_list(items, index)
        case g.LookupDict(pairs):
            table = dict(pairs)
            return lambda key: atoms.lookup_dict(table, key)
        case g.Membership(members):
            return lambda value: atoms.membership(members, value)
        case g.Substring(text):
            return lambda value: atoms.substring(text, value)
    raise TypeError(f"no semantics for {op!r}")
