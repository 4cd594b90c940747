"""``eval``: the interpreter from the command line."""

import pytest

REVERSE = """\
# Reverses.
# output: reverse
flip = select(indices, length - 1 - indices, ==);
reverse = aggregate(flip, tokens);
later = indices;
def f(a, b) { return a; }
"""


@pytest.fixture
def program(tmp_path):
    path = tmp_path / "p.rasp"
    path.write_text(REVERSE)
    return "p.rasp"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("abc", "['c', 'b', 'a']"),
        ("1,2,3", "[3, 2, 1]"),
        ("-1,2", "[2, -1]"),
        ("--a", "['a', '-', '-']"),
        ("-", "['-']"),
        ("5,", "[5]"),
        ('["ab", "c"]', "['c', 'ab']"),
        ("[true, 1, 1.0]", "[1.0, 1, True]"),
        ('"1,2"', "['2', ',', '1']"),
    ],
)
def test_inputs_in_all_their_forms(raspc, program, text, shown):
    run = raspc("eval", program, text)
    assert (run.status, run.out, run.err) == (0, f"{shown}\n", "")


@pytest.mark.parametrize(
    ("expression", "arguments", "shown"),
    [
        ("later + 1", ["ab"], "[1, 2]"),
        ("flip", ["ab"], "[[False, True], [True, False]]"),
        ("length", ["abc", "--causal"], "[1, 2, 3]"),
        ("3 + 4", [], "7"),
        ("[1, {2: 3}]", [], "[1, {2: 3}]"),
        ("f", [], "f(a, b)"),
    ],
)
def test_any_expression_can_be_evaluated(raspc, program, expression, arguments, shown):
    run = raspc("eval", program, *arguments, "--output", expression)
    assert (run.status, run.out) == (0, f"{shown}\n")


def test_json_results_have_the_form_of_the_conformance_rows(raspc, program):
    document = raspc("eval", program, "ab", "--json").document
    assert document == {
        "result": {"kind": "s-op", "type": "string", "values": ["b", "a"],
                   "display": "[b, a] (strings)"},
        "diagnostics": [],
    }  # fmt: skip
    assert raspc("eval", program, "ab", "--json", "--output", "flip").document["result"] == {
        "kind": "selector",
        "matrix": [[0, 1], [1, 0]],
    }


def test_a_program_is_read_from_standard_input(raspc):
    assert raspc("eval", "-", "ab", stdin="x = tokens + tokens;").out == "['aa', 'bb']\n"


def test_a_program_is_found_among_the_shipped_ones(raspc):
    assert raspc("eval", "reverse.rasp", "1,2,3").out == "[3, 2, 1]\n"


def test_the_head_says_whether_a_program_is_read_causally(raspc):
    source = "# causal: yes\nx = length;\n"
    assert raspc("eval", "-", "abc", stdin=source).out == "[1, 2, 3]\n"
    assert raspc("eval", "-", "abc", "--no-causal", stdin=source).out == "[3, 3, 3]\n"


@pytest.mark.parametrize(
    ("arguments", "source", "code"),
    [
        (["nosuch", "a"], None, "RASP0001"),
        (["-", "a"], "x = 3;", "RASP0016"),
        (["-"], "x = tokens;", "RASP0515"),
        (["-", ""], "x = tokens;", "RASP0514"),
        (["-", "[1, null]"], "x = tokens;", "RASP0008"),
        (["-", "a"], "x = tokns;", "RASP0201"),
        (["-", "a"], "x = ;", "RASP0101"),
        (["-", "ab"], "x = tokens_int;", "RASP0511"),
        (["-", "a", "--output", "nosuch"], "x = tokens;", "RASP0201"),
        (["-", "a", "--output", "1 +"], "x = tokens;", "RASP0105"),
    ],
)
def test_bad_input_gets_a_diagnostic(raspc, arguments, source, code):
    run = raspc("eval", *arguments, "--json", stdin=source)
    assert run.status == 1
    assert run.document["result"] is None
    assert run.codes == [code]


def test_a_program_that_is_no_text_is_refused(raspc):
    run = raspc("eval", "-", "a", "--json", stdin=b"x = \xff;")
    assert run.codes == ["RASP0002"]


def test_warnings_stand_before_the_error_of_a_later_stage(raspc):
    run = raspc("eval", "-", "a", "--json", stdin="n = 1; x = tokens_int + (not n == 1);")
    assert run.codes == ["RASP0151", "RASP0511"]
    run = raspc("eval", "-", "a", "--json", "-W", "RASP0151", stdin="n = 1; x = not n == tokens;")
    assert (run.status, run.codes) == (0, [])
