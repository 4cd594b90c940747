"""The proof that a craft program, run in float32, decodes to what the interpreter answers.

For every direction a bound on its error is carried from the embedding to the outputs. A direction
that holds multiples of a power of two without error keeps sums of such directions exact. The proof
closes if every plateau is kept (a reading off by less than a half) and every output's error is
below half the gap between its candidates.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from rasp_lang.analysis.values import sorted_unique
from rasp_lang.craft import errors
from rasp_lang.craft.program import (
    CraftFunction,
    CraftHead,
    CraftProgram,
    DistanceScore,
    Form,
    Output,
    TableScore,
)
from rasp_lang.diagnostics import Diagnostic, RaspError
from rasp_lang.source import Span

#: The finest power of two that exact values may be multiples of.
FINEST = 2.0**-20
#: The margin of what has no error at all.
LIMITLESS = 1e9


def lattice(numbers: Sequence[float]) -> float:
    """The largest power of two, at most 1, that all numbers are multiples of; 0 if below FINEST."""
    array, step = np.array(numbers, float), 1.0
    while step >= FINEST:
        if (array == np.round(array / step) * step).all():
            return step
        step /= 2
    return 0.0


@dataclass(frozen=True, slots=True)
class Reading:
    """A form's error, of which ``rounding`` is made in reading it; ``high`` bounds its value,
    ``largest`` every partial sum of its absolute terms; ``step`` is the power of two that its exact
    values are multiples of (0: not exact)."""

    error: float
    rounding: float
    high: float
    low: float
    largest: float
    step: float

    @property
    def size(self) -> float:
        """A bound on the absolute value of what is read."""
        return max(abs(self.low), abs(self.high)) + self.error


@dataclass(frozen=True)
class Certificate:
    """What was proven. ``heads``: score noise, gap, error of what is written; ``functions``: the
    margin that is left of a half; ``outputs``: error and gap. ``margin`` is the smallest ratio of
    what may go wrong to what does, at least 1."""

    margin: float
    heads: tuple[dict[str, Any], ...]
    functions: tuple[dict[str, Any], ...]
    outputs: tuple[dict[str, Any], ...]

    def to_json(self) -> dict[str, Any]:
        return {
            "arithmetic": "float32",
            "margin": self.margin,
            "heads": list(self.heads),
            "functions": list(self.functions),
            "outputs": list(self.outputs),
        }


def certify(program: CraftProgram, logits: Sequence[float]) -> Certificate:
    """Prove the program, or raise RaspError (RASP0604) with the first place where the proof
    fails.
    ``logits`` are the sinks' logits as assembled, by head (0 for other heads)."""
    proof = _Proof(program)
    for layer in range(1, program.layers + 1):
        for head, logit in zip(program.heads, logits, strict=True):
            if head.layer == layer:
                proof.head(head, logit)
        proof.round(layer)
        for function in program.functions:
            if function.layer == layer:
                proof.function(function)
    for output in program.outputs:
        proof.output(output)
    if proof.problems:
        raise RaspError(proof.problems)
    return Certificate(
        min(proof.ratios, default=LIMITLESS),
        tuple(proof.heads), tuple(proof.functions), tuple(proof.outputs),
    )  # fmt: skip


