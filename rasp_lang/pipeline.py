"""The driver: from a program to a model, one line a stage."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace

from rasp_lang.analysis.analyse import analyse
from rasp_lang.analysis.cones import TooManyRows
from rasp_lang.analysis.facts import Facts
from rasp_lang.analysis.normalise import Normalised, normalise
from rasp_lang.analysis.universal import LOOKUP_LIMIT, analyse_universally
from rasp_lang.craft import legality
from rasp_lang.craft.assemble import assemble
from rasp_lang.craft.certificate import Unproven
from rasp_lang.craft.lower import lower
from rasp_lang.craft.planner import TooWide
from rasp_lang.craft.program import CraftProgram
from rasp_lang.depth import depths
from rasp_lang.diagnostics import Diagnostic, RaspError
from rasp_lang.graph import Atom, Pin
from rasp_lang.limits import DEFAULT, Limits
from rasp_lang.program import Program
from rasp_lang.sampling import about
from rasp_lang.transformer.artifact import Artifact
from rasp_lang.vocabulary import check_vocab

#: Codes of what cannot be compiled in the usual way.
_NOT_EXPRESSIBLE = "RASP06"
#: Longer inputs are not analysed: float32 counts cannot be proven exact there.
MAX_LENGTH = 4096


@dataclass(frozen=True, eq=False)
class Compiled:
    """The products of all stages for one program, vocabulary and maximum length."""

    facts: Facts
    roots: tuple[int, ...]
    craft: CraftProgram
    artifact: Artifact


def build(
    program: Program,
    vocab: Sequence[Atom],
    max_len: int,
    output: str | Sequence[str] | None = None,
    causal: bool = False,
    opt: int = 1,
    limits: Limits = DEFAULT,
) -> Compiled:
    """All stages; raises RaspError with what is wrong with the arguments or cannot be compiled,
    ValueError for an ``opt`` other than 0, 1 and 2."""
    if opt not in (0, 1, 2):
        raise ValueError(f"opt is 0, 1 or 2, not {opt!r}")
    names = output_names(program, output)
    vocab = check_vocab(vocab)
    _check_length(max_len)
    nodes = [program.output_node(name) for name in names]  # expressions are added to the graph
    with _uncollected():
        normal = normalise(program.graph, nodes)
        task = _Task(program, normal, tuple(vocab), max_len, names, causal, opt, limits)
        try:
            return task.fused()
        except RaspError as refusal:
            if not all(found.code.startswith(_NOT_EXPRESSIBLE) for found in refusal.diagnostics):
                raise
            return task.otherwise(refusal)


@contextmanager
def _uncollected() -> Iterator[None]:
    """Without looking for cycles of references: a compilation makes many small values and no
    cycles to speak of, and each look costs the more the larger the host program is."""
    running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if running:
            gc.enable()


@dataclass(frozen=True, eq=False)
class _Task:
    """A program in normal form, and what to make of it."""

    program: Program
    normal: Normalised
    vocab: tuple[Atom, ...]
    max_len: int
    names: tuple[str, ...]
    causal: bool
    opt: int
    limits: Limits

    def fused(self, cuts: frozenset[int] = frozenset()) -> Compiled:
        """Elementwise code between two attention layers as one hidden layer, as far as that is not
        too wide; what the nodes ``cuts`` read a step earlier."""
        while True:
            try:
                return self.lowered(self.analysed(self.opt == 0, cuts), self.normal.roots)
            except TooWide as error:
                if error.node in cuts:
                    raise
                cuts |= {error.node}

    def otherwise(self, refusal: RaspError) -> Compiled:
        """What was refused, in more steps; or as a table over all inputs, if there are few and that
        is shallower. Where nothing helps the refusal tells the cost."""
        apart = self.in_steps(refusal) if self.opt else None
        nodes = [self.program.output_node(name) for name in self.names]
        known = depths(self.program.graph)
        if apart is not None and apart.artifact.config.layers <= max(known[n] for n in nodes):
            return apart
        found = self.universal(nodes)
        if isinstance(found, Compiled):
            return found
        if apart is not None:
            return apart
        note = f"looking every answer up by its whole input is no way out: {found}"
        raise RaspError(
            replace(problem, notes=(*problem.notes, note)) for problem in refusal.diagnostics
        ) from None

    def in_steps(self, refusal: RaspError) -> Compiled | None:
        """With what cannot be proven in one step in two; else every s-op as a variable of its
        own."""
        cuts: frozenset[int] = frozenset()
        while isinstance(refusal, Unproven) and (node := refusal.node) is not None:
            if node in cuts:
                break
            cuts |= {node}
            for some in dict.fromkeys((frozenset({node}), cuts)):
                try:
                    return self.fused(some)
                except RaspError as error:
                    refusal = error
        try:
            return self.lowered(self.analysed(True), self.normal.roots)
        except RaspError:
            return None

    def universal(self, nodes: Sequence[int]) -> Compiled | str:
        """The program as a table over all its inputs, or why that is not possible. Pins leave
        nothing to choose."""
        if any(isinstance(node.op, Pin) for node in self.normal.graph.nodes):
            return "encodings are pinned"
        try:
            # The program's own graph: one with defaults as choices fails on more inputs.
            facts, roots = analyse_universally(
                self.program.graph, nodes, self.vocab, self.max_len, self.causal
            )
            found = self.lowered(facts, roots)
        except TooManyRows as error:
            return f"{about(error.rows)} answers, more than {LOOKUP_LIMIT:,}"
        except RaspError as error:
            return error.diagnostics[0].message
        width, most = found.artifact.config.d_mlp, self.limits.max_width
        return found if width <= most else f"{width:,} neurons, more than {most:,}"

    def analysed(self, textbook: bool, cuts: frozenset[int] = frozenset()) -> Facts:
        return analyse(
            self.normal.graph, self.normal.roots, self.vocab, self.max_len, self.causal,
            textbook=textbook, cuts=cuts,
        )  # fmt: skip

    def lowered(self, facts: Facts, roots: tuple[int, ...]) -> Compiled:
        """From facts to weights."""
        outputs = list(zip(self.names, roots, strict=True))
        craft = lower(facts, outputs, self.opt, self.limits.max_width)
        legality.check(craft)
        options = {"output": list(self.names), "causal": self.causal, "opt": self.opt}
        artifact = assemble(craft, self.program.sources, options, self.limits.max_params)
        return Compiled(facts, roots, craft, artifact)


def _check_length(max_len: object) -> None:
    if not isinstance(max_len, int) or isinstance(max_len, bool) or max_len < 1:
        message = f"the maximum length is {max_len!r}"
        raise RaspError(Diagnostic("RASP0007", message, help="give an int from 1 up"))
    if max_len > MAX_LENGTH:
        raise RaspError(
            Diagnostic(
                "RASP0605",
                f"a maximum length of {max_len:,} is beyond the limit of {MAX_LENGTH:,}",
                help="attention in float32 cannot be proven exact for so many keys; use fewer",
            )
        )


def compile(
    program: Program,
    vocab: Sequence[Atom],
    max_len: int,
    output: str | Sequence[str] | None = None,
    causal: bool = False,
    opt: int = 1,
    limits: Limits = DEFAULT,
) -> Artifact:
    """The weights of a transformer that computes ``output`` for every input of at most ``max_len``
    tokens of ``vocab``; raises RaspError if that cannot be done exactly within
    the limits."""
    with _uncollected():  # until what only the stages need is gone
        return build(program, vocab, max_len, output, causal, opt, limits).artifact


def output_names(program: Program, output: str | Sequence[str] | None) -> tuple[str, ...]:
    """The names to compile, each once; the program's own output if ``output`` is None."""
    if output is None:
        output = program.output
    if output is None:
        raise RaspError(
            Diagnostic("RASP0016", "the program binds no s-op", help="assign one to a name")
        )
    names = (output,) if isinstance(output, str) else tuple(dict.fromkeys(output))
    if not names:
        raise RaspError(Diagnostic("RASP0016", "no output is named", help="name an s-op"))
    return names
