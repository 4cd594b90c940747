"""The three levels on the same inputs: interpreter, craft program, transformer.

In: a program, its compilation, inputs. Out: how many inputs agree, how many were left out because
the interpreter itself reports an error on them, and the first disagreement.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rasp_lang import RaspError
from rasp_lang.analysis.batch import evaluate_batch
from rasp_lang.craft.run import run_batch
from rasp_lang.graph import Atom, Graph
from rasp_lang.interpret import evaluate
from rasp_lang.pipeline import Compiled
from rasp_lang.program import Program
from rasp_lang.transformer.decode import decode
from rasp_lang.transformer.model import Backend, Model
from rasp_lang.transformer.token_ids import Vocabulary
from rasp_lang.verification import same_atom

Tokens = Sequence[Atom]
#: The values of each output on one input.
Answers = list[list[Atom]]
#: The values of one output on each input, None where the interpreter reports an error.
Expected = list[list[Atom] | None]


@dataclass(frozen=True)
class Disagreement:
    """What a level (the first of ``craft``, ``model`` and ``haiku`` that is wrong) gives for an
    input whose values are ``expected``."""

    level: str
    tokens: Tokens
    expected: list[Atom]
    got: list[Atom]


@dataclass(frozen=True)
class Agreement:
    """``checked`` inputs were compared up to the first disagreement, ``skipped`` ones left out."""

    checked: int
    skipped: int
    disagreement: Disagreement | None = None


def same(a: Sequence[Atom], b: Sequence[Atom]) -> bool:
    """Equal in length, types and values, floats to a relative 1e-12."""
    return len(a) == len(b) and all(map(same_atom, a, b))


def reference(
    graph: Graph, roots: Sequence[int], inputs: Iterable[Tokens], causal: bool
) -> list[Expected]:
    """The interpreter's values of each root on each input; None where it reports an error."""

    def one_by_one(tokens: Tokens) -> Iterator[list[Atom] | None]:
        for root in roots:
            try:
                yield evaluate(graph, [root], tokens, causal=causal)[0]
            except RaspError:
                yield None

    rows: list[list[list[Atom] | None]] = []
    for tokens in inputs:
        try:
            rows.append(evaluate(graph, roots, tokens, causal=causal))
        except RaspError:
            rows.append(list(one_by_one(tokens)))
    return [list(column) for column in zip(*rows, strict=True)]


def in_batches(
    graph: Graph, roots: Sequence[int], inputs: Sequence[Tokens], causal: bool
) -> list[Expected]:
    """As ``reference``, by the interpreter on many inputs at once."""
    found: list[Expected] = [[None] * len(inputs) for _ in roots]
    for numbers in _by_length(inputs):
        batches = evaluate_batch(graph, roots, [inputs[k] for k in numbers], causal=causal)
        for column, batch in zip(found, batches, strict=True):
            for k, values, failed in zip(numbers, batch.values, batch.failed, strict=True):
                column[k] = None if failed else list(values)
    return found


def craft_answers(compiled: Compiled, inputs: Sequence[Tokens]) -> list[Answers]:
    """What the craft program gives for each input and output, decoded as the transformer's readouts
    are."""
    found: list[Answers] = [[] for _ in inputs]
    for numbers in _by_length(inputs):
        readouts = run_batch(compiled.craft, [inputs[k] for k in numbers])
        lengths = [readouts[0].shape[1]] * len(numbers)
        rows = [readout.reshape(-1, readout.shape[2]) for readout in readouts]
        for k, answers in zip(numbers, _decoded(compiled, rows, lengths), strict=True):
            found[k] = answers
    return found


def haiku_answers(compiled: Compiled, inputs: Sequence[Tokens]) -> list[Answers]:
    """What the Haiku modules give on weights that are padded to the sizes of a few buckets."""
    from padded_haiku import readouts

    config, vocabulary = compiled.artifact.config, compiled.artifact.vocabulary
    encoder = Vocabulary(vocabulary, config.max_len)
    ids = encoder.batch([encoder.encode(tokens) for tokens in inputs], config.max_len + 1)
    real = ids < config.vocab_size
    rows = [readout[real] for readout in readouts(compiled.artifact, ids)]
    return _decoded(compiled, rows, real.sum(axis=1).tolist())


def model_answers(compiled: Compiled, inputs: Sequence[Tokens], backend: Backend) -> list[Answers]:
    """What the model itself answers."""
    answers = Model(compiled.artifact, backend).batch(inputs)
    return [list(a.values()) if isinstance(a, dict) else [a] for a in answers]


def _decoded(
    compiled: Compiled, rows: Sequence[NDArray[Any]], lengths: Sequence[int]
) -> list[Answers]:
    """Readouts ``[sum(lengths), width]``, one for each output, as answers by input and output."""
    decoders = compiled.artifact.decoders
    by_output = [
        decode(decoder, readout.astype(np.float32), lengths)
        for decoder, readout in zip(decoders, rows, strict=True)
    ]
    return [list(answers) for answers in zip(*by_output, strict=True)]


def agreement(
    program: Program,
    compiled: Compiled,
    inputs: Sequence[Tokens],
    *,
    craft_inputs: int | None = None,
    backend: Backend = "numpy",
    padded: bool = False,
    expected: Sequence[Expected] | None = None,
) -> Agreement:
    """Compare the levels on inputs; one is left out if the interpreter reports an error for every
    output. The craft program is run on ``craft_inputs`` of them, spread evenly (None: on all).
    ``padded`` compares the Haiku modules on padded weights, too. ``expected`` are the interpreter's
    values on the inputs for each output, if they are known."""
    if expected is None:
        causal = compiled.artifact.config.causal
        roots = [program.output_node(decoder.name) for decoder in compiled.artifact.decoders]
        expected = in_batches(program.graph, roots, inputs, causal)
    legal = [k for k in range(len(inputs)) if any(values[k] for values in expected)]
    given = [inputs[k] for k in legal]
    every = 1 if craft_inputs is None else max(1, len(legal) // max(1, craft_inputs))
    some = range(0, len(legal), every)
    crafted = craft_answers(compiled, [given[count] for count in some])
    levels = {
        "craft": dict(zip(some, crafted, strict=True)),
        "model": dict(enumerate(model_answers(compiled, given, backend))),
        "haiku": dict(enumerate(haiku_answers(compiled, given))) if padded else {},
    }
    skipped = len(inputs) - len(legal)
    for count, k in enumerate(legal):
        want = [values[k] for values in expected]
        for level, answers in levels.items():
            wrong = (
                _difference(level, inputs[k], want, answers[count]) if count in answers else None
            )
            if wrong:
                return Agreement(count, skipped, wrong)
    return Agreement(len(legal), skipped)


def _difference(
    level: str, tokens: Tokens, want: Sequence[list[Atom] | None], got: Answers
) -> Disagreement | None:
    """The first output that has a value and differs."""
    for values, given in zip(want, got, strict=True):
        if values is not None and not same(values, given):
            return Disagreement(level, tokens, values, given)
    return None


def _by_length(inputs: Sequence[Tokens]) -> Iterable[list[int]]:
    """The places of the inputs of each length."""
    by_length: dict[int, list[int]] = defaultdict(list)
    for number, tokens in enumerate(inputs):
        by_length[len(tokens)].append(number)
    return by_length.values()
