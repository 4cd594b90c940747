"""Printing: answers on standard output, diagnostics on standard error, or both as one document."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TextIO

from rasp_lang.diagnostics import CODES, Diagnostic, RaspError
from raspc.answer import Answer


@dataclass(frozen=True, slots=True)
class Printer:
    """Writes what a command has to say; each method returns the exit status.

    ``as_json``: one document ``{"result": ..., "diagnostics": [...]}`` on standard output and
    nothing else. ``ignore``: codes of warnings that are not shown.
    """

    as_json: bool
    ignore: tuple[str, ...]

    def answer(self, answer: Answer) -> int:
        diagnostics = self._shown(answer.diagnostics)
        if self.as_json:
            self._document(answer.result, diagnostics)
        else:
            write_diagnostics(diagnostics)
            if answer.text:
                print(answer.text)
        return 0 if answer.ok else 1

    def failure(self, diagnostics: Sequence[Diagnostic]) -> int:
        shown = self._shown(diagnostics)
        if self.as_json:
            self._document(None, shown)
        else:
            write_diagnostics(shown)
        return 1

    def check_ignored(self) -> None:
        """Raise RaspError (RASP0014) for an ignored code that does not exist."""
        unknown = [code for code in self.ignore if code not in CODES]
        if unknown:
            raise RaspError(
                Diagnostic(
                    "RASP0014",
                    f"unknown diagnostic code `{code}`",
                    help="give the code of a warning as it is shown, such as -W RASP0151",
                )
                for code in unknown
            )

    def _shown(self, diagnostics: Sequence[Diagnostic]) -> tuple[Diagnostic, ...]:
        return tuple(d for d in diagnostics if d.severity == "error" or d.code not in self.ignore)

    def _document(self, result: object, diagnostics: Sequence[Diagnostic]) -> None:
        from rasp_lang.diagnostics import to_json

        document = {"result": result, "diagnostics": [to_json(d) for d in diagnostics]}
        print(json.dumps(document, ensure_ascii=False))


def write_diagnostics(diagnostics: Sequence[Diagnostic]) -> None:
    """Diagnostics as text on standard error, coloured where that is a terminal."""
    if not diagnostics:
        return
    from rasp_lang.diagnostics import render

    print(render(diagnostics, color=wants_color(sys.stderr)), file=sys.stderr)


def wants_color(stream: TextIO) -> bool:
    """Whether a stream is a terminal that shows colours and nobody asked for none
    (https://no-color.org)."""
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return False
    return stream.isatty()
