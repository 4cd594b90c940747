"""Interpreter, craft program and transformer of one compiled program on the same inputs.

In: a program of one output, its compilation, how many inputs to try. Out: a :class:`Comparison`.
Inputs are tried by blocks of one length, as arrays. Shapes: ``B`` inputs, ``n`` positions.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from rasp_lang.analysis.batch import evaluate_codes, inputs_at_once
from rasp_lang.analysis.blocks import Ids, all_blocks, blocks_of
from rasp_lang.analysis.columns import Column
from rasp_lang.craft.run import run_batch
from rasp_lang.diagnostics import RaspError
from rasp_lang.display import plain_text
from rasp_lang.graph import Atom
from rasp_lang.interpret import evaluate
from rasp_lang.pipeline import Compiled
from rasp_lang.program import Program
from rasp_lang.sampling import number_of_inputs, sample_ids
from rasp_lang.transformer.decode import Coded, decoding
from rasp_lang.transformer.model import Backend, Model
from rasp_lang.verification import differing, same_atom

#: Numbers in the largest intermediate array of a craft program's run.
_NUMBERS = 1 << 22
#: On one of so many inputs the interpreter on many inputs at once is compared with the reference
#: interpreter, even where nothing differs.
_REFERENCE = 20


@dataclass(frozen=True, slots=True)
class Difference:
    """The first level of ``interpreter on many inputs``, ``craft program`` and ``transformer`` that
    gives something else than the reference interpreter; None stands for an error."""

    level: str
    tokens: tuple[Atom, ...]
    expected: list[Atom] | None
    got: list[Atom] | None

    def __str__(self) -> str:
        got, expected = (
            "an error" if values is None else plain_text(values)
            for values in (self.got, self.expected)
        )
        given = plain_text(list(self.tokens))
        return f"the {self.level} gives {got} for {given}, the interpreter {expected}"


@dataclass(frozen=True, slots=True)
class Comparison:
    """``checked`` inputs were compared up to the first difference, ``skipped`` ones left out: the
    interpreter reports an error on them. ``exhaustive``: there are no others."""

    checked: int
    skipped: int
    exhaustive: bool
    difference: Difference | None


def compare(
    program: Program, compiled: Compiled, bound: int, samples: int, seed: int, backend: Backend
) -> Comparison:
    """Compare the levels on all inputs of the lengths that have at most ``bound`` together, and on
    ``samples`` longer ones: those of the boundary cases that are longer, and of full length."""
    levels = _Levels(program, compiled, backend)
    size, max_len = len(levels.vocabulary), compiled.artifact.config.max_len
    whole = max((n for n in range(1, max_len + 1) if number_of_inputs(size, n) <= bound), default=0)
    blocks = [*all_blocks(size, whole, levels.at_once)]
    if whole < max_len:
        blocks += blocks_of(longer_ids(size, whole, max_len, samples, seed), levels.at_once)
    levels.longest_block = max(map(len, blocks))
    checked = skipped = 0
    for ids in blocks:
        compared, difference = levels.compare(ids)
        checked, skipped = checked + compared, skipped + len(ids) - compared
        if difference is not None:
            return Comparison(checked, skipped, False, difference)
    return Comparison(checked, skipped, whole == max_len, None)


def longer_ids(
    size: int, whole: int, max_len: int, samples: int, seed: int
) -> list[tuple[int, ...]]:
    """``samples`` distinct inputs of more than ``whole`` and at most ``max_len`` tokens, numbers
    below ``size``, ordered by length: at most half of them from a sample that begins at
    the boundaries, the others of full length, as far as there are enough."""
    found = {ids for ids in sample_ids(size, max_len, samples // 2, seed) if len(ids) > whole}
    generator = random.Random(seed)
    wanted = min(samples, size**max_len)
    while len(found) < wanted:
        found.add(tuple(generator.randrange(size) for _ in range(max_len)))
    return sorted(found, key=lambda ids: (len(ids), ids))


class _Levels:
    """The three levels of one program."""

    def __init__(self, program: Program, compiled: Compiled, backend: Backend) -> None:
        artifact = compiled.artifact
        self.graph, self.root = program.graph, program.output_node(artifact.decoders[0].name)
        self.vocabulary, self.causal = artifact.vocabulary, artifact.config.causal
        self.craft, self.model = compiled.craft, Model(artifact, backend)
        self.decode = decoding(artifact.decoders[0])
        self.longest_block = 0

    def at_once(self, length: int) -> int:
        """How many inputs of a length are compared together."""
        widest = max((len(function.units) for function in self.craft.functions), default=0)
        numbers = (length + 1) * max(length + 1, len(self.craft.directions), widest)
        crafted = max(1, _NUMBERS // numbers)
        longest = self.model.config.max_len  # to which the transformer's inputs are padded
        return min(crafted, inputs_at_once(length), self.model.inputs_at_once(longest))

    def compare(self, ids: Ids) -> tuple[int, Difference | None]:
        """How many of the inputs ``[B, n]`` have a value, and the first difference."""
        [column] = evaluate_codes(self.graph, [self.root], self.vocabulary, ids, causal=self.causal)
        assert isinstance(column, Column)
        failed = np.broadcast_to(column.failed, len(ids))
        codes = np.broadcast_to(column.codes.T, ids.shape)
        legal = np.flatnonzero(~failed)
        for k in range(0, len(ids), _REFERENCE):
            got = None if failed[k] else [column.atoms[code] for code in codes[k].tolist()]
            wrong = self.difference("interpreter on many inputs", ids[k], got)
            if wrong is not None:
                return len(legal), wrong
        if not len(legal):
            return 0, None
        chosen = ids[legal]
        for level, answer in self.answers(chosen):
            for k in np.flatnonzero(differing(codes[legal], column.atoms, answer)).tolist():
                wrong = self.difference(level, chosen[k], answer.at(k))
                if wrong is not None:
                    return len(legal), wrong
        return len(legal), None

    def answers(self, ids: Ids) -> Iterator[tuple[str, Coded]]:
        """What craft program and transformer answer to inputs ``[B, n]``."""
        [readout] = run_batch(self.craft, [self.tokens(row) for row in ids.tolist()])
        rows = readout.reshape(-1, readout.shape[2]).astype(np.float32)
        found = self.decode(rows, [ids.shape[1]] * len(ids))
        yield "craft program", Coded(found.codes.reshape(ids.shape), found.atoms)
        padded = self.longest_block, self.model.config.max_len
        [answer] = self.model.coded(ids, padded if self.model.backend == "jax" else None)
        yield "transformer", answer

    def tokens(self, ids: Sequence[int]) -> tuple[Atom, ...]:
        return tuple(self.vocabulary[k] for k in ids)

    def difference(self, level: str, ids: Ids, got: list[Atom] | None) -> Difference | None:
        """How an answer differs from the reference interpreter's, whose word counts."""
        tokens = self.tokens(ids.tolist())
        try:
            want = evaluate(self.graph, [self.root], tokens, causal=self.causal)[0]
        except RaspError:
            want = None
        if want is None or got is None:
            return None if want is got else Difference(level, tokens, want, got)
        same = len(want) == len(got) and all(map(same_atom, want, got))
        return None if same else Difference(level, tokens, want, got)
