"""Items as text: what vocabularies and inputs have in common.

A text is a JSON list, or items between commas whose type is chosen from all of them: ints if all
are, else floats, else True and False, else strings. An item in double quotes is a string, ``0..9``
and ``a..z`` are ranges. In comes a text with its :class:`Origin`, out go items and atoms; what
cannot be read raises ``RaspError`` with a span in that text.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import NoReturn

from rasp_lang.diagnostics import Diagnostic, RaspError
from rasp_lang.graph import Atom
from rasp_lang.source import Source

INT = re.compile(r"-?[0-9]+")
FLOAT = re.compile(r"-?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
BOOLS = {"True": True, "False": False}
_INT_RANGE = re.compile(r"(-?[0-9]+)\.\.(-?[0-9]+)")
_CHARACTER_RANGE = re.compile(r"([^.\s])\.\.([^.\s])")
#: The beginning of a list that is no JSON, such as ``[a`` of ``[a,b]``; not ``[`` and ``[CLS]``.
_UNCLOSED = re.compile(r"\[[^\]]+")
_QUOTED = json.JSONDecoder(strict=False)
#: More items than this in one range are a slip of the keyboard, not a vocabulary.
_RANGE_LIMIT = 1_000_000
#: 4,000 digits; the host turns no larger int into text.
_INT_BITS = 13_288


@dataclass(frozen=True, slots=True)
class Item:
    """One item as it is written; ``quoted`` makes it a string whatever it looks like."""

    text: str
    quoted: bool
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Origin:
    """The text that is read, and the codes under which its problems are reported: for what cannot
    be read, and for items whose kinds do not go together."""

    source: Source
    unreadable: str
    mixed: str

    def refuse(self, message: str, item: Item, advice: str) -> NoReturn:
        span = self.source.span(item.start, item.end)
        raise RaspError(Diagnostic(self.unreadable, message, span, help=advice))

    def refuse_all(self, code: str, message: str, advice: str) -> NoReturn:
        span = self.source.span(0, len(self.source.text))
        raise RaspError(Diagnostic(code, message, span, help=advice))


def is_token(value: object) -> bool:
    """Whether a host value can be a token: an int, finite float, bool, or string of characters."""
    if isinstance(value, str):
        # A lone surrogate is no character: it could be written to no file.
        return not any("\ud800" <= char <= "\udfff" for char in value)
    if isinstance(value, int):
        return value.bit_length() <= _INT_BITS
    return isinstance(value, float) and math.isfinite(value)


def shown(value: object) -> str:
    """A host value as JSON shows it, shortened; never a host object's address."""
    try:
        text = json.dumps(value)
    except (TypeError, ValueError, RecursionError):
        return "a value that is no int, float, string or truth value"
    return f"`{text}`" if len(text) <= 40 else f"`{text[:37]}...`"


# --- JSON ----------------------------------------------------------------------------------------


def decode_json(text: str) -> object:
    """The JSON list or string that the text is; None if it is none, or holds NaN or Infinity."""

    def reject(constant: str) -> NoReturn:
        raise ValueError(constant)

    try:
        value = json.loads(text, parse_constant=reject)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, list | str) else None


def json_atoms(values: list[object], origin: Origin) -> tuple[Atom, ...]:
    """The elements of a JSON list, if all of them can be tokens."""
    for value in values:
        if not is_token(value):
            advice = "use ints, finite floats, strings, true and false"
            origin.refuse_all(origin.unreadable, f"{shown(value)} cannot be a token", advice)
    return tuple(values)  # type: ignore[arg-type]  # is_token looked at each


# --- from text to items --------------------------------------------------------------------------


def split(origin: Origin) -> list[Item]:
    """The items between commas, blanks around them dropped; one comma may end the list."""
    text = origin.source.text
    items: list[Item] = []
    position = 0
    while position < len(text):
        item = _item_at(position, origin)
        rest = text[item.end :].lstrip()
        if rest and not rest.startswith(","):
            origin.refuse("text after a quoted item", item, "put a comma after the closing quote")
        if item.quoted or item.text:
            items.append(item)
        elif not items or rest:
            advice = 'remove the comma, or write "" for the empty string and "," for a comma'
            origin.refuse("empty item", item, advice)
        position = len(text) - len(rest) + 1
    if items and not items[0].quoted and _UNCLOSED.fullmatch(items[0].text):
        advice = 'write a,b,c or a JSON list with strings in quotes: ["a", "b", "c"]'
        origin.refuse("not a JSON list", items[0], advice)
    return items


