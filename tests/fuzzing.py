"""Random programs through all levels of the compiler: what becomes of each.

In: a random program. Out: its :class:`Outcome`; and for one that is wrong a minimal one.

The interpreter on one input, the interpreter on many inputs, the craft program, the transformer in
numpy and the Haiku modules (on weights padded with zeros) have to agree on all inputs.
"""

from __future__ import annotations

import re
import signal
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from random_programs import RandomProgram, smaller
from three_levels import agreement, in_batches, reference, same

import rasp_lang
from rasp_lang import RaspError, pipeline
from rasp_lang.diagnostics import Diagnostic
from rasp_lang.graph import Atom, Tabulated
from rasp_lang.sampling import all_inputs, number_of_inputs, sample_inputs

#: Seconds of CPU time for one program: compiling and running it on all its inputs.
PATIENCE = 30
#: Up to so many inputs all are tried, else a sample of so many.
ALL, SAMPLES = 1_500, 150


@dataclass(frozen=True)
class Outcome:
    """``verdict`` is right, refused, wrong, crashed or slow; or fails (the interpreter reports an
    error on every input), or constant (nothing to compile). ``reason`` tells outcomes of one
    verdict apart, ``detail`` is for people. ``seconds`` of CPU time were taken to compile,
    ``layers`` is None where nothing was compiled, ``inputs`` were compared; ``universal`` tells
    what is a table over all inputs."""

    verdict: str
    reason: str = ""
    detail: str = ""
    seconds: float = 0.0
    layers: int | None = None
    inputs: int = 0
    universal: bool = False

    @property
    def bad(self) -> bool:
        return self.verdict in ("wrong", "crashed", "slow")

    def like(self, other: Outcome) -> bool:
        """The same defect, as far as one can tell: what a smaller program must still show."""
        return (self.verdict, self.reason) == (other.verdict, other.reason)


class _OutOfTime(Exception):
    pass


@contextmanager
def _patience(seconds: int) -> Iterator[None]:
    def stop(*_: object) -> None:
        raise _OutOfTime

    signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, seconds, 1)  # again, if a callback swallows it
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


def outcome(candidate: RandomProgram, patience: int = PATIENCE) -> Outcome:
    """Compile a program and compare all levels on all its inputs."""
    try:
        with _patience(patience):
            return _compared(candidate)
    except RaspError as error:
        return Outcome("refused", _why(error.diagnostics[0]), str(error))
    except _OutOfTime:
        return Outcome("slow", "", f"more than {patience} s")
    except Exception as error:
        place = traceback.extract_tb(error.__traceback__)[-1]
        where = f"{type(error).__name__} in {Path(place.filename).name}:{place.name}"
        return Outcome("crashed", where, f"{where}:{place.lineno}: {error}")


def _compared(candidate: RandomProgram) -> Outcome:
    try:
        program = rasp_lang.loads(candidate.text)
    except RaspError as error:
        return Outcome("fails", "", str(error))
    if program.output is None:
        return Outcome("constant")
    inputs = _inputs(candidate)
    outputs = [name for name in program.names if program.kind(name) == "s-op"]
    names = outputs if candidate.several else [program.output]
    roots = [program.output_node(name) for name in names]
    expected = reference(program.graph, roots, inputs, candidate.causal)
    at_once = in_batches(program.graph, roots, inputs, candidate.causal)
    for ones, manys in zip(expected, at_once, strict=True):
        for tokens, one, many in zip(inputs, ones, manys, strict=True):
            if (one is None) != (many is None) or (one and many and not same(one, many)):
                return Outcome("wrong", "batch", f"{tokens}: one by one {one}, at once {many}")
    possible = {name: values for name, values in zip(names, expected, strict=True) if any(values)}
    if not possible:
        return Outcome("fails")
    start = time.process_time()
    compiled = pipeline.build(
        program, candidate.vocab, candidate.max_len, [*possible], candidate.causal, candidate.opt
    )
    seconds = time.process_time() - start
    found = agreement(program, compiled, inputs, padded=True, expected=list(possible.values()))
    right = Outcome(
        "right",
        seconds=seconds,
        layers=compiled.artifact.config.layers,
        inputs=found.checked,
        universal=any(isinstance(node.op, Tabulated) for node in compiled.facts.graph.nodes),
    )
    wrong = found.disagreement
    if wrong is None:
        return right
    told = f"{wrong.tokens}: interpreter {wrong.expected}, {wrong.level} {wrong.got}"
    return replace(right, verdict="wrong", reason=wrong.level, detail=told)


def _why(refusal: Diagnostic) -> str:
    """The code and what was said, without names and numbers."""
    said = f"{refusal.message}: {refusal.label}" if refusal.label else refusal.message
    return f"{refusal.code} {re.sub(r'[0-9][0-9,]*', 'N', re.sub(r'`[^`]*`', '`..`', said))}"


def _inputs(candidate: RandomProgram) -> list[tuple[Atom, ...]]:
    """All inputs if they are few, else a sample."""
    if number_of_inputs(len(candidate.vocab), candidate.max_len) <= ALL:
        return list(all_inputs(candidate.vocab, candidate.max_len))
    return sample_inputs(candidate.vocab, candidate.max_len, SAMPLES, seed=0)


def shrunk(candidate: RandomProgram, found: Outcome) -> tuple[RandomProgram, Outcome]:
    """The smallest program that is reached by simplifying one thing at a time."""
    progress = True
    while progress:
        progress = False
        for simpler in smaller(candidate):
            tried = outcome(simpler, min(PATIENCE, 10))
            if tried.like(found):
                candidate, found, progress = simpler, tried, True
                break
    return candidate, found


def report(candidate: RandomProgram, found: Outcome, seed: str) -> str:
    reading = ", causal" if candidate.causal else ""
    reading += ", all s-ops as outputs" if candidate.several else ""
    reading += f", opt {candidate.opt}" if candidate.opt != 1 else ""
    settings = f"vocab {list(candidate.vocab)}, max_len {candidate.max_len}{reading}"
    head = f"{found.verdict} {found.reason} (seed {seed}): {settings}"
    return f"{head}\n{found.detail}\n{candidate.text}"
