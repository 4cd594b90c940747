"""Sizes, depths and speed: what must work, and what is refused with a diagnostic."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest

from rasp_lang.program import loads

Value = Callable[..., Any]
Codes = Callable[[str], list[str]]


def test_a_sum_of_5000_terms_is_elaborated_and_evaluated(value: Value) -> None:
    assert value(f"x = {' + '.join(['indices'] * 5000)};", "x", "abc") == [0, 5000, 10000]
    assert value(f"x = {' + '.join(['1'] * 5000)};", "x") == 5000


def test_a_chain_of_5000_assignments_is_evaluated(value: Value) -> None:
    lines = ["x = indices;", *["x = x + 1;"] * 5000]
    assert value("\n".join(lines), "x", "ab") == [5000, 5001]


def test_a_thousand_nested_calls_are_legal(value: Value) -> None:
    source = "def f(n) { return 0 if n == 0 else 1 + f(n - 1); }"
    assert value(source, "f(1000)") == 1000
    assert value(source, "f(9000)") == 9000


def test_a_thousand_nested_functions_are_legal(value: Value) -> None:
    source = """
    def add_one(f) { def g(x) { return f(x) + 1; } return g; }
    def same(x) { return x; }
    h = same;
    for i in range(3000) { h = add_one(h); }
    """
    assert value(source, "h(0)") == 3000


@pytest.mark.parametrize(
    "source",
    [
        "def f(n) { return f(n + 1); } x = f(0);",
        "def f(n) { return 1 + f(n); } x = f(0);",
        "def f(n) { return f(n) + f(n); } x = f(0);",
        "def f(n) { return g(n); } def g(n) { return f(n); } x = f(0);",
        "def f(s) { return f(s + 1); } x = f(indices);",
        "def f(n) { return [f(n) for i in [1, 2]]; } x = f(0);",
        "def f(n) { for i in [1] { x = f(n); } return x; } x = f(0);",
        "def f(n) { return 1 if indices else f(n); } x = f(0);",
    ],
)
def test_recursion_without_end_is_an_error(codes: Codes, source: str) -> None:
    assert codes(source) == ["RASP0509"]


@pytest.mark.parametrize(
    ("source", "code"),
    [
        ("x = 10 ^ 4000;", "RASP0506"),
        ("x = 10 ^ (10 ^ 10);", "RASP0506"),
        ("x = 1; for i in range(5000) { x = x * 10; }", "RASP0506"),
        (f"x = {'9' * 4001};", "RASP0506"),
        ("x = 10.0 ^ 400;", "RASP0506"),
        ("x = exp(1000);", "RASP0506"),
        ('x = "a" * 1000001;', "RASP0510"),
        ('x = "ab"; for i in range(30) { x = x + x; }', "RASP0510"),
        ("x = [0] * 1000001;", "RASP0510"),
        ("x = [0] * (10 ^ 3000);", "RASP0510"),
        ("x = range(1000001);", "RASP0510"),
        ("x = range(0, 10 ^ 3000);", "RASP0510"),
        ("x = range(10 ^ 3000, 0, -1);", "RASP0510"),
        ("x = range(600000) + range(600000);", "RASP0510"),
        ("x = [1, 2]; for i in range(30) { x = x + x; }", "RASP0510"),
        ("x = [1]; for i in range(30) { x = [x, x]; }", "RASP0510"),
        ("x = [1]; for i in range(30) { x = {1: x, 2: x}; }", "RASP0510"),
        ("x = []; for i in range(1000) { x = [x]; }", "RASP0510"),
        ("x = {}; for i in range(1000) { x = {1: x}; }", "RASP0510"),
    ],
)
def test_what_grows_too_large_is_an_error(codes: Codes, source: str, code: str) -> None:
    assert codes(source) == [code]


def test_what_is_just_small_enough_is_legal(value: Value) -> None:
    assert value("x = 10 ^ 3999;", "x") == 10**3999
    assert value(f"x = {'9' * 4000};", "x") == 10**4000 - 1
    assert value("x = range(1000000);", "len(x)") == 1_000_000
    assert value('x = "a" * 1000000;', "len(x)") == 1_000_000
    assert value("x = range(0, 10 ^ 3000, 10 ^ 2999);", "len(x)") == 10
    assert value("x = range(10 ^ 3000, 0, 1);", "len(x)") == 0
    deep = value("x = []; for i in range(150) { x = [x]; }", "x")
    for _ in range(150):
        (deep,) = deep
    assert deep == []


def test_equal_deep_lists_are_equal(value: Value) -> None:
    source = "x = []; y = []; for i in range(150) { x = [x]; y = [y]; }"
    assert value(source, "x == y") is True


@pytest.mark.slow
def test_a_file_of_10000_lines_takes_little_more_than_ten_times_as_long_as_one_of_1000() -> None:
    def seconds(count: int) -> float:
        lines = ["v0 = indices;", *(f"v{i} = v{i - 1} + {i};" for i in range(1, count))]
        start = time.process_time()
        program = loads("\n".join(lines))
        end = time.process_time()
        last = f"v{count - 1}"
        assert program.output == last
        assert program.evaluate(last, "a") == [count * (count - 1) // 2]
        return end - start

    slow, quick = (min(seconds(size) for _ in range(3)) for size in (10_000, 1_000))
    assert slow < 25 * quick
