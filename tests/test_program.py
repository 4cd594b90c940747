"""``Program``: what a loaded program answers."""

from __future__ import annotations

from pathlib import Path

import pytest

from rasp_lang.diagnostics import RaspError
from rasp_lang.program import Program, load, loads
from rasp_lang.results import Function, Matrix, Values

SOURCE = """
_private = 1;
number = 2;
flip = select(indices, length - 1 - indices, ==);
reverse = aggregate(flip, tokens);
table = {"a": reverse, "b": [1, flip]};
def twice(x) { return x + x; }
items = [1, 2];
number = 3;
"""


@pytest.fixture
def program() -> Program:
    return loads(SOURCE)


def code_of(program: Program, expression: str, *given: object) -> tuple[str, str]:
    with pytest.raises(RaspError) as caught:
        program.evaluate(expression, *given)  # type: ignore[arg-type]
    (found,) = caught.value.diagnostics
    return found.code, found.kind


def test_names_are_public_and_in_the_order_of_their_last_binding(program: Program) -> None:
    assert program.names == ("flip", "reverse", "table", "twice", "items", "number")


def test_the_output_is_the_last_public_s_op(program: Program) -> None:
    assert program.output == "reverse"
    assert loads("a = 1;").output is None
    assert loads("a = indices; _b = tokens; c = full_s;").output == "a"


def test_names_have_kinds(program: Program) -> None:
    kinds = [program.kind(name) for name in program.names]
    assert kinds == ["selector", "s-op", "dict", "function", "list", "value"]
    assert program.kind("_private") == "value"


def test_expressions_are_evaluated_in_the_programs_scope(program: Program) -> None:
    assert program.evaluate("reverse", [1, 2, 3]) == [3, 2, 1]
    assert program.evaluate("reverse", "abc") == ["c", "b", "a"]
    assert program.evaluate("flip", "ab") == [[False, True], [True, False]]
    assert program.evaluate("twice(number) + _private") == 7
    assert program.evaluate("twice") == Function("twice", ("x",))
    assert program.evaluate("table", "ab") == {
        "a": ["b", "a"], "b": [1, [[False, True], [True, False]]],
    }  # fmt: skip


def test_results_tell_lists_from_sequences(program: Program) -> None:
    assert program.result("[items, reverse, flip]", "a") == [
        [1, 2], Values(("a",)), Matrix(((True,),)),
    ]  # fmt: skip


def test_types_survive(program: Program) -> None:
    for tokens in ([1, 2], [1.0, 2.0], [True, False], [1, 2.5], [True, 2]):
        found = program.evaluate("reverse", tokens)
        assert [(type(x), x) for x in found] == [(type(x), x) for x in tokens[::-1]]


def test_an_input_that_is_not_needed_is_ignored(program: Program) -> None:
    assert program.evaluate("3 + 4", "abc") == 7
    assert program.evaluate("3 + 4", []) == 7


def test_evaluating_changes_no_names(program: Program) -> None:
    before = program.names
    program.evaluate("twice(reverse)", "ab")
    assert program.names == before
    assert program.evaluate("reverse", "ab") == ["b", "a"]


def test_errors_of_an_evaluation_have_their_code(program: Program) -> None:
    assert code_of(program, "nosuch") == ("RASP0201", "undefined")
    assert code_of(program, "1 +")[1] in ("syntax", "incomplete")
    assert code_of(program, "reverse") == ("RASP0515", "input")
    assert code_of(program, "reverse", "") == ("RASP0514", "input")
    assert code_of(program, "reverse", [None]) == ("RASP0311", "type")
    assert code_of(program, "reverse", 3) == ("RASP0311", "type")
    assert code_of(program, "reverse", {"a": 1}) == ("RASP0311", "type")
    assert code_of(program, "reverse", [float("nan")]) == ("RASP0311", "type")
    assert code_of(program, "tokens_int", "a") == ("RASP0511", "value")


def test_an_error_of_the_program_on_an_input_has_its_place_there() -> None:
    program = loads("a = 1;\nb = a / indices;", "demo.rasp")
    with pytest.raises(RaspError) as caught:
        program.evaluate("b", "ab")
    (found,) = caught.value.diagnostics
    assert found.span is not None
    assert (found.span.path, found.span.line, found.span.text) == ("demo.rasp", 2, "a / indices")


def test_the_output_node_is_an_s_op_of_the_graph(program: Program) -> None:
    node = program.graph[program.output_node("reverse")]
    assert (node.name, node.is_selector) == ("reverse", False)
    for expression in ("flip", "number", "twice", "items"):
        with pytest.raises(RaspError) as caught:
            program.output_node(expression)
        assert [found.code for found in caught.value.diagnostics] == ["RASP0017"]


def test_node_ids_stay_when_expressions_are_evaluated(program: Program) -> None:
    before, node = program.graph, program.output_node("reverse")
    program.evaluate("twice(reverse) + indices", [1, 2])
    assert program.graph.nodes[: len(before)] == before.nodes
    assert program.output_node("reverse") == node


def test_sources_have_relative_names(tmp_path: Path) -> None:
    (tmp_path / "lib").mkdir()
    (tmp_path / "lib" / "m.rasp").write_text("x = 1;")
    (tmp_path / "main.rasp").write_text('load "lib/m";')
    program = load(tmp_path / "main.rasp")
    assert program.sources == (("main.rasp", 'load "lib/m";'), ("lib/m.rasp", "x = 1;"))


def test_the_head_is_read_from_the_main_file() -> None:
    assert loads("# vocab: a,b\n# max-len: 3\nx = tokens;").head.vocab == ("a", "b")


def test_a_program_of_comments_is_a_program() -> None:
    program = loads("# nothing\n")
    assert (program.names, program.output, program.warnings) == ((), None, ())
