"""Sessions: a conversation statement by statement, and what the REPL is told."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from rasp_lang.diagnostics import RaspError
from rasp_lang.elaborate import Outcome, Session
from rasp_lang.source import Source
from rasp_lang.syntax import parse


def talk(session: Session, text: str) -> list[Outcome]:
    parsed = parse(Source("<input>", text))
    assert not [found for found in parsed.diagnostics if found.severity == "error"]
    return [
        outcome for statement in parsed.module.statements
        for outcome in session.run_statement(statement)
    ]  # fmt: skip


def kinds(text: str) -> list[tuple[str, str | None]]:
    return [(outcome.kind, outcome.name) for outcome in talk(Session(), text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a = 1;", [("value", "a")]),
        ("a, b = 1, [2];", [("value", "a"), ("list", "b")]),
        ("a, a = 1, 2;", [("value", "a")]),
        ("indices;", [("s-op", "indices")]),
        ("indices + 1;", [("s-op", "out")]),
        ("full_s;", [("selector", "full_s")]),
        ("{1: 2};", [("dict", "out")]),
        ("sort;", [("function", "sort")]),
        ("def f(x) { return x; }", [("function", "f")]),
        ("for i in [1, 2] { x = i; }", []),
        ('indices("abc");', [("result", "out")]),
        ("def f() { return 1; } f();", [("function", "f"), ("value", "out")]),
        ("draw(indices);", [("draw", None)]),
        ('set example "abc"', [("set example", None)]),
        ("show example", [("command", None)]),
        ("examples off", [("command", None)]),
        ("full seq display on", [("command", None)]),
        ("exit", [("command", None)]),
    ],
)
def test_a_statement_has_its_outcomes(text: str, expected: list[tuple[str, str | None]]) -> None:
    assert kinds(text) == expected


def test_outcomes_carry_their_values() -> None:
    outcomes = talk(Session(), 'a = 1; indices("ab"); draw(indices, "xy"); set example [1, 2]')
    values: list[Any] = [outcome.value for outcome in outcomes]
    assert (values[0], values[1], values[3]) == (1, (0, 1), (1, 2))
    assert outcomes[1].applied == outcomes[2].value
    assert outcomes[2].tokens == ("x", "y")


def test_the_outcome_of_a_call_that_follows_a_result_is_no_result() -> None:
    session = Session()
    talk(session, 'indices("ab");')
    assert [outcome.kind for outcome in talk(session, "[1, 2];")] == ["list"]


def test_a_load_tells_what_it_bound(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "m.rasp").write_text("a = 1; _b = 2; c = indices; a = 3;")
    monkeypatch.chdir(tmp_path)
    session = Session()
    assert [(o.kind, o.name) for o in talk(session, 'load "m";')] == [("s-op", "c"), ("value", "a")]
    assert session.names == ()


def test_a_statement_that_fails_changes_nothing() -> None:
    session = Session()
    talk(session, "a = 1;")
    for text in ("a = nosuch;", 'load "nosuch";', "a = 1/0;"):
        with pytest.raises(RaspError):
            talk(session, text)
    assert [outcome.value for outcome in talk(session, "a + 1;")] == [2]
    with pytest.raises(RaspError):
        talk(session, "other;")


def test_warnings_are_taken_once() -> None:
    session = Session()
    talk(session, "a = tokens[3];")
    assert [found.code for found in session.take_warnings()] == ["RASP0552"]
    assert session.take_warnings() == ()
