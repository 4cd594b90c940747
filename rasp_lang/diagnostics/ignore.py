"""``# raspc: ignore[RASP0151]``: comments that silence the warnings of their line."""

from __future__ import annotations

import re
from collections.abc import Mapping

from rasp_lang.source import Source

_STRING_OR_COMMENT = re.compile(r'"[^"\n]*"|#[^\n]*')
_IGNORE = re.compile(r"#\s*raspc:\s*ignore\[([^\]\n]*)\]")
_CODE = re.compile(r"RASP[0-9]{4}")


def ignored_codes(source: Source) -> Mapping[int, frozenset[str]]:
    """The codes to silence, by the 1-based line of the comment. Several codes stand between the
    brackets with commas; what is no code is passed over."""
    found: dict[int, frozenset[str]] = {}
    if "raspc:" not in source.text:
        return found
    for piece in _STRING_OR_COMMENT.finditer(source.text):
        for ignore in _IGNORE.finditer(piece.group()) if piece.group()[0] == "#" else ():
            line = source.position(piece.start())[0]
            codes = frozenset(_CODE.findall(ignore.group(1)))
            found[line] = found.get(line, frozenset()) | codes
    return found