def _item_at(position: int, origin: Origin) -> Item:
    text = origin.source.text
    while position < len(text) and text[position].isspace():
        position += 1
    if text.startswith('"', position):
        return quoted_item(position, origin)
    comma = text.find(",", position)
    raw = text[position : comma if comma >= 0 else len(text)]
    return Item(raw.rstrip(), False, position, position + len(raw))


def quoted_item(start: int, origin: Origin) -> Item:
    """The string in double quotes that starts at ``start``, with JSON's escapes."""
    try:
        text, end = _QUOTED.raw_decode(origin.source.text, start)
    except ValueError:
        item = Item("", True, start, len(origin.source.text))
        origin.refuse("quotes are not closed", item, 'a quote itself is written "\\""')
    return Item(text, True, start, end)


def expand(items: Iterable[Item], origin: Origin) -> list[Item]:
    """The items with every range ``first..last`` replaced by what it stands for."""
    result: list[Item] = []
    for item in items:
        texts = None if item.quoted else _range_texts(item, origin)
        if texts is None:
            result.append(item)
        else:
            result += (Item(text, False, item.start, item.end) for text in texts)
    return result


def _range_texts(item: Item, origin: Origin) -> list[str] | None:
    """The items of a range, both ends included; None if the item is no range."""
    if ".." not in item.text or not item.text.strip("."):
        return None
    show: Callable[[int], str]
    if ints := _INT_RANGE.fullmatch(item.text):
        low, high = (_to_int(end, item, origin) for end in ints.groups())
        show = str
    elif characters := _CHARACTER_RANGE.fullmatch(item.text):
        low, high = (ord(end) for end in characters.groups())
        show = chr
    else:
        advice = "a range is written 0..9 or a..z; put other text with two dots in double quotes"
        origin.refuse(f"{shown(item.text)} is not a range", item, advice)
    if high < low:
        origin.refuse("the range runs backwards", item, "give the smaller end first")
    if high - low >= _RANGE_LIMIT:
        origin.refuse("the range is too large", item, "give fewer items")
    return [show(i) for i in range(low, high + 1)]


# --- from items to atoms -------------------------------------------------------------------------


def typed(items: Sequence[Item], origin: Origin) -> tuple[Atom, ...]:
    """The items as atoms of one type, chosen from those that are not in quotes."""
    bare = [item for item in items if not item.quoted]
    kind = _kind(bare)
    if kind == "mixed":
        advice = "write a JSON list such as [1, true], or put the items in double quotes"
        origin.refuse_all(origin.mixed, "numbers mixed with truth values", advice)
    if kind != "string" and len(bare) < len(items):
        advice = "put all items in double quotes, or none"
        origin.refuse_all(origin.mixed, f"strings mixed with {kind}s", advice)
    return tuple(_CONVERSIONS[kind](item.text, item, origin) for item in items)


def _kind(bare: Sequence[Item]) -> str:
    if not bare:
        return "string"
    if all(INT.fullmatch(item.text) for item in bare):
        return "int"
    if all(FLOAT.fullmatch(item.text) for item in bare):
        return "float"
    if all(item.text in BOOLS for item in bare):
        return "bool"
    numbers_and_bools = all(FLOAT.fullmatch(item.text) or item.text in BOOLS for item in bare)
    return "mixed" if numbers_and_bools else "string"


def scalar(item: Item, origin: Origin) -> Atom:
    """One item by itself: a number or truth value if it looks like one, else a string."""
    return _CONVERSIONS["string" if item.quoted else _kind([item])](item.text, item, origin)


def _to_int(text: str, item: Item, origin: Origin) -> int:
    try:
        return int(text)
    except ValueError:  # the host's limit of digits
        origin.refuse("number too large", item, "use at most 4,000 digits")


def _to_float(text: str, item: Item, origin: Origin) -> float:
    value = float(text)
    if not math.isfinite(value):
        origin.refuse("number too large", item, "use a number below 1.8e308")
    return value


_CONVERSIONS: dict[str, Callable[[str, Item, Origin], Atom]] = {
    "int": _to_int,
    "float": _to_float,
    "bool": lambda text, _item, _origin: BOOLS[text],
    "string": lambda text, _item, _origin: text,
}
