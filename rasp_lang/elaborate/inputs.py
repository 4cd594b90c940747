"""Values as inputs: of ``s(input)``, ``draw(s, input)`` and ``set example``."""

from __future__ import annotations

from rasp_lang.elaborate.failure import Failure
from rasp_lang.elaborate.values import ListValue, Value, described, is_atom
from rasp_lang.graph import Atom

_ACTION = 'an input is a string or a list of atoms, such as "hello" or [1, 2, 3]'


def tokens_of(value: Value) -> tuple[Atom, ...]:
    """The tokens of an input: the characters of a string, the items of a list of atoms."""
    if not isinstance(value, str | ListValue):
        raise Failure("RASP0311", f"{described(value)} is not an input", help=_ACTION)
    if not value:
        raise Failure("RASP0311", "the input is empty", help="give at least one token")
    for item in value:
        if not is_atom(item):
            raise Failure(
                "RASP0311", f"a token cannot be {described(item)}", help="tokens are atoms"
            )
    return tuple(value)


def example_of(value: Value) -> str | ListValue:
    """A running example: an input as it was written."""
    tokens_of(value)
    return value  # type: ignore[return-value]
