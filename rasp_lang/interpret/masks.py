"""Selectors as rows of bit masks.

A selector over n positions is a list of n ints, one a query; bit k of a row says whether key k is
selected. Queries of one value share their row, and connectives are operations on ints.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from itertools import accumulate
from operator import or_
from typing import Any

from rasp_lang.atoms import AtomError, apply, sequence_type
from rasp_lang.graph import Atom
from rasp_lang.interpret.elementwise import written
from rasp_lang.interpret.failure import Failure

Rows = list[int]


def select(comparison: str, keys: Sequence[Atom], queries: Sequence[Atom]) -> Rows:
    """``key <comparison> query`` for each pair; values compare as the host's do."""
    groups = _groups(keys)
    everything = (1 << len(keys)) - 1
    if comparison == "==":
        return [groups.get(query, 0) for query in queries]
    if comparison == "!=":
        return [everything ^ groups.get(query, 0) for query in queries]
    _check_order(comparison, keys, queries)
    row = _ordering(comparison, groups, everything)
    rows = {query: row(query) for query in set(queries)}
    return [rows[query] for query in queries]


def combine(connective: str, operands: Sequence[Rows]) -> Rows:
    """``and``, ``or`` of two selectors, ``not`` of one."""
    if connective == "not":
        everything = (1 << len(operands[0])) - 1
        return [everything ^ row for row in operands[0]]
    left, right = operands
    if connective == "and":
        return [a & b for a, b in zip(left, right, strict=True)]
    return [a | b for a, b in zip(left, right, strict=True)]


def used(rows: Rows, causal: bool) -> Rows:
    """The selector as it is where it is used: under a causal reading, no key after its query."""
    if not causal:
        return rows
    return [row & ((2 << query) - 1) for query, row in enumerate(rows)]


def matrix(rows: Rows) -> list[list[bool]]:
    """The rows as lists of bools, ``[query][key]``."""
    return [[bit == "1" for bit in reversed(f"{row:0{len(rows)}b}")] for row in rows]


def _groups(keys: Sequence[Atom]) -> dict[Atom, int]:
    """The mask of each value's positions. A dict's equality is the host's: 1, 1.0 and True are one
    value, "1" is another."""
    groups: dict[Atom, int] = {}
    for position, key in enumerate(keys):
        groups[key] = groups.get(key, 0) | (1 << position)
    return groups


def _ordering(comparison: str, groups: dict[Atom, int], everything: int) -> Callable[[Atom], int]:
    values: list[Any] = sorted(groups)
    below = list(accumulate((groups[value] for value in values), or_, initial=0))
    # The keys below a query are a prefix of the sorted values; bisection to the left leaves the
    # equal ones out, to the right takes them in.
    bisect = bisect_left if comparison in ("<", ">=") else bisect_right
    if comparison in ("<", "<="):
        return lambda query: below[bisect(values, query)]
    return lambda query: everything ^ below[bisect(values, query)]


def _check_order(comparison: str, keys: Sequence[Atom], queries: Sequence[Atom]) -> None:
    if (sequence_type(keys) == "string") == (sequence_type(queries) == "string"):
        return
    try:
        apply(comparison, keys[0], queries[0])
    except AtomError as error:
        what = f"{written(comparison, (keys[0], queries[0]))} at key 0 and query 0"
        raise Failure(error, what) from None
