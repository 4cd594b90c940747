"""``raspc explain``: the page of a diagnostic."""

from __future__ import annotations

from raspc.answer import Answer

from rasp_lang.diagnostics import explain


def explain_code(code: str) -> Answer:
    """The page of a code, Markdown as it is."""
    page = explain(code)
    return Answer(page.rstrip("\n"), page)
