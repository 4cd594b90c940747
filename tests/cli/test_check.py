"""``check``: static types, and diagnostics of whole files."""

SOURCE = """\
a = tokens;
n = length;
mean = aggregate(full_s, tokens_int);
flag = tokens == "x";
late = select(indices, length - 1 - indices, ==);
three = 3;
items = [a, n];
names = {"a": a};
def f(x, y) { return x; }
_hidden = 1;
"""


def test_every_public_name_is_typed(raspc, tmp_path):
    (tmp_path / "p.rasp").write_text(SOURCE)
    run = raspc("check", "p.rasp")
    assert run.status == 0
    assert [line.split() for line in run.out.splitlines()] == [
        ["a", "s-op", "int|float|bool|string"],
        ["n", "s-op", "int"],
        ["mean", "s-op", "int|float"],
        ["flag", "s-op", "bool"],
        ["late", "selector"],
        ["three", "value", "int"],
        ["items", "list"],
        ["names", "dict"],
        ["f", "function", "(x,", "y)"],
    ]


def test_all_problems_of_a_file_are_reported_in_one_go(raspc):
    source = "a = tokns;\nb = 1 + ;\nc = 1\nd = 2;\n"
    run = raspc("check", "-", "--json", stdin=source)
    assert run.status == 1
    lines = [diagnostic["line"] for diagnostic in run.document["diagnostics"]]
    assert lines == sorted(lines)
    assert {2, 3} <= set(lines)


def test_warnings_are_shown_but_do_not_fail(raspc):
    run = raspc("check", "-", stdin="a = 1;\nb = not a == 1;\n")
    assert run.status == 0
    assert "warning[RASP0151]" in run.err
    assert "<stdin>:2:5" in run.err
    assert raspc("check", "-", "-W", "RASP0151", stdin="a = 1;\nb = not a == 1;\n").err == ""


def test_a_vocabulary_without_a_length_is_incomplete(raspc):
    run = raspc("check", "-", "--vocab", "1,2", "--json", stdin="a = tokens;")
    assert (run.status, run.codes) == (1, ["RASP0012"])


def test_an_empty_program_is_legal(raspc):
    run = raspc("check", "-", stdin="# nothing yet\n")
    assert (run.status, run.out, run.err) == (0, "", "")
