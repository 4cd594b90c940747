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
            written = write_answer(_document(answer.result, diagnostics))
        else:
            write_diagnostics(diagnostics)
            written = not answer.text or write_answer(answer.text)
        return 0 if answer.ok and written else 1

    def failure(self, diagnostics: Sequence[Diagnostic]) -> int:
        shown = self._shown(diagnostics)
        if self.as_json:
            write_answer(_document(None, shown))
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


def _document(result: object, diagnostics: Sequence[Diagnostic]) -> str:
    from rasp_lang.diagnostics import to_json

    document = {"result": result, "diagnostics": [to_json(d) for d in diagnostics]}
    readable = (sys.stdout.encoding or "utf-8").lower().startswith("utf")
    text = json.dumps(document, ensure_ascii=not readable)
    # A name from the command line need not be valid text: its bytes become JSON's own escapes.
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def write_answer(text: str) -> bool:
    """Write on standard output; False, with a diagnostic, where that is not possible."""
    try:
        print(text, flush=True)
    except BrokenPipeError:
        raise
    except OSError as error:
        output_failed(error)
        return False
    return True


def output_failed(error: OSError) -> None:
    """Say that standard output cannot be written (RASP0003)."""
    # What is left in the buffer would fail again when the interpreter ends.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    reason = (error.strerror or "unknown reason").lower()
    message = f"cannot write to standard output: {reason}"
    write_diagnostics([Diagnostic("RASP0003", message, help="write to another place")])


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
