"""The shipped programs on all levels, and the table of their figures that is shipped with them.

    python benchmarks/library.py             check all programs, write the table and the page
    python benchmarks/library.py --jobs N    by N processes

It is what ``raspc verify --all`` does. A program that fails is not in the table but on the page,
and the exit status is 1. The table is `programs/figures.json`; what is in it is equal on every
machine.

Each program is compiled for the vocabulary and the maximum length that its head names. On all
*inputs*, as many as its head allows, or on all short ones and a sample of the others, interpreter,
craft program and transformer (Haiku) give the same; an input is counted once for each way of
reading that the head names. *skipped* are inputs on which the interpreter itself reports an error.
*seconds* are those of one process on the whole of the program's check.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from results_folder import RESULTS, Row, paragraph, table

from rasp_lang.library_check import Extent, Report, check_library
from rasp_lang.library_figures import FILE, figures_table
from rasp_lang.library_files import shipped_programs

PROGRAMS = Path(__file__).parents[1] / "programs"
COLUMNS = ("program", "layers", "heads", "d_model", "parameters", "inputs", "skipped", "read",
           "seconds", "verdict")  # fmt: skip


def checked(jobs: int) -> list[Report]:
    """The reports on all programs, in the library's order."""
    programs = shipped_programs()
    place = {program.name: number for number, program in enumerate(programs)}
    reports = check_library(programs, Extent(), jobs)
    return sorted(reports, key=lambda report: place[report.name])


def row(report: Report) -> Row:
    found: Row = {"program": report.name, "seconds": report.seconds, "verdict": report.verdict}
    if report.figures is not None:
        figures = report.figures
        found |= {
            "layers": figures.layers,
            "heads": str([*figures.heads]),
            "d_model": figures.d_model,
            "parameters": figures.parameters,
            "inputs": figures.checked,
            "skipped": report.skipped,
            "read": ", ".join(figures.readings),
        }
    return found


def page(reports: Sequence[Report]) -> str:
    """The reports in Markdown, chapter by chapter."""
    total = sum(report.figures.checked for report in reports if report.figures)
    said = f"{len(reports)} files, {total:,} inputs."
    parts = ["# The shipped programs", paragraph(__doc__, 3), said]
    for chapter in dict.fromkeys(report.chapter for report in reports):
        rows = [row(report) for report in reports if report.chapter == chapter]
        parts += [f"## {chapter}", table(COLUMNS, rows)]
    return "\n\n".join(parts) + "\n"


def main() -> int:
    """Check, and write what was found; the status is 1 if a program fails."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, metavar="N")
    reports = checked(parser.parse_args().jobs)
    figures = {report.name: report.figures for report in reports if report.ok and report.figures}
    (PROGRAMS / FILE).write_text(figures_table(figures), encoding="utf-8")
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "library.md").write_text(page(reports), encoding="utf-8")
    failed = [report for report in reports if not report.ok]
    print(f"{len(figures)} programs are equal on all levels, {len(failed)} failed")
    for report in failed:
        for problem in report.problems:
            print(f"{report.name}: {problem.kind}: {problem.message}")
    return bool(failed)


if __name__ == "__main__":
    sys.exit(main())
