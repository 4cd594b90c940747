"""Each warning can be silenced: for a program, and on its line."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from console_blocks import blocks

from rasp_lang import RaspError, loads
from rasp_lang.diagnostics import CODES, Diagnostic

PAGES = Path(__file__).parents[2] / "docs" / "errors"
WARNINGS = sorted(code for code, info in CODES.items() if info.severity == "warning")


def _example(code: str) -> str:
    document = (PAGES / f"{code}.md").read_text(encoding="utf-8")
    return next(block.text for block in blocks(document) if block.file == "example.rasp")


def _found(text: str, code: str, ignore: Sequence[str] = ()) -> list[Diagnostic]:
    try:
        diagnostics = loads(text, ignore=ignore).warnings
    except RaspError as error:
        diagnostics = error.diagnostics
    return [diagnostic for diagnostic in diagnostics if diagnostic.code == code]


@pytest.mark.parametrize("code", WARNINGS)
def test_a_warning_is_silenced_for_a_program(code: str) -> None:
    text = _example(code)
    assert _found(text, code)
    assert not _found(text, code, ignore=[code])
    assert _found(text, code, ignore=[other for other in WARNINGS if other != code])


@pytest.mark.parametrize("code", WARNINGS)
def test_a_warning_is_silenced_on_its_line(code: str) -> None:
    text = _example(code)
    [warning] = _found(text, code)
    assert warning.span is not None
    lines = text.splitlines()
    lines[warning.span.line - 1] += f"  # raspc: ignore[{code}]"
    assert not _found("\n".join(lines), code)
    lines[warning.span.line - 1] = lines[warning.span.line - 1].replace(code, "RASP0000")
    assert _found("\n".join(lines), code)


def test_an_error_cannot_be_silenced() -> None:
    assert _found("a = tokns;  # raspc: ignore[RASP0201]", "RASP0201", ignore=["RASP0201"])
