"""Source -> syntax tree and diagnostics. Whatever the text, this returns; it never raises.

The machine is fed token by token. Where a token does not fit, ``recovery`` reports it once, mends
what can be mended, and goes on; a statement with an error is left out of the tree.
"""

from __future__ import annotations

from dataclasses import dataclass

from rasp_lang.diagnostics import Diagnostic
from rasp_lang.source import Source
from rasp_lang.syntax.ast import Expression, Module
from rasp_lang.syntax.reading import Parse
from rasp_lang.syntax.recovery import recover


@dataclass(frozen=True, slots=True)
class Parsed:
    """``module`` holds the statements without an error, ``diagnostics`` all errors and warnings
    in source order. ``incomplete``: more text could complete the last statement."""

    module: Module
    diagnostics: tuple[Diagnostic, ...]
    incomplete: bool = False


def parse(source: Source) -> Parsed:
    """Read a program."""
    return _parse(source)


def parse_interactive(source: Source) -> Parsed:
    """Read what has been typed so far. If it is ``incomplete``, a further line may complete it, and
    the diagnostics say what is missing; else they say what is wrong."""
    return _parse(source)


def parse_expression(source: Source) -> tuple[Expression | None, tuple[Diagnostic, ...]]:
    """Read one expression without a semicolon; None if there is an error."""
    parse = Parse(source, "expression")
    parse.run(recover)
    diagnostics = _sorted(parse.machine.diagnostics)
    if any(diagnostic.severity == "error" for diagnostic in diagnostics):
        return None, diagnostics
    return parse.machine.values[-1], diagnostics


def _parse(source: Source) -> Parsed:
    parse = Parse(source, "program")
    parse.run(recover)
    statements = parse.statements()
    diagnostics = _sorted(parse.machine.diagnostics)
    module = Module(tuple(statements), span=source.span(0, len(source.text)))
    return Parsed(module, diagnostics, parse.incomplete)


def _sorted(diagnostics: list[Diagnostic]) -> tuple[Diagnostic, ...]:
    """In source order; of two at one place the one found first comes first."""
    return tuple(sorted(diagnostics, key=lambda d: d.span.start if d.span else 0))
