"""All problems of a file are found in one run, in source order, without their consequences."""

from __future__ import annotations

import pytest
from syntax_trees import codes, places

from rasp_lang.source import Source
from rasp_lang.syntax import parse


def _kept(text: str) -> list[str]:
    return [statement.span.text for statement in parse(Source("test", text)).module.statements]


def test_every_broken_statement_gets_one_diagnostic() -> None:
    text = "a = ;\nb = [1,];\nc = 1\nd = (2;\ne = 1.;\nf = 3 4 5;\ng = 6;;\nh = 7;\n"
    assert places(text) == [
        ("RASP0101", 1, 5),
        ("RASP0106", 2, 7),
        ("RASP0102", 3, 6),
        ("RASP0101", 4, 7),
        ("RASP0107", 5, 5),
        ("RASP0101", 6, 7),
        ("RASP0108", 7, 7),
    ]
    assert _kept(text) == ["g = 6;", "h = 7;"]


def test_problems_inside_a_body_are_all_found() -> None:
    text = "def f(x) {\n  a = ;\n  b = 1.;\n  for y x { c = ; }\n  return x\n}\nd = 1;\n"
    assert places(text) == [
        ("RASP0101", 2, 7),
        ("RASP0107", 3, 7),
        ("RASP0101", 4, 9),
        ("RASP0101", 4, 17),
        ("RASP0102", 5, 11),
    ]
    assert _kept(text) == ["d = 1;"]


def test_the_body_behind_a_broken_head_is_read() -> None:
    assert places("def 3(x) {\n a = ;\n return x;\n}\nb = 1;") == [
        ("RASP0101", 1, 5),
        ("RASP0101", 2, 6),
    ]
    assert _kept("def f(x + 1) { a = 1; return a; }\nb = 1;") == ["b = 1;"]


def test_a_broken_return_is_no_missing_return() -> None:
    assert codes("def f(x) { return x +; }") == ["RASP0101"]
    assert codes("def f(x) { return ; }") == ["RASP0101"]


def test_a_broken_statement_does_not_make_a_body_empty() -> None:
    assert codes("for x in l { a = ; }") == ["RASP0101"]


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("a = foo(1, 2\nb = 3;", ["b = 3;"]),
        ("a = [1, 2\n\nb = 3;\nc = 4;", ["b = 3;", "c = 4;"]),
        ("a = 1 +\nb = 3;", ["b = 3;"]),
        ("a = (1 + $ 2;\nb = 3;", ["b = 3;"]),
        ("a = (\ndef f() { return 1; }\nb = 2;", ["def f() { return 1; }", "b = 2;"]),
        ('a = 1 1 1\nload "x";\nb = 2;', ['load "x";', "b = 2;"]),
        ('a = "x\ndef f() { return 1; }', ["def f() { return 1; }"]),
        ("a b c\nset example x\nd = 1;", ["set example x", "d = 1;"]),
        ("if x { a = 1; } else { a = 2; }\nb = 3;", ["b = 3;"]),
        ("while x < 3 {\n  a = 1;\n  b = 2;\n}\nc = 3;", ["c = 3;"]),
        ("def f(x) return x; }\nb = 3;", ["b = 3;"]),
        ("def f(x { return x; }\nb = 3;", ["b = 3;"]),
        ("a = [x for x in l if x];\nb = 3;", ["b = 3;"]),
        ("a)b;\nb = 3;", ["b = 3;"]),
        ("}\nb = 3;", ["b = 3;"]),
    ],
)
def test_what_follows_an_error_is_not_lost(text: str, kept: list[str]) -> None:
    assert len(codes(text)) == 1
    assert _kept(text) == kept


def test_a_missing_semicolon_spoils_its_own_statement_only() -> None:
    text = "a = 1\nb = 2;\nc = 3\nd = 4;"
    assert places(text) == [("RASP0102", 1, 6), ("RASP0102", 3, 6)]
    assert _kept(text) == ["b = 2;", "d = 4;"]


def test_a_character_that_is_left_out_has_no_consequences() -> None:
    assert codes("a = b ? c : d ? e : f;\ng = @h;") == ["RASP0104", "RASP0104", "RASP0104"]


def test_a_run_of_the_same_mistake_is_reported_once() -> None:
    assert codes(";;;;;;") == ["RASP0108"]
    assert codes("a = 1; ))))") == ["RASP0101"]
    assert codes("a = @@@@@1;") == ["RASP0104"]


def test_diagnostics_are_in_source_order() -> None:
    parsed = parse(Source("test", "a = -2^2 $;\nb\n= not a == b 1;\nc = [1,\n2;\nd = (e"))
    starts = [diagnostic.span.start for diagnostic in parsed.diagnostics if diagnostic.span]
    assert starts == sorted(starts)
    assert len(starts) == 6
