"""Inputs: the sequences that a program or a model is given on the command line.

In comes a text, with the vocabulary of the model if there is one; out go atoms.
"""

from __future__ import annotations

from collections.abc import Sequence

from rasp_lang.graph import Atom
from rasp_lang.items import (
    Item,
    Origin,
    decode_json,
    expand,
    is_token,
    json_atoms,
    scalar,
    shown,
    split,
    typed,
)
from rasp_lang.source import Source


def parse_input(text: str, vocab: Sequence[Atom] | None = None) -> tuple[Atom, ...]:
    """The input that a text states: a JSON list or string, a list with commas, or its characters.

    With the vocabulary of a model, a text that is exactly one of its items is that token, and the
    items are read as the vocabulary has them: as strings where it has strings, else as numbers and
    truth values. Whether they are in the vocabulary is not looked at here.
    Raises ``RaspError``: RASP0008 unreadable, RASP0514 empty.
    """
    origin = Origin(Source("input", text), "RASP0008", "RASP0008")
    known = _Known(vocab)
    tokens = (known.exact(text),) if known.has(text) else _tokens(origin, known)
    if not tokens:
        advice = 'give at least one token; the characters [] are written "[]"'
        origin.refuse_all("RASP0514", "the input is empty", advice)
    for token in tokens:
        if not is_token(token):
            advice = "remove it from the input"
            origin.refuse_all("RASP0008", f"{shown(token)} cannot be a token", advice)
    return tokens


class _Known:
    """A model's vocabulary by the texts of its items; empty where no model is given."""

    def __init__(self, vocab: Sequence[Atom] | None) -> None:
        self._by_text = {str(item): item for item in vocab or ()}
        self._tokens = {(type(item), item) for item in vocab or ()}
        self.given = vocab is not None
        self.strings = any(isinstance(item, str) for item in vocab or ())

    def has(self, text: str) -> bool:
        return text in self._by_text

    def spells(self, text: str) -> bool:
        """Whether every character of the text is an item."""
        return all(char in self._by_text for char in text)

    def exact(self, text: str) -> Atom:
        return self._by_text[text]

    def number(self, value: Atom) -> Atom:
        """The number of the vocabulary that equals the value, such as 1.0 for 1; else itself."""
        if isinstance(value, str | bool) or (type(value), value) in self._tokens:
            return value
        for kind in (int, float):
            # A tuple compares 1 with 1.0 as equal: its kind makes the difference.
            if (kind, value) in self._tokens:
                return kind(value)
        return value


def _tokens(origin: Origin, known: _Known) -> tuple[Atom, ...]:
    text = origin.source.text
    decoded = decode_json(text)
    if isinstance(decoded, str):
        return tuple(decoded)
    # Brackets can be tokens: "[]" and "[[]]" state no sequence of atoms as JSON.
    if isinstance(decoded, list) and (_flat(decoded) or not known.spells(text)):
        return tuple(known.number(atom) for atom in json_atoms(decoded, origin))
    return _listed(origin, known) if "," in text else _characters(origin, known)


def _flat(values: list[object]) -> bool:
    return bool(values) and not any(isinstance(value, list) for value in values)


def _listed(origin: Origin, known: _Known) -> tuple[Atom, ...]:
    items: list[Item] = []
    for item in split(origin):
        items += [item] if known.has(item.text) else expand([item], origin)
    if not known.given:
        return typed(items, origin)
    return tuple(_as_known(item, known, origin) for item in items)


def _as_known(item: Item, known: _Known, origin: Origin) -> Atom:
    if item.quoted or known.strings:
        return item.text
    if known.has(item.text):
        return known.exact(item.text)
    return known.number(scalar(item, origin))


def _characters(origin: Origin, known: _Known) -> tuple[Atom, ...]:
    text = origin.source.text
    if not known.given or known.strings:
        return tuple(text)
    if known.spells(text):
        return tuple(known.exact(char) for char in text)
    whole = scalar(Item(text, False, 0, len(text)), origin)
    # A number that the vocabulary does not have is reported whole, not digit by digit.
    return tuple(text) if isinstance(whole, str) else (known.number(whole),)
