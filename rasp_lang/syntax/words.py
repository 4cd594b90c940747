"""Tokens in plain words, for messages."""

from __future__ import annotations

from rasp_lang.syntax.excerpt import excerpt
from rasp_lang.syntax.machine import END, Token
from rasp_lang.syntax.scanner import COMMANDS

#: What closes what.
CLOSERS = {"LPAR": "RPAR", "LSQB": "RSQB", "LBRACE": "RBRACE"}
OPENERS = {closer: opener for opener, closer in CLOSERS.items()}
KEYWORDS = frozenset({"IF", "ELSE", "NOT", "AND_OR", "IN", "FOR", "DEF", "RETURN"})

_SIGNS = {
    "SEMICOLON": ";", "COMMA": ",", "COLON": ":", "EQUAL": "=", "LPAR": "(", "RPAR": ")",
    "LSQB": "[", "RSQB": "]", "LBRACE": "{", "RBRACE": "}", "IN": "in", "ELSE": "else",
    "RETURN": "return", "FOR": "for", "IF": "if",
}  # fmt: skip

_FOREIGN = {
    "is": "write `==` to compare",
    "while": "RASP has no `while`; a `for` runs over a list or a dict",
    "elif": "RASP has no `elif`; write `a if c else b`",
    "lambda": "RASP has no `lambda`; define the function with `def`",
    "load": 'a statement of its own: `load "file";`',
    "import": 'write `load "file";`',
    "print": "an expression alone, such as `a;`, shows its value",
    "xor": "write `(a or b) and not (a and b)`",
    "mod": "write `%`",
    "var": "write `name = value;`",
    "let": "write `name = value;`",
    "const": "write `name = value;`",
    "function": "write `def name(..) { .. return ..; }`",
}


def describe(token: Token) -> str:
    """What the token is, as in ``unexpected name `b` ``."""
    text = excerpt(token.value)
    if token.kind == END:
        return "end of the text"
    if token.kind == "NAME":
        return f"name `{text}`"
    if token.kind in ("INT", "FLOAT"):
        return f"number `{text}`"
    if token.kind == "STRING":
        return f"string `{text}`"
    if token.kind in COMMANDS:
        return f"command `{text}`"
    return f"`{text}`"


def sign(kind: str) -> str | None:
    """How a terminal of fixed text is written, or None."""
    return _SIGNS.get(kind)


def foreign(word: str) -> str | None:
    """What to write instead of a word of another language."""
    return _FOREIGN.get(word)
