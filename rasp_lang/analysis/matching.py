"""How many keys a query can select, and which values it can find there."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rasp_lang.analysis.bundles import Bundle, bundle, place_pairs
from rasp_lang.analysis.cones import TooManyRows, reached
from rasp_lang.analysis.contexts import Contexts
from rasp_lang.analysis.facts import SopFacts
from rasp_lang.analysis.selectors import NormalForm
from rasp_lang.analysis.values import (
    Reach,
    Values,
    any_holds,
    distinct,
    places_of,
    same_rows,
    starts,
)

#: Larger tables between key tuples and query tuples are not looked into.
TABLE_LIMIT, TABLE_LIMIT_OF_ONE = 400_000, 5_000_000
#: Nor are more pairs of a place and a query.
PLACES_LIMIT = 5_000_000
#: Entries of tables of values, keys and queries that are held at a time.
BLOCK = 4_000_000

Counts = NDArray[np.int64]
#: Places and query tuples, entry by entry.
Pairs = tuple[NDArray[np.int64], NDArray[np.int64]]


@dataclass(frozen=True, eq=False)
class Matching:
    """A selector between the tuples of its keys and of its queries.

    ``matrix`` [Q, K]: selected or not. ``place`` and ``asked`` [P]: the pairs of a place and a
    query tuple that can occur there, by place, but for places that no input reaches without an
    error; ``least`` and ``most`` [P]: bounds on the number of keys that it selects there.
    ``places`` is the number of places."""

    keys: tuple[int, ...]
    queries: tuple[int, ...]
    key: Bundle
    query: Bundle
    matrix: NDArray[np.bool_]
    places: int
    place: NDArray[np.int64]
    asked: NDArray[np.int64]
    least: Counts
    most: Counts

    def bounds(self, max_len: int) -> tuple[Counts, Counts]:
        """The bounds at each place whatever the query: two arrays [C]. Where no query can occur
        every bound holds: the least is ``max_len`` and the most 0."""
        least, most = np.zeros(self.places, np.int64), np.zeros(self.places, np.int64)
        first = starts(self.place)
        if len(first):
            least += max_len
            least[self.place[first]] = np.minimum.reduceat(self.least, first)
            most[self.place[first]] = np.maximum.reduceat(self.most, first)
        return least, most

    def widths(self, max_len: int) -> NDArray[np.bool_]:
        """Which widths can occur at each place: [C, max_len + 1]."""
        start, size = self.place * (max_len + 2), self.places * (max_len + 2)
        edges = np.bincount(start + self.least, minlength=size)
        edges -= np.bincount(start + self.most + 1, minlength=size)
        return np.cumsum(edges.reshape(self.places, -1), axis=1)[:, :-1] > 0


def match(
    form: NormalForm,
    sops: Mapping[int, SopFacts],
    contexts: Contexts,
    permutations: Collection[int] = (),
) -> Matching | None:
    """The matching of a selector, or None where its tables would be too large. ``permutations`` are
    nodes known to take each of 0 .. n-1 once in every input of length n."""
    if form.everything:
        return _everything(contexts)
    keys = tuple(sorted({comparison.key for comparison in form.comparisons}))
    queries = tuple(sorted({comparison.query for comparison in form.comparisons}))
    try:
        key = bundle([sops[node] for node in keys], len(contexts))
        query = key if keys == queries else bundle([sops[n] for n in queries], len(contexts))
    except TooManyRows:
        return None
    limit = TABLE_LIMIT_OF_ONE if len(keys) == len(queries) == 1 else TABLE_LIMIT
    if len(key) * len(query) > limit or len(query) * len(contexts) > PLACES_LIMIT:
        return None
    matrix = _matrix(form, keys, key, queries, query)
    place, asked = pairs = _asked(key, query, contexts)
    if len(keys) == 1 and keys[0] in permutations:
        asks = sops[queries[0]].values if queries[0] in permutations else None
        within = asks if len(queries) == 1 else None
        least, most = _count_in_permutation(
            matrix, key, sops[keys[0]], contexts, within, query, pairs
        )
    else:
        least, most = _count(matrix, key, query, contexts, pairs)
    most = np.minimum(most, contexts.max_len)
    return Matching(keys, queries, key, query, matrix, len(contexts), place, asked, least, most)


def _everything(contexts: Contexts) -> Matching:
    """The matching of a selector that asks nothing."""
    nothing, places = bundle([], len(contexts)), len(contexts)
    return Matching(
        (), (), nothing, nothing, np.ones((1, 1), bool), places, np.arange(places),
        np.zeros(places, np.int64), contexts.length, contexts.most_keys,
    )  # fmt: skip


def _asked(key: Bundle, query: Bundle, contexts: Contexts) -> Pairs:
    """The query tuples that can occur at each place. Where a key that is seen never has a value
    every input fails, and nothing is asked."""
    place, asked = reached(query.reach.table, query.reach.class_of)
    fails = np.asarray(~key.reach.table.any(axis=1))
    if not any_holds(fails):
        return place, asked
    seen = contexts.over_keys(np.logical_or, fails[key.reach.class_of][:, None], certain=True)
    fine = ~seen[contexts.horizon(certain=True)[place], 0]
    return place[fine], asked[fine]


def _matrix(
    form: NormalForm, keys: Sequence[int], key: Bundle, queries: Sequence[int], query: Bundle
) -> NDArray[np.bool_]:
    total = np.zeros((len(query), len(key)), np.int16)
    for conjunction, coefficient in form.terms:
        both = np.ones((len(query), len(key)), bool)
        for comparison in conjunction:
            rows = query.tuples[:, queries.index(comparison.query)]
            columns = key.tuples[:, keys.index(comparison.key)]
            both &= comparison.matrix[rows][:, columns]
        np.add(total, coefficient, out=total, where=both)
    return total > 0


def _count_in_permutation(
    matrix: NDArray[np.bool_],
    key: Bundle,
    values: SopFacts,
    contexts: Contexts,
    within: Values | None,
    query: Bundle,
    pairs: Pairs,
) -> tuple[Counts, Counts]:
    """Where the keys are 0 .. n-1 in some order, a query selects as many as if in that order. A
    query whose values are ``within`` 0 .. n-1 too shows by its value how many keys there are."""
    numbers = values.values.numbers[key.tuples[:, 0]].astype(np.int64)
    by_number = np.zeros((contexts.max_len, len(matrix)), bool)
    by_number[numbers] = matrix.T
    most = _seen(by_number[contexts.index], contexts, pairs)
    if within is None or contexts.paired or contexts.causal:
        return _seen(by_number[contexts.index], contexts, pairs, certain=True), most
    place, asked = pairs
    last = np.maximum(contexts.index[place], within.numbers[query.tuples[asked, 0]].astype(int))
    return np.cumsum(by_number, axis=0)[last, asked], most


def _count(
    matrix: NDArray[np.bool_], key: Bundle, query: Bundle, contexts: Contexts, pairs: Pairs
) -> tuple[Counts, Counts]:
    """The least and the largest number of keys that are selected, by pair of place and query."""
    maybe, certain = _per_class(matrix, key)
    class_of = key.reach.class_of
    least = _seen(certain[class_of], contexts, pairs, certain=True)
    most = _seen(maybe[class_of], contexts, pairs)
    if _is_independent(key, query) or np.array_equal(maybe, certain):
        return least, most
    own = _at_own_place(matrix, key, query, len(contexts), pairs)
    if own is not None:
        place, asked = pairs
        least += own[0] & ~certain[class_of[place], asked]
        most -= maybe[class_of[place], asked] & ~own[1]
    return least, most


def _seen(
    per_key: NDArray[np.bool_], contexts: Contexts, pairs: Pairs, *, certain: bool = False
) -> Counts:
    """The number of keys, of those that a place sees, for which ``per_key`` [C, Q] holds."""
    totals = contexts.over_keys(np.add, per_key.astype(np.int32), certain=certain)
    place, asked = pairs
    return np.asarray(totals[contexts.horizon(certain=certain)[place], asked], np.int64)


def _meets(reachable: NDArray[np.bool_], matrix: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """For classes of key tuples [G, K] and a table [Q, K]: does any tuple match? [G, Q]."""
    found = reachable.astype(np.float32) @ matrix.T.astype(np.float32) > 0
    return np.asarray(found, bool)


def _per_class(
    matrix: NDArray[np.bool_], key: Bundle
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Whether a key of each class may be selected, and whether it must be: two arrays [G, Q]."""
    reachable = key.reach.table
    occurs: NDArray[np.bool_] = np.asarray(reachable.any(axis=1), bool)
    return _meets(reachable, matrix), ~_meets(reachable, ~matrix) & occurs[:, None]


