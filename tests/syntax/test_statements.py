"""Statements and commands: which node each text becomes."""

from __future__ import annotations

import pytest
from syntax_trees import codes, statements

from rasp_lang.source import Source
from rasp_lang.syntax import ast, parse, parse_interactive


def _kinds(text: str) -> list[str]:
    return [type(statement).__name__ for statement in statements(text)]


def test_several_statements_stand_on_one_line() -> None:
    assert _kinds("a=1; b, c = 2, 3; a; f(x);") == [
        "Assign", "Assign", "ExpressionStatement", "ExpressionStatement"]  # fmt: skip


def test_an_assignment_has_names_and_values() -> None:
    (assign,) = statements("a, b = b, [1];")
    assert isinstance(assign, ast.Assign)
    assert [name.id for name in assign.targets] == ["a", "b"]
    assert len(assign.values) == 2
    assert assign.span.text == "a, b = b, [1];"


def test_a_function_has_parameters_a_body_and_what_it_returns() -> None:
    (function,) = statements('def f(a, b) { c = a; load "x"; for i in b { c; } return c, 1; }')
    assert isinstance(function, ast.FunctionDefinition)
    assert function.name.id == "f"
    assert [name.id for name in function.parameters] == ["a", "b"]
    assert [type(s).__name__ for s in function.body] == ["Assign", "Load", "For"]
    assert len(function.returns) == 2


def test_a_function_needs_neither_parameters_nor_a_body() -> None:
    (function,) = statements("def f() { return 1; }")
    assert isinstance(function, ast.FunctionDefinition)
    assert (function.parameters, function.body) == ((), ())


def test_functions_and_loops_nest() -> None:
    (loop,) = statements("for a, b in l { def f() { for x in a { x; } return 1; } f(); }")
    assert isinstance(loop, ast.For)
    assert [name.id for name in loop.targets] == ["a", "b"]
    assert [type(s).__name__ for s in loop.body] == ["FunctionDefinition", "ExpressionStatement"]


def test_a_loop_runs_over_a_dict_that_is_written_in_its_head() -> None:
    (loop,) = statements("for x in {1: 2} { x; }")
    assert isinstance(loop, ast.For)
    assert isinstance(loop.iterable, ast.DictDisplay)


def test_a_load_has_the_text_of_its_path() -> None:
    (load,) = statements('load # where from\n "dir/a.rasp" ;')
    assert isinstance(load, ast.Load)
    assert (load.path, load.path_span.text) == ("dir/a.rasp", '"dir/a.rasp"')


def test_a_comment_is_no_statement_and_may_stand_anywhere() -> None:
    assert statements("# a\n#b\n") == ()
    assert _kinds("#a\na # b\n = # c\n 1 # d\n ; # e") == ["Assign"]
    assert codes("for x in l { # a comment\n }") == ["RASP0110"]


@pytest.mark.parametrize(
    ("text", "node"),
    [
        ('set example "abc"', "SetExample('both', Literal('abc'))"),
        ("set s-op example [1, 2]", "SetExample('s-op', ListDisplay((Literal(1), Literal(2))))"),
        ("set selector example x", "SetExample('selector', Name('x'))"),
        ("set example (1 + a)", "SetExample('both', Binary('+', Literal(1), Name('a')))"),
        ("show example", "ShowExample('both')"),
        ("show  s-op\texample", "ShowExample('s-op')"),
        ("show # s-op\nselector # s-op\n example", "ShowExample('selector')"),
        ("examples on", "SwitchExamples('both', True)"),
        ("s-op examples off", "SwitchExamples('s-op', False)"),
        ("selector examples on", "SwitchExamples('selector', True)"),
        ("full seq display on", "SwitchFullDisplay(True)"),
        ("full seq\ndisplay off", "SwitchFullDisplay(False)"),
        ("exit", "Exit()"),
        ("quit", "Exit()"),
        (" exit ( ) # bye", "Exit()"),
        ("quit()", "Exit()"),
    ],
)
def test_a_command_is_a_statement_without_a_semicolon(text: str, node: str) -> None:
    written = "".join(char for char in repr(statements(text)) if char != "\n")
    for field in ("which=", "value=", "id=", "items=", "operator=", "left=", "right=", "on="):
        written = written.replace(field, "")
    assert written == f"({node},)"


def test_commands_follow_each_other_on_a_line_and_before_statements() -> None:
    text = 'set example "ab" show example examples off a = 1; full seq display on set example x '
    assert _kinds(text + "[1];") == ["SetExample", "ShowExample", "SwitchExamples", "Assign",
                            "SwitchFullDisplay", "SetExample", "ExpressionStatement"]  # fmt: skip


def test_words_of_commands_are_ordinary_names_elsewhere() -> None:
    text = ("set = 1; show = set; example, examples = 1, 2; on, off = 1, 2; s-op; full; load = 3;"
            "exit = quit; selector(seq, display); a = [exit\n]; {exit\n: 1};")  # fmt: skip
    assert set(_kinds(text)) == {"Assign", "ExpressionStatement"}


def test_exit_is_a_name_where_it_is_not_alone_on_its_line() -> None:
    assert _kinds("exit; a = 1;") == ["ExpressionStatement", "Assign"]
    assert _kinds("exit();") == ["ExpressionStatement"]
    assert codes("exit\n;") == ["RASP0108"]
    assert codes("a = 1; exit\n") == ["RASP0102"]


def test_the_words_of_forms_and_draw_can_stand_alone() -> None:
    assert _kinds("select = 1; aggregate = select; draw(a, b); get = 2;") == [
        "Assign", "Assign", "ExpressionStatement", "Assign"]  # fmt: skip


@pytest.mark.parametrize("text", ["", "a;", "a = 1; # b", "exit", "set example x"])
def test_complete_input_is_complete(text: str) -> None:
    parsed = parse_interactive(Source("test", text))
    assert not parsed.incomplete
    assert not parsed.diagnostics


@pytest.mark.parametrize(
    "text",
    ["a", "a = 1", "a = 1 +", "(", "(1", "[1,", "{", "{1:", "f(", "def f(", "def f() {", "a # b",
     "def f() { a = 1;", "def f() { return 1;", "for x in l", "for x in l {", "load", "set",
     "set example", 'load "a"', "1 if a else", "select(a, b, ", "not", "a\n\n",
     "def f() { a = ; b"],
)  # fmt: skip
def test_input_that_further_lines_can_complete_is_incomplete(text: str) -> None:
    assert parse_interactive(Source("test", text)).incomplete


@pytest.mark.parametrize(
    "text", ["a = ;", 'a = "b', "a b c", ")", "a = 1;;", "1.;", "def f() { }", "x = $ 1"]
)
def test_wrong_input_is_not_incomplete(text: str) -> None:
    parsed = parse_interactive(Source("test", text))
    assert parsed.diagnostics
    assert not parsed.incomplete


def test_a_statement_with_an_error_is_left_out_and_the_others_are_kept() -> None:
    parsed = parse(Source("test", "a = 1;\nb = ;\nc = 3\nd = 4;\n"))
    assert [s.span.text for s in parsed.module.statements] == ["a = 1;", "d = 4;"]
