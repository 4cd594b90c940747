"""``raspc check``: types; with a vocabulary also what compiling would cost."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from rasp_lang import types
from rasp_lang.atoms import kind_of
from rasp_lang.program import Program
from raspc.answer import Answer
from raspc.program_file import Given, after, open_program, settings


def check_file(file: str, given: Given, opt: int) -> Answer:
    """The static type of every public name; with a vocabulary and a maximum length the compiler's
    report too."""
    program = open_program(file)
    names = [_typed(program, name) for name in program.names]
    with after(program.warnings):
        settings(program, given)
    static = "\n".join(_aligned([(n["name"], n["kind"], n["type"]) for n in names]))
    return Answer(static, {"names": names, "output": program.output}, program.warnings)


def _typed(program: Program, name: str) -> dict[str, Any]:
    kind = program.kind(name)
    return {"name": name, "kind": kind, "type": _type(program, name, kind)}


def _type(program: Program, name: str, kind: str) -> str:
    """The types of an s-op's elements (``int|float``), the type of an atom, the parameters of a
    function; else nothing."""
    match kind:
        case "s-op":
            return types.show(program.graph[program.output_node(name)].types)
        case "value":
            return kind_of(program.evaluate(name))
        case "function":
            return f"({', '.join(program.evaluate(name).parameters)})"
    return ""


def _aligned(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        yield "  ".join(cells).rstrip()
