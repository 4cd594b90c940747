"""RASP for Pygments."""

from __future__ import annotations

from pygments.lexer import RegexLexer, words  # type: ignore[import-untyped]
from pygments.token import (  # type: ignore[import-untyped]
    Comment,
    Error,
    Keyword,
    Name,
    Number,
    Operator,
    Punctuation,
    String,
    Whitespace,
)


class RaspLexer(RegexLexer):  # type: ignore[misc]
    """Keywords, built-in forms, primitives, literals and comments of RASP."""

    name = "RASP"
    aliases = ("rasp",)
    filenames = ("*.rasp",)
    tokens = {  # noqa: RUF012  (Pygments reads it from the class)
        "root": [
            (r"\s+", Whitespace),
            (r"#.*", Comment.Single),
            (r'"[^"\n]*"', String),
            (r"[0-9]+\.[0-9]+", Number.Float),
            (r"[0-9]+", Number.Integer),
            (words(("if", "else", "for", "def", "return", "load"), suffix=r"\b"), Keyword),
            (words(("and", "or", "not", "in"), suffix=r"\b"), Operator.Word),
            (r"(?:select|aggregate|range|zip|len|round|indicator|draw)\b(?=\s*\()", Name.Builtin),
            (words(("True", "False"), suffix=r"\b"), Keyword.Constant),
            (r"tokens(?:_(?:asis|str|int|float|bool))?\b|indices\b", Name.Builtin.Pseudo),
            (r"[A-Za-z_][A-Za-z0-9_]*", Name),
            (r"[=!<>]=|[-+*/%^<>=]", Operator),
            (r"[()\[\]{},;:]", Punctuation),
            (r".", Error),
        ]
    }
