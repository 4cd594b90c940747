"""Syntax: text -> syntax tree, and back.

Comes in: a ``Source``. Goes out: a tree of frozen nodes (``ast``) with diagnostics, or text that
reads as the same tree. May import ``source`` and ``diagnostics``; ``generate``, which no command
runs, is the only importer of lark.
"""

from rasp_lang.syntax.parser import Parsed, parse, parse_expression, parse_interactive
from rasp_lang.syntax.printer import format_expression, format_module

__all__ = [
    "Parsed",
    "format_expression",
    "format_module",
    "parse",
    "parse_expression",
    "parse_interactive",
]