class _Proof:
    def __init__(self, program: CraftProgram) -> None:
        self.program = program
        size = len(program.directions)
        self.error = [0.0] * size
        self.step = [0.0] * size
        self.zero = [False] * size
        self.largest = [max(abs(d.low), abs(d.high)) for d in program.directions]
        self.heads: list[dict[str, Any]] = []
        self.functions: list[dict[str, Any]] = []
        self.outputs: list[dict[str, Any]] = []
        self.ratios: list[float] = []
        self.problems: list[Diagnostic] = []
        for embedding in program.embeddings:
            d = embedding.direction
            self.step[d] = lattice(embedding.table.tolist())
            if not self.step[d]:
                self.error[d] = errors.U * self.largest[d]

    # --- readings --------------------------------------------------------------------------------

    def read(self, form: Form) -> Reading:
        largest = abs(form.constant) + sum(abs(c) * self.largest[d] for d, c in form.terms.items())
        carried = sum(abs(c) * self.error[d] for d, c in form.terms.items())
        low, high = self._bounds(form)
        step = self._step(form)
        if step and largest < step * 2.0**24 and carried <= step * 2.0**-30:
            return Reading(carried, 0.0, high, low, largest, step)
        rounding = errors.gamma(len(form.terms) + 3) * largest
        return Reading(carried + rounding, rounding, high, low, largest, 0.0)

    def _bounds(self, form: Form) -> tuple[float, float]:
        low = high = form.constant
        for direction, coefficient in form.terms.items():
            known = self.program.directions[direction]
            ends = coefficient * known.low, coefficient * known.high
            low, high = low + min(ends), high + max(ends)
        return low, high

    def _step(self, form: Form) -> float:
        steps = [lattice([form.constant])]
        for direction, coefficient in form.terms.items():
            steps.append(lattice([coefficient]) * self.step[direction])
        return min(steps)

    def is_zero(self, form: Form) -> bool:
        """Whether an ideal 0 of this form is exactly 0."""
        if len(form.terms) == 1 and not form.constant and self.zero[next(iter(form.terms))]:
            return True
        reading = self.read(form)
        return reading.step > 0 and reading.error == 0

    # --- heads -----------------------------------------------------------------------------------

    def head(self, head: CraftHead, logit: float) -> None:
        noise, gap = self._scores(head)
        keys = self.program.contexts.max_len
        worst = 0.0
        for channel in head.channels:
            value = self.read(channel.value)
            largest = channel.largest + value.error
            if head.mode == "sink":
                error = errors.sum_error(keys, largest, value.error, noise, gap, logit)
            elif head.one_key:
                exact = value.step > 0
                error = errors.copy_error(keys, largest, value.error, gap, exact)
            else:
                error = errors.mean_error(keys, largest, value.error, noise, gap)
            d = channel.direction
            self.error[d] += abs(channel.factor) * error
            self.step[d] = value.step if head.mode == "flat" and head.one_key else 0.0
            worst = max(worst, error)
        self.heads.append(
            {"name": head.name, "layer": head.layer - 1, "noise": noise, "gap": gap, "error": worst}
        )
        if gap <= 1.0:
            self.fail(head.name, head.span, "unselected keys are not told apart from selected ones")

    def round(self, layer: int) -> None:
        """What the sums of a layer's heads leave in rounding directions is exact."""
        written = {
            c.direction: h for h in self.program.heads if h.layer == layer for c in h.channels
        }
        for d, head in sorted(written.items()):
            direction = self.program.directions[d]
            if not direction.rounding:
                continue
            if self.error[d] >= direction.rounding * errors.U:
                self.fail(head.name, head.span, "its count cannot be rounded to an integer")
            self.error[d], self.step[d] = 0.0, 1.0

    def _scores(self, head: CraftHead) -> tuple[float, float]:
        """The noise of selected scores against each other (none matters if all that is asked is
        whether any is), and how far all that is not selected stays below."""
        noise, gap, rewarded = 0.0, math.inf, False
        for score in head.scores:
            if isinstance(score, TableScore):
                off = self._table_noise(score)
                noise, gap = noise + off, min(gap, score.gap - off)
                rewarded = rewarded or score.reward
            else:
                gap = min(gap, self._distance(score))
        if math.isinf(gap):
            gap = -head.bos_score if head.mode == "flat" else errors.UNDERFLOW
        if head.mode == "flat":
            gap = min(gap, abs(head.bos_score) - self.read(head.bos_query).error - noise)
        return (0.0 if rewarded else noise), gap - noise

    def _table_noise(self, score: TableScore) -> float:
        total = 0.0
        for product in score.products:
            sides = (product.query, product.key)
            indicator, penalty = sides if score.indicator_is_query else sides[::-1]
            i, p = self.read(indicator), self.read(penalty)
            if i.step and i.error == 0 and self.is_zero(penalty):
                continue
            total += i.error * p.size + i.size * p.error
            total += errors.gamma(len(score.products) + 2) * i.size * p.size
        return total

    def _distance(self, score: DistanceScore) -> float:
        """How far below the one selected key all others stay."""
        query, key, square = self.read(score.query), self.read(score.key), self.read(score.square)
        span = 2 * query.size * key.size + key.size**2
        exact = query.step and key.step and span < 2.0**24 * query.step * key.step
        rounding = 0.0 if exact else span * errors.gamma(6)
        rounding += 3 * errors.U * span  # attention divides by sqrt(d_head), whatever was exact
        off = rounding + 2 * query.size * key.error + square.error
        return score.gap * (score.nearest * (score.nearest - 2 * query.error) - 2 * off)

    # --- functions and outputs -------------------------------------------------------------------

    def function(self, function: CraftFunction) -> None:
        error, margin, largest, exact = 0.0, 0.5, 0.0, True
        for unit in function.units:
            reading = self.read(unit.reads)
            largest += abs(unit.weight) * max(reading.high + reading.error, 0.0)
            exact = exact and reading.step > 0 and lattice([unit.weight]) > 0
            if unit.plateau:
                margin = min(margin, 0.5 - reading.error)
                error += abs(unit.weight) * reading.rounding
            else:
                error += abs(unit.weight) * reading.error
        d = function.direction
        if exact and largest < 2.0**24 * (step := self._written_step(function)):
            self.step[d] = step
        else:
            error += errors.gamma(len(function.units) + 1) * largest
        self.error[d] += error
        self.zero[d] = function.zero
        self.functions.append(
            {"name": function.name, "layer": function.layer - 1, "margin": margin, "error": error}
        )
        if margin <= 0:
            self.fail(
                function.name, function.span, "its operands are not exact enough to tell apart"
            )
        else:
            self.ratios.append(0.5 / (0.5 - margin) if margin < 0.5 else LIMITLESS)

    def _written_step(self, function: CraftFunction) -> float:
        steps = [lattice([u.weight]) * self.read(u.reads).step for u in function.units]
        return min(steps, default=1.0)

    def output(self, output: Output) -> None:
        readings = [self.read(form) for form in output.forms]
        gaps = gaps_of(output)
        worst = max((2 * r.error / gap for r, gap in zip(readings, gaps, strict=True)), default=0.0)
        self.outputs.append(
            {"name": output.name, "error": max((r.error for r in readings), default=0.0),
             "gap": min(gaps, default=1.0)}
        )  # fmt: skip
        if worst >= 1.0:
            self.fail(
                output.name, output.span, "neighbouring values are closer than its error bound"
            )
        elif worst > 0:
            self.ratios.append(1.0 / worst)

    def fail(self, name: str, span: Span | None, reason: str) -> None:
        """Note where the proof fails; what follows from an earlier failure is not told."""
        if not self.problems:
            message = f"`{name}` cannot be proven exact in float32"
            action = "use a smaller maximum length or vocabulary"
            self.problems.append(Diagnostic("RASP0604", message, span, reason, help=action))


def gaps_of(output: Output) -> tuple[float, ...]:
    """The smallest distance between different candidates, by form."""
    if output.kind == "categorical":
        return (output.gap,) * len(output.forms)
    gaps = []
    for channel in range(len(output.forms)):
        levels = [sorted_unique(candidate.points[:, channel]) for candidate in output.classes]
        found = [np.diff(points) for points in levels]
        gaps.append(min((float(d.min()) for d in found if len(d)), default=1.0))
    return tuple(gaps)
