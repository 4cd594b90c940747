"""Short ways to say what a program gives, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from rasp_lang.diagnostics import Diagnostic, RaspError
from rasp_lang.program import loads


@pytest.fixture
def value() -> Callable[..., Any]:
    """``value("a = 1;", "a + 1")`` or ``value("", "indices", "abc")``."""

    def evaluated(source: str, query: str, *given: Any) -> Any:
        return loads(source).evaluate(query, *given)

    return evaluated


@pytest.fixture
def problems() -> Callable[..., list[Diagnostic]]:
    """The diagnostics of a source, warnings of a program without errors included."""

    def found(source: str) -> list[Diagnostic]:
        try:
            return list(loads(source).warnings)
        except RaspError as error:
            return list(error.diagnostics)

    return found


@pytest.fixture
def codes(problems: Callable[[str], list[Diagnostic]]) -> Callable[[str], list[str]]:
    """The codes of what is wrong with a source, in order."""
    return lambda source: [diagnostic.code for diagnostic in problems(source)]
