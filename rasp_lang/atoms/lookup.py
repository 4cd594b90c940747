"""Items of lists, dicts and texts, chosen by an atom."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from rasp_lang.atoms.errors import AtomError, show, with_article
from rasp_lang.graph import Atom

_NO_ATOM = "the chosen item is not an int, float, string or bool"


def lookup_list(items: Sequence[Atom | None], index: Atom) -> Atom:
    """The item at an int index (a bool counts), from the end when it is negative.
    An item that is no atom is ``None``."""
    if not isinstance(index, int):
        raise AtomError(
            "RASP0308", f"an index must be an int, not {with_article(index)}", "use `round(..)`"
        )
    if not -len(items) <= index < len(items):
        raise AtomError(
            "RASP0503", f"index {show(index)} is out of range", f"there are {len(items)} items"
        )
    return _atom(items[index])


def lookup_dict(
    items: Mapping[Atom, Atom | None] | Iterable[tuple[Atom, Atom | None]], key: Atom
) -> Atom:
    """The value under a key, by host equality (1, 1.0 and True are one key).
    A value that is no atom is ``None``."""
    table = items if isinstance(items, Mapping) else dict(items)
    if key not in table:
        raise AtomError(
            "RASP0504", f"{show(key)} is not a key of the dictionary", "give it an entry"
        )
    return _atom(table[key])


def membership(items: Iterable[Atom], value: Atom) -> bool:
    """Host equality with one of the items."""
    return any(item == value for item in items)


def substring(text: str, value: Atom) -> bool:
    """Whether the string ``value`` is part of the text."""
    if not isinstance(value, str):
        raise AtomError("RASP0301", f"{with_article(value)} cannot be part of a text")
    return value in text


def _atom(item: Atom | None) -> Atom:
    if item is None:
        raise AtomError("RASP0309", _NO_ATOM, "keep only atoms in what an s-op indexes")
    return item
