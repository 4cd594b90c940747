"""The three levels on the same inputs: interpreter, craft program, transformer.

In: a program, its compilation, inputs. Out: how many inputs agree, how many were left out because
the interpreter itself reports an error on them, and the first disagreement.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from rasp_lang import RaspError
from rasp_lang.analysis.batch import evaluate_batch
from rasp_lang.craft.run import run
from rasp_lang.graph import Atom, Graph
from rasp_lang.interpret import evaluate
from rasp_lang.pipeline import Compiled
from rasp_lang.program import Program
from rasp_lang.transformer.decode import decode
from rasp_lang.transformer.model import Backend, Model
from rasp_lang.verification import same_atom

Tokens = Sequence[Atom]


@dataclass(frozen=True)
class Disagreement:
    """What a level (``craft``, or ``model`` where only that is wrong) gives for an input whose
    values are ``expected``."""

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
    graph: Graph, root: int, inputs: Iterable[Tokens], causal: bool
) -> list[list[Atom] | None]:
    """The interpreter's values of an s-op on each input; None where it reports an error."""
    found: list[list[Atom] | None] = []
    for tokens in inputs:
        try:
            found.append(evaluate(graph, [root], tokens, causal=causal)[0])
        except RaspError:
            found.append(None)
    return found


def in_batches(
    graph: Graph, root: int, inputs: Sequence[Tokens], causal: bool
) -> list[list[Atom] | None]:
    """As ``reference``, by the interpreter on many inputs at once."""
    found: list[list[Atom] | None] = [None] * len(inputs)
    by_length: dict[int, list[int]] = defaultdict(list)
    for number, tokens in enumerate(inputs):
        by_length[len(tokens)].append(number)
    for numbers in by_length.values():
        [batch] = evaluate_batch(graph, [root], [inputs[k] for k in numbers], causal=causal)
        for k, values, failed in zip(numbers, batch.values, batch.failed, strict=True):
            found[k] = None if failed else list(values)
    return found


def craft_answers(compiled: Compiled, tokens: Tokens) -> list[list[Atom]]:
    """What the craft program gives for each output, decoded as the transformer's readouts are."""
    rows = run(compiled.craft, tokens)
    decoders = compiled.artifact.decoders
    return [
        decode(decoder, output.astype(np.float32), [len(tokens)])[0]
        for decoder, output in zip(decoders, rows, strict=True)
    ]


def agreement(
    program: Program,
    compiled: Compiled,
    inputs: Sequence[Tokens],
    *,
    craft_inputs: int | None = None,
    backend: Backend = "numpy",
) -> Agreement:
    """Compare the levels on inputs; one is left out if the interpreter reports an error for every
    output. The craft program, which is slow, is run on ``craft_inputs`` of them, spread evenly
    (None: on all)."""
    names = [decoder.name for decoder in compiled.artifact.decoders]
    causal = compiled.artifact.config.causal
    expected = [
        in_batches(program.graph, program.output_node(name), inputs, causal) for name in names
    ]
    legal = [k for k in range(len(inputs)) if any(values[k] for values in expected)]
    answers = Model(compiled.artifact, backend).batch([inputs[k] for k in legal])
    every = 1 if craft_inputs is None else max(1, len(legal) // max(1, craft_inputs))
    skipped = len(inputs) - len(legal)
    for count, (k, answer) in enumerate(zip(legal, answers, strict=True)):
        given = [answer[name] for name in names] if isinstance(answer, dict) else [answer]
        want = [values[k] for values in expected]
        wrong = _difference("model", inputs[k], want, given)
        if wrong or count % every == 0:
            crafted = craft_answers(compiled, inputs[k])
            wrong = _difference("craft", inputs[k], want, crafted) or wrong
        if wrong:
            return Agreement(count, skipped, wrong)
    return Agreement(len(legal), skipped)


def _difference(
    level: str, tokens: Tokens, want: Sequence[list[Atom] | None], got: Sequence[list[Atom]]
) -> Disagreement | None:
    """The first output that has a value and differs."""
    for values, given in zip(want, got, strict=True):
        if values is not None and not same(values, given):
            return Disagreement(level, tokens, values, given)
    return None
