"""How an operation of the elaboration fails, before its place in the program is known."""

from __future__ import annotations

from rasp_lang.atoms import AtomError
from rasp_lang.diagnostics import Label
from rasp_lang.source import Span


class Failure(Exception):
    """An operation cannot be done. The machine adds the place (``span`` overrules it) and the
    calls that led there."""

    def __init__(
        self,
        code: str,
        message: str,
        *,
        label: str = "",
        help: str | None = None,  # noqa: A002 - the word of the diagnostics
        span: Span | None = None,
        secondary: tuple[Label, ...] = (),
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.label = label
        self.help = help
        self.span = span
        self.secondary = secondary

    @classmethod
    def of_atom(cls, error: AtomError) -> Failure:
        """The failure of an operation on atoms."""
        return cls(error.code, error.message, help=error.help)


class Poisoned(Exception):
    """The statement uses a name whose definition failed: nothing more is to be said."""
