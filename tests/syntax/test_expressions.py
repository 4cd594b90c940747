"""Expressions: what is read as what. ``grouped`` shows the tree with every operation in
parentheses."""

from __future__ import annotations

import pytest
from syntax_trees import expression, grouped, walk

from rasp_lang.source import Source
from rasp_lang.syntax import parse_expression


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("0", "0"),
        ("007", "7"),
        ("12345678901234567890", "12345678901234567890"),
        ("0.25", "0.25"),
        ('"a # \\ é"', '"a # \\ é"'),
        ('""', '""'),
        ("True", "True"),
        ("[]", "[]"),
        ("{}", "{}"),
        ("[1, [2], a]", "[1, [2], a]"),
        ('{1: a, "b": [2]}', '{1: a, "b": [2]}'),
        ("[x + 1 for x, y in l]", "[(x + 1) for x, y in l]"),
        ("{x: y for x in l}", "{x: y for x in l}"),
        ("[x for x in l if c else m]", "[x for x in (l if c else m)]"),
        ("[x in l for x in m in n]", "[(x in l) for x in (m in n)]"),
        ("a[i][j](k)()", "a[i][j](k)()"),
        ("(e)[i]", "e[i]"),
        ("e[(i)]", "e[i]"),
        ("round (x)", "<round>(x)"),
        ("round#c\n(x)", "<round>(x)"),
        ("(round)(x)", "round(x)"),
        ("rounded(x)", "rounded(x)"),
        ("range(1, 2, 3)", "<range>(1, 2, 3)"),
        ("zip(a, b, c, d)", "<zip>(a, b, c, d)"),
        ("aggregate(s, v)[0]", "<aggregate>(s, v)[0]"),
        ("select(a, b + 1, <=)", "<select>(a, (b + 1), <=)"),
        ("select(a, b, !=) and not c", "(<select>(a, b, !=) and (not c))"),
        ("a == b", "(a == b)"),
        ("a != b", "(a != b)"),
        ("s-op", "(s - op)"),
        ("set - show", "(set - show)"),
        ("1if c else 2", "(1 if c else 2)"),
        ("[1for x in l]", "[1 for x in l]"),
        ("1or 2and 3in l", "(((1 or 2) and 3) in l)"),
    ],
)
def test_text_is_read_as_tree(text: str, tree: str) -> None:
    assert grouped(expression(text)) == tree


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("-2^2", "((- 2) ^ 2)"),
        ("2^-1", "(2 ^ (- 1))"),
        ("2^3^2", "((2 ^ 3) ^ 2)"),
        ("--a", "(- (- a))"),
        ("not not a", "(not (not a))"),
        ("-2[0]", "(- 2[0])"),
        ("7%4*2", "(7 % (4 * 2))"),
        ("10*4%3", "((10 * 4) % 3)"),
        ("7-3%2", "(7 - (3 % 2))"),
        ("1-2-3", "((1 - 2) - 3)"),
        ("1/2*3", "((1 / 2) * 3)"),
        ("1+2*3", "(1 + (2 * 3))"),
        ("3>2>1", "((3 > 2) > 1)"),
        ("1+1==2", "((1 + 1) == 2)"),
        ("not 1==2", "((not 1) == 2)"),
        ("a==1 and b==2", "((a == 1) and (b == 2))"),
        ("True or True and False", "((True or True) and False)"),
        ("1 if a else 2 if b else 3", "((1 if a else 2) if b else 3)"),
        ("a or b if c and d else e or f", "((a or b) if (c and d) else (e or f))"),
        ("1 if x in l else 2", "(1 if (x in l) else 2)"),
        ("1 in [1] and True", "(1 in ([1] and True))"),
        ("a in l == b", "(a in (l == b))"),
        ("a in l if c else d", "(a in (l if c else d))"),
        ('x+"" in l', '((x + "") in l)'),
        ("not x in l", "((not x) in l)"),
        ("a in b in c", "((a in b) in c)"),
    ],
)
def test_precedence_is_that_of_the_language(text: str, tree: str) -> None:
    assert grouped(expression(text)) == tree


def test_blanks_comments_and_line_breaks_stand_between_any_two_tokens() -> None:
    dense = 'a if b[1](2,"x")==[3,{4:5}]else select(c,d,<)'
    tokens = ["a", "if", "b", "[", "1", "]", "(", "2", ",", '"x"', ")", "==", "[", "3", ",", "{",
              "4", ":", "5", "}", "]", "else", "select", "(", "c", ",", "d", ",", "<",
              ")"]  # fmt: skip
    for between in (" ", "\n", "\t\r\n", ' # 1 + ; "\n', "#\n#\n"):
        assert expression(between.join(tokens)) == expression(dense)


def test_spans_point_at_the_text_without_surrounding_parentheses() -> None:
    tree = expression("(a + ( b )) * c [0]")
    texts = [node.span.text for node in walk(tree)]
    assert texts == ["(a + ( b )) * c [0]", "a + ( b )", "a", "b", "c [0]", "c", "0"]


def test_spans_of_operators_and_forms_point_at_them() -> None:
    tree = expression("1 + round ( 2 )")
    assert tree.operator_span.text == "+"  # type: ignore[union-attr]
    assert tree.right.form_span.text == "round"  # type: ignore[union-attr]


def test_columns_count_code_points() -> None:
    tree = expression('"é§\U0001f600" + a')
    assert [tree.right.span.column, tree.right.span.end_column] == [9, 10]  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("text", "code", "column"),
    [
        ("", "RASP0105", 1),
        ("1 +", "RASP0105", 4),
        ("[1,", "RASP0105", 4),
        ("1;", "RASP0101", 2),
        ("a b", "RASP0101", 3),
        ("a = 1", "RASP0101", 3),
        ("[1,]", "RASP0106", 3),
        (".5", "RASP0107", 1),
        ("'a'", "RASP0104", 1),
        ("range()", "RASP0115", 1),
        ("[x for x in l if x>1]", "RASP0112", 15),
        ('"abc', "RASP0103", 1),
        ("a)", "RASP0101", 2),
        ("exit", None, 0),
    ],
)
def test_an_expression_with_an_error_is_no_expression(
    text: str, code: str | None, column: int
) -> None:
    tree, diagnostics = parse_expression(Source("test", text))
    assert (tree is None) == (code is not None)
    found = [(d.code, d.span.column) for d in diagnostics if d.span]
    assert found == ([(code, column)] if code else [])


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("a,b", "one expression stands alone, not several"),
        ("length,", "one expression stands alone, not several"),
        ("length;", "one expression is read here, not statements"),
        (",", "an expression is missing before this"),
    ],
)
def test_what_follows_a_whole_expression_is_explained(text: str, label: str) -> None:
    _, diagnostics = parse_expression(Source("test", text))
    assert [d.label for d in diagnostics] == [label]
