"""The proof that a craft program, run in float32, decodes to what the interpreter answers, and by
how much the weights may be off so that it still does.

For every direction a bound on its error is carried from the embedding to the outputs. A direction
that holds multiples of a power of two without error keeps sums of such directions exact. The proof
closes if every plateau is kept (a reading off by less than a half) and every output's error is
below half the gap between its candidates. All this is done for the weights as they are and, in the
same pass, for weights that are each off by a relative *delta*, for a grid of deltas: what float32
holds exactly is then lost, what is a product with 0 is not.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from rasp_lang.craft.attention_bounds import (
    Attending,
    Sides,
    Written,
    carried_by,
    scores_of,
    separation,
    sides_of,
    written,
)
from rasp_lang.craft.errors import Numbers, U, gamma
from rasp_lang.craft.program import CraftFunction, CraftHead, CraftProgram, Form, Output
from rasp_lang.craft.readings import Stream, grain, read
from rasp_lang.diagnostics import Diagnostic, RaspError
from rasp_lang.source import Span

#: The margin of what has no error at all.
LIMITLESS = 1e9
#: The deltas that are tried: none, then from 1e-9 up to a half, three a decade.
DELTAS = np.array([0.0, *(float(f"{m}e-{k}") for k in range(9, 0, -1) for m in (1, 2, 5))])


@dataclass(frozen=True)
class Certificate:
    """What was proven. ``heads``: score noise, gap, error of what is written; ``functions``: the
    margin that is left of a half; ``outputs``: error and gap. ``margin`` is the smallest ratio of
    what may go wrong to what does, at least 1. ``weights``: by how much each weight of the file may
    be off, ``relative`` to itself, and the place where the proof fails first beyond that."""

    margin: float
    heads: tuple[dict[str, Any], ...]
    functions: tuple[dict[str, Any], ...]
    outputs: tuple[dict[str, Any], ...]
    weights: dict[str, Any]

    def to_json(self) -> dict[str, Any]:
        return {
            "arithmetic": "float32",
            "margin": self.margin,
            "heads": list(self.heads),
            "functions": list(self.functions),
            "outputs": list(self.outputs),
            "weights": self.weights,
        }


def certify(program: CraftProgram, sinks: Sequence[float], factor: float) -> Certificate:
    """Prove the program, or raise Unproven (RASP0604) with the first place where the proof fails.
    ``sinks`` are the sinks' logits as assembled, by head (0 for other heads), and ``factor`` is
    what attention makes of a score of 1."""
    with np.errstate(all="ignore"):  # what is not a number proves nothing
        return _Proof(program, factor).certificate(sinks)


class Unproven(RaspError):
    """A program cannot be proven exact. ``node`` needs the function at which the proof fails, or
    that brings most of an output's error; None where that is a head."""

    def __init__(self, node: int | None, problem: Diagnostic) -> None:
        super().__init__(problem)
        self.node = node


class _Place(NamedTuple):
    """A head, function or output with what has to hold there, by delta."""

    name: str
    span: Span | None
    reason: str
    holds: Any
    node: int | None = None


