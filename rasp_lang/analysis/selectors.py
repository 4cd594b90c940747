"""Selectors in normal form: a sum of conjunctions of comparisons with integer coefficients.

A selector is a 0/1 function of (query, key). ``and`` multiplies, ``not`` subtracts from 1, ``or``
is a + b - ab (inclusion and exclusion), and comparisons of one pair of s-ops merge into one table.
Sums and widths are additive, so each conjunction can be a head of its own; ``and`` inside one head
is free, since scores add.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from rasp_lang import atoms
from rasp_lang.analysis.values import Values, same_rows
from rasp_lang.graph import Atom, Combine, Graph, Select

#: More conjunctions than this are not built.
TERM_LIMIT = 64

ValuesOf = Callable[[int], Values]
Matrix = NDArray[np.bool_]


class TooManyTerms(Exception):
    """The normal form would have more than ``TERM_LIMIT`` conjunctions."""


@dataclass(frozen=True)
class Comparison:
    """A table between the values of a query node and those of a key node; shape
    [query values, key values] as packed bytes (hashable), True where selected."""

    key: int
    query: int
    shape: tuple[int, int]
    bits: bytes

    @staticmethod
    def of(key: int, query: int, matrix: Matrix) -> Comparison:
        shape = (matrix.shape[0], matrix.shape[1])
        return Comparison(key, query, shape, np.packbits(matrix).tobytes())

    @cached_property
    def matrix(self) -> Matrix:
        """The table as an array that cannot be written to."""
        packed, size = np.frombuffer(self.bits, np.uint8), self.shape[0] * self.shape[1]
        table = np.unpackbits(packed, count=size).reshape(self.shape).astype(bool)
        table.flags.writeable = False
        return table

    @cached_property
    def kinds(self) -> tuple[int, int]:
        """The numbers of different rows and of different columns that do not hold throughout."""
        return _different_rows(self.matrix), _different_rows(self.matrix.T)

    @cached_property
    def is_strict_order(self) -> bool:
        """For keys and queries of one s-op, whether of two different values exactly one comes
        first, without circles: a tournament whose scores are 0, 1, 2, ..."""
        matrix = self.matrix
        scores = np.sort(matrix.sum(axis=1))
        total = np.array_equal(scores, np.arange(len(matrix)))
        return total and np.array_equal(matrix | matrix.T, ~np.eye(len(matrix), dtype=bool))


def _different_rows(matrix: Matrix) -> int:
    kept = matrix[~matrix.all(axis=1)]
    return len(same_rows(np.packbits(kept, axis=1))[0]) if len(kept) else 0


Conjunction = frozenset[Comparison]


PartsOf = Callable[[int], Sequence[Conjunction] | None]


@dataclass(frozen=True)
class NormalForm:
    """``terms``: (conjunction, coefficient) pairs in a canonical order; their sum is 0 or 1."""

    terms: tuple[tuple[Conjunction, int], ...]

    @property
    def comparisons(self) -> tuple[Comparison, ...]:
        found = {comparison for conjunction, _ in self.terms for comparison in conjunction}
        return tuple(sorted(found, key=_order))

    @property
    def everything(self) -> bool:
        """Whether every key is selected."""
        return self.single == frozenset()

    @property
    def single(self) -> Conjunction | None:
        """The conjunction, if the selector is one."""
        if len(self.terms) == 1 and self.terms[0][1] == 1:
            return self.terms[0][0]
        return None


def _order(comparison: Comparison) -> tuple[int, int, bytes]:
    return comparison.key, comparison.query, comparison.bits


def _term_order(term: tuple[Conjunction, int]) -> tuple[int, list[tuple[int, int, bytes]]]:
    return len(term[0]), sorted(_order(comparison) for comparison in term[0])


def normal_forms(graph: Graph, selector: int, values_of: ValuesOf, parts_of: PartsOf) -> NormalForm:
    """The normal form of a selector node; raises TooManyTerms. ``parts_of`` a selection are
    disjoint conjunctions that it is the same as, if these are better than a table."""
    found: dict[int, dict[Conjunction, int]] = {}
    for node_id in _made_of(graph, selector):
        node = graph[node_id]
        if isinstance(node.op, Select):
            parts = parts_of(node_id)
            if parts is not None:
                found[node_id] = dict.fromkeys(parts, 1)
                continue
            key, query = node.inputs
            matrix = comparison_table(node.op.comparison, values_of(query), values_of(key))
            found[node_id] = _single(Comparison.of(key, query, matrix))
        elif isinstance(node.op, Combine):
            found[node_id] = _combine(node.op.connective, [found[i] for i in node.inputs])
    return NormalForm(tuple(sorted(found[selector].items(), key=_term_order)))


def _made_of(graph: Graph, selector: int) -> list[int]:
    """The selectors that one is combined from, itself included, ascending."""
    found, waiting = {selector}, [selector]
    while waiting:
        node = graph[waiting.pop()]
        if isinstance(node.op, Combine):
            new = [i for i in node.inputs if i not in found]
            found.update(new)
            waiting += new
    return sorted(found)


def _single(comparison: Comparison) -> dict[Conjunction, int]:
    matrix = comparison.matrix
    if matrix.all():
        return {frozenset(): 1}
    return {frozenset([comparison]): 1} if matrix.any() else {}


def _combine(connective: str, parts: list[dict[Conjunction, int]]) -> dict[Conjunction, int]:
    if connective == "not":
        return _complement(parts[0])
    left, right = parts
    if connective == "and":
        return _product(left, right)
    merged = _merged_or(left, right)
    if merged is not None:
        return merged
    return _sum(_sum(left, right), {c: -k for c, k in _product(left, right).items()})


def _one_comparison(terms: dict[Conjunction, int]) -> Comparison | None:
    if len(terms) != 1:
        return None
    (conjunction, coefficient), *_ = terms.items()
    return next(iter(conjunction)) if coefficient == 1 and len(conjunction) == 1 else None


def _complement(terms: dict[Conjunction, int]) -> dict[Conjunction, int]:
    one = _one_comparison(terms)
    if one is not None:
        return _single(Comparison.of(one.key, one.query, ~one.matrix))
    return _sum({frozenset(): 1}, {c: -k for c, k in terms.items()})


def _merged_or(
    left: dict[Conjunction, int], right: dict[Conjunction, int]
) -> dict[Conjunction, int] | None:
    """An *or* of two comparisons of the same s-ops is one table."""
    a, b = _one_comparison(left), _one_comparison(right)
    if a is None or b is None or (a.key, a.query) != (b.key, b.query):
        return None
    return _single(Comparison.of(a.key, a.query, a.matrix | b.matrix))


def _sum(left: dict[Conjunction, int], right: dict[Conjunction, int]) -> dict[Conjunction, int]:
    total = dict(left)
    for conjunction, coefficient in right.items():
        total[conjunction] = total.get(conjunction, 0) + coefficient
    return _checked({c: k for c, k in total.items() if k})


def _product(left: dict[Conjunction, int], right: dict[Conjunction, int]) -> dict[Conjunction, int]:
    total: dict[Conjunction, int] = {}
    for a, k in left.items():
        for b, m in right.items():
            conjunction = _meet(a, b)
            if conjunction is not None:
                total[conjunction] = total.get(conjunction, 0) + k * m
    return _checked({c: k for c, k in total.items() if k})


def _checked(terms: dict[Conjunction, int]) -> dict[Conjunction, int]:
    if len(terms) > TERM_LIMIT:
        raise TooManyTerms
    return terms


def _meet(a: Conjunction, b: Conjunction) -> Conjunction | None:
    """The conjunction of two, one table for each pair of s-ops; None if it selects nothing."""
    tables: dict[tuple[int, int], Matrix] = {}
    for comparison in sorted(a | b, key=_order):
        pair = comparison.key, comparison.query
        matrix = comparison.matrix
        tables[pair] = tables[pair] & matrix if pair in tables else matrix
    if not all(matrix.any() for matrix in tables.values()):
        return None
    return frozenset(
        Comparison.of(key, query, matrix)
        for (key, query), matrix in tables.items()
        if not matrix.all()
    )


def comparison_table(comparison: str, query: Values, key: Values) -> Matrix:
    """Where ``key <comparison> query`` holds: [query values, key values]. Pairs that cannot be
    ordered (a string with a number) are errors wherever they occur, and left unselected."""
    if query.numeric and key.numeric:
        operation = _NUMERIC[comparison]
        return np.asarray(operation(key.numbers[None, :], query.numbers[:, None]), bool)
    rows = [[_holds(comparison, k, q) for k in key.atoms] for q in query.atoms]
    return np.array(rows, bool).reshape(len(query), len(key))


def _holds(comparison: str, key: Atom, query: Atom) -> bool:
    try:
        return bool(atoms.apply(comparison, key, query))
    except atoms.AtomError:
        return False


_NUMERIC: dict[str, Callable[..., object]] = {
    "==": np.equal,
    "!=": np.not_equal,
    "<": np.less,
    ">": np.greater,
    "<=": np.less_equal,
    ">=": np.greater_equal,
}


def orders_positions(form: NormalForm, indices: int | None) -> bool:
    """Whether a selector is a strict total order on the positions of every input: lexicographic,
    "a before; or a equal and b before; or ...", with the index as the last to be compared. Then the
    number of positions that come before one numbers the positions 0 .. n-1."""
    equal: set[tuple[int, bytes]] = set()
    rest = [conjunction for conjunction, coefficient in form.terms if coefficient == 1]
    if len(rest) < len(form.terms):
        return False
    for conjunction in sorted(rest, key=len):
        decisive = [c for c in conjunction if (c.key, c.bits) not in equal]
        if len(decisive) != 1 or len(conjunction) != len(equal) + 1:
            return False
        last = decisive[0]
        if last.key != last.query or not last.is_strict_order:
            return False
        if last.key == indices:
            return len(conjunction) == len(rest)
        size = last.shape[0]
        equal.add((last.key, np.packbits(np.eye(size, dtype=bool)).tobytes()))
    return False


def ordered_by(form: NormalForm) -> int | None:
    """The s-op whose values a selector puts in a strict total order, if it is nothing but that: its
    widths are ranks, and equal ranks mean equal values."""
    single = form.single
    if single is None or len(single) != 1:
        return None
    (comparison,) = single
    ordered = comparison.key == comparison.query and comparison.is_strict_order
    return comparison.key if ordered else None
