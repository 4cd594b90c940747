"""What no terminal of the grammar matches: which diagnostic it gets, and which token was meant."""

from __future__ import annotations

import re

from rasp_lang.diagnostics import Diagnostic
from rasp_lang.source import Source
from rasp_lang.syntax.excerpt import excerpt
from rasp_lang.syntax.machine import Token

_STRING = re.compile(r'"[^"\n\r]*')
_NUMBER = re.compile(r"(?:[0-9]|\.[0-9])(?:[eE][+-][0-9]|[\w.])*")
_WORD = re.compile(r"[^\W\d]\w*")
_QUOTED = re.compile(r"'[^'\n]*'|[“”„«][^“”«»\n\"]*[”“»]|‘[^‘’\n]*’")
# A run of characters that begin no token; `!=` is one.
_OTHERS = re.compile(r"(?:(?!!=)[^\w \t\r\n\"'“”„«»‘’#;:,=()\[\]{}<>+\-*/%^&|≤≥≠−×÷·])+")

_INSTEAD = {
    "&&": ("AND_OR", "and"),
    "||": ("AND_OR", "or"),
    "&": ("AND_OR", "and"),
    "|": ("AND_OR", "or"),
    "!": ("NOT", "not"),
    "≤": ("COMPARISON", "<="),
    "≥": ("COMPARISON", ">="),
    "≠": ("COMPARISON", "!="),
    "−": ("PLUS_MINUS", "-"),
    "×": ("TIMES_DIVIDE", "*"),
    "·": ("TIMES_DIVIDE", "*"),
    "÷": ("TIMES_DIVIDE", "/"),
}


def irregular(source: Source, start: int) -> tuple[Diagnostic, Token]:
    """The problem at ``start`` and the token to go on with. A token without a kind stands for
    text that is left out; ``UNTERMINATED`` for the rest of a line after an open quote."""
    text = source.text
    for pattern, explain in _CASES:
        if found := pattern.match(text, start):
            return explain(source, start, found.end())
    for sign, meant in _INSTEAD.items():
        if text.startswith(sign, start):
            return _instead(source, start, start + len(sign), meant)
    found = _OTHERS.match(text, start)
    return _character(source, start, found.end() if found else start + 1)


def _unterminated(source: Source, start: int, end: int) -> tuple[Diagnostic, Token]:
    return (
        Diagnostic(
            "RASP0103",
            "a string is not closed on its line",
            source.span(start, end),
            "no closing quote",
            'end the string with `"`',
            notes=("a string cannot contain a line break, and there are no escapes",),
        ),
        Token("UNTERMINATED", text := source.text[start:end], start, start + len(text)),
    )


def _number(source: Source, start: int, end: int) -> tuple[Diagnostic, Token]:
    text = source.text[start:end]
    return (
        Diagnostic(
            "RASP0107",
            f"`{excerpt(text)}` is not a number of RASP",
            source.span(start, end),
            "a number is digits, or digits, a dot and digits",
            _number_help(text),
        ),
        Token("INT", "0", start, end),
    )


def _number_help(text: str) -> str:
    if re.fullmatch(r"[0-9]+\.\.[0-9]+", text):
        from decimal import Decimal  # 5 ms that few texts need

        low, high = text.split("..")
        return f"for a list of numbers write `range({low}, {Decimal(high) + 1})`"
    for pattern, write in _FORMS:
        if re.fullmatch(pattern, text):
            return f"write `{write(text)}`"
    if re.fullmatch(r"[0-9]+[A-Za-z_]\w*", text):
        return "a name begins with a letter or `_`; between a number and a name stands an operator"
    return "write the number as digits with at most one dot between them"


def _plain(text: str) -> str:
    """A float in positional notation."""
    from decimal import Decimal

    digits = format(Decimal(text), "f")
    return digits if "." in digits else digits + ".0"


_FORMS = (
    (r"\.[0-9]+", lambda text: "0" + text),
    (r"[0-9]+\.", lambda text: text + "0"),
    (r"[0-9]+(?:_[0-9]+)+", lambda text: text.replace("_", "")),
    (r"0[xX][0-9A-Fa-f]{1,16}|0[bB][01]{1,64}|0[oO][0-7]{1,20}", lambda text: str(int(text, 0))),
    (r"(?:[0-9]+\.?[0-9]*|\.[0-9]+)[eE][+-]?[0-9]{1,2}", _plain),
)


def _word(source: Source, start: int, end: int) -> tuple[Diagnostic, Token]:
    text = source.text[start:end]
    other = next((char for char in text if not char.isascii()), text[0])
    return (
        Diagnostic(
            "RASP0104",
            f"the name `{excerpt(text)}` has a letter outside ASCII",
            source.span(start, end),
            f"{_named(other)} cannot stand in a name",
            "write the name with the letters a to z, digits and `_`",
        ),
        Token("NAME", text, start, end),
    )


def _quoted(source: Source, start: int, end: int) -> tuple[Diagnostic, Token]:
    text = source.text[start + 1 : end - 1]
    helped = f'write `"{excerpt(text)}"`' if '"' not in text else 'begin and end it with `"`'
    return (
        Diagnostic(
            "RASP0104",
            "strings stand in straight double quotes",
            source.span(start, end),
            f"{_named(source.text[start])} begins no string",
            helped,
        ),
        Token("STRING", f'"{text}"', start, end),
    )


def _instead(
    source: Source, start: int, end: int, meant: tuple[str, str]
) -> tuple[Diagnostic, Token]:
    kind, write = meant
    text = source.text[start:end]
    return (
        Diagnostic(
            "RASP0104",
            f"RASP has no `{text}`",
            source.span(start, end),
            "not a sign of the language",
            f"write `{write}`",
        ),
        Token(kind, write, start, end),
    )


def _character(source: Source, start: int, end: int) -> tuple[Diagnostic, Token]:
    char = source.text[start]
    return (
        Diagnostic(
            "RASP0104",
            f"{_named(char)} has no meaning in RASP",
            source.span(start, end),
            "not a character of the language",
            _character_help(char),
        ),
        Token("", "", start, end),
    )


def _character_help(char: str) -> str:
    if char == ".":
        return "remove it; RASP has no attributes, and a number has digits on both sides of its dot"
    if char == "?":
        return "write `a if c else b`"
    if char in "'“”„«»‘’`":
        return 'strings begin and end with `"`'
    if char.isspace() or not char.isprintable():
        return "remove it, or put an ordinary blank in its place"
    return "remove it; outside strings and comments RASP is written in ASCII"


def _named(char: str) -> str:
    """The character in backquotes, or by its number if it cannot be seen."""
    return f"`{char}`" if char.isprintable() and not char.isspace() else f"U+{ord(char):04X}"


_CASES = ((_STRING, _unterminated), (_NUMBER, _number), (_WORD, _word), (_QUOTED, _quoted))
