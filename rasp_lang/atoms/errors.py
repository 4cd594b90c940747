"""The failure of an operation on atoms, and how messages speak of atoms."""

from __future__ import annotations

from rasp_lang.graph import Atom

_KINDS = {str: "string", bool: "bool", int: "int", float: "float"}
_SHOWN = 30


class AtomError(Exception):
    """An operation has no result. ``code`` is a diagnostic code, ``message`` its lower-case line,
    ``help`` is an action or ``None``."""

    def __init__(self, code: str, message: str, action: str | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.help = action


def kind_of(value: Atom) -> str:
    """``string``, ``bool``, ``int`` or ``float``."""
    return _KINDS[type(value)]


def with_article(value: Atom) -> str:
    """``a string``, ``an int``, ..."""
    kind = kind_of(value)
    return f"an {kind}" if kind == "int" else f"a {kind}"


def show(value: Atom) -> str:
    """The atom as it is written in RASP, shortened when it is long."""
    text = f'"{value}"' if isinstance(value, str) else str(value)
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 3]}..."
