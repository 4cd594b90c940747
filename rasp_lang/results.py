"""What an expression has evaluated to, with its kind; and the same as JSON data.

A Python list alone does not say whether it was a RASP list or the values of an s-op: results keep
them apart. May import ``atoms`` and ``graph``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rasp_lang.atoms import kind_of, sequence_type
from rasp_lang.display import sequence_text
from rasp_lang.graph import Atom


@dataclass(frozen=True, slots=True)
class Values:
    """The values of an s-op on an input, one a position."""

    values: tuple[Atom, ...]


@dataclass(frozen=True, slots=True)
class Matrix:
    """A selector on an input, ``rows[query][key]``."""

    rows: tuple[tuple[bool, ...], ...]


@dataclass(frozen=True, slots=True)
class Function:
    """A function: it has a name and parameters, but no value to show."""

    name: str
    parameters: tuple[str, ...]


Result = Atom | Values | Matrix | Function | Sequence["Result"] | Mapping[Atom, "Result"]


def to_python(result: Result) -> Any:
    """Atoms, lists of atoms, lists of lists of bools, lists, dicts and ``Function``."""
    match result:
        case Values(values):
            return list(values)
        case Matrix(rows):
            return [list(row) for row in rows]
        case Mapping():
            return {key: to_python(value) for key, value in result.items()}
        case list() | tuple():
            return [to_python(item) for item in result]
        case _:
            return result


def to_json(result: Result) -> dict[str, Any]:
    """The result as JSON data: ``kind`` is ``value``, ``s-op``, ``selector``, ``list``, ``dict`` or
    ``function``; atoms and sequences carry their ``type``, a selector is a matrix of 0 and 1."""
    match result:
        case Values(values):
            return {
                "kind": "s-op",
                "type": sequence_type(values),
                "values": list(values),
                "display": sequence_text(values),
            }
        case Matrix(rows):
            return {"kind": "selector", "matrix": [[int(bit) for bit in row] for row in rows]}
        case Function(name, parameters):
            return {"kind": "function", "name": name, "args": list(parameters)}
        case Mapping():
            return {
                "kind": "dict",
                "items": [[key, to_json(value)] for key, value in result.items()],
            }
        case list() | tuple():
            return {"kind": "list", "items": [to_json(item) for item in result]}
        case str() | bool() | int() | float():
            return {"kind": "value", "type": kind_of(result), "value": result}
    raise TypeError(f"not a result: {result!r}")
