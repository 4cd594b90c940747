"""Syntax errors: code, place and words. Each row is a program and its one diagnostic, written as
``code line:column message | label | help``."""

from __future__ import annotations

import pytest

from rasp_lang.source import Source
from rasp_lang.syntax import parse


def _shown(text: str) -> list[str]:
    return [
        f"{d.code} {d.span.line}:{d.span.column} {d.message} | {d.label} | {d.help}"
        for d in parse(Source("test", text)).diagnostics
        if d.span
    ]


_SEMICOLON = ("a `;` is missing after this statement"
              " | expected `;` here | end the statement with `;`")  # fmt: skip
_STRAY = "a semicolon without a statement | nothing stands before it | remove it"
_NO_FIT = "put an operator, a comma or `;` between the two"
_EXPRESSION = "an expression is missing before this | write the expression that belongs here"
_EQUAL = ("only a name can stand before `=`"
          " | write `==` to compare; lists and dicts are not changed in place")  # fmt: skip
_CLOSES_NOTHING = ("no bracket is open that this could close"
                   " | remove it, or write the `{}` where it belongs")  # fmt: skip
_NUMBER = "a number is digits, or digits, a dot and digits"
_KEYWORD = "is a keyword, not a name | a name is expected here | choose another name"
_FOREIGN = "not a sign of the language | write"
_COMMA = "a list does not end with a comma | no item between this and `{}` | remove the comma"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # 0101: unexpected token
        ("a = ;", f"RASP0101 1:5 unexpected `;` | {_EXPRESSION}"),
        ("1 +* 2;", f"RASP0101 1:4 unexpected `*` | {_EXPRESSION}"),
        ("a b c;", f"RASP0101 1:3 unexpected name `b` | does not fit behind name `a` | {_NO_FIT}"),
        ('[a "b"];', f'RASP0101 1:4 unexpected string `"b"` | does not fit behind name `a`'
                     f" | {_NO_FIT}"),
        ("a[0] = 3;", f"RASP0101 1:6 unexpected `=` | {_EQUAL}"),
        ("f(x=3);", f"RASP0101 1:4 unexpected `=` | {_EQUAL}"),
        ("x = a = 3;", f"RASP0101 1:7 unexpected `=` | {_EQUAL}"),
        ("1,2;", "RASP0101 1:2 unexpected `,` | one expression stands alone, not several"
                 " | write `[a, b]` for a list"),
        ("a = (1,2);", "RASP0101 1:7 unexpected `,` | parentheses hold one expression"
                       " | write `[a, b]` for a list"),
        ("a,b;", "RASP0101 1:4 unexpected `;` | not expected here | write `,` or `=` here"),
        ("a if c;", "RASP0101 1:7 unexpected `;` | a ternary needs its `else`"
                    " | write `a if c else b`"),
        ("{1,2};", "RASP0101 1:3 unexpected `,` | expected `:` before this"
                   " | a dict is written `{key: value}`"),
        ("l[1:2];", "RASP0101 1:4 unexpected `:` | an index is one expression"
                    " | write `[l[i] for i in range(a, b)]` for a slice"),
        ("def 3(x) { return x; }", "RASP0101 1:5 unexpected number `3` | a name is expected here"
                                   " | write a name: letters, digits and `_`"),
        ("for x [1] { x; }", "RASP0101 1:7 unexpected `[` | not expected here"
                             " | write `,` or `in` here"),
        ("for x in y: x;", "RASP0101 1:11 unexpected `:` | expected `{` before this"
                           " | write the body between `{` and `}`"),
        ("def f(x) return x; }", "RASP0101 1:10 unexpected `return` | expected `{` before this"
                                 " | write `{` here"),
        ("def f x) { return x; }", "RASP0101 1:7 unexpected name `x` | expected `(` before this"
                                   " | write `(` here"),
        ("return 3;", "RASP0101 1:1 unexpected `return` | not in the body of a function"
                      " | move it to the end of a function"),
        ("def f(x) { return x; y = 1; }", "RASP0101 1:22 unexpected name `y`"
         " | a statement behind the `return` | make `return` the last statement of the function"),
        ("if x > 3 { a = 1; } else { a = 2; }", "RASP0101 1:1 unexpected `if`"
         " | no statement begins with `if` | choose a value: `name = a if c else b;`"),
        ("while x < 3 { a = 1; b = 2; }", "RASP0101 1:7 unexpected name `x` | not expected here"
         " | RASP has no `while`; a `for` runs over a list or a dict"),
        ("a is b;", "RASP0101 1:3 unexpected name `is` | not expected here"
                    " | write `==` to compare"),
        ("x = 2**3;", "RASP0101 1:6 RASP has no `**` | not an operator | write `^`"),
        ("x = 4//2;", "RASP0101 1:6 RASP has no `//` | not an operator"
                      " | write `floor(a / b)`; a comment begins with `#`"),
        ("x += 1;", "RASP0101 1:3 RASP has no `+=` | not an operator | write `a = a + b;`"),
        ("x = a <> b;", "RASP0101 1:7 RASP has no `<>` | not an operator | write `!=`"),
        ("f(==);", "RASP0101 1:3 unexpected `==`"
         " | a comparison sign stands alone only as the third argument of `select`"
         " | write it between two operands, or as in `select(tokens, tokens, ==)`"),
        ("set example 3;", "RASP0101 1:13 unexpected number `3` | not an example"
         " | write a string, a list, a name, or an expression in parentheses"),
        ("x = (1 + 2;", "RASP0101 1:11 unexpected `;` | expected `)` before this"
                        " | close the `(` with `)`"),
        ("a = (1];", "RASP0101 1:7 unexpected `]` | expected `)` | close the `(` with `)`"),
        ("a = [1,2)];", "RASP0101 1:9 unexpected `)` | expected `]` | close the `[` with `]`"),
        ("a = f(x));", "RASP0101 1:9 unexpected `)` | " + _CLOSES_NOTHING.format("(")),
        ("a = 1; }}", "RASP0101 1:8 unexpected `}` | " + _CLOSES_NOTHING.format("{")),
        ("a = 1 +\nb = 3;", "RASP0101 2:1 unexpected assignment to `b`"
         " | the statement before this is not complete | complete it and end it with `;`"),
        # 0102: missing semicolon
        ("a=1", f"RASP0102 1:4 {_SEMICOLON}"),
        ("a = 1  # one\n\nb = 2;", f"RASP0102 1:6 {_SEMICOLON}"),
        ("a = 1 b = 2;", f"RASP0102 1:6 {_SEMICOLON}"),
        ("f(x) g(y);", f"RASP0102 1:5 {_SEMICOLON}"),
        ("def f(x) { return x }", f"RASP0102 1:20 {_SEMICOLON}"),
        ("a = b\ndef f() { return 1; }", f"RASP0102 1:6 {_SEMICOLON}"),
        ('load "a"\nb = 1;', f"RASP0102 1:9 {_SEMICOLON}"),
        # 0103: unterminated string
        ('a = "abc;\nb = 1;', "RASP0103 1:5 a string is not closed on its line | no closing quote"
                              ' | end the string with `"`'),
        ('x = [1,\n"abc,\n3];', "RASP0103 2:1 a string is not closed on its line"
                                ' | no closing quote | end the string with `"`'),
        # 0104: character outside the language
        ("a = 'b';", 'RASP0104 1:5 strings stand in straight double quotes | `\'` begins no string'
                     ' | write `"b"`'),
        ("a = “b”;", 'RASP0104 1:5 strings stand in straight double quotes | `“` begins no string'
                     ' | write `"b"`'),
        ("a = x ≤ y;", f"RASP0104 1:7 RASP has no `≤` | {_FOREIGN} `<=`"),
        ("a = x && y;", f"RASP0104 1:7 RASP has no `&&` | {_FOREIGN} `and`"),
        ("a = !x;", f"RASP0104 1:5 RASP has no `!` | {_FOREIGN} `not`"),
        ("größe = 1;", "RASP0104 1:1 the name `größe` has a letter outside ASCII"
         " | `ö` cannot stand in a name | write the name with the letters a to z, digits and `_`"),
        ("a = b ? c : d;", "RASP0104 1:7 `?` has no meaning in RASP"
         " | not a character of the language | write `a if c else b`"),
        ("a.b;", "RASP0104 1:2 `.` has no meaning in RASP | not a character of the language"
         " | remove it; RASP has no attributes, and a number has digits on both sides of its dot"),
        ("a =\u00a01;", "RASP0104 1:4 U+00A0 has no meaning in RASP"
         " | not a character of the language | remove it, or put an ordinary blank in its place"),
        ("a = \0\0\ud800;", "RASP0104 1:5 U+0000 has no meaning in RASP"
         " | not a character of the language | remove it, or put an ordinary blank in its place"),
        # 0105: unexpected end
        ("a=[1,2", "RASP0105 1:7 the text ends inside brackets | the text ends here"
                   " | close the `[` with `]`"),
        ("a = 1 +  # more\n\n", "RASP0105 1:8 the text ends inside a statement | the text ends here"
                                " | complete the expression"),
        ("def f() {\n  a = 1;\n", "RASP0105 2:9 the text ends inside a body | the text ends here"
                                  " | close the `{` with `}`"),
        # 0106: trailing comma
        ("[1,];", "RASP0106 1:3 " + _COMMA.format("]")),
        ("f(a, );", "RASP0106 1:4 " + _COMMA.format(")")),
        ("{1: 2,};", "RASP0106 1:6 " + _COMMA.format("}")),
        ("a, = 1;", "RASP0106 1:2 " + _COMMA.format("=")),
        ("a = 1,;", "RASP0106 1:6 " + _COMMA.format(";")),
        ("def f(a,) { return a; }", "RASP0106 1:8 " + _COMMA.format(")")),
        ("for a, in l { a; }", "RASP0106 1:6 " + _COMMA.format("in")),
        # 0107: numbers
        (".5;", f"RASP0107 1:1 `.5` is not a number of RASP | {_NUMBER} | write `0.5`"),
        ("1.;", f"RASP0107 1:1 `1.` is not a number of RASP | {_NUMBER} | write `1.0`"),
        ("1e3;", f"RASP0107 1:1 `1e3` is not a number of RASP | {_NUMBER} | write `1000.0`"),
        ("1.5e-3;", f"RASP0107 1:1 `1.5e-3` is not a number of RASP | {_NUMBER} | write `0.0015`"),
        ("0x1F;", f"RASP0107 1:1 `0x1F` is not a number of RASP | {_NUMBER} | write `31`"),
        ("1_000;", f"RASP0107 1:1 `1_000` is not a number of RASP | {_NUMBER} | write `1000`"),
        ("0..9;", f"RASP0107 1:1 `0..9` is not a number of RASP | {_NUMBER}"
                  " | for a list of numbers write `range(0, 10)`"),
        ("3abc;", f"RASP0107 1:1 `3abc` is not a number of RASP | {_NUMBER} | a name begins with a"
                  " letter or `_`; between a number and a name stands an operator"),
        ("1.2.3;", f"RASP0107 1:1 `1.2.3` is not a number of RASP | {_NUMBER}"
                   " | write the number as digits with at most one dot between them"),
        # 0108: stray semicolon
        ("a=1;;", f"RASP0108 1:5 {_STRAY}"),
        (";;\n;", f"RASP0108 1:1 {_STRAY}"),
        ("def f(x) { return x; };", f"RASP0108 1:23 {_STRAY}"),
        ("def f(x) { return x;; }", f"RASP0108 1:21 {_STRAY}"),
        ("examples off;", f"RASP0108 1:13 {_STRAY}"),
        # 0109, 0110: bodies
        ("def f() { a=1; }", "RASP0109 1:16 a function ends without `return`"
         " | expected `return` before this | end the body with `return value;`"),
        ("for i in [1] { }", "RASP0110 1:16 the body of a `for` is empty"
         " | no statement before this | write at least one statement between the braces"),
        # 0111: keywords
        ("if = 3;", f"RASP0111 1:1 `if` {_KEYWORD}"),
        ("def if(x) { return x; }", f"RASP0111 1:5 `if` {_KEYWORD}"),
        ("def f(not) { return 1; }", f"RASP0111 1:7 `not` {_KEYWORD}"),
        ("for in in [1] { a; }", f"RASP0111 1:5 `in` {_KEYWORD}"),
        ("[1 for or in l];", f"RASP0111 1:8 `or` {_KEYWORD}"),
        # 0112: filters
        ("[x for x in [1,2] if x>1];", "RASP0112 1:19 a comprehension has no filter"
         " | not possible behind the `in` | choose in the element: `[a if c else b for x in l]`"),
        ("{x: 1 for x in l if x};", "RASP0112 1:18 a comprehension has no filter"
         " | not possible behind the `in` | choose in the element: `[a if c else b for x in l]`"),
        # 0113: commands
        ('def f() { set example "a"; return 1; }',
         "RASP0113 1:11 a command cannot stand inside a function or a loop"
         " | a command of the REPL | move it out of the braces"),
        ("for x in l { examples off x; }",
         "RASP0113 1:14 a command cannot stand inside a function or a loop"
         " | a command of the REPL | move it out of the braces"),
        # 0115: forms
        ("range();", "RASP0115 1:1 `range` takes 1 to 3 arguments, not 0 | 0 given here | write it"
         " as `range(stop)`, `range(start, stop)` or `range(start, stop, step)`"),
        ("round(1, 2);", "RASP0115 1:1 `round` takes 1 argument, not 2 | 2 given here"
                         " | write it as `round(number)`"),
        ("zip();", "RASP0115 1:1 `zip` takes at least 1 argument, not 0 | 0 given here"
                   " | write it as `zip(list1, list2)`"),
        ("aggregate(a);", "RASP0115 1:1 `aggregate` takes 2 or 3 arguments, not 1 | 1 given here"
         " | write it as `aggregate(selector, values)` or `aggregate(selector, values, default)`"),
        ("select(a, b);", "RASP0115 1:1 `select` takes 3 arguments, not 2 | 2 given here"
                          " | write it as `select(key, query, ==)`"),
        ("select(a, b, c);", "RASP0115 1:14 the third argument of `select` is a comparison sign"
         " | not a comparison sign | write one of `==`, `!=`, `<`, `>`, `<=` and `>=`"),
        # 0506: literals beyond the limits
        ("1" * 4001 + ";", "RASP0506 1:1 an integer of 4,001 digits is too large | too large"
                           " | use a smaller number"),
        ("9" * 400 + ".0;", "RASP0506 1:1 this number is too large for a float | too large"
                            " | use a smaller number"),
    ],
)  # fmt: skip
def test_an_error_is_told_in_plain_words_at_its_place(text: str, expected: str) -> None:
    assert _shown(text) == [expected]


def test_the_open_bracket_is_shown_beside_the_place_where_it_should_close() -> None:
    (diagnostic,) = parse(Source("test", "a = f(1,\n  [2;")).diagnostics[:1]
    assert [(label.span.text, label.text) for label in diagnostic.secondary] == [
        ("[", "this `[` is open")
    ]


def test_integers_of_four_thousand_digits_and_leading_zeros_are_read() -> None:
    assert _shown("0" * 9000 + "9" * 4000 + ";") == []
