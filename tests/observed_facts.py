"""Facts against what the interpreter gives: every value on every input, at its place.

``observe`` runs all nodes of a graph on all inputs; ``unsound`` and ``wrong_rows`` say where the
facts miss what was observed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rasp_lang.analysis.batch import evaluate_batch
from rasp_lang.analysis.facts import Facts, SopFacts
from rasp_lang.analysis.values import kind
from rasp_lang.graph import Atom, Graph
from rasp_lang.sampling import all_inputs

Tokens = tuple[Atom, ...]


@dataclass(frozen=True)
class Observation:
    """Inputs of one length n: ``values[node]`` are atoms [B, n] or bools [B, n, n] (query,
    key) as an aggregate sees them; ``fails[node]`` marks inputs on which it has no value."""

    inputs: list[Tokens]
    values: list[NDArray[Any]]
    fails: list[NDArray[np.bool_]]

    @property
    def length(self) -> int:
        return len(self.inputs[0])


def observe(
    graph: Graph, vocab: Sequence[Atom], max_len: int, causal: bool
) -> Iterator[Observation]:
    """What every node gives on every input, by length."""
    for length in range(1, max_len + 1):
        inputs = [tokens for tokens in all_inputs(vocab, max_len) if len(tokens) == length]
        yield observe_some(graph, inputs, causal)


def observe_some(graph: Graph, inputs: list[Tokens], causal: bool) -> Observation:
    """What every node gives on some inputs of one length."""
    batches = evaluate_batch(graph, range(len(graph)), inputs, causal=causal)
    return Observation(inputs, [b.values for b in batches], [b.failed for b in batches])


def reachable(facts: Facts, node: int, index: int, length: int) -> list[Atom]:
    """The values that an s-op can take at an index of an input of some length."""
    known = facts.sops[node]
    row = _row(known, place_of(facts, index, length))
    return [known.values.atoms[k] for k in np.flatnonzero(row)]


def _row(known: SopFacts, place: int) -> NDArray[np.bool_]:
    return known.reach.table[known.reach.class_of[place]]


def place_of(facts: Facts, index: int, length: int) -> int:
    """The place that an index of an input of some length is."""
    places = facts.contexts
    at = places.index == index
    if places.paired:
        at = at & (places.length == length)
    [place] = np.flatnonzero(at)
    return int(place)


def unsound(facts: Facts, seen: Observation) -> Iterator[str]:
    """Every way in which the facts miss what was seen."""
    for index in range(seen.length):
        place = place_of(facts, index, seen.length)
        for node in facts.selectors:
            yield from _widths_missed(facts, seen, node, index, place)
        for node in facts.sops:
            yield from _values_missed(facts, seen, node, index, place)


def _widths_missed(
    facts: Facts, seen: Observation, node: int, index: int, place: int
) -> Iterator[str]:
    widths = seen.values[node][~seen.fails[node]][:, index].sum(axis=1)
    least, most = facts.selectors[node].least[place], facts.selectors[node].most[place]
    for width in np.unique(widths):
        if not least <= width <= most:
            yield f"selector {node} at {index} of {seen.length}: {width} not in {least}..{most}"


def _values_missed(
    facts: Facts, seen: Observation, node: int, index: int, place: int
) -> Iterator[str]:
    known = facts.sops[node]
    reach = _row(known, place)
    here = seen.values[node][~seen.fails[node]][:, index]
    for key in {(kind(atom), atom) for atom in here}:
        position = known.values.position.get(key)
        if position is None or not reach[position]:
            yield f"s-op {node} at {index} of {seen.length}: {key[1]!r} is missed"


def wrong_rows(facts: Facts, seen: Observation) -> Iterator[str]:
    """Every place at which a cone's row, looked up by what its variables are there, is missing or
    holds another value than the s-op has."""
    for node, known in facts.sops.items():
        columns = [_variable(facts, seen, v.id) for v in known.cone.variables]
        fine = ~seen.fails[node]
        for values, valid in columns:
            fine = fine & valid
            assert values.shape == seen.values[node].shape
        for b in np.flatnonzero(fine):
            for index in range(seen.length):
                digits = [values[b, index] for values, _ in columns]
                place = place_of(facts, index, seen.length)
                got = _look_up(known, digits, place)
                want = seen.values[node][b, index]
                if got is None or (type(got), got) != (type(want), want):
                    row = f"{seen.inputs[b]} at {index}, variables {digits}"
                    yield f"s-op {node} on {row}: {want!r}, not {got!r}"


def _variable(facts: Facts, seen: Observation, number: int) -> tuple[NDArray[Any], Any]:
    """What a variable is in each input at each position, [B, n], and on which inputs it is."""
    variable = facts.variables[number]
    shape = (len(seen.inputs), seen.length)
    always = np.ones(len(seen.inputs), bool)
    if variable.kind == "token":
        return _atoms(shape, [atom for tokens in seen.inputs for atom in tokens]), always
    if variable.kind == "index":
        return _atoms(shape, list(range(seen.length)) * shape[0]), always
    valid = ~seen.fails[variable.node]
    if number in facts.heads:
        return _attended(facts, seen, number)
    if variable.kind == "several":
        return _counted(seen, variable.node, 2), valid
    return seen.values[variable.node], valid


def _attended(facts: Facts, seen: Observation, number: int) -> tuple[NDArray[Any], Any]:
    head = facts.heads[number]
    valid = ~seen.fails[head.selector]
    if head.values is None:
        most = 1 if head.kind == "focus" else seen.length
        return _counted(seen, head.selector, most), valid
    if head.kind == "copy":
        return seen.values[head.variable.node], valid & ~seen.fails[head.variable.node]
    valid = valid & ~seen.fails[head.values]
    if head.kind == "mean":
        valid = valid & ~seen.fails[head.variable.node]
        return _as_floats(seen.values[head.variable.node], valid), valid
    values = np.where(valid[:, None], seen.values[head.values], 0)
    sums = np.einsum("bqk,bk->bq", seen.values[head.selector].astype(object), values)
    ints = isinstance(facts.variables[number].values.atoms[0], int)
    return _atoms(sums.shape, [int(s) if ints else float(s) for s in sums.reshape(-1)]), valid


def _counted(seen: Observation, selector: int, most: int) -> NDArray[Any]:
    counts = np.minimum(seen.values[selector].sum(axis=2), most)
    return _atoms(counts.shape, counts.reshape(-1).tolist())


def _as_floats(values: NDArray[Any], valid: NDArray[np.bool_]) -> NDArray[Any]:
    flat = np.where(valid[:, None], values, 0).reshape(-1)
    return _atoms(values.shape, [float(atom) for atom in flat])


def _atoms(shape: tuple[int, ...], atoms: Sequence[Atom]) -> NDArray[Any]:
    found = np.empty(len(atoms), object)
    found[:] = atoms
    return found.reshape(shape)


def _look_up(known: SopFacts, digits: Sequence[Atom], place: int) -> Atom | None:
    """The value in the row of these values of the variables, if the place has that row."""
    positions = []
    for variable, atom in zip(known.cone.variables, digits, strict=True):
        position = variable.values.position.get((kind(atom), atom))
        if position is None:
            return None
        positions.append(position)
    [rows] = np.nonzero((known.cone.digits == positions).all(axis=1))
    here = known.cone.rows[known.cone.groups == known.cone.class_of[place]]
    if len(rows) != 1 or rows[0] not in here:
        return None
    value = known.table[rows[0]]
    return None if value < 0 else known.values.atoms[value]
