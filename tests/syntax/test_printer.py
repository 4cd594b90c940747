"""The printer: its text reads as the same tree, has no traps, and no parentheses without need."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from syntax_trees import NOWHERE, expression, expressions, modules, names, statements

from rasp_lang.library_files import ShippedProgram, shipped_programs
from rasp_lang.source import Source
from rasp_lang.syntax import ast, format_expression, format_module, parse, parse_expression


@settings(max_examples=300, deadline=None)
@given(expressions)
def test_the_text_of_an_expression_reads_as_the_same_tree_without_a_warning(
    tree: ast.Expression,
) -> None:
    read, diagnostics = parse_expression(Source("printed", format_expression(tree)))
    assert repr(read) == repr(tree)  # unlike ==, it tells 1 from 1.0
    assert diagnostics == ()


@settings(max_examples=200, deadline=None)
@given(modules)
def test_the_text_of_a_program_reads_as_the_same_tree_without_a_warning(module: ast.Module) -> None:
    parsed = parse(Source("printed", format_module(module)))
    assert repr(parsed.module) == repr(module)
    assert parsed.diagnostics == ()


@settings(max_examples=100, deadline=None)
@given(modules)
def test_printing_again_changes_nothing(module: ast.Module) -> None:
    text = format_module(module)
    assert format_module(parse(Source("printed", text)).module) == text


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("((1))+(2)*(3)", "1 + 2 * 3"),
        ("(1+2)*3", "(1 + 2) * 3"),
        ("1-(2-3)", "1 - (2 - 3)"),
        ("(1-2)-3", "1 - 2 - 3"),
        ("2^(1)", "2^1"),
        ("2^-1", "2^-1"),
        ("(2^3)^2", "(2^3)^2"),
        ("(-2)^2", "(-2)^2"),
        ("-(2^2)", "-(2^2)"),
        ("not(a)", "not a"),
        ("(not a)==b", "(not a) == b"),
        ("not(a==b)", "not (a == b)"),
        ("a and(b)and c", "a and b and c"),
        ("(a and b)or c", "(a and b) or c"),
        ("a==b and c!=d", "a == b and c != d"),
        ("a%(b*c)", "a % (b * c)"),
        ("(x)in(l)", "x in l"),
        ("x in(l+m)", "x in l + m"),
        ("(x in l)and y", "(x in l) and y"),
        ("(a if b else c)if d else e", "(a if b else c) if d else e"),
        ("a if (x in l) else c", "a if x in l else c"),
        ("(f)(x)", "f(x)"),
        ("(round)(x)", "(round)(x)"),
        ("round( (x) )", "round(x)"),
        ("(a+b)[0](1)", "(a + b)[0](1)"),
        ("(-a)[0]", "(-a)[0]"),
        ("select((a),(b),==)", "select(a, b, ==)"),
        ("{1:2,3:[4]}", "{1: 2, 3: [4]}"),
        ("[(x)for x,y in(l)]", "[x for x, y in l]"),
        ("{x:y for x in l}", "{x: y for x in l}"),
        ("1.50", "1.5"),
        ("100000000000000000000000.0", "100000000000000000000000.0"),
        ("0.00000001", "0.00000001"),
        ("007", "7"),
    ],
)
def test_expressions_are_printed_with_the_parentheses_that_they_need(
    text: str, printed: str
) -> None:
    assert format_expression(expression(text)) == printed


def test_programs_are_printed_with_one_statement_a_line_and_bodies_indented() -> None:
    text = 'a,b=1,[2];def f(x){for i in x{a=i;}load "y";return a,b;}set s-op example(1+2)\nexit'
    assert format_module(parse(Source("test", text)).module) == (
        "a, b = 1, [2];\n"
        "def f(x) {\n"
        "    for i in x {\n"
        "        a = i;\n"
        "    }\n"
        '    load "y";\n'
        "    return a, b;\n"
        "}\n"
        "set s-op example (1 + 2)\n"
        "exit\n"
    )


def test_an_empty_program_is_printed_as_nothing() -> None:
    assert format_module(ast.Module((), span=NOWHERE)) == ""


@pytest.mark.parametrize("program", shipped_programs(), ids=lambda program: program.name)
def test_shipped_programs_survive_printing(program: ShippedProgram) -> None:
    parsed = parse(Source(program.name, program.text))
    assert parsed.diagnostics == ()
    printed = parse(Source("printed", format_module(parsed.module)))
    assert repr(printed.module) == repr(parsed.module)


def test_a_sum_of_a_hundred_thousand_terms_is_printed() -> None:
    text = "a = " + " + ".join(f"x{i}" for i in range(100_000)) + ";\n"
    assert format_module(parse(Source("test", text)).module) == text


@given(names)
def test_a_name_before_a_parenthesis_is_never_printed_as_a_form(name: ast.Name) -> None:
    call = ast.Call(name, (), span=NOWHERE)
    read = statements(format_expression(call) + ";")[0]
    assert isinstance(read, ast.ExpressionStatement)
    assert read.value == call
