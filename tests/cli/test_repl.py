"""The REPL on a pipe: what is answered, in the forms of the 2021 REPL."""

import pytest

MATRIX = [
    "     selector: flip",
    " \t Example:",
    " \t\t\t     h e l l o",
    " \t\t\t h |         1",
    " \t\t\t e |       1  ",
    " \t\t\t l |     1    ",
    " \t\t\t l |   1      ",
    " \t\t\t o | 1        ",
]


@pytest.fixture
def say(raspc):
    """Answers to a text, line by line; the statements must all succeed."""

    def answers(text, *arguments):
        run = raspc("run", *arguments, stdin=text)
        assert (run.status, run.err) == (0, "")
        return run.out.split("\n")[:-1]

    return answers


def test_an_assignment_shows_name_example_and_type(say):
    assert say("a = indices;") == [
        "     s-op: a",
        ' \t Example: a("hello") = [0, 1, 2, 3, 4] (ints)',
    ]


def test_a_selector_is_shown_as_a_matrix_with_queries_as_rows(say):
    assert say("flip = select(indices, length - 1 - indices, ==);") == MATRIX


@pytest.mark.parametrize(
    ("statement", "answer"),
    [
        ("3 + 4;", "    value: out =  7"),
        ("x = 0.1 + 0.2;", "    value: x =  0.30000000000000004"),
        ('"a" + "b";', '    value: out =  "ab"'),
        ("1 == 1;", "    value: out =  True"),
        ('[1, "a"];', "     list: out = [1, 'a']"),
        ("[];", "     list: out = []"),
        ('d = {1: "a"};', "     dict: d = {1: 'a'}"),
        ("def f(a, b) { return a; }", "     console function: f(a, b)"),
        ('indices("ab");', "\t =  [0, 1] (ints)"),
        ('(tokens == "a")("aa");', "\t =  [T]*2 (bools)"),
        ("show s-op example", '\ts-op example: "hello"'),
    ],
)
def test_each_kind_of_value_has_its_form(say, statement, answer):
    assert say(statement) == [answer]


def test_a_name_alone_is_shown_under_its_own_name(say):
    assert say("tokens;")[0] == "     s-op: tokens"


def test_each_binding_of_a_multiple_assignment_is_shown(say):
    assert say("a, b = 1, 2;") == ["    value: a =  1", "    value: b =  2"]


def test_loops_comments_and_switches_say_nothing(say):
    text = "for i in [1, 2] {\n x = i;\n}\n# a comment\nexamples off\nset example [1, 2]\n"
    assert say(text) == []


def test_an_alias_does_not_rename_what_it_stands_for(say):
    assert say("x = tokens; tokens;")[2] == "     s-op: tokens"


def test_a_list_of_sops_calls_them_by_their_expressions(say):
    shown = say("examples off\na = -indices;\n[a + 1, tokens_str, select(a, a, ==)];")
    assert [line.strip() for line in shown if ":" in line] == [
        "s-op: a",
        "list: out =  [",
        "s-op: ( a + 1 )",
        "s-op: tokens_str",
        "selector: plain select",
    ]


def test_the_examples_can_be_set_shown_and_switched_off(say):
    text = 'set s-op example "ab"\nshow example\nindices;\ns-op examples off\nindices;\n'
    assert say(text) == [
        '\ts-op example: "ab"',
        '\tselector example: "hello"',
        "     s-op: indices",
        ' \t Example: indices("ab") = [0, 1] (ints)',
        "     s-op: indices",
    ]


def test_the_example_can_be_a_list(say):
    assert (
        say("set example [1, 2.5]\ntokens;")[1]
        == " \t Example: tokens([1, 2.5]) = [1, 2.5] (floats)"
    )


def test_full_display_aligns_the_input_with_the_output(say):
    assert say("full seq display on\nindices * 10;") == [
        "     s-op: out",
        " \t Example:",
        " \t\tinput:    h  e  l  l  o \t (strings)",
        " \t\toutput:   0 10 20 30 40 \t (ints)",
    ]


def test_an_example_that_is_no_legal_input_is_said_beside_the_definition(say):
    shown = say("n = tokens_int + 1;\nset example [4]\nn;")
    assert shown[0] == "     s-op: n"
    assert shown[1].startswith(' \t Example: n("hello") has no value: ')
    assert shown[2:] == ["     s-op: n", " \t Example: n([4]) = [5] (ints)"]


