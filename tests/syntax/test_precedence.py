"""Warnings where the written form is read otherwise than one expects."""

from __future__ import annotations

import pytest
from syntax_trees import codes

from rasp_lang.source import Source
from rasp_lang.syntax import parse


@pytest.mark.parametrize(
    ("text", "code", "label", "helped"),
    [
        ("not a == b", "RASP0151", "read as `(not a) == b`",
         "write `not (a == b)`, or `(not a) == b` if that is meant"),
        ("not (a) < b", "RASP0151", "read as `(not (a)) < b`",
         "write `not ((a) < b)`, or `(not (a)) < b` if that is meant"),
        ("not a % 2 == 0", "RASP0151", "read as `(not a) % 2 == 0`",
         "write `not (a % 2 == 0)`, or `(not a) % 2 == 0` if that is meant"),
        ("not x in l", "RASP0152", "read as `(not x) in l`",
         "write `not (x in l)`, or `(not x) in l` if that is meant"),
        ("a and b or c", "RASP0153", "read as `(a and b) or c`",
         "write the parentheses that you mean"),
        ("a or b and c", "RASP0153", "read as `(a or b) and c`",
         "write the parentheses that you mean"),
        ("x in l and y", "RASP0154", "all of `l and y` is an operand of this `in`",
         "write `(l and y)` if that is meant, or put the `in` in parentheses"),
        ("a == b in l", "RASP0154", "all of `a == b` is an operand of this `in`",
         "write `(a == b)` if that is meant, or put the `in` in parentheses"),
        ("a in l if c else m", "RASP0154", "all of `l if c else m` is an operand of this `in`",
         "write `(l if c else m)` if that is meant, or put the `in` in parentheses"),
        ("-2^2", "RASP0155", "read as `(-2)^2`",
         "write `-(2^2)`, or `(-2)^2` if that is meant"),
        ("-(a + b)^2", "RASP0155", "read as `(-(a + b))^2`",
         "write `-((a + b)^2)`, or `(-(a + b))^2` if that is meant"),
        ("2^3^2", "RASP0156", "read as `(2^3)^2`",
         "write `2^(3^2)`, or `(2^3)^2` if that is meant"),
        ("7 % 4 * 2", "RASP0157", "read as `7 % (4 * 2)`",
         "write `(7 % 4) * 2`, or `7 % (4 * 2)` if that is meant"),
        ("1 < 2 < 3", "RASP0158", "read as `(1 < 2) < 3`",
         "join two comparisons with `and`, each in parentheses"),
        ("a in b in c", "RASP0158", "read as `(a in b) in c`",
         "join two tests with `and`, each in parentheses"),
        ("1 if a else 2 if b else 3", "RASP0159", "read as `(1 if a else 2) if b else 3`",
         "put the inner ternary in parentheses"),
        ("1 if a if b else c else 2", "RASP0159", "nested without parentheses",
         "put the inner ternary in parentheses"),
        ("a\n- b", "RASP0160", "continues the expression before it",
         "end the line before with `;`, or put the whole expression in parentheses"),
    ],
)  # fmt: skip
def test_a_trap_is_warned_of(text: str, code: str, label: str, helped: str) -> None:
    (diagnostic,) = parse(Source("test", text + ";")).diagnostics
    assert (diagnostic.code, diagnostic.severity) == (code, "warning")
    assert (diagnostic.label, diagnostic.help) == (label, helped)


@pytest.mark.parametrize(
    "text",
    [
        "(not a) == b", "not (a == b)", "a == not b", "not a", "not a and b",
        "(not x) in l", "not (x in l)", "x + 1 in l", "x in l + m", "-x in l", "x in (l and y)",
        "(x in l) and y", "(a and b) or c", "a and (b or c)", "a and b and c", "a or b or c",
        "(-2)^2", "-(2^2)", "2^-1", "-2 * 3", "+2^2", "(2^3)^2", "2^(3^2)", "7 % (4 * 2)",
        "(7 % 4) * 2", "10 * 4 % 3", "7 % 4 % 2", "7 % 4 + 2", "(1 < 2) < 3", "1 < (2 < 3)",
        "(1 < 2) and (2 < 3)", "1 < 2 and 2 < 3", "(1 if a else 2) if b else 3",
        "1 if a else (2 if b else 3)", "1 if (a if b else c) else 2", "1 if x in l else 2",
        "1 if a and b else 2", "[1\n+ 2]", "(a\n(b))", "f(a\n[b])", "a +\nb", "select\n(a, b, ==)",
    ],
)  # fmt: skip
def test_parentheses_and_the_usual_reading_get_no_warning(text: str) -> None:
    assert codes(text + ";") == []


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("a < b < c < d < e", "RASP0158"),
        ("2^2^2^2^2", "RASP0156"),
        ("a in b in c in d", "RASP0158"),
        ("a and b or c and d or e", "RASP0153"),
        ("1 if a else 2 if b else 3 if c else 4", "RASP0159"),
    ],
)
def test_a_chain_is_warned_of_once(text: str, code: str) -> None:
    assert codes(text + ";") == [code]


def test_a_warning_keeps_the_statement() -> None:
    parsed = parse(Source("test", "a = not b == c;"))
    assert len(parsed.module.statements) == 1


def test_a_line_that_continues_is_shown_at_its_first_sign() -> None:
    parsed = parse(Source("test", "a = b\n  [0];\n"))
    assert [(d.code, d.span.line, d.span.column) for d in parsed.diagnostics if d.span] == [
        ("RASP0160", 2, 3)
    ]


def test_operands_of_several_lines_are_shown_on_one() -> None:
    (diagnostic,) = parse(Source("test", "x = -( a # one\n  + b)^2;")).diagnostics
    assert diagnostic.label == "read as `(-( a + b))^2`"
