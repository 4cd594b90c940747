"""Verification: a compiled model against the interpreter, from the model alone.

In: a :class:`Model`, which carries the sources that it was compiled from. Out: a
:class:`VerifyReport` with the smallest counterexample, if there is one. May import everything but
the command line.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rasp_lang.analysis.batch import evaluate_codes, inputs_at_once
from rasp_lang.analysis.blocks import Ids, all_blocks, blocks_of, in_order
from rasp_lang.analysis.columns import Codes, Column, by_distinct
from rasp_lang.diagnostics import Diagnostic, RaspError
from rasp_lang.graph import Atom, Graph
from rasp_lang.interpret import evaluate
from rasp_lang.program import from_sources
from rasp_lang.sampling import about, number_of_inputs, sample_ids
from rasp_lang.transformer.artifact import Artifact
from rasp_lang.transformer.decode import Coded
from rasp_lang.transformer.model import Backend, Model
from rasp_lang.transformer.trim import trimmed

#: More inputs than this are not tried one by one: that would take hours.
EXHAUSTIVE_LIMIT = 50_000_000
#: The relative difference of floats that count as equal.
TOLERANCE = 1e-12

#: What numpy takes for a score and its share of the softmax, and for a product of two numbers.
_SCORE_SECONDS, _PRODUCT_SECONDS = 12e-9, 8e-11
#: Seconds of work by numpy from which on jax is worth its start.
_WORTH_JAX = 40.0

Tokens = tuple[Atom, ...]
#: Called with the number of inputs done and of all inputs.
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Counterexample:
    """An input on which the model is wrong: output ``output`` is ``got`` at ``position`` (0-based)
    where the interpreter has ``expected``."""

    tokens: Tokens
    output: str
    position: int
    expected: Atom
    got: Atom


@dataclass(frozen=True, slots=True)
class VerifyReport:
    """What a verification found.

    ``checked`` inputs were compared; ``skipped`` ones were not, since the interpreter itself
    reports an error on them. ``exhaustive`` is true if all inputs of the model were tried;
    otherwise they were drawn with ``seed``. The verification ends with the first length at which
    the model is wrong."""

    checked: int
    skipped: int
    counterexample: Counterexample | None
    seed: int
    exhaustive: bool

    @property
    def ok(self) -> bool:
        """Whether the model was right on every input that was compared."""
        return self.counterexample is None

    def to_json(self) -> dict[str, Any]:
        """The report as JSON data; ``counterexample`` is null or an object."""
        wrong = self.counterexample
        return {
            "ok": self.ok,
            "checked": self.checked,
            "skipped": self.skipped,
            "exhaustive": self.exhaustive,
            "seed": None if self.exhaustive else self.seed,
            "counterexample": wrong and {
                "input": list(wrong.tokens),
                "output": wrong.output,
                "position": wrong.position,
                "expected": wrong.expected,
                "got": wrong.got,
            },
        }  # fmt: skip


def verify(
    model: Model,
    samples: int = 10_000,
    seed: int = 0,
    exhaustive: bool = False,
    progress: Progress | None = None,
) -> VerifyReport:
    """Compare a model with the interpreter: on ``samples`` distinct inputs, the boundary cases
    first, or on every input of 1 to ``max_len`` tokens.

    Values are equal if their types are and their values are, floats to a relative 1e-12. Inputs on
    which the interpreter reports an error for every output are skipped and counted. Raises
    ``RaspError``: RASP0010 if the model carries no program, RASP0018 if an exhaustive run would
    take more than 50 million inputs, and the model's own (an overflow).
    """
    size, max_len = len(model.vocabulary), model.config.max_len
    total = number_of_inputs(size, max_len)
    if exhaustive and total > EXHAUSTIVE_LIMIT:
        raise RaspError(_too_many(model, total))
    if exhaustive or total <= samples:
        run = _Run(model, progress, total)
        blocks = all_blocks(size, max_len, run.inputs_at_once)
        return run.report(blocks, seed, exhaustive=True)
    drawn = sample_ids(size, max_len, samples, seed)
    run = _Run(model, progress, len(drawn))
    return run.report(blocks_of(drawn, run.inputs_at_once), seed, exhaustive=False)


def faster_backend(artifact: Artifact, samples: int | None) -> Backend:
    """What verifies a model sooner, on so many inputs or (None) on all: numpy, which starts at
    once, or jax, which is up to twice as fast but takes seconds to start and to compile."""
    config = artifact.config
    inputs = number_of_inputs(config.vocab_size, config.max_len)
    if samples is not None:
        inputs = min(inputs, samples)
    if inputs > EXHAUSTIVE_LIMIT:
        return "numpy"  # is going to be refused
    return "jax" if inputs * _numpy_seconds(artifact) > _WORTH_JAX else "numpy"


def _numpy_seconds(artifact: Artifact) -> float:
    """About how long numpy takes for one input of full length, on one processor."""
    config, rows = artifact.config, artifact.config.max_len + 1
    sizes = trimmed(config, artifact.params).sizes
    scores = rows**2 * sum(len(size.scores) for size in sizes)
    products = rows * config.d_model * sum(size.products for size in sizes)
    return scores * _SCORE_SECONDS + products * _PRODUCT_SECONDS


def same_atom(a: Atom, b: Atom) -> bool:
    """Equal in type and value; floats to a relative 1e-12."""
    if isinstance(a, float) and isinstance(b, float):
        return math.isclose(a, b, rel_tol=TOLERANCE)
    return type(a) is type(b) and a == b


class _Reference:
    """The interpreter on the program that a model was compiled from."""

    def __init__(self, model: Model) -> None:
        artifact = model.artifact
        if not artifact.sources:
            raise RaspError(_without_program())
        program = from_sources(artifact.sources)
        self.names = tuple(decoder.name for decoder in artifact.decoders)
        self.roots = tuple(program.output_node(name) for name in self.names)
        self.graph: Graph = program.graph
        self.vocabulary = model.vocabulary
        self.causal = model.config.causal

    def on_all(self, ids: Ids) -> list[Column]:
        """Each output on inputs ``[B, n]``."""
        found = evaluate_codes(self.graph, self.roots, self.vocabulary, ids, causal=self.causal)
        return [column for column in found if isinstance(column, Column)]

    def on(self, tokens: Tokens) -> dict[str, list[Atom]]:
        """The values of each output on one input by the reference interpreter, without those that
        fail."""
        values: dict[str, list[Atom]] = {}
        for name, root in zip(self.names, self.roots, strict=True):
            try:
                values[name] = evaluate(self.graph, [root], tokens, causal=self.causal)[0]
            except RaspError:
                continue
        return values


@dataclass(frozen=True, slots=True)
class _Compared:
    """What was found on some inputs of one length."""

    checked: int
    skipped: int
    wrong: Counterexample | None


class _Run:
    """One verification."""

    def __init__(self, model: Model, progress: Progress | None, total: int) -> None:
        self.model, self.reference = model, _Reference(model)
        self.progress, self.total = progress, total
        self.ids = {(type(token), token): k for k, token in enumerate(model.vocabulary)}

    def inputs_at_once(self, length: int) -> int:
        return min(inputs_at_once(length), self.model.inputs_at_once(length))

    def report(self, blocks: Iterable[Ids], seed: int, *, exhaustive: bool) -> VerifyReport:
        """Compare on blocks of inputs that are ordered by length, and in the order of the
        vocabulary if they are all there are."""
        checked = skipped = 0
        wrong = None
        for found in in_order(self.compare, blocks):
            checked, skipped = checked + found.checked, skipped + found.skipped
            if self.progress is not None:
                self.progress(checked + skipped, self.total)
            if found.wrong is not None:
                wrong = found.wrong if exhaustive else self.shrunk(found.wrong)
                break
        return VerifyReport(checked, skipped, wrong, seed, exhaustive)

    def compare(self, ids: Ids) -> _Compared:
        """The first of the inputs ``[B, n]`` on which the model is wrong, if any."""
        expected = self.reference.on_all(ids)
        failed = np.stack([np.broadcast_to(column.failed, len(ids)) for column in expected])
        compared = np.flatnonzero(~failed.all(axis=0))
        counts = len(compared), len(ids) - len(compared)
        if not len(compared):
            return _Compared(*counts, None)
        chosen = ids[compared]
        answers = self.model.coded(chosen)
        differs = np.zeros(len(compared), dtype=bool)
        for column, fails, answer in zip(expected, failed, answers, strict=True):
            codes = np.broadcast_to(column.codes.T, ids.shape)[compared]
            differs |= ~fails[compared] & differing(codes, column.atoms, answer)
        for k in np.flatnonzero(differs).tolist():
            # The batch is fast; the word of the reference interpreter counts.
            wrong = self.first_difference(chosen[k], [answer.at(k) for answer in answers])
            if wrong is not None:
                return _Compared(*counts, wrong)
        return _Compared(*counts, None)

    def first_difference(self, ids: Ids, answers: list[list[Atom]]) -> Counterexample | None:
        """Where the answers to one input are not those of the reference interpreter."""
        tokens = tuple(self.model.vocabulary[k] for k in ids.tolist())
        answered = dict(zip(self.reference.names, answers, strict=True))
        for name, values in self.reference.on(tokens).items():
            for position, (want, got) in enumerate(zip(values, answered[name], strict=True)):
                if not same_atom(want, got):
                    return Counterexample(tokens, name, position, want, got)
        return None

    def shrunk(self, wrong: Counterexample) -> Counterexample:
        """A counterexample from which no token can be taken away."""
        while len(wrong.tokens) > 1:
            ids = [self.ids[type(token), token] for token in wrong.tokens]
            shorter = dict.fromkeys(tuple(ids[:k] + ids[k + 1 :]) for k in range(len(ids)))
            found = self.compare_some(np.array([*shorter]))
            if found is None:
                break
            wrong = found
        return wrong

    def compare_some(self, ids: Ids) -> Counterexample | None:
        """The first counterexample among any number of inputs of one length."""
        size = self.inputs_at_once(ids.shape[1])
        blocks = (self.compare(ids[k : k + size]) for k in range(0, len(ids), size))
        return next((found.wrong for found in blocks if found.wrong), None)


def differing(codes: Codes, atoms: Sequence[Atom], answer: Coded) -> NDArray[np.bool_]:
    """On which inputs ``[B, n]`` the atoms with these codes are not the answers."""
    size = len(answer.atoms)

    def made(pairs: Codes) -> Codes:
        found = (not same_atom(atoms[k // size], answer.atoms[k % size]) for k in pairs.tolist())
        return np.fromiter(found, np.intp, len(pairs))

    differs = by_distinct(codes * size + answer.codes, len(atoms) * size, made)
    return np.asarray(differs.any(axis=1))


def _too_many(model: Model, total: int) -> Diagnostic:
    size, length = len(model.vocabulary), model.config.max_len
    return Diagnostic(
        "RASP0018",
        f"{size} tokens at up to {length} positions give {about(total)} inputs",
        help=f"try a sample, or a smaller model; up to {EXHAUSTIVE_LIMIT:,} inputs are tried",
    )


def _without_program() -> Diagnostic:
    message = "the model does not carry the program that it was compiled from"
    return Diagnostic("RASP0010", message, help="compile the program again")
