"""Pieces of source text as they stand in messages."""

from __future__ import annotations

import re

_LONGEST = 30
_COMMENT = re.compile(r"#[^\n]*")


def excerpt(text: str) -> str:
    """The text on one line, at most 30 characters of it; what cannot be shown is replaced."""
    words = " ".join(_COMMENT.sub("", text).split()) if "\n" in text else text.strip()
    line = words if len(words) <= _LONGEST else words[: _LONGEST - 1] + "…"
    return "".join(char if char.isprintable() else "�" for char in line)
