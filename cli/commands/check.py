"""``raspc check``: types; with a vocabulary also what compiling would cost."""

from __future__ import annotations

from typing import Any

from rasp_lang import types
from rasp_lang.atoms import kind_of
from rasp_lang.program import Program
from raspc.answer import Answer
from raspc.program_file import Given, Settings, after, open_program, settings
from raspc.report_text import Row, aligned, report_text


def check_file(file: str, given: Given, opt: int) -> Answer:
    """The static type of every public name; with a vocabulary and a maximum length the compiler's
    report instead. The answer is no where the compiler refuses the program."""
    program = open_program(file)
    names = [_typed(program, name) for name in program.names]
    with after(program.warnings):
        chosen = settings(program, given)
        if chosen is not None:
            return _reported(program, names, chosen, opt)
    text = "\n".join(aligned([_row(name) for name in names]))
    return Answer(text, _document(program, names), program.warnings)


def _reported(program: Program, names: list[dict[str, str]], chosen: Settings, opt: int) -> Answer:
    from rasp_lang.report import report

    found = report(
        program, chosen.vocab, chosen.max_len, chosen.output, chosen.causal, opt, chosen.limits
    )
    others = [_row(name) for name in names if name["kind"] not in ("s-op", "selector")]
    return Answer(
        report_text(found, others),
        {**_document(program, names), "report": found.to_json()},
        (*found.warnings, *found.refusals),
        found.ok,
    )


def _document(program: Program, names: list[dict[str, str]]) -> dict[str, Any]:
    return {"names": names, "output": program.output, "report": None}


def _typed(program: Program, name: str) -> dict[str, str]:
    kind = program.kind(name)
    return {"name": name, "kind": kind, "type": _type(program, name, kind)}


def _row(name: dict[str, str]) -> Row:
    return name["name"], name["kind"], name["type"]


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
