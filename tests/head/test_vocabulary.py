import pytest

from rasp_lang.diagnostics import RaspError
from rasp_lang.head import check_vocab, parse_vocab


def typed(atoms):
    return [(type(atom), atom) for atom in atoms]


@pytest.mark.parametrize(
    ("text", "vocab"),
    [
        ("1,2,3", [1, 2, 3]),
        ("5,", [5]),
        ("5", [5]),
        (" 1 , 2 ,", [1, 2]),
        ("-1,0,1", [-1, 0, 1]),
        ("1,2.5", [1.0, 2.5]),
        ("1e3,-.5", [1000.0, -0.5]),
        ("True,False", [True, False]),
        ("True,maybe", ["True", "maybe"]),
        ("a,b,c", ["a", "b", "c"]),
        ("hello", ["hello"]),
        ("1,a", ["1", "a"]),
        ('"1","2"', ["1", "2"]),
        ('"1",b', ["1", "b"]),
        ('",",a', [",", "a"]),
        ('"a,b" , "\\""', ["a,b", '"']),
        ('" ",""', [" ", ""]),
        ("0..3", [0, 1, 2, 3]),
        ("-2..1", [-2, -1, 0, 1]),
        ("a..d", ["a", "b", "c", "d"]),
        ("0..2,+", ["0", "1", "2", "+"]),
        ("0..2,0.5", [0.0, 1.0, 2.0, 0.5]),
        ("7..7", [7]),
        ('"a..c"', ["a..c"]),
        (".,..,...", [".", "..", "..."]),
        ("[1, 2]", [1, 2]),
        ('["a", "bc"]', ["a", "bc"]),
        ("[1, 1.0, true]", [1, 1.0, True]),
        ("[,],(,)", ["[", "]", "(", ")"]),
        ("[CLS],a", ["[CLS]", "a"]),
        ("nan,inf", ["nan", "inf"]),
        ("@", ["@"]),
        ("é,λ", ["é", "λ"]),
    ],
)
def test_a_vocabulary_is_typed_from_all_of_its_items(text, vocab):
    assert typed(parse_vocab(text)) == typed(vocab)


@pytest.mark.parametrize(
    ("text", "code", "message", "place"),
    [
        ("", "RASP0004", "the vocabulary is empty", (0, 0)),
        ("  ", "RASP0004", "empty item", (2, 2)),
        (",", "RASP0004", "empty item", (0, 0)),
        ("[]", "RASP0004", "the vocabulary is empty", (0, 2)),
        ("a,,b", "RASP0004", "empty item", (2, 2)),
        ("a,b,,", "RASP0004", "empty item", (4, 4)),
        ('a,"b', "RASP0004", "quotes are not closed", (2, 4)),
        ('"a"b,c', "RASP0004", "text after a quoted item", (0, 3)),
        ("[1,2", "RASP0004", "not a JSON list", (0, 2)),
        ("[a,b]", "RASP0004", "not a JSON list", (0, 2)),
        ("[1, null]", "RASP0004", "`null` cannot be a token", (0, 9)),
        ("[[1]]", "RASP0004", "`[1]` cannot be a token", (0, 5)),
        ("[1e999]", "RASP0004", "`Infinity` cannot be a token", (0, 7)),
        ("1,1e999", "RASP0004", "number too large", (2, 7)),
        ("x,9..0", "RASP0004", "the range runs backwards", (2, 6)),
        ("0..9999999", "RASP0004", "the range is too large", (0, 10)),
        ("ab..cd", "RASP0004", '`"ab..cd"` is not a range', (0, 6)),
        ("1,2,1", "RASP0005", "`1` is in the vocabulary twice", (0, 5)),
        ("1,1.0", "RASP0005", "`1.0` is in the vocabulary twice", (0, 5)),
        ("a..c,b", "RASP0005", '`"b"` is in the vocabulary twice', (0, 6)),
        ('[1,"a"]', "RASP0006", "the vocabulary mixes strings with other items", (0, 7)),
        ('"1",2', "RASP0006", "strings mixed with ints", (0, 5)),
        ('2.5,"x"', "RASP0006", "strings mixed with floats", (0, 7)),
        ("1,True", "RASP0006", "numbers mixed with truth values", (0, 6)),
    ],
)
def test_a_vocabulary_that_is_none_is_refused_with_its_place(text, code, message, place):
    with pytest.raises(RaspError) as caught:
        parse_vocab(text)
    (problem,) = caught.value.diagnostics
    assert (problem.code, problem.message) == (code, message)
    assert (problem.span.start, problem.span.end) == place
    assert problem.span.path == "--vocab"
    assert problem.help


