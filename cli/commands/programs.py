"""``raspc programs``: the shipped library."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path
from textwrap import wrap
from typing import Any

from rasp_lang.diagnostics import Diagnostic, RaspError
from rasp_lang.library_figures import Figures, figures_json, library_figures
from rasp_lang.library_files import (
    ShippedProgram,
    find_program,
    required_program,
    shipped_programs,
)
from raspc.answer import Answer

_WIDTH = 100
#: Fewer columns are left for what a program computes where its figures are wide.
_LEAST = 30
_HEADING = ("", "layers", "heads", "d_model", "parameters")
_NO_FIGURES = ("",) * 4
_READINGS = {"whole": "whole", "causal": "causally"}

Row = tuple[str, ...]


def list_programs(chapter: str | None = None) -> Answer:
    """All shipped programs by chapter, or those of one, each with what it computes and costs."""
    found = [one for one in shipped_programs() if chapter in (None, one.chapter)]
    lines: list[str] = []
    widths = _widths(found)
    for folder, members in groupby(found, key=lambda program: program.chapter):
        heading = (folder, *_HEADING[1:]) if not lines else (folder,)
        lines += [*([""] if lines else []), _aligned(heading, widths, 0)]
        for program in members:
            lines += _entry(program, widths)
    return Answer("\n".join(lines), [_json(program) for program in found])


def search(words: Sequence[str]) -> Answer:
    """The programs in which all of the words occur, the likeliest first. Raises RaspError
    (RASP0015) if there is none."""
    from rasp_lang.library_search import search_programs

    found = search_programs(words)
    if not found:
        what = " and ".join(f"`{word}`" for word in words)
        message = f"no shipped program has {what} in its name, description or source"
        raise RaspError(Diagnostic("RASP0015", message, help="list them all: raspc programs"))
    widths = _widths(found)
    lines = [_aligned(_HEADING, widths, 0)]
    for program in found:
        lines += _entry(program, widths)
    return Answer("\n".join(lines), [_json(program) for program in found])


def show_program(name: str) -> Answer:
    """The text of one shipped program, and a line of figures; the list of a chapter, if that is
    what the name means. Raises RaspError (RASP0015) if it means nothing."""
    if find_program(name) is None and name in {one.chapter for one in shipped_programs()}:
        return list_programs(name)
    program = required_program(name)
    text = program.text.rstrip("\n")
    figures = library_figures().get(program.name)
    line = "" if figures is None else f"\n\n# {_line(figures)}"
    return Answer(f"{text}{line}", {**_json(program), "text": program.text})


def copy(name: str | None, folder: str) -> Answer:
    """Copy one program with what it loads, or all. Raises RaspError (RASP0003, RASP0015)."""
    from rasp_lang.library_copy import copy_library, copy_program

    target = Path(folder)
    if name is None:
        written = copy_library(target)
        text = f"{len(written)} files copied to {folder}"
    else:
        written = copy_program(required_program(name), target)
        text = "\n".join(map(str, written))
    return Answer(text, {"written": [str(path) for path in written]})


def _entry(program: ShippedProgram, widths: Sequence[int]) -> Iterator[str]:
    """The name, the figures and the summary, which may take more lines."""
    row = _row(program)
    columns = widths if any(row[1:]) else widths[:1]
    front = _aligned(row[: len(columns)], columns, 2)
    indent = " " * (sum(columns) + 2 * len(columns) + 2)
    summary = wrap(program.summary, max(_LEAST, _WIDTH - len(indent))) or [""]
    yield f"{front:<{len(indent)}}{summary[0]}".rstrip()
    yield from (indent + line for line in summary[1:])


def _widths(programs: Sequence[ShippedProgram]) -> list[int]:
    return [max(map(len, column)) for column in zip(_HEADING, *map(_row, programs), strict=True)]


def _aligned(row: Row, widths: Sequence[int], indent: int) -> str:
    """The first cell at the left, numbers at the right."""
    first = f"{'':{indent}}{row[0]}"
    cells = [f"{first:<{widths[0] + 2}}"]
    cells += [cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=False)]
    return "  ".join(cells).rstrip()


def _row(program: ShippedProgram) -> Row:
    figures = library_figures().get(program.name)
    if figures is None:
        return (program.name, *_NO_FIGURES)
    heads = "+".join(map(str, figures.heads)) or "0"
    sizes = (f"{figures.d_model:,}", f"{figures.parameters:,}")
    return program.name, str(figures.layers), heads, *sizes


def _line(figures: Figures) -> str:
    layers = "1 layer" if figures.layers == 1 else f"{figures.layers} layers"
    inputs = "all inputs" if figures.exhaustive else "a sample of the inputs"
    readings = " and ".join(_READINGS[reading] for reading in figures.readings)
    return (
        f"{layers}, heads {[*figures.heads]}, d_model {figures.d_model}, "
        f"{figures.parameters:,} parameters; "
        f"equal to the interpreter on {figures.checked:,} inputs ({inputs}, read {readings})"
    )


def _json(program: ShippedProgram) -> dict[str, Any]:
    figures = library_figures().get(program.name)
    return {
        "name": program.name,
        "chapter": program.chapter,
        "summary": program.summary,
        "figures": None if figures is None else figures_json(figures),
    }
