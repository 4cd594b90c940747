"""``raspc eval``: the interpreter on one input."""

from __future__ import annotations

from rasp_lang.diagnostics import Diagnostic, RaspError
from rasp_lang.display import plain_text
from rasp_lang.inputs import parse_input
from rasp_lang.program import Program
from rasp_lang.results import to_json, to_python
from raspc.answer import Answer
from raspc.program_file import after, open_program


def evaluate_file(
    file: str, text: str | None, expression: str | None, causal: bool | None
) -> Answer:
    """Evaluate an expression (by default the program's output) on an INPUT, if there is one."""
    program = open_program(file)
    with after(program.warnings):
        tokens = None if text is None else parse_input(text)
        wanted = _output(program) if expression is None else expression
        result = program.result(wanted, tokens, _reading(program, causal))
    return Answer(plain_text(to_python(result)), to_json(result), program.warnings)


def _output(program: Program) -> str:
    """What the head says, else the program's last public s-op."""
    program.head.require("output")
    wanted = program.head.output or program.output
    if wanted is None:
        raise RaspError(_nothing_to_evaluate(program))
    return wanted


def _reading(program: Program, causal: bool | None) -> bool:
    if causal is not None:
        return causal
    program.head.require("causal")
    return program.head.causal == "yes"


def _nothing_to_evaluate(program: Program) -> Diagnostic:
    names = ", ".join(f"`{name}`" for name in program.names[:5])
    return Diagnostic(
        "RASP0016",
        "the program binds no public s-op",
        help=f"name what to evaluate with --output, such as {names}"
        if names
        else "assign an s-op to a name, or give an expression with --output",
    )
