"""Vocabularies: the tokens that a model knows, read from ``--vocab`` or given by a program.

In comes a text, or host values; out goes a tuple of different tokens that may stand in one
sequence. What is none raises ``RaspError`` (RASP0004, RASP0005, RASP0006).
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import NoReturn

from rasp_lang.diagnostics import Diagnostic, RaspError
from rasp_lang.graph import Atom
from rasp_lang.items import (
    Item,
    Origin,
    decode_json,
    expand,
    is_token,
    json_atoms,
    quoted_item,
    shown,
    split,
    typed,
)
from rasp_lang.source import Source


def parse_vocab(text: str) -> tuple[Atom, ...]:
    """The vocabulary that ``--vocab TEXT`` states, in its order; ``@FILE`` has one item a line.

    Raises ``RaspError``: RASP0004 unreadable, RASP0005 duplicates, RASP0006 strings mixed with
    other items, RASP0001 and RASP0002 for the file.
    """
    if text.startswith("@") and len(text) > 1:
        return _vocab_of_file(text[1:])
    return parse_vocab_text(text)


def parse_vocab_text(text: str) -> tuple[Atom, ...]:
    """As :func:`parse_vocab`, but nothing is read from a file."""
    origin = _origin("--vocab", text)
    decoded = decode_json(text)
    if isinstance(decoded, list):
        return check_vocab(json_atoms(decoded, origin), origin.source)
    return check_vocab(typed(expand(split(origin), origin), origin), origin.source)


def check_vocab(items: Iterable[object], source: Source | None = None) -> tuple[Atom, ...]:
    """The items as a vocabulary: at least one, none twice (by type and value: ``True``, ``1`` and
    ``1.0`` are three tokens), and no strings beside other items, since no sequence mixes them.

    ``source`` is the text that they were read from. Raises ``RaspError`` with RASP0004, RASP0005
    or RASP0006.
    """
    span = source.span(0, len(source.text)) if source else None

    def refuse(code: str, message: str, advice: str) -> NoReturn:
        raise RaspError(Diagnostic(code, message, span, help=advice))

    vocab: list[Atom] = []
    seen: set[tuple[type, Atom]] = set()
    for item in items:
        if not is_token(item):
            advice = "use ints, finite floats, strings and truth values"
            refuse("RASP0004", f"{shown(item)} cannot be a token", advice)
        token: Atom = item  # type: ignore[assignment]  # is_token looked at it
        if (type(token), token) in seen:
            refuse("RASP0005", f"{shown(token)} is in the vocabulary twice", "give each item once")
        seen.add((type(token), token))
        vocab.append(token)
    if not vocab:
        refuse("RASP0004", "the vocabulary is empty", "give at least one token, such as 1,2,3")
    if len({isinstance(token, str) for token in vocab}) > 1:
        advice = "make all of them strings (in quotes) or none"
        refuse("RASP0006", "the vocabulary mixes strings with other items", advice)
    return tuple(vocab)


def _origin(name: str, text: str) -> Origin:
    return Origin(Source(name, text), "RASP0004", "RASP0006")


def _vocab_of_file(name: str) -> tuple[Atom, ...]:
    origin = _origin(name, _read_file(name))
    lines, start = [], 0
    for line in origin.source.text.split("\n"):
        if line.strip():
            lines.append(_line_item(line, start, origin))
        start += len(line) + 1
    return check_vocab(typed(expand(lines, origin), origin), origin.source)


def _read_file(name: str) -> str:
    try:
        return Path(name).read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        code, message = "RASP0001", f"vocabulary file not found: {name}"
        advice = 'check the path, or put an item that begins with @ in double quotes: "@"'
    except (OSError, ValueError):
        code, message = "RASP0002", f"vocabulary file cannot be read: {name}"
        advice = "give a readable text file in UTF-8, one item a line"
    raise RaspError(Diagnostic(code, message, help=advice))


def _line_item(line: str, start: int, origin: Origin) -> Item:
    text = line.strip()
    start += line.index(text)
    bare = Item(text, False, start, start + len(text))
    if not text.startswith('"'):
        return bare
    item = quoted_item(start, origin)
    if item.end != bare.end:
        origin.refuse("text after a quoted item", bare, "close the quotes at the end of the line")
    return item
