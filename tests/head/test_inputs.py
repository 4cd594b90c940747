import pytest

from rasp_lang.diagnostics import RaspError
from rasp_lang.head import parse_input


def typed(atoms):
    return [(type(atom), atom) for atom in atoms]


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("hello", list("hello")),
        ("5", ["5"]),
        ("-1", ["-", "1"]),
        ("True", list("True")),
        ("a b", ["a", " ", "b"]),
        ("1,2,3", [1, 2, 3]),
        ("5,", [5]),
        ("-1,2", [-1, 2]),
        ("1,2.5", [1.0, 2.5]),
        ("True,False", [True, False]),
        ("a,bc", ["a", "bc"]),
        ('"1","2"', ["1", "2"]),
        ("1,1,1", [1, 1, 1]),
        ("[1, 2.5, true]", [1, 2.5, True]),
        ('["ab", "c"]', ["ab", "c"]),
        ('"abc"', ["a", "b", "c"]),
        ('"[]"', ["[", "]"]),
        ('"5,"', ["5", ","]),
        ("{}", ["{", "}"]),
        ("null", list("null")),
        ("[1]x", ["[", "1", "]", "x"]),
        ('a"b', ["a", '"', "b"]),
        ('"a', ['"', "a"]),
    ],
)
def test_an_input_is_json_or_a_list_with_commas_or_characters(text, tokens):
    assert typed(parse_input(text)) == typed(tokens)


@pytest.mark.parametrize(
    ("text", "vocab", "tokens"),
    [
        ("1", [1, 2, 3], [1]),
        ("12", [1, 2, 12], [12]),
        ("12", [1, 2], [1, 2]),
        ("1,2", [1, 2], [1, 2]),
        ("1,2", [1.0, 2.0], [1.0, 2.0]),
        ("1,0.5", [1, 2], [1, 0.5]),
        ("[1, 2.0]", [1, 2], [1, 2]),
        ("[1, true]", [1, True], [1, True]),
        ("[1, 1.0]", [1, 1.0], [1, 1.0]),
        ("-1", [-1, 0], [-1]),
        ("-1,", [-1, 0], [-1]),
        ("200", [1, 2], [200]),
        ("2.0", [1, 2], [2]),
        ("1,2", ["1", "2"], ["1", "2"]),
        ("12", ["1", "2"], ["1", "2"]),
        ("[1]", ["1", "2"], [1]),
        ("ab", ["a", "b", "ab"], ["ab"]),
        ("aab", ["a", "b", "ab"], ["a", "a", "b"]),
        ("the", ["the", "cat"], ["the"]),
        ("the,cat", ["the", "cat"], ["the", "cat"]),
        ("True", [True, False], [True]),
        ("True,False", [True, False], [True, False]),
        ("True", ["T", "r", "u", "e"], ["T", "r", "u", "e"]),
        (",", [",", "a"], [","]),
        ("[", ["[", "]"], ["["]),
        ("[]", ["[", "]"], ["[", "]"]),
        ("[[]]", ["[", "]"], ["[", "[", "]", "]"]),
        ("[],[", ["[", "]", ","], ["[]", "["]),
        ("a..c,a", ["a..c", "a"], ["a..c", "a"]),
        ("1,x", [1, 2], [1, "x"]),
        ("abc", [1, 2], ["a", "b", "c"]),
        ('"1","2"', [1, 2], ["1", "2"]),
    ],
)
def test_with_a_model_its_vocabulary_decides(text, vocab, tokens):
    assert typed(parse_input(text, vocab)) == typed(tokens)


@pytest.mark.parametrize(
    ("text", "code", "message"),
    [
        ("", "RASP0514", "the input is empty"),
        ("[]", "RASP0514", "the input is empty"),
        ('""', "RASP0514", "the input is empty"),
        (",", "RASP0008", "empty item"),
        ("1,,2", "RASP0008", "empty item"),
        ('"a"b,c', "RASP0008", "text after a quoted item"),
        ('"a,b', "RASP0008", "quotes are not closed"),
        ("[1,2", "RASP0008", "not a JSON list"),
        ("[null]", "RASP0008", "`null` cannot be a token"),
        ("[[1]]", "RASP0008", "`[1]` cannot be a token"),
        ('[{"a": 1}]', "RASP0008", '`{"a": 1}` cannot be a token'),
        ("[NaN,1]", "RASP0008", "not a JSON list"),
        ('"1",2', "RASP0008", "strings mixed with ints"),
        ("1,True", "RASP0008", "numbers mixed with truth values"),
        ("\udcff", "RASP0008", '`"\\udcff"` cannot be a token'),
        ("9" * 5000 + ",", "RASP0008", "number too large"),
    ],
)
def test_an_input_that_is_none_is_refused(text, code, message):
    with pytest.raises(RaspError) as caught:
        parse_input(text)
    (problem,) = caught.value.diagnostics
    assert (problem.code, problem.message) == (code, message)
    assert problem.help


def test_an_input_with_a_vocabulary_is_refused_in_the_same_way():
    for text, code in [("", "RASP0514"), ("1,,2", "RASP0008"), ("[[1]]", "RASP0008")]:
        with pytest.raises(RaspError) as caught:
            parse_input(text, [1, 2])
        assert [problem.code for problem in caught.value.diagnostics] == [code]
