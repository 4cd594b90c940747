"""What is wrong, where, and what to do: diagnostics as data."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from rasp_lang.diagnostics.codes import CODES
from rasp_lang.source import Span


@dataclass(frozen=True, slots=True)
class Label:
    """A secondary place with a short text."""

    span: Span
    text: str


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One problem. ``message`` is a single lower-case line, ``label`` says what stands at ``span``,
    ``help`` is an action. Severity and kind belong to the code (see ``codes.py``)."""

    code: str
    message: str
    span: Span | None = None
    label: str = ""
    help: str | None = None
    secondary: tuple[Label, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def severity(self) -> str:
        """``error`` or ``warning``."""
        return CODES[self.code].severity

    @property
    def kind(self) -> str:
        """The class of failure: ``syntax``, ``undefined``, ``type``, ``zero_division``, ..."""
        return CODES[self.code].kind


class RaspError(Exception):
    """Raised with all the diagnostics of a stage that could not give a result."""

    def __init__(self, diagnostics: Diagnostic | Iterable[Diagnostic]) -> None:
        found = (diagnostics,) if isinstance(diagnostics, Diagnostic) else tuple(diagnostics)
        self.diagnostics: tuple[Diagnostic, ...] = found
        super().__init__("; ".join(f"{d.code}: {d.message}" for d in found))
