"""Program x (vocabulary, maximum length) -> Report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rasp_lang import types
from rasp_lang.depth import depths, heads_by_layer
from rasp_lang.diagnostics import Diagnostic, RaspError
from rasp_lang.graph import Atom, Graph, Pin
from rasp_lang.limits import DEFAULT, Limits
from rasp_lang.pipeline import MAX_LENGTH, Compiled, build, output_names
from rasp_lang.program import Program
from rasp_lang.report.data import ModelReport, PinReport, Report, SelectorReport, SopReport
from rasp_lang.report.encodings import encodings
from rasp_lang.report.facts import Known, Reading, depends_on, facts_of
from rasp_lang.report.trial import run_trial, trial_inputs
from rasp_lang.vocabulary import check_vocab

#: Blocks of codes that say that a program cannot be compiled so; others are wrong arguments.
_REFUSALS = ("04", "06")


@dataclass(frozen=True, slots=True)
class _Entry:
    """A name, the node that it stands for, and whether the program itself binds it."""

    name: str
    node: int
    public: bool


def report(
    program: Program,
    vocab: Sequence[Atom],
    max_len: int,
    output: str | Sequence[str] | None = None,
    causal: bool = False,
    opt: int = 1,
    limits: Limits = DEFAULT,
) -> Report:
    """What compiling ``output`` takes and gives, the arguments being those of ``compile``. Where
    that is refused, the report has no model. Raises RaspError for wrong arguments."""
    names, vocab = output_names(program, output), check_vocab(vocab)
    roots = [program.output_node(name) for name in names]
    compiled, refusals = _attempt(program, vocab, max_len, names, causal, opt, limits)
    graph = program.graph
    entries = _entries(program, graph, dict(zip(names, roots, strict=True)))
    reading = Reading(vocab, max_len, causal)
    known = facts_of(graph, [entry.node for entry in entries], reading)
    used = _used(graph, roots, entries, compiled)
    layers = depths(graph)
    rows = [
        _row(graph, entry, facts, used, layers[entry.node])
        for entry, facts in zip(entries, known, strict=True)
    ]
    inputs, exhaustive = trial_inputs(vocab, max_len)
    return Report(
        vocab, max_len, causal, names,
        tuple(row for row in rows if isinstance(row, SopReport)),
        tuple(row for row in rows if isinstance(row, SelectorReport)),
        heads_by_layer(graph, roots),
        None if compiled is None else _model(compiled),
        refusals,
        tuple(_pins(graph, used)),
        run_trial(graph, roots, inputs, exhaustive, causal),
        program.warnings_on(inputs, causal),
    )  # fmt: skip


def _attempt(
    program: Program,
    vocab: Sequence[Atom],
    max_len: int,
    names: Sequence[str],
    causal: bool,
    opt: int,
    limits: Limits,
) -> tuple[Compiled | None, tuple[Diagnostic, ...]]:
    try:
        return build(program, vocab, max_len, names, causal, opt, limits), ()
    except RaspError as error:
        wrong = any(found.code[4:6] not in _REFUSALS for found in error.diagnostics)
        if wrong or max_len > MAX_LENGTH:
            raise
        return None, error.diagnostics


def _entries(program: Program, graph: Graph, outputs: Mapping[str, int]) -> list[_Entry]:
    """The program's names and the outputs, then what else the outputs need that has a name."""
    names = [name for name in program.names if program.kind(name) in ("s-op", "selector")]
    bound = {**{name: program.node(name) for name in names}, **outputs}
    known = set(bound.values())
    inner = [node for node in graph.reachable(outputs.values()) if node not in known]
    return [
        *(_Entry(name, node, True) for name, node in bound.items()),
        *(_Entry(name, node, False) for node in inner if (name := graph[node].name)),
    ]


def _used(
    graph: Graph, roots: Sequence[int], entries: Sequence[_Entry], compiled: Compiled | None
) -> dict[int, str | None]:
    """The encodings of what the outputs need, selectors included (None)."""
    needed = graph.reachable(roots)
    found: dict[int, str | None] = dict.fromkeys(needed)
    if compiled is not None:
        named = {entry.node for entry in entries}
        sops = [
            node for node in needed
            if not graph[node].is_selector and (node in named or isinstance(graph[node].op, Pin))
        ]  # fmt: skip
        found.update(encodings(graph, roots, sops, compiled.facts, compiled.craft))
    return found


def _row(
    graph: Graph, entry: _Entry, known: Known, used: Mapping[int, str | None], layer: int
) -> SopReport | SelectorReport:
    node = graph[entry.node]
    needed = entry.node in used
    if node.is_selector:
        widths = known.selector
        least = None if widths is None else int(widths.least.min())
        most = None if widths is None else int(widths.most.max())
        return SelectorReport(
            entry.name, entry.public, needed, node.span, least, most, layer, known.refusal
        )
    values = found = decided = None
    if known.sop is not None and known.contexts is not None:
        # The static types may rule out what the analysis does not.
        atoms = known.sop.values.atoms
        values = tuple(atom for atom in atoms if types.of_atom(atom) <= node.types)
        found = types.show(types.of_atoms(values))
        decided = depends_on(known.sop, known.contexts)
    return SopReport(
        entry.name, entry.public, needed, node.span, types.show(node.types), found, values, decided,
        used.get(entry.node), layer, known.refusal,
    )  # fmt: skip


def _model(compiled: Compiled) -> ModelReport:
    config = compiled.artifact.config
    heads = Counter(head.layer for head in compiled.craft.heads)
    return ModelReport(
        tuple((output.name, output.kind) for output in compiled.craft.outputs),
        config.layers, tuple(heads[layer] for layer in range(1, config.layers + 1)),
        config.d_model, config.d_head, config.d_mlp, config.parameters,
    )  # fmt: skip


def _pins(graph: Graph, used: Mapping[int, str | None]) -> list[PinReport]:
    """The pins of what the outputs need."""
    found = []
    for node_id, actual in used.items():
        node = graph[node_id]
        if isinstance(node.op, Pin):
            name = node.name or graph[node.inputs[0]].name
            found.append(PinReport(name, node.span, node.op.encoding, actual))
    return found
