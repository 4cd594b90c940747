"""The driver: from a program to a model, one line a stage."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from rasp_lang.analysis.analyse import analyse
from rasp_lang.analysis.cones import TooManyRows
from rasp_lang.analysis.facts import Facts
from rasp_lang.analysis.normalise import Normalised, normalise
from rasp_lang.analysis.universal import LOOKUP_LIMIT, analyse_universally
from rasp_lang.craft import legality
from rasp_lang.craft.assemble import assemble
from rasp_lang.craft.lower import lower
from rasp_lang.craft.program import CraftProgram
from rasp_lang.diagnostics import Diagnostic, RaspError
from rasp_lang.graph import Atom, Pin
from rasp_lang.limits import DEFAULT, Limits
from rasp_lang.program import Program
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
    normal = normalise(program.graph, [program.output_node(name) for name in names])
    task = _Task(program, names, causal, opt, limits)
    try:
        facts = analyse(normal.graph, normal.roots, vocab, max_len, causal, textbook=opt == 0)
        return task.lowered(facts, normal.roots)
    except RaspError as refusal:
        if not all(found.code.startswith(_NOT_EXPRESSIBLE) for found in refusal.diagnostics):
            raise
        return task.universal(normal, vocab, max_len, refusal)


@dataclass(frozen=True, eq=False)
class _Task:
    """What to make of the facts of a program."""

    program: Program
    names: tuple[str, ...]
    causal: bool
    opt: int
    limits: Limits

    def lowered(self, facts: Facts, roots: tuple[int, ...]) -> Compiled:
        """From facts to weights."""
        craft = lower(facts, list(zip(self.names, roots, strict=True)), self.opt)
        legality.check(craft)
        options = {"output": list(self.names), "causal": self.causal, "opt": self.opt}
        artifact = assemble(craft, self.program.sources, options, self.limits.max_params)
        return Compiled(facts, roots, craft, artifact)

    def universal(
        self, normal: Normalised, vocab: Sequence[Atom], max_len: int, refusal: RaspError
    ) -> Compiled:
        """What was refused as a table over all inputs, where there are few: the refusal itself,
        with the cost of that, where there are many. Pins leave nothing to choose."""
        if any(isinstance(node.op, Pin) for node in normal.graph.nodes):
            raise refusal
        try:
            # The program's own graph: one with defaults as choices fails on more inputs.
            nodes = [self.program.output_node(name) for name in self.names]
            facts, roots = analyse_universally(
                self.program.graph, nodes, vocab, max_len, self.causal
            )
            return self.lowered(facts, roots)
        except TooManyRows as error:
            cost = f"{error.rows:,} answers, more than {LOOKUP_LIMIT:,}"
        except RaspError as error:
            cost = error.diagnostics[0].message
        note = f"looking every answer up by its whole input is no way out: {cost}"
        raise RaspError(
            replace(found, notes=(*found.notes, note)) for found in refusal.diagnostics
        ) from None


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
