"""Functions, closures, loops, assignments, scopes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from rasp_lang.program import loads

Value = Callable[..., Any]
Codes = Callable[[str], list[str]]


@pytest.mark.parametrize(
    ("source", "query", "expected"),
    [
        ("k = 1; def f(x) { return x + k; } k = 10;", "f(1)", 11),
        ("def f(x) { return g(x) + 1; } def g(x) { return x * 2; }", "f(5)", 11),
        ("def f(x) { x = x + 1; return x; } x = 1; y = f(5);", "[x, y]", [1, 6]),
        ("def a(n) { def b(m) { return n + m; } return b; } p = a(1); q = a(2);",
         "[p(10), q(10), a(3)(10)]", [11, 12, 13]),
        ("def f(n) { return 1 if n == 0 else n * f(n - 1); }", "f(20)", 2432902008176640000),
        ("def even(n) { return True if n == 0 else odd(n - 1); }"
         "def odd(n) { return False if n == 0 else even(n - 1); }", "even(101)", False),
        ("def f(length) { sort = length + 1; return sort; }", "f(1)", 2),
        ("def f(x) { return x, x + 1, x + 2; } a, b, c = f(1);", "[f(5), a, b, c]",
         [[5, 6, 7], 1, 2, 3]),
        ("def f() { for i in [1, 2] { s = i; } return s; }", "f()", 2),
        ("for n in [1, 2] { def f(x) { return x + n; } } n = 7;", "f(10)", 17),
        ("def twice(f, x) { return f(f(x)); }", "twice(sqrt, 16)", 2.0),
        ("fs = [abs, str]; ", "fs[1](3)", "3"),
        ("def abs(x) { return 7; }", "abs(-1)", 7),
        ("draw = 3;", "draw + 1", 4),
        ("select = 5; aggregate = 6;", "[select, aggregate]", [5, 6]),
        ("get = 4;", "get", 4),
        ("tokens = tokens_int; t = tokens;", "1", 1),
        ("i = 7; l = [i * 2 for i in [1, 2]];", "[i, l]", [7, [2, 4]]),
        ("i = 7; for i in [1, 2] { z = i; }", "[i, z]", [2, 2]),
        ("i = 7; for i in [] { z = i; }", "i", 7),
        ("l = [[a + b for a in [1, 2]] for b in [10, 20]];", "l", [[11, 12], [21, 22]]),
        ("d = {a: [b for b in range(a)] for a in range(3)};", "d", {0: [], 1: [0], 2: [0, 1]}),
        ("s = 0; for a, b in zip([1, 2], [3, 4]) { for c in range(a) { s = s + b; } }", "s", 11),
        ("a, b = 3, 5; a, b = b, a;", "[a, b]", [5, 3]),
        ("a, b = \"hi\"; c, d = {5: 1, 6: 2};", "[a, b, c, d]", ["h", "i", 5, 6]),
        ("a = 1, 2;", "a", [1, 2]),
        ("a, a = 1, 2;", "a", 2),
        ("x = 3; 4; y = out;", "[y, out]", [4, 4]),
        ("def f() { a = 1; 2; return out; } 5; x = f();", "x", 2),
        ("5; def f() { return out; } x = f();", "x", 5),
        ("a = 1, 2; b = out; c, d = 3, 4;", "[b, out]", [[1, 2], 4]),
        ("5; def f() { return 1; } for i in [] { 6; }", "out", 5),
        ("x = 1; set example \"abc\" show example examples off full seq display on y = 2;",
         "x + y", 3),
        ("x = 1;\nexit\nx = 2;", "x", 1),
        ("draw(indices); draw(indices, \"abc\"); x = 1;", "x", 1),
        ("n = 0; def f(x) { return x; } y = [f(i) for i in range(3)];", "y", [0, 1, 2]),
        ("s(1)if False else 2;" if False else "x = 1 if True else s(1);", "x", 1),
    ],
)  # fmt: skip
def test_a_program_gives_its_value(value: Value, source: str, query: str, expected: Any) -> None:
    found = value(source, query)
    assert (type(found), found) == (type(expected), expected)


@pytest.mark.parametrize(
    ("source", "query", "tokens", "expected"),
    [
        ("def f(tokens) { return tokens + 1; }", "f(indices)", "ab", [1, 2]),
        ("a = indices; b = a + 1; a = tokens;", "b", "ab", [1, 2]),
        ("tokens = tokens_str;", "tokens", [1, 2], ["1", "2"]),
        ("tokens = tokens_str;", "load_from_location(tokens, 0)", [1, 2], ["1", "1"]),
        ("def clip(x, m) { return x if x < m else m; }", "[clip(3, 2), clip(indices, 1)]", "abc",
         [2, [0, 1, 1]]),
        ("c = indices; for i in range(3) { c = c * 2 + i; }", "c", "ab", [4, 12]),
        ("r = False; for c in [\"a\", \"b\"] { r = r or tokens == c; }", "r", "abc",
         [True, True, False]),
        ("out;", "out", "ab", ["a", "b"]),
    ],
)  # fmt: skip
def test_a_program_gives_its_values_on_an_input(
    value: Value, source: str, query: str, tokens: Any, expected: Any
) -> None:
    assert value(source, query, tokens) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("indices = 3;", ["RASP0202"]),
        ("True = 3;", ["RASP0202"]),
        ("out = 3;", ["RASP0202"]),
        ("round = 3;", ["RASP0202"]),
        ("length = 3;", ["RASP0202"]),
        ("a, sort = 1, 2;", ["RASP0202"]),
        ("def max(a) { return a; }", ["RASP0202"]),
        ("for min in [1] { x = 1; }", ["RASP0202"]),
        ("for min in [] { x = 1; }", []),
        ("x = [min for min in [1]];", []),
        ("x = [indices for indices in [1]];", ["RASP0202"]),
        ("def f(indices) { return 1; }", []),
        ("def f(indices) { return 1; } x = f(1);", ["RASP0202"]),
        ("def f() { zip = 1; return 1; } x = f();", ["RASP0202"]),
        ("def f(a, b, a) { return 1; }", ["RASP0203"]),
        ("a, b = 3;", ["RASP0306"]),
        ("a, b = indices;", ["RASP0306"]),
        ("a, b = [1];", ["RASP0307"]),
        ("a, b = 1, 2, 3;", ["RASP0307"]),
        ('for c in "abc" { x = c; }', ["RASP0306"]),
        ("for c in indices { x = c; }", ["RASP0306"]),
        ("for a, b in [1] { x = 1; }", ["RASP0306"]),
        ("for a, b in [[1, 2, 3]] { x = 1; }", ["RASP0307"]),
        ("x = draw(indices);", ["RASP0208"]),
        ("draw(1);", ["RASP0312"]),
        ("draw(full_s);", ["RASP0312"]),
        ("draw(indices, 3);", ["RASP0311"]),
        ("draw();", ["RASP0303"]),
        ("set example (3)", ["RASP0311"]),
        ('set example ""', ["RASP0311"]),
        ("set example [[1]]", ["RASP0311"]),
        ("def f() { loc = 1; return loc; } x = f(); y = loc;", ["RASP0201"]),
    ],
)
def test_a_wrong_statement_has_its_code(codes: Codes, source: str, expected: list[str]) -> None:
    assert codes(source) == expected


def test_an_argument_is_evaluated_once() -> None:
    program = loads("def f(x) { return x + x; } y = f(indices + 1);")
    added = [node for node in program.graph.nodes if node.span and node.span.text == "indices + 1"]
    assert len(added) == 2  # The sum, and its constant.


def test_an_alias_does_not_rename_what_it_stands_for() -> None:
    program = loads("a = indices + 1; b = a; c = tokens;")
    names = {program.graph[program.output_node(name)].name for name in ("a", "b", "c")}
    assert names == {"a", "tokens"}


def test_a_top_level_name_comes_before_a_local_one() -> None:
    program = loads("def f(x) { y = x + 1; z = y * 2; return z; } top = f(indices);")
    node = program.graph[program.output_node("top")]
    assert node.name == "top"
    assert program.graph[node.inputs[0]].name == "y"


def test_nodes_of_library_functions_point_at_the_call() -> None:
    program = loads("s = sort(tokens,\n  indices);")
    node = program.graph[program.output_node("s")]
    assert node.span is not None
    assert node.span.text == "sort(tokens,\n  indices)"
    spans = {n.span.text for n in program.graph.nodes if n.span and n.span.path == "<string>"}
    assert spans == {node.span.text, "tokens", "indices"}


def test_two_loads_of_one_program_give_equal_graphs() -> None:
    source = 'def f(k) { return shift(tokens, k, ""); } l = [f(k) for k in range(3)]; s = l[2];'
    first, second = loads(source), loads(source)
    assert [(n.op, n.inputs, n.name, n.types) for n in first.graph.nodes] == [
        (n.op, n.inputs, n.name, n.types) for n in second.graph.nodes
    ]
