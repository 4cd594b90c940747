"""``raspc verify --all``: every shipped program on all levels."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import closing
from typing import TYPE_CHECKING

from rasp_lang.library_files import chosen_programs
from raspc.answer import Answer

if TYPE_CHECKING:
    from rasp_lang.library_check import Report
    from rasp_lang.transformer.model import Backend

COLUMNS = ("program", "layers", "heads", "d_model", "parameters", "inputs", "skipped", "seconds",
           "verdict")  # fmt: skip
#: Problems of one program that are shown.
_SHOWN = 5


def verify_all(
    names: Sequence[str],
    chapters: Sequence[str],
    bound: int | None,
    samples: int | None,
    seed: int,
    jobs: int | None,
    backend: Backend | None,
) -> Answer:
    """Check the shipped programs that are named or in the chapters (all where nothing is said).
    None for a number is its default. The answer is no where one of them has a problem. Raises
    RaspError (RASP0015)."""
    from rasp_lang.library_check import Extent, check_library
    from raspc.progress import progress_bar

    programs = chosen_programs(names, chapters)
    usual = Extent()
    extent = Extent(usual.bound if bound is None else bound, samples or usual.samples, seed)
    place = {program.name: number for number, program in enumerate(programs)}
    reports: list[Report] = []
    work = check_library(programs, extent, jobs or os.cpu_count() or 1, backend or "jax")
    with progress_bar("checking") as progress, closing(work):
        for report in work:
            reports.append(report)
            if progress is not None:
                progress(len(reports), len(programs))
    reports.sort(key=lambda report: place[report.name])
    ok = all(report.ok for report in reports)
    result = {"ok": ok, "programs": [report.to_json() for report in reports]}
    return Answer(_text(reports), result, ok=ok)


def _text(reports: Sequence[Report]) -> str:
    from raspc.tables import table, text_of

    rows = table("", COLUMNS, map(_row, reports))
    return text_of([rows, *_problems(reports), _summary(reports)]).strip("\n")


def _row(report: Report) -> tuple[object, ...]:
    figures = report.figures
    if figures is None:
        return report.name, *[None] * 6, f"{report.seconds:.2f}", report.verdict
    return (
        report.name, figures.layers, "+".join(map(str, figures.heads)) or "0", figures.d_model,
        figures.parameters, figures.checked, report.skipped, f"{report.seconds:.2f}",
        report.verdict,
    )  # fmt: skip


def _problems(reports: Sequence[Report]) -> Iterator[str]:
    for report in reports:
        for problem in report.problems[:_SHOWN]:
            yield f"{report.name}: {problem.kind}: {problem.message}"
        if len(report.problems) > _SHOWN:
            yield f"{report.name}: and {len(report.problems) - _SHOWN} more"


def _summary(reports: Sequence[Report]) -> str:
    wrong = [report for report in reports if not report.ok]
    checked = sum(report.figures.checked for report in reports if report.figures)
    if wrong:
        return f"{len(wrong)} of {_counted(reports)} failed"
    equal = "interpreter, craft program and transformer are equal"
    return f"{_counted(reports)}, {checked:,} inputs: {equal}"


def _counted(reports: Sequence[Report]) -> str:
    """How many programs there are, and files that are only loaded."""
    libraries = sum(report.library for report in reports)
    programs = len(reports) - libraries
    files = f" and {libraries} library file{'s' * (libraries != 1)}" if libraries else ""
    return f"{programs} program{'s' * (programs != 1)}{files}"
