"""What the reference semantics promises beyond agreeing with the direct implementation."""

from __future__ import annotations

import pytest

from rasp_lang import graph as g
from rasp_lang.diagnostics import Diagnostic, RaspError
from rasp_lang.interpret import evaluate
from rasp_lang.source import Source


class Building(g.GraphBuilder):
    """A builder with one method for each kind of node that these tests use."""

    def tokens(self, view: str = "asis") -> int:
        return self.add(g.Tokens(view))  # type: ignore[arg-type]

    def indices(self) -> int:
        return self.add(g.Indices())

    def constant(self, value: g.Atom) -> int:
        return self.add(g.Constant(value))

    def apply(self, function: str, *inputs: int) -> int:
        return self.add(g.Elementwise(function), inputs)

    def select(self, key: int, query: int, comparison: str) -> int:
        return self.add(g.Select(comparison), (key, query))

    def everything(self) -> int:
        one = self.constant(1)
        return self.select(one, one, "==")

    def aggregate(self, *inputs: int) -> int:
        return self.add(g.Aggregate(), inputs)

    def run(self, root: int, tokens: object, *, causal: bool = False) -> list:
        return evaluate(self.graph(), [root], tokens, causal=causal)[0]  # type: ignore[arg-type]


def failure(build: Building, root: int, tokens: object, *, causal: bool = False) -> Diagnostic:
    with pytest.raises(RaspError) as caught:
        build.run(root, tokens, causal=causal)
    (diagnostic,) = caught.value.diagnostics
    return diagnostic


@pytest.mark.parametrize("tokens", [[1, 0], [1.0, 0.0], [True, False]], ids=repr)
def test_equal_tokens_of_different_types_are_never_confused(tokens: list) -> None:
    build = Building()
    root = build.tokens()
    diagonal = build.select(build.indices(), build.indices(), "==")
    for node in (root, build.aggregate(diagonal, root)):
        assert list(map(type, build.run(node, tokens))) == list(map(type, tokens))


def test_the_constants_one_and_true_stay_what_they_are() -> None:
    build = Building()
    values = [build.constant(value) for value in (1, True, 1.0, "1")]
    results = evaluate(build.graph(), values, "a")
    assert repr(results) == "[[1], [True], [1.0], ['1']]"


def test_only_what_the_roots_need_is_evaluated() -> None:
    build = Building()
    tokens = build.tokens()
    build.apply("/", build.constant(1), build.constant(0))
    assert build.run(tokens, "ab") == ["a", "b"]


def test_a_root_may_be_asked_for_twice_and_the_lists_are_the_callers() -> None:
    build = Building()
    tokens = build.tokens()
    first, second = evaluate(build.graph(), [tokens, tokens], "ab")
    first.append("c")
    assert second == ["a", "b"]


def test_a_sum_of_five_thousand_terms_is_no_recursion() -> None:
    build = Building()
    total = build.indices()
    for _ in range(5_000):
        total = build.apply("+", total, build.constant(1))
    assert build.run(total, "ab") == [5_000, 5_001]


def test_a_causal_reading_hides_later_keys_even_from_a_negated_selector() -> None:
    build = Building()
    nothing = build.add(g.Combine("not"), (build.everything(),))
    everything = build.add(g.Combine("not"), (nothing,))
    width = build.add(g.Width(), (everything,))
    assert build.run(width, "abc") == [3, 3, 3]
    assert build.run(width, "abc", causal=True) == [1, 2, 3]
    assert build.run(everything, "abc", causal=True) == [
        [True, False, False],
        [True, True, False],
        [True, True, True],
    ]


def test_a_causal_mean_is_over_the_prefix() -> None:
    build = Building()
    mean = build.aggregate(build.everything(), build.indices())
    assert repr(build.run(mean, "abc", causal=True)) == "[0, 0.5, 1.0]"


def test_the_default_is_taken_at_the_query_position() -> None:
    build = Building()
    indices = build.indices()
    before = build.select(indices, build.apply("-", indices, build.constant(2)), "==")
    shifted = build.aggregate(before, build.tokens(), build.tokens("str"))
    assert build.run(shifted, "abcd") == ["a", "b", "a", "b"]


@pytest.mark.parametrize("tokens", ["", [], ()])
def test_an_empty_input_is_an_error_at_once(tokens: object) -> None:
    build = Building()
    assert failure(build, build.constant(1), tokens).code == "RASP0514"


@pytest.mark.parametrize("token", [None, [1], 1j, b"a"])
def test_an_input_of_anything_but_atoms_is_an_error(token: object) -> None:
    build = Building()
    found = failure(build, build.constant(1), ["a", token])
    assert found.code == "RASP0311"
    assert "position 1" in found.message