def _is_independent(key: Bundle, query: Bundle) -> bool:
    """Whether key and query have no variable in common: what one is tells nothing of the other,
    at their own place either."""
    return set(key.cone.variables).isdisjoint(query.cone.variables)


def _at_own_place(
    matrix: NDArray[np.bool_], key: Bundle, query: Bundle, places: int, pairs: Pairs
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]] | None:
    """Whether a query must select, and may select, the key at its own position, by pair: what is
    known of key and query at one and the same position. None where that is too much."""
    try:
        cone, both = place_pairs(key, query, places)
    except TooManyRows:
        return None
    some = np.zeros((cone.classes, len(query)), bool)
    every = np.ones((cone.classes, len(query)), bool)
    valid = (both >= 0).all(axis=1)
    hit = np.zeros(len(both), bool)
    hit[valid] = matrix[both[valid, 1], both[valid, 0]]
    own, asks = cone.groups, both[cone.rows, 1]
    chosen, missed = hit[cone.rows], (valid & ~hit)[cone.rows]
    some[own[chosen], asks[chosen]] = True
    every[own[missed], asks[missed]] = False
    place, asked = pairs
    return every[cone.class_of[place], asked], some[cone.class_of[place], asked]


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
    count, value_of = len(values.values), joint.tuples[:, -1]
    step = max(1, BLOCK // (contexts.max_len * max(1, *matching.matrix.shape)))
    found = np.zeros((len(contexts), count), bool)
    for start in range(0, count, step):
        here = places_of((value_of >= start) & (value_of < start + step))
        held = Reach(joint.reach.class_of, joint.reach.table[:, here])
        size = min(step, count - start)
        found[:, start : start + step] = _found(
            matching, contexts, held, key_of[here], value_of[here] - start, size
        )
    return found


def _found(
    matching: Matching,
    contexts: Contexts,
    held: Reach,
    key_of: NDArray[np.int64],
    value_of: NDArray[np.int64],
    size: int,
) -> NDArray[np.bool_]:
    """Which of ``size`` values can stand at a selected key, by place: [C, size]. What keys hold is
    ``held``: column t means that the key is tuple ``key_of[t]`` with value ``value_of[t]``."""
    seen = contexts.over_keys(np.bitwise_or, _words(held.table)[held.class_of])
    first, view_of = same_rows(seen)
    bits = np.unpackbits(seen[first].view(np.uint8), axis=1, count=len(key_of))
    keys = np.zeros((len(first), len(matching.key), size), np.float32)
    keys[:, key_of, value_of] = bits
    selected = matching.matrix.astype(np.float32) @ keys > 0
    asked, view = matching.query.reach, view_of[contexts.horizon()]
    pairs, pair_of = distinct(
        view * len(asked.table) + asked.class_of, len(first) * len(asked.table)
    )
    rows = asked.table[asked.class_of[pairs]]
    if len(pairs) == len(first):  # one kind of query for each view
        alone = rows[:, None, :].astype(np.float32) @ selected.astype(np.float32)
        return np.asarray(alone[:, 0] > 0)[pair_of]
    ends = np.searchsorted(view[pairs], np.arange(len(first) + 1)).tolist()
    found = [
        _meets(rows[start:end], of_view.T)
        for start, end, of_view in zip(ends, ends[1:], selected, strict=False)
    ]
    return np.concatenate(found)[pair_of]


def _words(bits: NDArray[np.bool_]) -> NDArray[np.uint64]:
    """Rows of bits as 64-bit words."""
    packed = np.packbits(bits, axis=1)
    padded = np.zeros((len(packed), -(-packed.shape[1] // 8) * 8), np.uint8)
    padded[:, : packed.shape[1]] = packed
    return padded.view(np.uint64)


def _position_among(key: Bundle, joint: Bundle, sizes: Sequence[int]) -> NDArray[np.int64]:
    def code(tuples: NDArray[np.int64]) -> NDArray[np.int64]:
        codes = np.zeros(len(tuples), np.int64)
        for column, size in zip(tuples.T, sizes, strict=False):
            codes = codes * size + column
        return codes

    known = code(key.tuples)
    order = np.argsort(known)
    return order[np.searchsorted(known[order], code(joint.tuples[:, : len(sizes)]))]
