"""How many keys a query can select, and which values it can find there."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rasp_lang.analysis.bundles import Bundle, bundle, place_pairs
from rasp_lang.analysis.cones import TooManyRows
from rasp_lang.analysis.contexts import Contexts
from rasp_lang.analysis.facts import SopFacts
from rasp_lang.analysis.selectors import NormalForm
from rasp_lang.analysis.values import Values

#: Larger tables between key tuples and query tuples are not looked into.
TABLE_LIMIT = 2_000_000

Counts = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Matching:
    """A selector between the tuples of its keys and of its queries.

    ``matrix`` [Q, K]: selected or not. ``least`` and ``most`` [C, Q]: bounds on the number of keys
    that query tuple q selects at place c; ``asked`` [C, Q]: whether q can occur there."""

    keys: tuple[int, ...]
    queries: tuple[int, ...]
    key: Bundle
    query: Bundle
    matrix: NDArray[np.bool_]
    asked: NDArray[np.bool_]
    least: Counts
    most: Counts

    def bounds(self) -> tuple[Counts, Counts]:
        """The bounds at each place whatever the query: two arrays [C]."""
        some = self.asked.any(axis=1)
        least = np.where(self.asked, self.least, np.iinfo(np.int64).max).min(axis=1)
        most = np.where(self.asked, self.most, 0).max(axis=1)
        return np.where(some, least, 0), most

    def widths(self, max_len: int) -> NDArray[np.bool_]:
        """Which widths can occur at each place: [C, max_len + 1]."""
        place, query = np.nonzero(self.asked)
        start, width = place * (max_len + 2), len(self.asked) * (max_len + 2)
        edges = np.bincount(start + self.least[place, query], minlength=width)
        edges -= np.bincount(start + self.most[place, query] + 1, minlength=width)
        return np.cumsum(edges.reshape(len(self.asked), -1), axis=1)[:, :-1] > 0


def match(
    form: NormalForm,
    sops: Mapping[int, SopFacts],
    contexts: Contexts,
    permutations: Collection[int] = (),
) -> Matching | None:
    """The matching of a selector, or None where its tables would be too large. ``permutations`` are
    nodes known to take each of 0 .. n-1 once in every input of length n."""
    keys = tuple(sorted({comparison.key for comparison in form.comparisons}))
    queries = tuple(sorted({comparison.query for comparison in form.comparisons}))
    try:
        key = bundle([sops[node] for node in keys], len(contexts))
        query = bundle([sops[node] for node in queries], len(contexts))
    except TooManyRows:
        return None
    if len(key) * len(query) > TABLE_LIMIT or len(query) * len(contexts) > 4_000_000:
        return None
    matrix = _matrix(form, keys, key, queries, query)
    asked = query.reach.per_place()
    if len(keys) == 1 and keys[0] in permutations:
        asks = sops[queries[0]].values if queries[0] in permutations else None
        within = asks if len(queries) == 1 else None
        most, least = _count_in_permutation(matrix, key, sops[keys[0]], contexts, within, query)
    else:
        maybe, certain = _per_key_place(matrix, key)
        most = contexts.total(maybe, certain=False).copy()
        least = contexts.total(certain, certain=True).copy()
        _look_at_own_place(matrix, key, query, contexts, (maybe, most), (certain, least))
    return Matching(
        keys, queries, key, query, matrix, asked, least, np.minimum(most, contexts.max_len)
    )


def _matrix(
    form: NormalForm, keys: Sequence[int], key: Bundle, queries: Sequence[int], query: Bundle
) -> NDArray[np.bool_]:
    total = np.zeros((len(query), len(key)), np.int64)
    for conjunction, coefficient in form.terms:
        both = np.ones((len(query), len(key)), bool)
        for comparison in conjunction:
            rows = query.tuples[:, queries.index(comparison.query)]
            columns = key.tuples[:, keys.index(comparison.key)]
            both &= comparison.matrix[rows][:, columns]
        total += coefficient * both
    return total > 0


def _count_in_permutation(
    matrix: NDArray[np.bool_],
    key: Bundle,
    values: SopFacts,
    contexts: Contexts,
    within: Values | None,
    query: Bundle,
) -> tuple[Counts, Counts]:
    """Where the keys are 0 .. n-1 in some order, a query selects as many as if in that order. A
    query whose values are ``within`` 0 .. n-1 too shows by its value how many keys there are."""
    numbers = values.values.numbers[key.tuples[:, 0]].astype(np.int64)
    by_number = np.zeros((contexts.max_len, len(matrix)), np.int64)
    by_number[numbers] = matrix.T
    per_key = by_number[contexts.index]
    most = contexts.total(per_key, certain=False).copy()
    if within is None or contexts.paired or contexts.causal:
        return most, contexts.total(per_key, certain=True).copy()
    asked = within.numbers[query.tuples[:, 0]].astype(np.int64)
    last = np.maximum(contexts.index[:, None], asked[None, :])
    return most, np.cumsum(by_number, axis=0)[last, np.arange(len(matrix))]


def _meets(reachable: NDArray[np.bool_], matrix: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """For classes of key tuples [G, K] and a table [Q, K]: does any tuple match? [G, Q]."""
    found = reachable.astype(np.float32) @ matrix.T.astype(np.float32) > 0
    return np.asarray(found, bool)


def _per_key_place(matrix: NDArray[np.bool_], key: Bundle) -> tuple[Counts, Counts]:
    reachable = key.reach.table
    maybe = _meets(reachable, matrix)
    occurs: NDArray[np.bool_] = np.asarray(reachable.any(axis=1), bool)
    certain = ~_meets(reachable, ~matrix) & occurs[:, None]
    class_of = key.reach.class_of
    return maybe[class_of].astype(np.int64), certain[class_of].astype(np.int64)


def _look_at_own_place(
    matrix: NDArray[np.bool_],
    key: Bundle,
    query: Bundle,
    contexts: Contexts,
    upper: tuple[Counts, Counts],
    lower: tuple[Counts, Counts],
) -> None:
    """Sharpen the bounds by what is known of key and query at one and the same position."""
    try:
        cone, pairs = place_pairs(key, query, len(contexts))
    except TooManyRows:
        return
    some = np.zeros((cone.classes, len(query)), np.int64)
    every = np.ones((cone.classes, len(query)), np.int64)
    valid = (pairs >= 0).all(axis=1)
    hit = np.zeros(len(pairs), bool)
    hit[valid] = matrix[pairs[valid, 1], pairs[valid, 0]]
    own, asks = cone.groups, pairs[cone.rows, 1]
    chosen, missed = hit[cone.rows], (valid & ~hit)[cone.rows]
    some[own[chosen], asks[chosen]] = 1
    every[own[missed], asks[missed]] = 0
    upper[1][:] += some[cone.class_of] - upper[0]
    lower[1][:] += every[cone.class_of] - lower[0]


def found_values(
    matching: Matching, sops: Mapping[int, SopFacts], values: SopFacts, contexts: Contexts
) -> NDArray[np.bool_] | None:
    """Which values of an s-op can stand at a selected key, by place: [C, values]; None where the
    tables would be too large."""
    members = [sops[node] for node in matching.keys]
    try:
        joint = bundle([*members, values], len(contexts))
    except TooManyRows:
        return None
    key_of = _position_among(matching.key, joint, [len(member.values) for member in members])
    found = np.zeros((len(contexts), len(values.values)), bool)
    known: dict[bytes, NDArray[np.bool_]] = {}
    for value in range(len(values.values)):
        here = joint.tuples[:, -1] == value
        reachable = np.zeros((len(joint.reach.table), len(matching.key)), bool)
        np.logical_or.at(reachable.T, key_of[here], joint.reach.table[:, here].T)
        alike = reachable.tobytes()
        if alike not in known:
            per_key = _meets(reachable, matching.matrix)[joint.reach.class_of].astype(np.int64)
            seen = contexts.total(per_key, certain=False) > 0
            known[alike] = np.asarray((seen & matching.asked).any(axis=1), bool)
        found[:, value] = known[alike]
    return found


def _position_among(key: Bundle, joint: Bundle, sizes: Sequence[int]) -> NDArray[np.int64]:
    def code(tuples: NDArray[np.int64]) -> NDArray[np.int64]:
        codes = np.zeros(len(tuples), np.int64)
        for column, size in zip(tuples.T, sizes, strict=False):
            codes = codes * size + column
        return codes

    known = code(key.tuples)
    order = np.argsort(known)
    return order[np.searchsorted(known[order], code(joint.tuples[:, : len(sizes)]))]