@pytest.mark.parametrize(
    ("token", "code"),
    [(float("nan"), "RASP0311"), (float("inf"), "RASP0311"), (10**4_000, "RASP0506"),
     ("a" * 1_000_001, "RASP0510")],
    ids=["nan", "infinity", "long int", "long text"],
)  # fmt: skip
def test_an_input_beyond_the_limits_is_an_error(token: g.Atom, code: str) -> None:
    build = Building()
    assert failure(build, build.constant(1), [token]).code == code


def test_a_failure_stands_at_the_nodes_place() -> None:
    source = Source("demo.rasp", "a = 1 / indices;")
    build = Building()
    one, indices = build.constant(1), build.indices()
    root = build.add(g.Elementwise("/"), (one, indices), span=source.span(4, 15))
    found = failure(build, root, "ab")
    assert found.span is not None
    assert (found.span.text, found.kind) == ("1 / indices", "zero_division")


def quotient(build: Building) -> int:
    return build.apply("/", build.constant(1), build.apply("-", build.indices(), build.constant(1)))


def root_of_string(build: Building) -> int:
    return build.apply("sqrt", build.tokens())


def minus_string(build: Building) -> int:
    return build.apply("neg", build.tokens())


def digits(build: Building) -> int:
    return build.tokens("int")


def mixed_choice(build: Building) -> int:
    return build.apply("if", build.indices(), build.tokens(), build.constant(0))


def default_beside_strings(build: Building) -> int:
    indices = build.indices()
    return build.aggregate(build.select(indices, build.constant(9), "=="), build.tokens())


def shifted_strings(build: Building) -> int:
    indices = build.indices()
    before = build.apply("-", indices, build.constant(1))
    return build.aggregate(build.select(indices, before, "=="), build.tokens())


def mean_of_strings(build: Building) -> int:
    return build.aggregate(build.everything(), build.tokens())


def mean_of_bools(build: Building) -> int:
    return build.aggregate(build.everything(), build.constant(True))


def order_of_kinds(build: Building) -> int:
    return build.select(build.tokens(), build.indices(), "<")


def beyond_the_list(build: Building) -> int:
    return build.add(g.LookupList((5, 6)), (build.indices(),))


def missing_key(build: Building) -> int:
    return build.add(g.LookupDict((("a", 1),)), (build.tokens(),))


def part_of_text(build: Building) -> int:
    return build.add(g.Substring("012"), (build.indices(),))


@pytest.mark.parametrize(
    ("program", "code", "message", "label"),
    [
        (quotient, "RASP0501", "division by zero", "`1 / 0` at position 1"),
        (root_of_string, "RASP0301", "`sqrt` needs a number, not a string",
         '`sqrt("a")` at position 0'),
        (minus_string, "RASP0301", "`-` needs a number, not a string", '`-"a"` at position 0'),
        (digits, "RASP0511", 'the token "a" is not an int', '"a" at position 0'),
        (mixed_choice, "RASP0309", "a string and an int in one sequence",
         '0 at position 0, "b" at position 1'),
        (shifted_strings, "RASP0309", "a string and an int in one sequence",
         '0 at position 0, "a" at position 1'),
        (mean_of_strings, "RASP0502", "several strings are selected, and strings have no mean",
         '"a" and "b" and 1 more selected at position 0'),
        (mean_of_bools, "RASP0502", "several bools are selected, and bools have no mean",
         "True and True and 1 more selected at position 0"),
        (order_of_kinds, "RASP0301", "`<` cannot order a string and an int",
         '`"a" < 0` at key 0 and query 0'),
        (beyond_the_list, "RASP0503", "index 2 is out of range", "index 2 at position 2"),
        (missing_key, "RASP0504", '"b" is not a key of the dictionary', 'key "b" at position 1'),
        (part_of_text, "RASP0301", "an int cannot be part of a text", "value 0 at position 0"),
    ],
    ids=lambda case: getattr(case, "__name__", ""),
)  # fmt: skip
def test_a_failure_names_the_values_the_position_and_the_input(
    program, code: str, message: str, label: str
) -> None:
    build = Building()
    found = failure(build, program(build), "abc")
    assert (found.code, found.message) == (code, message)
    assert found.label == f'{label} of the input "abc"'


def test_strings_with_an_unused_default_of_int_are_no_failure() -> None:
    build = Building()
    assert repr(build.run(default_beside_strings(build), "ab")) == "[0, 0]"


@pytest.mark.parametrize(
    ("tokens", "shown"),
    [
        ("a" * 60, '"' + "a" * 40 + '..."'),
        (["ab", "c"], '["ab", "c"]'),
        ([1, 2.5, True], "[1, 2.5, True]"),
        ([100] * 50, "[" + "100, " * 8 + "...]"),
    ],
)
def test_the_input_is_shown_as_one_would_type_it(tokens: object, shown: str) -> None:
    build = Building()
    root = build.apply("/", build.constant(1), build.constant(0))
    assert failure(build, root, tokens).label == f"`1 / 0` at position 0 of the input {shown}"