@pytest.mark.parametrize(
    "text", ["9" * 5000, "[" * 100_000, f"[{'9' * 5000},1]", "9" * 5000 + "..1"]
)
def test_an_absurd_vocabulary_is_refused_without_a_traceback(text):
    with pytest.raises(RaspError) as caught:
        parse_vocab(text)
    assert [problem.code for problem in caught.value.diagnostics] == ["RASP0004"]


def test_a_lone_surrogate_is_no_token():
    with pytest.raises(RaspError) as caught:
        parse_vocab("a,\udc80")
    assert caught.value.diagnostics[0].message == '`"\\udc80"` cannot be a token'


@pytest.mark.parametrize(
    ("content", "vocab"),
    [
        ("1\n2\n3\n", [1, 2, 3]),
        ("the\r\ncat\r\n\r\nsat", ["the", "cat", "sat"]),
        ('"1"\n"2"\n', ["1", "2"]),
        ("a,b\nc\n", ["a,b", "c"]),
        ("0..3\n9\n", [0, 1, 2, 3, 9]),
        ("\ufeffa\nb", ["a", "b"]),
    ],
)
def test_a_file_has_one_item_a_line(tmp_path, content, vocab):
    path = tmp_path / "vocab.txt"
    path.write_bytes(content.encode())
    assert typed(parse_vocab(f"@{path}")) == typed(vocab)


def test_a_problem_in_a_file_is_shown_at_its_line(tmp_path):
    path = tmp_path / "vocab.txt"
    path.write_text('a\n  "b" c\n')
    with pytest.raises(RaspError) as caught:
        parse_vocab(f"@{path}")
    (problem,) = caught.value.diagnostics
    assert (problem.code, problem.message) == ("RASP0004", "text after a quoted item")
    assert (problem.span.path, problem.span.line, problem.span.column) == (str(path), 2, 3)


def test_a_missing_vocabulary_file_is_reported(tmp_path):
    with pytest.raises(RaspError) as caught:
        parse_vocab(f"@{tmp_path}/nowhere")
    assert [problem.code for problem in caught.value.diagnostics] == ["RASP0001"]


def test_a_vocabulary_file_that_is_no_text_is_reported(tmp_path):
    (tmp_path / "binary").write_bytes(b"\xff\xfe\x00")
    for name in ("binary", ".", "a\0b"):
        with pytest.raises(RaspError) as caught:
            parse_vocab(f"@{tmp_path}/{name}")
        assert [problem.code for problem in caught.value.diagnostics] == ["RASP0002"]


def test_host_values_are_checked_as_a_vocabulary():
    assert typed(check_vocab([True, 1, 1.0])) == typed([True, 1, 1.0])
    for items, code in [
        ([], "RASP0004"),
        ([None], "RASP0004"),
        ([(1, 2)], "RASP0004"),
        ([float("nan")], "RASP0004"),
        ([object()], "RASP0004"),
        ([1, 1], "RASP0005"),
        ([0.0, -0.0], "RASP0005"),
        ([1, "1"], "RASP0006"),
    ]:
        with pytest.raises(RaspError) as caught:
            check_vocab(items)
        assert [problem.code for problem in caught.value.diagnostics] == [code], items


def test_no_host_object_is_shown_to_the_user():
    with pytest.raises(RaspError) as caught:
        check_vocab([object()])
    assert "0x" not in str(caught.value)
    assert "object" not in str(caught.value)
