"""The interpreter on many inputs of one length at once. Shapes: ``B`` inputs, ``n`` positions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rasp_lang import atoms
from rasp_lang import graph as g
from rasp_lang.analysis import relations
from rasp_lang.analysis.columns import NOWHERE, Bits, Codes, Column, Table, mapped, one_type
from rasp_lang.analysis.relations import Relation
from rasp_lang.graph import Atom

#: Entries of one selector matrix over a chunk of inputs: it stays within the processor's caches.
_CHUNK = 1 << 21


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
    table = Table()
    ids = table.codes(chain.from_iterable(inputs)).reshape(len(inputs), -1)
    size = inputs_at_once(ids.shape[1])
    chunks = []
    for start in range(0, len(ids), size):
        part = ids[start : start + size]
        values = evaluate_codes(graph, roots, table.atoms, part, causal=causal)
        chunks.append([_result(value, part.shape, causal) for value in values])
    return [
        Batch(
            np.concatenate([batch.values for batch in parts]),
            np.concatenate([batch.failed for batch in parts]),
        )
        for parts in zip(*chunks, strict=True)
    ]


def inputs_at_once(length: int) -> int:
    """How many inputs of a length are best evaluated together."""
    return max(1, _CHUNK // length**2)


def evaluate_codes(
    graph: g.Graph, roots: Sequence[int], vocabulary: Sequence[Atom], ids: Codes, *, causal: bool
) -> list[Column | Relation]:
    """The roots on inputs ``[B, n]`` of numbers of tokens in the vocabulary."""
    needed = graph.reachable(roots)
    last_use = {i: node_id for node_id in needed for i in graph[node_id].inputs}
    last_use |= dict.fromkeys(roots, len(graph))
    values: dict[int, Any] = {}
    given = Column(np.ascontiguousarray(ids.T), vocabulary, NOWHERE)
    for node_id in needed:
        node = graph[node_id]
        operands = [values[i] for i in node.inputs]
        made = _value(node.op, operands, given, causal)
        failed = reduce(np.logical_or, (operand.failed for operand in operands), made.failed)
        values[node_id] = replace(made, failed=failed)
        for i in {i for i in node.inputs if last_use[i] == node_id}:
            del values[i]
    return [values[root] for root in roots]


def _result(value: Column | Relation, shape: tuple[int, ...], causal: bool) -> Batch:
    """What a root is on ``[B, n]`` inputs."""
    count, length = shape
    failed = np.broadcast_to(value.failed, count)
    if isinstance(value, Relation):
        bits = np.broadcast_to(value.used(length, causal), (length, length, count))
        return Batch(bits.transpose(2, 0, 1), failed)
    known = np.empty(len(value.atoms), dtype=object)
    known[:] = value.atoms
    values = known[np.broadcast_to(value.codes.T, shape)]
    values[failed] = None
    return Batch(values, failed)


def _value(op: g.Op, operands: list[Any], given: Column, causal: bool) -> Column | Relation:
    """The node's value; ``failed`` marks the failures of this node alone."""
    length = len(given.codes)
    match op:
        case g.Constant(atom):
            return _constant(atom)
        case g.Indices():
            return Column(np.arange(length)[:, None], range(length), NOWHERE)
        case g.Tokens(view):
            return one_type(mapped(lambda token: atoms.convert(view, token), [given]))
        case g.Select(comparison):
            return relations.select(comparison, *operands)
        case g.Combine(connective):
            return relations.combine(connective, operands)
        case g.Aggregate():
            bits = operands[0].used(length, causal)
            values, default = operands[1], operands[2] if len(operands) == 3 else _constant(0)
            return one_type(relations.aggregate(bits, values, default))
        case g.Width():
            counts = relations.widths(operands[0].used(length, causal))
            return Column(counts.astype(np.intp), range(length + 1), NOWHERE)
        case g.Pin():
            return Column(operands[0].codes, operands[0].atoms, NOWHERE)
        case _:
            return one_type(mapped(_function(op), operands))


def _constant(atom: Atom) -> Column:
    return Column(np.zeros((1, 1), dtype=np.intp), [atom], NOWHERE)


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
