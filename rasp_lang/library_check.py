"""The shipped programs, checked on three levels: interpreter, craft program, transformer.

In: shipped programs and how many inputs to try. Out: a :class:`Report` for each, as they are done.
The programs are shared out among processes; whatever happens to one is a problem of that one.

Each program is held to its expectations, compiled for the vocabulary and the maximum length of its
head, and compared on inputs, whole, causal or both as its head says. Files that are only loaded are
loaded.
"""

from __future__ import annotations

import time
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass, field, replace
from functools import partial
from typing import Any

from rasp_lang.depth import depths
from rasp_lang.diagnostics import Diagnostic, RaspError
from rasp_lang.expectations import READINGS, failures, output_of
from rasp_lang.levels import Comparison, compare
from rasp_lang.library_figures import Figures
from rasp_lang.library_files import ShippedProgram
from rasp_lang.pipeline import Compiled, build
from rasp_lang.processes import Crash, each
from rasp_lang.program import Program, load_shipped
from rasp_lang.transformer.model import Backend


@dataclass(frozen=True, slots=True)
class Extent:
    """How many inputs are tried: all of the lengths that have at most ``bound`` together, and
    beyond these ``samples`` that are drawn with ``seed``."""

    bound: int = 20_000
    samples: int = 2_000
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Problem:
    """``kind``: ``head``, ``load``, ``warning``, ``expectation``, ``refused``, ``layers``,
    ``different`` or ``crashed``."""

    kind: str
    message: str


@dataclass(frozen=True, slots=True)
class Report:
    """What was found of one program. ``figures`` is None where it was not compiled; ``skipped``
    inputs were not compared, since the interpreter reports an error on them."""

    name: str
    chapter: str
    library: bool = False
    figures: Figures | None = None
    skipped: int = 0
    seconds: float = 0.0
    problems: tuple[Problem, ...] = field(default=())

    @property
    def ok(self) -> bool:
        return not self.problems

    @property
    def verdict(self) -> str:
        """One word: ``equal``, ``loaded`` (a file that is only loaded) or the first problem's
        kind."""
        if self.problems:
            return self.problems[0].kind
        return "loaded" if self.library else "equal"

    def to_json(self) -> dict[str, Any]:
        """The report as JSON data."""
        return {**asdict(self), "ok": self.ok, "verdict": self.verdict}


def check_library(
    programs: Sequence[ShippedProgram], extent: Extent, jobs: int, backend: Backend = "jax"
) -> Generator[Report, None, None]:
    """A report for each program, as they are done, by ``jobs`` processes; these are gone when the
    iterator is closed."""
    act = partial(check, extent=extent, backend=backend)
    with closing(each(act, programs, jobs)) as found:
        for number, report in found:
            if isinstance(report, Crash):
                shipped = programs[number]
                problem = Problem("crashed", str(report))
                report = Report(shipped.name, shipped.chapter, problems=(problem,))
            yield report


def check(shipped: ShippedProgram, extent: Extent, backend: Backend = "jax") -> Report:
    """The report on one program. Raises nothing that the program is to blame for."""
    start = time.perf_counter()
    report = Report(shipped.name, shipped.chapter)
    try:
        report = _checked(shipped, extent, backend)
    except Exception as error:
        kind = "load" if isinstance(error, RaspError) else "crashed"
        text = _told(error) if isinstance(error, RaspError) else f"{type(error).__name__}: {error}"
        report = replace(report, problems=(Problem(kind, text),))
    return replace(report, seconds=round(time.perf_counter() - start, 2))


def _checked(shipped: ShippedProgram, extent: Extent, backend: Backend) -> Report:
    program = load_shipped(shipped)
    head = program.head
    report = Report(shipped.name, shipped.chapter, head.library)
    problems = [Problem("head", found.message) for found in head.diagnostics]
    problems += [Problem("warning", _one(found)) for found in program.warnings]
    if head.library:
        return replace(report, problems=tuple(problems))
    if head.vocab is None or head.max_len is None:
        problems.append(Problem("head", "the head has no vocabulary or no maximum length"))
        return replace(report, problems=tuple(problems))
    problems += [Problem("expectation", failure.message) for failure in failures(program)]
    return _compared(replace(report, problems=tuple(problems)), program, extent, backend)


def _compared(report: Report, program: Program, extent: Extent, backend: Backend) -> Report:
    """The report with what each reading's model costs and how it compares."""
    problems = list(report.problems)
    built: list[Compiled] = []
    comparisons: list[Comparison] = []
    for causal in READINGS[program.head.causal]:
        try:
            compiled = _built(program, causal)
            problems += _other_layers(program, compiled, causal)
            found = compare(program, compiled, extent.bound, extent.samples, extent.seed, backend)
        except RaspError as error:
            problems.append(Problem("refused", f"{_told(error)}{_read(causal)}"))
            continue
        built.append(compiled)
        comparisons.append(found)
        if found.difference is not None:
            problems.append(Problem("different", f"{found.difference}{_read(causal)}"))
    return replace(
        report,
        figures=_figures(built, comparisons) if built else None,
        skipped=sum(found.skipped for found in comparisons),
        problems=tuple(problems),
    )


def _built(program: Program, causal: bool) -> Compiled:
    head = program.head
    assert head.vocab is not None
    assert head.max_len is not None
    return build(program, head.vocab, head.max_len, head.output, causal)


def _other_layers(program: Program, compiled: Compiled, causal: bool) -> Iterator[Problem]:
    """Where the head is wrong about the layers. As in the paper a layer without heads, which some
    functions of token and position need, does not count."""
    wanted = program.head.layers
    if wanted is None:
        yield Problem("head", "the head does not say how many layers")
        return
    counted = depths(program.graph)[program.output_node(output_of(program))]
    with_heads = sum(heads > 0 for heads in compiled.artifact.heads_by_layer)
    for what, layers in (("the paper counts", counted), ("with heads the model has", with_heads)):
        if layers != wanted:
            message = f"{what} {layers} layers, its head says {wanted}{_read(causal)}"
            yield Problem("layers", message)


def _figures(built: Sequence[Compiled], comparisons: Sequence[Comparison]) -> Figures:
    first = built[0].artifact
    return Figures(
        layers=first.config.layers,
        heads=first.heads_by_layer,
        d_model=first.config.d_model,
        parameters=first.config.parameters,
        checked=sum(found.checked for found in comparisons),
        exhaustive=all(found.exhaustive for found in comparisons),
        readings=tuple("causal" if one.artifact.config.causal else "whole" for one in built),
    )


def _read(causal: bool) -> str:
    return " (causal)" if causal else ""


def _told(error: RaspError) -> str:
    return "; ".join(map(_one, error.diagnostics))


def _one(found: Diagnostic) -> str:
    place = f"line {found.span.line}: " if found.span else ""
    return f"{place}{found.message} [{found.code}]"
