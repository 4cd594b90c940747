"""``raspc explain``: the page of a diagnostic."""

from __future__ import annotations

from rasp_lang.diagnostics import explain
from raspc.answer import Answer


def explain_code(code: str) -> Answer:
    """The page of a code, Markdown as it is."""
    page = explain(code)
    return Answer(page.rstrip("\n"), page)