def test_a_load_shows_what_it_bound_without_examples(say, tmp_path):
    (tmp_path / "m.rasp").write_text("_p = 1; a = tokens; a = indices; b = 3;")
    assert say('load "m"; a;') == [
        "     s-op: a",
        "    value: b =  3",
        "     s-op: a",
        ' \t Example: a("hello") = [0, 1, 2, 3, 4] (ints)',
    ]


def test_statements_may_run_over_lines_with_blank_ones_between(say):
    assert say("def f(x) {\n\n\n  return x +\n\n\n1;\n}\nf(1);")[-1] == "    value: out =  2"


def test_exit_ends_the_conversation(say):
    assert say("1;\nexit\n2;") == ["    value: out =  1"]


def test_a_statement_without_its_semicolon_is_dropped_and_what_follows_is_run(raspc):
    run = raspc("run", stdin="x = 3\ny = 4;\ny;\n")
    assert run.status == 1
    assert run.out == "    value: y =  4\n    value: y =  4\n"
    assert run.err.startswith("error[RASP0102]")
    assert "<stdin>:1:6" in run.err


def test_an_error_changes_nothing_and_names_its_line(raspc):
    run = raspc("run", stdin="a = 1;\n\na = tokns;\na;\n")
    assert run.status == 1
    assert run.out == "    value: a =  1\n" * 2
    assert "<stdin>:3:5" in run.err
    assert "did you mean `tokens`?" in run.err


@pytest.mark.parametrize("text", ["x = (1 +", "def f(a) {", "x = 1", "[1, 2"])
def test_the_end_of_a_pipe_ends_an_incomplete_statement(raspc, text):
    run = raspc("run", stdin=f"7;\n{text}\n\n\n\n")
    assert run.status == 1
    assert run.out == "    value: out =  7\n"
    assert run.err.startswith("error[RASP01")


def test_warnings_do_not_fail_and_can_be_silenced(raspc):
    shown = raspc("run", stdin="a = 1; not a == 1;")
    assert shown.status == 0
    assert "warning[RASP0151]" in shown.err
    assert raspc("run", "-W", "RASP0151", stdin="a = 1; not a == 1;").err == ""


def test_draw_shows_the_heads_of_each_layer_and_the_result(say):
    shown = say(
        'flip = select(indices, length-1-indices, ==);\ndraw(aggregate(flip, tokens), "ab");'
    )
    assert [line for line in shown if "layer" in line] == [
        "\tlayer 1, head 1: full_s",
        "\tlayer 2, head 1: flip",
    ]
    assert shown[-1] == "\t =  [b, a] (strings)"


def test_a_file_is_run_first_and_introduced(say, tmp_path):
    (tmp_path / "p.rasp").write_text("_k = 1;\na = _k;\ndef f(x) { return x + _k; }\n")
    assert say("f(1);", "p.rasp") == [
        "    value: a =  1",
        "     p.rasp function: f(x)",
        "    value: out =  2",
    ]


def test_a_file_with_a_syntax_error_runs_nothing(raspc, tmp_path):
    (tmp_path / "p.rasp").write_text("a = 1;\nb = ;\n")
    run = raspc("run", "p.rasp", stdin="a;\n")
    assert run.status == 1
    assert run.out == ""
    assert "p.rasp:2:5" in run.err
    assert "unknown name `a`" in run.err


def test_bytes_that_are_no_text_are_reported_not_raised(raspc):
    run = raspc("run", stdin=b"\xff\xfe;\n3;\n")
    assert run.status == 1
    assert run.out == "    value: out =  3\n"
    assert "RASP0104" in run.err


def test_long_pipes_are_read_in_linear_time(say):
    body = "".join(f"a{i} = x + {i};\n" for i in range(3000))
    assert say(f"def f(x) {{\n{body}return x; }}\n") == ["     console function: f(x)"]


def test_switches_and_examples_of_a_file_stay_in_it(say, tmp_path):
    (tmp_path / "p.rasp").write_text('set example "x"\nexamples off\na = indices;\nexit\nb = 1;\n')
    assert say("a;", "p.rasp") == [
        "     s-op: a",
        "     s-op: a",
        ' \t Example: a("hello") = [0, 1, 2, 3, 4] (ints)',
    ]
