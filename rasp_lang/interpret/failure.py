"""Where an evaluation failed: from an error on atoms to a diagnostic with its place."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite

from rasp_lang.atoms import AtomError, checked, show
from rasp_lang.diagnostics import Diagnostic, RaspError
from rasp_lang.graph import Atom
from rasp_lang.source import Span

_SHOWN = 40


class Failure(Exception):
    """An :class:`AtomError` with the values and positions that it is about, in words."""

    def __init__(self, error: AtomError, what: str) -> None:
        super().__init__(error.message)
        self.error = error
        self.what = what


def diagnostic(failure: Failure, span: Span | None, tokens: Sequence[Atom]) -> Diagnostic:
    """The failure at the node's place; the label names the values, the position and the input."""
    error = failure.error
    label = f"{failure.what} of the input {show_input(tokens)}"
    return Diagnostic(error.code, error.message, span, label, error.help)


def show_input(tokens: Sequence[Atom]) -> str:
    """The input as one would type it, shortened."""
    if all(isinstance(token, str) and len(token) == 1 for token in tokens):
        text = "".join(map(str, tokens))
        return f'"{text}"' if len(text) <= _SHOWN else f'"{text[:_SHOWN]}..."'
    items = ", ".join(map(show, tokens[:_SHOWN]))
    cut = len(items) > _SHOWN or len(tokens) > _SHOWN
    return f"[{items[:_SHOWN]}...]" if cut else f"[{items}]"


def check_input(tokens: Sequence[Atom]) -> None:
    """An input is a non-empty sequence of atoms within the limits; ``RaspError`` otherwise."""
    if not tokens:
        raise RaspError(Diagnostic("RASP0514", "the input is empty", help="give it a token"))
    for position, token in enumerate(tokens):
        if type(token) not in (str, int, float, bool):
            raise _refused("RASP0311", position, "is not an int, float, string or bool")
        if isinstance(token, float) and not isfinite(token):
            raise _refused("RASP0311", position, "is not a finite number")
        try:
            checked(token)
        except AtomError as error:
            raise _refused(error.code, position, "is too large") from None


def _refused(code: str, position: int, reason: str) -> RaspError:
    action = "an input is a text or a list of ints, floats, strings or bools"
    return RaspError(Diagnostic(code, f"the token at position {position} {reason}", help=action))
