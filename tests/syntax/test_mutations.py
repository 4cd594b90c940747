"""Damaged programs: always diagnostics, never an exception; and what lark itself makes of them.

Twenty times as many mutations are tried with RASPC_MUTATIONS=2000 in the environment.
"""

from __future__ import annotations

import os
import random
from functools import cache
from importlib.resources import files

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lark import Lark, UnexpectedInput

from rasp_lang.diagnostics import CODES
from rasp_lang.library_files import shipped_programs
from rasp_lang.source import Source
from rasp_lang.syntax import format_module, parse, parse_expression

COUNT = int(os.environ.get("RASPC_MUTATIONS", "100"))

#: A program with every construct of the language.
EVERYTHING = """\
# vocab: a,b
def f(x, y) {  # a comment
    for i, j in zip([1, 2], [3, 4]) { x = x + i; }
    load "lib";
    return x if y == 1 else -x[0], {1: "a", "b": [z for z in y]};
}
a, b = f(tokens, 2.5);
flip = select(indices, length - 1 - indices, ==) and not full_s;
set s-op example "abc" show example examples off full seq display on
{k: v for k, v in l}; round(a ^ 2 % 3) <= aggregate(flip, tokens, "x");
x in "abc" or indicator(a)[(1)]; draw(a, "b");
exit
"""
_SIGNS = "()[]{};,:=+-*/%^<>!\"'#. \n\t0a1.é$_\\\0\ud800&|"
_WORDS = ("if", "else", "not", "and", "in", "for", "def", "return", "select(", "round(", "exit\n",
          "set example", "load", "==", "1e3", "//", "}", "{", ";;", "\n", "# ")  # fmt: skip


def _mutated(text: str, rng: random.Random) -> str:
    for _ in range(rng.randint(1, 4)):
        at = rng.randrange(len(text) + 1)
        match rng.randrange(5):
            case 0:
                text = text[:at] + text[at + rng.randint(1, 6) :]
            case 1:
                text = text[:at] + rng.choice(_SIGNS) + text[at:]
            case 2:
                text = text[:at] + rng.choice(_WORDS) + text[at:]
            case 3:
                text = text[:at] + text[at : at + 2][::-1] + text[at + 2 :]
            case _:
                end = min(len(text), at + rng.randint(1, 40))
                to = rng.randrange(len(text) + 1)
                text = text[:to] + text[at:end] + text[to:]
    return text


def _check(text: str) -> None:
    """What holds of every text."""
    parsed = parse(Source("mutated", text))
    starts = []
    for diagnostic in parsed.diagnostics:
        assert diagnostic.code in CODES
        assert diagnostic.span is not None
        assert 0 <= diagnostic.span.start <= diagnostic.span.end <= len(text)
        assert "\n" not in diagnostic.message + diagnostic.label + (diagnostic.help or "")
        (diagnostic.message + diagnostic.label + (diagnostic.help or "")).encode()
        starts.append(diagnostic.span.start)
    assert starts == sorted(starts)
    ends = [statement.span.end for statement in parsed.module.statements]
    assert ends == sorted(ends)
    printed = parse(Source("printed", format_module(parsed.module)))
    assert repr(printed.module) == repr(parsed.module)


@cache
def _lark() -> Lark:
    grammar = files("rasp_lang.grammar").joinpath("rasp.lark").read_text(encoding="utf-8")
    return Lark(grammar, parser="lalr", start="program")


def _lark_reads(text: str) -> bool:
    try:
        _lark().parse(text)
    except UnexpectedInput:
        return False
    return True


#: Errors that are found while nodes are built: the grammar itself allows the text.
_BUILT = {"RASP0115", "RASP0506"}


def _check_against_lark(text: str) -> None:
    """The parser accepts what lark accepts with the same grammar. (The grammar does not say that
    `exit` begins its line.)"""
    if "exit" in text or "quit" in text:
        return
    parsed = parse(Source("mutated", text))
    errors = [d for d in parsed.diagnostics if d.severity == "error"]
    if _lark_reads(text):
        assert {d.code for d in errors if "comparison sign" not in d.label} <= _BUILT
    else:
        assert errors


@pytest.mark.parametrize("seed", range(4))
def test_mutations_of_a_program_with_every_construct_get_diagnostics(seed: int) -> None:
    rng = random.Random(seed)
    for _ in range(COUNT):
        text = _mutated(EVERYTHING, rng)
        _check(text)
        _check_against_lark(text.replace("exit", "b = 1;"))


def test_mutations_of_shipped_programs_get_diagnostics() -> None:
    rng = random.Random(5)
    programs = shipped_programs()
    for _ in range(COUNT):
        _check_against_lark(_mutated(rng.choice(programs).text, rng))


@pytest.mark.parametrize("seed", range(2))
def test_texts_of_random_tokens_are_accepted_exactly_when_lark_accepts_them(seed: int) -> None:
    rng = random.Random(seed)
    tokens = (*"a1()[]{};,:=+^\n", '"s"', "==", "if", "else", "not", "in", "for", "def", "return")
    heads = ("load", "set example", "examples on")
    for _ in range(COUNT * 5):
        text = " ".join(rng.choices(tokens + heads, k=rng.randint(1, 12)))
        _check_against_lark(text)
        _check(text)


@pytest.mark.parametrize("seed", range(2))
def test_every_beginning_of_a_program_gets_diagnostics(seed: int) -> None:
    rng = random.Random(seed)
    for _ in range(COUNT // 4):
        _check(EVERYTHING[: rng.randrange(len(EVERYTHING))])


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=60))
def test_any_text_gets_diagnostics(text: str) -> None:
    _check(text)
    parse_expression(Source("any", text))


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet=_SIGNS, max_size=60))
def test_any_text_of_signs_gets_diagnostics(text: str) -> None:
    _check(text)
    parse_expression(Source("any", text))
