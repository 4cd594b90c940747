"""``raspc programs``: the shipped library."""

from __future__ import annotations

from itertools import groupby
from textwrap import wrap

from rasp_lang.diagnostics import Diagnostic, RaspError
from rasp_lang.library_files import (
    ShippedProgram,
    find_program,
    shipped_programs,
    similar_programs,
)
from raspc.answer import Answer

_WIDTH = 100


def list_programs() -> Answer:
    """All shipped programs by chapter, each with what it computes."""
    found = shipped_programs()
    width = max((len(program.name) for program in found), default=0)
    lines: list[str] = []
    for chapter, members in groupby(found, key=lambda program: program.chapter):
        lines += [*([""] if lines else []), chapter]
        for program in members:
            indent = " " * (width + 4)
            summary = wrap(program.summary, _WIDTH - len(indent)) or [""]
            lines.append(f"  {program.name:<{width}}  {summary[0]}".rstrip())
            lines += [indent + line for line in summary[1:]]
    return Answer("\n".join(lines), [_summary_json(program) for program in found])


def show_program(name: str) -> Answer:
    """The text of one shipped program. Raises RaspError (RASP0015) if there is none."""
    program = find_program(name)
    if program is None:
        similar = similar_programs(name)
        raise RaspError(
            Diagnostic(
                "RASP0015",
                f"there is no shipped program `{name}`",
                help=f"did you mean `{similar[0]}`?" if similar else "list them: raspc programs",
            )
        )
    text = program.text
    return Answer(text.rstrip("\n"), {**_summary_json(program), "text": text})


def _summary_json(program: ShippedProgram) -> dict[str, str]:
    return {"name": program.name, "chapter": program.chapter, "summary": program.summary}
