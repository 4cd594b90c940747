"""What a command has to say, before it is printed."""

from __future__ import annotations

from dataclasses import dataclass

from rasp_lang.diagnostics import Diagnostic


@dataclass(frozen=True, slots=True)
class Answer:
    """The outcome of a command.

    ``text`` is what people read, without a line break at its end; empty prints nothing. ``result``
    is the same as JSON data. ``ok`` is false where the command ran but its answer is no (a failed
    verification): exit status 1.
    """

    text: str
    result: object = None
    diagnostics: tuple[Diagnostic, ...] = ()
    ok: bool = True
