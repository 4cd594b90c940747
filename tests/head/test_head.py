import pytest

from rasp_lang.diagnostics import RaspError
from rasp_lang.head import Head, read_head
from rasp_lang.program import loads
from rasp_lang.source import Source


def head(text):
    return read_head(Source("demo.rasp", text))


def problems(text):
    return [
        (problem.code, problem.message, problem.span.line, problem.span.column)
        for problem in head(text).diagnostics
    ]


def test_every_key_of_a_head_is_read():
    found = head(
        "# Reverses the tokens. It takes\n"
        "# two layers.\n"
        "#\n"
        "# More about it.\n"
        "#\n"
        "# vocab: 1,2,3\n"
        "# max-len: 5\n"
        "# output: reverse\n"
        "# causal: both\n"
        "# layers: 2\n"
        "# variant-of: mirror\n"
        "# expect: 1,2,3 => 3,2,1\n"
        "# expect: 2 => 2\n"
        "\n"
        "x = 1; # layers: 9\n"
        "# max-len: 9\n"
    )
    assert found.diagnostics == ()
    assert found.vocab == (1, 2, 3)
    assert (found.max_len, found.output, found.causal) == (5, "reverse", "both")
    assert (found.layers, found.variant_of, found.library) == (2, "mirror", False)
    assert [(e.tokens, e.values) for e in found.expectations] == [
        ((1, 2, 3), (3, 2, 1)),
        ((2,), (2,)),
    ]
    assert [e.span.text for e in found.expectations] == ["1,2,3 => 3,2,1", "2 => 2"]
    assert found.summary == "Reverses the tokens."
    assert found.description == "Reverses the tokens. It takes\ntwo layers.\n\nMore about it."


def test_a_file_without_comments_has_an_empty_head():
    assert head("x = 1;") == Head()
    assert head("") == Head()


def test_a_library_has_nothing_to_compile():
    assert head("# Functions.\n# library\ndef f(x) { return x; }").library
    assert not head("# library of functions\n").library


def test_comments_that_are_no_machine_readable_lines_are_prose():
    found = head("# A note: vocab is free.\n#vocabulary: 1\n# max-length: 7\nx = 1;")
    assert found.diagnostics == ()
    assert (found.vocab, found.max_len) == (None, None)


def test_blanks_and_line_ends_do_not_matter():
    found = head("\ufeff  #   Sentence.\r\n\r\n\t#vocab:a,b\r\n## max-len :  3  \r\nx=1;\r\n")
    assert (found.vocab, found.max_len, found.summary) == (("a", "b"), 3, "Sentence.")


def test_the_summary_is_the_first_sentence_over_line_ends():
    assert head("# One\n# two 0.5 three. Four.").summary == "One two 0.5 three."
    assert head("# No full stop").summary == "No full stop"


def test_an_expectation_is_read_with_the_vocabulary_wherever_it_stands():
    found = head("# expect: 12 => 1, 0.5\n# expect: 1 => True\n# vocab: 1,2\n")
    assert [(e.tokens, e.values) for e in found.expectations] == [
        ((1, 2), (1.0, 0.5)),
        ((1,), (True,)),
    ]


def test_expected_values_keep_their_types():
    lines = [
        "ab => ba",
        "ab => [1, 0.5]",
        "ab => 1,2",
        "a => 1.5",
        "a => -3",
        'a => "5"',
        "a => x,",
    ]
    found = head("".join(f"# expect: {line}\n" for line in lines))
    assert [[(type(v), v) for v in e.values] for e in found.expectations] == [
        [(str, "b"), (str, "a")],
        [(int, 1), (float, 0.5)],
        [(int, 1), (int, 2)],
        [(float, 1.5)],
        [(int, -3)],
        [(str, "5")],
        [(str, "x")],
    ]


@pytest.mark.parametrize(
    ("line", "message", "column"),
    [
        ("# max-len: 0", "the maximum length is 0", 12),
        ("# max-len: -3", "`-3` is not a number", 12),
        ("# max-len: five", "`five` is not a number", 12),
        ("# max-len:", "`` is not a number", 3),
        ("# layers: 1.5", "`1.5` is not a number", 11),
        ("# vocab: 1,1", "`1` is in the vocabulary twice", 10),
        ('# vocab: [1,"a"]', "the vocabulary mixes strings with other items", 10),
        ("# vocab:", "the vocabulary is empty", 3),
        ("# vocab: @words.txt", "a head does not read files", 10),
        ("# output: the sum", "`the sum` is not a name", 11),
        ("# causal: maybe", "`maybe` is not yes, no or both", 11),
        ("# variant-of: 3", "`3` is not a name", 15),
        ("# expect: 1,2", "an expectation needs `=>`", 11),
        ("# expect: => 1", "the input is empty", 11),
        ("# expect: a =>", "the input is empty", 11),
    ],
)
def test_a_line_that_cannot_be_read_is_a_problem_of_the_head(line, message, column):
    assert problems(f"# Text.\n{line}\nx = 1;") == [("RASP0013", message, 2, column)]


def test_all_problems_are_found_in_source_order():
    text = "# expect: 1\n# vocab: 1,1\n# max-len: 3\n# max-len: 4\n# layers: x\n"
    assert [(message, line) for _, message, line, _ in problems(text)] == [
        ("an expectation needs `=>`", 1),
        ("`1` is in the vocabulary twice", 2),
        ("`max-len` is given twice", 4),
        ("`x` is not a number", 5),
    ]
    assert head(text).max_len == 3


def test_a_problem_is_raised_only_to_who_asks_for_the_line():
    found = head("# output: the sum of all\n# max-len: 0\n")
    found.require("vocab", "layers")
    with pytest.raises(RaspError) as caught:
        found.require("vocab", "max-len")
    assert [problem.message for problem in caught.value.diagnostics] == ["the maximum length is 0"]


@pytest.mark.parametrize(
    ("line", "guess"),
    [
        ("expct: ab => ba", "expect"),
        ("outpt: y", "output"),
        ("Vocab: a,b", "vocab"),
        ("max_len: 3", "max-len"),
        ("layer: 2", "layers"),
        ("variant_of: sort", "variant-of"),
    ],
)
def test_a_misspelled_line_gets_a_warning(line, guess):
    program = loads(f"# What it does.\n# vocab: a\n# {line}\ny = tokens;")
    [warning] = program.warnings
    assert (warning.code, warning.severity, warning.span.line) == ("RASP0019", "warning", 3)
    assert warning.help == f"did you mean `# {guess}:`?"


@pytest.mark.parametrize(
    "line",
    ["Note: it is slow.", "an expectation: none", "https://example.org", "vocab: a,b", "length: 3",
     "expect a miracle", "expect: a => a", "Example: ab gives ba"],
)  # fmt: skip
def test_prose_gets_no_warning(line):
    assert loads(f"# What it does.\n# {line}\ny = tokens;").warnings == ()


def test_a_comment_below_the_head_gets_no_warning():
    assert loads("y = tokens;\n# expct: a => a\nz = y;").warnings == ()


def test_the_warning_can_be_silenced():
    assert loads("# outpt: y\ny = tokens;", ignore=["RASP0019"]).warnings == ()
