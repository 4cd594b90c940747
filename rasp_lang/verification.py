"""Verification: a compiled model against the interpreter, from the model alone.

In: a :class:`Model`, which carries the sources that it was compiled from. Out: a
:class:`VerifyReport` with the smallest counterexample, if there is one. May import everything but
the command line.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, islice
from typing import Any

from rasp_lang.analysis.batch import evaluate_batch
from rasp_lang.diagnostics import Diagnostic, RaspError
from rasp_lang.graph import Atom, Graph
from rasp_lang.interpret import evaluate
from rasp_lang.program import from_sources
from rasp_lang.sampling import all_inputs, number_of_inputs, sample_inputs
from rasp_lang.transformer.model import Answer, Model

#: More inputs than this are not tried one by one: that would take hours.
EXHAUSTIVE_LIMIT = 50_000_000
#: The relative difference of floats that count as equal.
TOLERANCE = 1e-12
#: Inputs that are evaluated at once.
_BATCH = 4096

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
    total = number_of_inputs(len(model.vocabulary), model.config.max_len)
    if exhaustive and total > EXHAUSTIVE_LIMIT:
        raise RaspError(_too_many(model, total))
    reference = _Reference(model)
    if exhaustive or total <= samples:
        inputs = all_inputs(model.vocabulary, model.config.max_len)
        return _Run(model, reference, progress, total).report(inputs, seed, exhaustive=True)
    drawn = sample_inputs(model.vocabulary, model.config.max_len, samples, seed)
    return _Run(model, reference, progress, len(drawn)).report(drawn, seed, exhaustive=False)


def same_atom(a: Atom, b: Atom) -> bool:
    """Equal in type and value; floats to a relative 1e-12."""
    if isinstance(a, float) and isinstance(b, float):
        return math.isclose(a, b, rel_tol=TOLERANCE)
    return type(a) is type(b) and a == b


def identical(a: Sequence[Atom], b: Sequence[Atom]) -> bool:
    """Equal in all types and values: the quick way to see that nothing is wrong."""
    return a == b and list(map(type, a)) == list(map(type, b))


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
        self.causal = model.config.causal

    def on_all(self, inputs: Sequence[Tokens]) -> list[dict[str, list[Atom]]]:
        """The values of each output on inputs of one length, without those that fail."""
        found = evaluate_batch(self.graph, self.roots, inputs, causal=self.causal)
        rows: list[dict[str, list[Atom]]] = [{} for _ in inputs]
        for name, batch in zip(self.names, found, strict=True):
            for row, values, failed in zip(
                rows, batch.values.tolist(), batch.failed.tolist(), strict=True
            ):
                if not failed:
                    row[name] = values
        return rows

    def on(self, tokens: Tokens) -> dict[str, list[Atom]]:
        """The values of each output on one input by the reference interpreter."""
        values: dict[str, list[Atom]] = {}
        for name, root in zip(self.names, self.roots, strict=True):
            try:
                values[name] = evaluate(self.graph, [root], tokens, causal=self.causal)[0]
            except RaspError:
                continue
        return values


class _Run:
    """One verification while it goes on."""

    def __init__(
        self, model: Model, reference: _Reference, progress: Progress | None, total: int
    ) -> None:
        self.model, self.reference = model, reference
        self.progress, self.total = progress, total
        self.checked = self.skipped = 0

    def report(self, inputs: Iterable[Tokens], seed: int, *, exhaustive: bool) -> VerifyReport:
        """Compare on inputs that are ordered by length, and in the order of the vocabulary if they
        are all there are."""
        wrong = None
        for _, inputs_of_length in groupby(inputs, len):
            wrong = self.first_wrong(inputs_of_length)
            if wrong is not None:
                break
        checked, skipped = self.checked, self.skipped
        if wrong is not None and not exhaustive:
            wrong = self.shrunk(wrong)
        return VerifyReport(checked, skipped, wrong, seed, exhaustive)

    def first_wrong(self, inputs: Iterator[Tokens]) -> Counterexample | None:
        while batch := list(islice(inputs, _BATCH)):
            wrong = self.compare(batch)
            if self.progress is not None:
                self.progress(self.checked + self.skipped, self.total)
            if wrong is not None:
                return wrong
        return None

    def compare(self, inputs: Sequence[Tokens]) -> Counterexample | None:
        """The first of the inputs, all of one length, on which the model is wrong."""
        expected = self.reference.on_all(inputs)
        compared = [k for k, values in enumerate(expected) if values]
        self.checked += len(compared)
        self.skipped += len(inputs) - len(compared)
        answers = self.model.batch([inputs[k] for k in compared])
        for k, answer in zip(compared, answers, strict=True):
            if self.first_difference(inputs[k], expected[k], answer) is not None:
                # The batch is fast; the word of the reference interpreter counts.
                confirmed = self.reference.on(inputs[k])
                wrong = self.first_difference(inputs[k], confirmed, answer)
                if wrong is not None:
                    return wrong
        return None

    def first_difference(
        self, tokens: Tokens, expected: Mapping[str, list[Atom]], answer: Answer
    ) -> Counterexample | None:
        answers = answer if isinstance(answer, dict) else {self.reference.names[0]: answer}
        for name, values in expected.items():
            if not identical(values, answers[name]):
                for position, (want, got) in enumerate(zip(values, answers[name], strict=True)):
                    if not same_atom(want, got):
                        return Counterexample(tokens, name, position, want, got)
        return None

    def shrunk(self, wrong: Counterexample) -> Counterexample:
        """A counterexample from which no token can be taken away."""
        while len(wrong.tokens) > 1:
            shorter = dict.fromkeys(
                wrong.tokens[:k] + wrong.tokens[k + 1 :] for k in range(len(wrong.tokens))
            )
            found = self.compare(list(shorter))
            if found is None:
                break
            wrong = found
        return wrong


def _too_many(model: Model, total: int) -> Diagnostic:
    size, length = len(model.vocabulary), model.config.max_len
    return Diagnostic(
        "RASP0018",
        f"{size} tokens at up to {length} positions give {_about(total)} inputs",
        help=f"try a sample, or a smaller model; up to {EXHAUSTIVE_LIMIT:,} inputs are tried",
    )


def _about(number: int) -> str:
    return f"{number:,}" if number < 10**12 else f"about 10^{round(math.log10(number))}"


def _without_program() -> Diagnostic:
    message = "the model does not carry the program that it was compiled from"
    return Diagnostic("RASP0010", message, help="compile the program again")