class _Proof:
    def __init__(self, program: CraftProgram, factor: float) -> None:
        self.program, self.factor = program, factor
        self.stream = Stream(program, DELTAS)
        self.rounds = np.array([d.rounding > 0 for d in program.directions])
        self.heads: list[dict[str, Any]] = []
        self.functions: list[dict[str, Any]] = []
        self.outputs: list[dict[str, Any]] = []
        self.ratios: list[float] = []
        self.places: list[_Place] = []
        #: The error of each function, and the node that needs it.
        self.errors: list[tuple[float, int]] = []

    def certificate(self, sinks: Sequence[float]) -> Certificate:
        for layer in range(1, self.program.layers + 1):
            chosen = [pair for pair in zip(self.program.heads, sinks, strict=True)
                      if pair[0].layer == layer]  # fmt: skip
            if chosen:
                self.attention(chosen)
            functions = [f for f in self.program.functions if f.layer == layer and f.units]
            if functions:
                self.mlp(functions)
        self.answers()
        return Certificate(
            min(self.ratios, default=LIMITLESS), tuple(self.heads), tuple(self.functions),
            tuple(self.outputs), self.weights(),
        )  # fmt: skip

    def weights(self) -> dict[str, Any]:
        """The largest delta up to which everything holds; raises Unproven if nothing does."""
        holds = np.array([place.holds for place in self.places]).reshape(-1, len(DELTAS))
        first = np.where(holds.all(axis=1), len(DELTAS), (~holds).argmax(axis=1)).tolist()
        reach = min(first, default=len(DELTAS))
        if reach == len(DELTAS):
            return {"relative": float(DELTAS[-1])}
        place = self.places[first.index(reach)]
        if reach == 0:
            message = f"`{place.name}` cannot be proven exact in float32"
            action = "use a smaller maximum length or vocabulary"
            problem = Diagnostic("RASP0604", message, place.span, place.reason, help=action)
            raise Unproven(place.node, problem)
        return {"relative": float(DELTAS[reach - 1]), "breaks": place.name}

    # --- attention -------------------------------------------------------------------------------

    def attention(self, heads: Sequence[tuple[CraftHead, float]]) -> None:
        """The heads of a layer, which read the stream as it was before. What several heads score
        alike is read once."""
        forms: list[Form] = []
        sides_at: dict[tuple[int, ...], int] = {}
        for head, _ in heads:
            if sides_at.setdefault(_identity(head), len(forms)) == len(forms):
                forms += sides_of(head)
        first = len(forms)
        for head, _ in heads:
            forms += carried_by(head)
        reads, scored, found = read(self.stream, forms), {}, []
        for head, sink in heads:
            which, end = _identity(head), first + len(head.channels)
            if which not in scored:
                sides = Sides.of(reads, sides_at[which], len(head.products))
                scored[which] = sides, scores_of(head, sides)
            values, asked = reads.rows(first, end), reads.rows(end, end + 1)
            attending = Attending(
                head, *scored[which], values, asked, DELTAS, self.program.contexts.max_len,
                self.factor, sink,
            )  # fmt: skip
            found.append((head, self.head(attending)))
            first = end + 1
        writers = Counter(channel.direction for head, _ in heads for channel in head.channels)
        self.write(found, writers)
        for head, result in found:
            self.share(head, result, writers)
        self.round(found)

    def head(self, attending: Attending) -> Written:
        head, apart = attending.head, separation(attending)
        result = written(attending, apart, self.program.contexts.causal)
        self.heads.append(
            {"name": head.name, "layer": head.layer - 1, "noise": float(apart.noise[0]),
             "gap": float(apart.gap[0]), "error": float(result.error[:, 0].max())}
        )  # fmt: skip
        reason = "unselected keys are not told apart from selected ones"
        self.places.append(_Place(head.name, head.span, reason, apart.gap > 1.0))
        return result

    def write(self, found: Sequence[tuple[CraftHead, Written]], writers: Mapping[int, int]) -> None:
        """Add what heads write. A sum of several is rounded once more for each, and can be 0 where
        its terms are not."""
        stream = self.stream
        channels = [channel for head, _ in found for channel in head.channels]
        error, at_zero, at_bos, size = (
            np.concatenate([getattr(result, part) for _, result in found])
            for part in ("error", "at_zero", "at_bos", "size")
        )
        directions = np.array([channel.direction for channel in channels])
        factors = np.array([channel.factor for channel in channels])
        counts = np.array([writers[d] for d in directions.tolist()])
        sizes = np.abs(factors)[:, None]
        again = np.where(counts > 1, gamma(counts), 0.0)[:, None] * size
        np.add.at(stream.error, directions, sizes * (error + again))
        np.add.at(stream.at_bos, directions, sizes * at_bos)
        alone = (counts == 1) & ~self.rounds[directions]
        sums = stream.error[directions]
        stream.at_zero[directions] = np.where(alone[:, None], sizes * at_zero, sums)
        steps = np.concatenate([result.step for _, result in found])
        stream.step[directions] = np.where(counts == 1, steps * grain(factors), 0.0)

    def share(self, head: CraftHead, result: Written, writers: Mapping[int, int]) -> None:
        """Copies of one-hots are one-hots."""
        stream = self.stream
        if not (head.mode == "flat" and head.one_key):
            return
        copies: dict[int, dict[int, int]] = {}
        for channel in head.channels:
            if writers[channel.direction] == 1 and len(channel.value.terms) == 1:
                (source,) = channel.value.terms
                slot = int(stream.slot[source])
                if stream.shared[slot] and not channel.value.constant:
                    copies.setdefault(slot, {}).setdefault(source, channel.direction)
        for group in copies.values():
            if len(group) > 1:
                stream.share(np.array(list(group.values())))
                stream.sparse &= result.tight

    def round(self, found: Sequence[tuple[CraftHead, Written]]) -> None:
        """What the sums of a layer's heads leave in rounding directions is exact, as far as the
        weights are: integers that are not negative and only 0 where nothing is added lie among
        neighbours twice as far apart as others."""
        stream = self.stream
        heads: dict[int, CraftHead] = {}
        whole: dict[int, bool] = {}
        for head, result in found:
            for k, channel in enumerate(head.channels):
                d = channel.direction
                heads[d] = head
                positive = bool(result.positive[k]) and channel.factor > 0
                whole[d] = whole.get(d, True) and positive
        for d, head in sorted(heads.items()):
            offset = self.program.directions[d].rounding
            if not offset:
                continue
            holds = stream.error[d] < offset * U * (1.0 if whole[d] else 0.5)
            reason = "its count cannot be rounded to an integer"
            self.places.append(_Place(head.name, head.span, reason, holds | (DELTAS > 0)))
            stream.error[d] = np.where(DELTAS > 0, stream.error[d] + offset * U, 0.0)
            stream.step[d] = 1.0

    # --- functions and outputs -------------------------------------------------------------------

    def mlp(self, functions: Sequence[CraftFunction]) -> None:
        """The functions of a layer. On a plateau only what differs between two neurons counts."""
        stream = self.stream
        units = [unit for function in functions for unit in function.units]
        counts = np.array([len(function.units) for function in functions])
        first = np.cumsum(counts) - counts
        reads = read(stream, [unit.reads for unit in units])
        weights = np.array([unit.weight for unit in units])
        plateau = np.array([unit.plateau for unit in units])[:, None]
        relative = (1 + DELTAS) * (1 + gamma(counts + 1)[:, None]) - 1
        sizes = np.abs(weights)[:, None]
        off = np.where(plateau, reads.rounding, reads.error)
        error = np.add.reduceat(sizes * off, first) * (1 + relative)
        reach = np.maximum(reads.high[:, None] + reads.error, 0.0)
        largest = np.add.reduceat(sizes * reach, first)
        steps = np.minimum.reduceat(grain(weights) * reads.step, first)
        exact = (steps > 0) & (largest[:, 0] < 2.0**24 * steps)
        made = relative * largest
        made[exact, 0] = 0.0
        worst = np.maximum.reduceat(np.where(plateau, reads.error, 0.0), first)
        guards = bos_guards(np.array([unit.reads.constant for unit in units]))[:, None]
        awake = np.maximum(reads.at_bos - guards, 0.0)
        at_bos = np.add.reduceat(sizes * awake, first) * (1 + relative)
        directions = np.array([function.direction for function in functions])
        zero = np.array([function.zero for function in functions])
        # At least 1, less what weights and sums of positive terms are off, or exactly 0.
        apart = np.where(exact[:, None] & (DELTAS == 0), 0.0, relative)
        whole = error + made
        stream.error[directions] = np.where(zero[:, None], apart, whole)
        stream.at_zero[directions] = np.where(zero[:, None], 0.0, whole)
        stream.at_bos[directions] = at_bos
        stream.step[directions] = np.where(exact, steps, 0.0)
        stream.high[directions] += np.where(zero, 0.5 * np.add.reduceat(sizes[:, 0], first), 0.0)
        self.plateaus(functions, worst, whole[:, 0].tolist())

    def plateaus(
        self, functions: Sequence[CraftFunction], worst: Numbers, errors: Sequence[float]
    ) -> None:
        """What has to hold on the plateaus of functions, which may be off by ``worst``."""
        reason = "its operands are not exact enough to tell apart"
        holds, largest = worst < 0.5, worst[:, 0].tolist()
        for k, (function, error) in enumerate(zip(functions, errors, strict=True)):
            margin = 0.5 - largest[k]
            self.functions.append(
                {"name": function.name, "layer": function.layer - 1, "margin": margin,
                 "error": error}
            )  # fmt: skip
            place = _Place(function.name, function.span, reason, holds[k], function.node)
            self.places.append(place)
            self.errors.append((error, function.node))
            self.ratios.append(0.5 / largest[k] if largest[k] > 0 else LIMITLESS)

    def answers(self) -> None:
        forms = [form for output in self.program.outputs for form in output.forms]
        reads, end = read(self.stream, forms), 0
        for output in self.program.outputs:
            start, end = end, end + len(output.forms)
            self.output(output, reads.error[start:end])

    def output(self, output: Output, errors: Numbers) -> None:
        gaps = output.gaps
        worst = (2 * errors / np.array(gaps)[:, None]).max(axis=0)
        self.outputs.append(
            {"name": output.name, "error": float(errors[:, 0].max()), "gap": min(gaps)}
        )
        reason = "neighbouring values are closer than its error bound"
        largest = float(errors[:, 0].max())
        source = next((node for error, node in self.errors if 2 * error > largest), None)
        self.places.append(_Place(output.name, output.span, reason, worst < 1.0, source))
        if worst[0] > 0:
            self.ratios.append(1.0 / float(worst[0]))


def _identity(head: CraftHead) -> tuple[int, ...]:
    """The same for heads that have their scores in common."""
    return tuple(map(id, head.scores))


def bos_guards(constants: Numbers) -> Numbers:
    """How far below 0 hidden units stay in the row of BOS, so that what is left of their constants
    there, if weights are off, does not wake them."""
    return np.maximum(1.0, np.abs(constants))
