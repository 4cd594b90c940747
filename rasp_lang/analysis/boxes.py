"""A function of all inputs as few boxes: conditions on single positions that together decide it.

A *box* asks of some positions that their token is one of a set (``none`` where the input has
ended), and perhaps that the index is one of a set; all inputs and places inside have one answer.
Boxes do not overlap, so that a sum over boxes is the function.

Shapes: ``V`` tokens, ``L`` positions; answers are small ints, -1 where any answer will do.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rasp_lang.analysis.values import places_of

Answers = NDArray[np.int64]
#: (operand, allowed values): operand 0 is the index, 1 + j the token at position j; V is none.
Conditions = tuple[tuple[int, tuple[int, ...]], ...]


@dataclass(frozen=True, slots=True)
class Box:
    """An answer, and the inputs and places that have it."""

    conditions: Conditions
    answer: int


def boxes(tables: Sequence[Answers], size: int, base: int) -> list[Box]:
    """Few boxes for answers by length: ``tables[n - 1]`` is [V^n, n], inputs in lexicographic
    order. Where no box is, the answer is ``base``."""
    indices = range(len(tables))
    found = [
        _ByPrefix(tables, size, base).found(),
        [box for table in tables for box in _of_length(table, size, len(tables), base)],
        [box for index in indices for box in _ByPrefix(tables, size, base, index).found()],
    ]
    return min(found, key=len)


def most_common(tables: Sequence[Answers]) -> int:
    """The answer that most inputs have at most places."""
    every = np.concatenate([table.reshape(-1) for table in tables])
    every = every[every >= 0]
    return int(np.bincount(every).argmax()) if len(every) else 0


def _only(block: Answers) -> int | None:
    """The one answer of a block, -1 if any will do; None if there are several."""
    high = int(block.max())
    return high if bool(((block == high) | (block < 0)).all()) else None


class _ByPrefix:
    """Boxes that look at one token after the other, as far as they have to, and at the index last;
    or all of one index, where that is given."""

    def __init__(
        self, tables: Sequence[Answers], size: int, base: int, index: int | None = None
    ) -> None:
        self.size, self.base, self.max_len, self.index = size, base, len(tables), index
        #: Inputs that begin with a given prefix of each length, itself included.
        lengths = range(self.max_len + 1)
        self.block = [sum(size**k for k in range(self.max_len - d + 1)) for d in lengths]
        self.answers = np.full((self.block[0], self.max_len), -1, np.int64)
        for length, table in enumerate(tables, 1):
            self.answers[self._places(length), :length] = table
        if index is not None:
            self.answers = self.answers[:, index : index + 1]

    def _places(self, length: int) -> Answers:
        """Where the inputs of a length stand among all, each before those that continue it."""
        places = np.zeros(1, np.int64)
        for depth in range(length):
            steps = 1 + np.arange(self.size) * self.block[depth + 1]
            places = (places[:, None] + steps).reshape(-1)
        return places

    def found(self) -> list[Box]:
        first: Conditions = () if self.index is None else ((0, (self.index,)),)
        boxes: list[Box] = []
        waiting: list[tuple[Answers, Conditions, int]] = [(self.answers, first, 0)]
        while waiting:
            block, conditions, depth = waiting.pop()
            answer = _only(block)
            if answer is not None:
                if answer not in (-1, self.base):
                    boxes.append(Box(conditions, answer))
                continue
            ended = (*conditions, (1 + depth, (self.size,))) if depth < self.max_len else conditions
            boxes.extend(self._at_end(block[0], ended))
            if depth < self.max_len:
                rest = block[1:].reshape(self.size, self.block[depth + 1], -1)
                for members in _alike(rest):
                    asked = (*conditions, (1 + depth, members))
                    waiting.append((rest[members[0]], asked, depth + 1))
        return boxes

    def _at_end(self, answers: Answers, conditions: Conditions) -> list[Box]:
        """An input that ends here: a box for each answer that it has at some index."""
        found = []
        for answer in sorted(set(answers.tolist()) - {-1, self.base}):
            places = tuple(places_of(answers == answer).tolist())
            alone = self.index is not None or bool((answers[answers >= 0] == answer).all())
            found.append(Box(conditions if alone else (*conditions, (0, places)), answer))
        return found


def _alike(rows: Answers) -> list[tuple[int, ...]]:
    """Which rows are equal, by their first."""
    groups: dict[bytes, list[int]] = {}
    for k, row in enumerate(rows):
        groups.setdefault(row.tobytes(), []).append(k)
    return [tuple(members) for members in groups.values()]


def _of_length(table: Answers, size: int, max_len: int, base: int) -> list[Box]:
    """Boxes for the inputs of one length: the index first, then tokens from the last to the
    first."""
    length = table.shape[1]
    ended: Conditions = ((1 + length, (size,)),) if length < max_len else ()
    ended = (*ended, (length, tuple(range(size))))
    whole = table.reshape(*(size,) * length, length)
    whole = whole.transpose(length, *range(length - 1, -1, -1))
    operands = [0, *range(length, 0, -1)]
    found: list[Box] = []
    waiting: list[tuple[Answers, Conditions, int]] = [(whole, ended, 0)]
    while waiting:
        block, conditions, depth = waiting.pop()
        answer = _only(block)
        if answer is not None:
            if answer not in (-1, base):
                found.append(Box(_merged(conditions), answer))
            continue
        for members in _alike(block):
            asked = conditions
            if len(members) < len(block):
                asked = (*conditions, (operands[depth], members))
            waiting.append((block[members[0]], asked, depth + 1))
    return found


def _merged(conditions: Conditions) -> Conditions:
    """One condition for each operand: the last, which is the narrowest."""
    return tuple(sorted(dict(conditions).items()))
