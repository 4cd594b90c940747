"""Comments that silence warnings of their line."""

from __future__ import annotations

import pytest

from rasp_lang.diagnostics import ignored_codes
from rasp_lang.source import Source


@pytest.mark.parametrize(
    ("text", "ignored"),
    [
        ("a;", {}),
        ("a;  # raspc: ignore[RASP0151]", {1: {"RASP0151"}}),
        ("a;\nb; #raspc:ignore[RASP0151, RASP0152]\n", {2: {"RASP0151", "RASP0152"}}),
        ("# raspc: ignore[RASP0151] # raspc: ignore[RASP0160]", {1: {"RASP0151", "RASP0160"}}),
        ("# because: raspc: ignore[RASP0151]", {}),
        ("# raspc: ignore[]", {1: set()}),
        ("# raspc: ignore[precedence]", {1: set()}),
        ("# raspc: ignore", {}),
        ('a = "# raspc: ignore[RASP0151]";', {}),
        ('a = "x"; # "y" raspc: ignore[RASP0151]', {}),
        ('a = "x"; # " # raspc: ignore[RASP0151]', {1: {"RASP0151"}}),
        ('a = "x;  # raspc: ignore[RASP0151]\nb;  # raspc: ignore[RASP0152]',
         {1: {"RASP0151"}, 2: {"RASP0152"}}),
    ],
)  # fmt: skip
def test_comments_name_the_codes_to_silence(text: str, ignored: dict[int, set[str]]) -> None:
    assert ignored_codes(Source("test", text)) == ignored
