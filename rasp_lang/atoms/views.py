"""Tokens as ``tokens``, ``tokens_str``, ``tokens_int``, ``tokens_float`` and ``tokens_bool``."""

from __future__ import annotations

from collections.abc import Callable

from rasp_lang.atoms.errors import AtomError, show
from rasp_lang.atoms.functions import to_bool, to_float, to_int, to_string
from rasp_lang.graph import Atom, TokensView

_CONVERSIONS: dict[str, Callable[[Atom], Atom]] = {
    "str": to_string,
    "int": to_int,
    "float": to_float,
    "bool": to_bool,
}


def convert(view: TokensView, token: Atom) -> Atom:
    """One token of the input under a view; RASP0511 where the host cannot convert it."""
    if view == "asis":
        return token
    try:
        return _CONVERSIONS[view](token)
    except AtomError as error:
        if error.code != "RASP0505":
            raise
        raise AtomError(
            "RASP0511",
            f"the token {show(token)} is not {'an int' if view == 'int' else 'a number'}",
            "give an input of numbers, or use `tokens`",
        ) from None
