"""Aggregates: the mean of the selected values, exactly.

The sum over a selected set is a weighted sum of popcounts: the values are split into sets of
positions with a weight each, either one for each distinct value or one for each binary digit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rasp_lang.atoms import AtomError, sequence_type, show
from rasp_lang.atoms.sequences import not_numbers, quotient, scaled
from rasp_lang.graph import Atom
from rasp_lang.interpret.failure import Failure
from rasp_lang.interpret.masks import Rows


@dataclass(frozen=True, slots=True)
class _Sums:
    """Numbers as ``(offset + sum of the weights of the parts that hold the position) / 2**shift``.

    A part is a mask of positions with the weight that each of them has from it.
    """

    parts: tuple[tuple[int, int], ...]
    offset: int
    shift: int

    def mean(self, row: int, count: int) -> float:
        total = self.offset * count
        for mask, weight in self.parts:
            total += weight * (mask & row).bit_count()
        return quotient(total, count, self.shift)


def aggregate(rows: Rows, values: Sequence[Atom], defaults: Sequence[Atom]) -> list[Atom]:
    """For each row the mean of the selected values: the value itself for one, the query's default
    for none. The values' type, as a sequence, decides whether several have a mean."""
    numeric = sequence_type(values) in ("int", "float")
    sums: _Sums | None = None
    means: dict[int, float] = {}
    result: list[Atom] = []
    for query, row in enumerate(rows):
        count = row.bit_count()
        if count == 0:
            result.append(defaults[query])
        elif count == 1:
            result.append(values[row.bit_length() - 1])
        else:
            if not numeric:
                raise _no_mean(values, row, query)
            sums = sums or _split(values)
            if row not in means:
                means[row] = _located_mean(sums, row, count, query)
            result.append(means[row])
    return result


def widths(rows: Rows) -> list[Atom]:
    """The number of keys that each query selects."""
    return [row.bit_count() for row in rows]


def _split(values: Sequence[Atom]) -> _Sums:
    numbers, shift = scaled(values)
    offset = min(numbers)
    shifted = [number - offset for number in numbers]
    digits = max(shifted).bit_length()
    parts = _digits(shifted, digits) if 0 < digits < len(set(shifted)) else _groups(shifted)
    return _Sums(parts, offset, shift)


def _digits(numbers: Sequence[int], digits: int) -> tuple[tuple[int, int], ...]:
    # Position 0 is the lowest bit of a mask, so the last number comes first.
    texts = [f"{number:0{digits}b}" for number in reversed(numbers)]
    columns = zip(*texts, strict=True)
    return tuple(
        (int("".join(column), 2), 1 << (digits - 1 - i)) for i, column in enumerate(columns)
    )


def _groups(numbers: Sequence[int]) -> tuple[tuple[int, int], ...]:
    masks: dict[int, int] = {}
    for position, number in enumerate(numbers):
        masks[number] = masks.get(number, 0) | (1 << position)
    return tuple((mask, number) for number, mask in masks.items() if number)


def _located_mean(sums: _Sums, row: int, count: int, query: int) -> float:
    try:
        return sums.mean(row, count)
    except AtomError as error:
        raise Failure(error, f"{count} values selected at position {query}") from None


def _no_mean(values: Sequence[Atom], row: int, query: int) -> Failure:
    first = (row & -row).bit_length() - 1
    second = (row & (row - 1) & -(row & (row - 1))).bit_length() - 1
    chosen = f"{show(values[first])} and {show(values[second])}"
    others = row.bit_count() - 2
    more = f" and {others} more" if others else ""
    return Failure(not_numbers(values[first]), f"{chosen}{more} selected at position {query}")
