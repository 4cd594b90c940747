"""All problems of a file at once, in source order, each once."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from rasp_lang.diagnostics import Diagnostic, RaspError
from rasp_lang.program import loads

Problems = Callable[[str], list[Diagnostic]]


def places(found: list[Diagnostic]) -> list[tuple[str, str, int]]:
    return [(d.code, d.span.text, d.span.line) for d in found if d.span is not None]


def test_every_statement_with_an_error_is_reported(problems: Problems) -> None:
    source = 'a = foo + bar;\nb = 1/0;\ndef f(x) { return x + "a"; }\nc = f(1);\nd = [1][2];\n'
    assert places(problems(source)) == [
        ("RASP0201", "foo", 1),
        ("RASP0201", "bar", 1),
        ("RASP0501", "1/0", 2),
        ("RASP0301", 'x + "a"', 3),
        ("RASP0503", "[1][2]", 5),
    ]


def test_what_depends_on_a_failed_definition_says_nothing(problems: Problems) -> None:
    source = (
        'a = foo;\nb = a + 1;\nc = [b, "x" + 1];\nfor i in [1] { e = a; g = 1; }\n'
        "h = e + g;\ndef f() { return b; }\nj = f();"
    )
    assert places(problems(source)) == [("RASP0201", "foo", 1)]


def test_a_failed_definition_takes_the_old_meaning_away(problems: Problems) -> None:
    assert places(problems('a = 1;\na = foo;\nb = a + "x";')) == [("RASP0201", "foo", 2)]


def test_a_reserved_name_keeps_its_meaning(problems: Problems) -> None:
    source = 'length = 3;\nx = length + "a";'
    assert [code for code, _, _ in places(problems(source))] == ["RASP0202", "RASP0301"]


def test_an_error_in_a_function_is_reported_once_a_place(problems: Problems) -> None:
    source = "def f(x) { return x + nosuch; }\na = f(1);\nb = f(2);\nc = [f(i) for i in [1, 2]];"
    assert places(problems(source)) == [("RASP0201", "nosuch", 1)]


def test_an_error_in_a_function_names_the_calls(problems: Problems) -> None:
    (found,) = problems('def f(x) { return g(x); }\ndef g(x) { return -x; }\ny = f("a");')
    assert found.span is not None
    assert found.span.text == "-x"
    assert [(label.span.text, label.text) for label in found.secondary] == [
        ("g(x)", "called from here"),
        ('f("a")', "called from here"),
    ]


def test_an_error_in_the_library_is_shown_at_the_call(problems: Problems) -> None:
    (found,) = problems("def f(x) { return sort(x, x); }\ny = f(full_s);")
    assert found.span is not None
    assert found.span.text == "sort(x, x)"
    assert found.notes == ("inside `sort` of the RASP library",)
    assert [label.span.text for label in found.secondary] == ["f(full_s)"]


def test_a_long_chain_of_calls_is_shortened(problems: Problems) -> None:
    calls = "".join(f"def f{i}(x) {{ return f{i + 1}(x); }}\n" for i in range(9))
    (found,) = problems(f'{calls}def f9(x) {{ return -x; }}\ny = f0("a");')
    assert [label.span.text for label in found.secondary] == ["f9(x)", "f8(x)", 'f0("a")']


def test_an_error_on_an_input_names_where_it_was_run(problems: Problems) -> None:
    (found,) = problems('s = tokens_int + 1;\nx = s("ab");')
    assert found.code == "RASP0511"
    assert found.span is not None
    assert found.span.text == "tokens_int"
    assert [label.span.text for label in found.secondary] == ['s("ab")']


@pytest.mark.parametrize(
    "source",
    [
        "def f() { return nosuch; }",
        "def f() { def g() { return nosuch; } return 1; } x = f();",
        "x = nosuch if False else 1;",
        "x = 1 if True else nosuch;",
        "x = [nosuch for i in []];",
        "for i in [] { x = nosuch; }",
        "x = 1;\nexit\ny = nosuch;",
        "def f() { x = {1: nosuch[2](3)}; return x; }",
        "def f() { draw(nosuch); return 1; }",
        "def f() { x = select(nosuch, 1, ==); return 1; }",
        "def f() { return -round(nosuch); }",
    ],
)
def test_an_unknown_name_that_is_not_run_is_a_warning(problems: Problems, source: str) -> None:
    (found,) = problems(source)
    assert (found.code, found.severity) == ("RASP0204", "warning")
    assert found.span is not None
    assert found.span.text == "nosuch"


@pytest.mark.parametrize(
    "source",
    [
        "def f(a) { b = a; for c in [1] { d = c; } def e() { return a + b + c + d; } return e; }",
        "def f() { return k; } k = 1;",
        "def f() { return g(); } def g() { return out; }",
        "x = [a + b for a, b in []];",
        "x = {a: b for a, b in []};",
        'def f() { load "nothing"; return whatever; }',
        "def f() { return length + tokens_int + len([1]); }",
    ],
)
def test_names_that_would_be_known_are_no_warning(problems: Problems, source: str) -> None:
    assert problems(source) == []


@pytest.mark.parametrize(
    ("name", "help_line"),
    [
        ("lenght", "did you mean `length`?"),
        ("tokns", "did you mean `tokens`?"),
        ("selct", "did you mean `select`?"),
        ("true", "did you mean `True`?"),
        ("histgram", "did you mean `histogram`?"),
        ("zzzz", None),
    ],
)
def test_an_unknown_name_comes_with_a_guess(
    problems: Problems, name: str, help_line: str | None
) -> None:
    (found,) = problems(f"histogram = 1;\nx = {name};")
    assert found.help == help_line


def test_a_missing_key_comes_with_a_guess(problems: Problems) -> None:
    (found,) = problems('d = {"left": 1}; x = d["lefft"];')
    assert found.help == "did you mean `left`?"


def test_a_position_that_may_be_missing_is_a_warning(problems: Problems) -> None:
    source = "a = tokens[0];\nb = tokens[-1];\nc = tokens[2];\nd = tokens[-2];"
    assert places(problems(source)) == [
        ("RASP0552", "tokens[2]", 3),
        ("RASP0552", "tokens[-2]", 4),
    ]


def test_a_default_among_strings_is_a_warning_where_it_occurs(problems: Problems) -> None:
    source = (
        "a = aggregate(select(indices, length - 1 - indices, ==), tokens);\n"
        "b = aggregate(select(indices, indices - 1, ==), tokens);\n"
        'c = aggregate(select(indices, indices - 1, ==), tokens, "");\n'
        "d = aggregate(select(indices, indices - 1, ==), indices);\n"
        "e = sort(tokens, tokens);\n"
        "f = aggregate(select(indices, indices - 2, ==), tokens_str);\n"
    )
    assert [(code, line) for code, _, line in places(problems(source))] == [
        ("RASP0551", 2),
        ("RASP0551", 6),
    ]


def test_the_vocabulary_in_the_head_decides_about_defaults(problems: Problems) -> None:
    source = "x = aggregate(select(indices, indices - 1, ==), tokens);"
    assert [found.code for found in problems(source)] == ["RASP0551"]
    assert problems(f"# vocab: 0,1,2\n{source}") == []


def test_warnings_are_silenced_by_code_and_by_comment() -> None:
    source = "a = tokens[2];\nb = tokens[3]; # raspc: ignore[RASP0552]\n"
    assert [found.span.line for found in loads(source).warnings if found.span] == [1]
    assert loads(source, ignore=["RASP0552"]).warnings == ()


def test_errors_are_not_silenced() -> None:
    with pytest.raises(RaspError):
        loads("a = nosuch; # raspc: ignore[RASP0201]", ignore=["RASP0201"])


def test_a_file_with_a_syntax_error_runs_nothing(problems: Problems) -> None:
    assert {found.kind for found in problems("a = 1 +;\nb = 1/0;")} == {"syntax"}


def test_warnings_and_errors_come_in_source_order(problems: Problems) -> None:
    source = "a = not 1 == 2;\nb = foo;\nc = not 1 == 2;\ndef f() { return bar; }\nd = [][0];"
    assert [found.code for found in problems(source)] == [
        "RASP0151", "RASP0201", "RASP0151", "RASP0204", "RASP0503",
    ]  # fmt: skip
