"""Long and deep texts: read in a time that grows with their length, or refused with a diagnostic;
never an exception."""

from __future__ import annotations

import time

import pytest
from syntax_trees import codes

from rasp_lang.source import Source
from rasp_lang.syntax import ast, parse

_MEGABYTE = 1_000_000


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("(" * _MEGABYTE, ["RASP0114"]),
        ("[" * _MEGABYTE, ["RASP0114"]),
        ("{" * _MEGABYTE, ["RASP0114"]),
        ("-" * _MEGABYTE, ["RASP0114"]),
        ("not " * (_MEGABYTE // 4), ["RASP0114"]),
        ("1 if " * (_MEGABYTE // 5), ["RASP0114"]),
        ("def f() {" * 100_000, ["RASP0114"]),
        ("for x in l {" * 100_000, ["RASP0114"]),
        ("f(" * (_MEGABYTE // 2), ["RASP0114"]),
        (")" * _MEGABYTE, ["RASP0101"]),
        (";" * _MEGABYTE, ["RASP0108"]),
        ("\0" * _MEGABYTE, ["RASP0104"]),
        ('"' * (_MEGABYTE + 1), ["RASP0101", "RASP0103"]),
        ("'" * 1_001, ["RASP0104"] * 501),
        ("." * _MEGABYTE, ["RASP0104"]),
        ("1" * _MEGABYTE + ";", ["RASP0506"]),
        ("1." * (_MEGABYTE // 2) + ";", ["RASP0107"]),
        ("a" * _MEGABYTE + ";", []),
        ("é" * _MEGABYTE + ";", ["RASP0104"]),
        ("#" * _MEGABYTE, []),
        (" " * _MEGABYTE + "$", ["RASP0104"]),
        ("#\n" * (_MEGABYTE // 2) + "$", ["RASP0104"]),
        ("set " + " " * _MEGABYTE, ["RASP0102"]),
        ("a " * (_MEGABYTE // 2), ["RASP0101"]),
        ("a = (" * (_MEGABYTE // 50), ["RASP0101"]),
        ("((a;" * 10_000, ["RASP0101"] * 10_000),
        ("a=b=c;" * 10_000, ["RASP0101"] * 10_000),
        ("a b c;" * 10_000, ["RASP0101"] * 10_000),
    ],
    ids=lambda value: repr(value[:8]) if isinstance(value, str) else "",
)
def test_a_long_text_gets_its_diagnostics(text: str, found: list[str]) -> None:
    assert codes(text) == found


@pytest.mark.parametrize(
    "deep", ["({})", "[{}]", "-{}", "f({})", "(1 + {})", "{{1: {}}}", "not {}"]
)
def test_a_deep_text_is_read(deep: str) -> None:
    text = "a"
    pre, post = deep.format("\0").split("\0")
    text = pre * 2_000 + text + post * 2_000 + ";"
    assert codes(text) == []


@pytest.mark.parametrize("term", [" + x", " == x", "[1]", "(x)", "^x", " and x", " in x", ", x"])
def test_ten_thousand_terms_are_read(term: str) -> None:
    text = ("m = x" if term == ", x" else "x") + term * 10_000 + ";"
    parsed = parse(Source("test", text))
    assert len(parsed.module.statements) == 1
    assert not [d for d in parsed.diagnostics if d.severity == "error"]


def test_ten_thousand_lines_take_little_more_than_ten_times_as_long_as_a_thousand() -> None:
    line = (
        "s{} = aggregate(select(indices, indices + {}, ==), tokens) if x > 3 else round(y * 0.5);\n"
    )

    def seconds(lines: int) -> float:
        text = "".join(line.format(i, i) for i in range(lines))
        begin = time.process_time()
        parsed = parse(Source("test", text))
        end = time.process_time()
        assert len(parsed.module.statements) == lines
        assert parsed.diagnostics == ()
        return end - begin

    slow, quick = (min(seconds(lines) for _ in range(3)) for lines in (10_000, 1_000))
    assert slow < 25 * quick


@pytest.mark.parametrize("text", ["(", "1 if ", "f(", "((a;", "a b c;", "'", "#\n", "a = ("])
def test_the_time_for_a_wrong_text_grows_with_its_length_only(text: str) -> None:
    def seconds(times: int) -> float:
        source = Source("test", text * times)
        begin = time.process_time()
        parse(source)
        return time.process_time() - begin

    slow, quick = (min(seconds(times) for _ in range(3)) for times in (20_000, 2_000))
    assert slow < 25 * quick


def test_a_comprehension_of_ternaries_in_a_deep_list_keeps_its_nodes() -> None:
    (statement,) = parse(Source("test", "[" * 50 + "a" + "]" * 50 + ";")).module.statements
    assert isinstance(statement, ast.ExpressionStatement)
    depth, node = 0, statement.value
    while isinstance(node, ast.ListDisplay):
        depth, node = depth + 1, node.items[0]
    assert depth == 50
