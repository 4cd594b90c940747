"""No two shipped programs compute the same function.

Programs are compared on the tokens of both: on short inputs, random longer ones and those of the
expectations over either vocabulary, each program read as its head says. A program may fail on
tokens that are not its own.
"""

from __future__ import annotations

from functools import cache
from itertools import combinations, islice, product
from random import Random

from rasp_lang.diagnostics import RaspError
from rasp_lang.head import Head
from rasp_lang.library_files import ShippedProgram, shipped_programs
from rasp_lang.program import Program, load_shipped

PROGRAMS = {program.name: program for program in shipped_programs()}
COMPILED = [name for name, program in PROGRAMS.items() if not program.head.library]
SHORT, LONG, LONGEST = 2_000, 40, 9


@cache
def loaded(name: str) -> Program:
    return load_shipped(PROGRAMS[name])


@cache
def head(name: str) -> Head:
    return PROGRAMS[name].head


@cache
def inputs(vocab):
    """Over tokens with their types. The random ones, which tell most programs apart, come first, so
    that few programs are run on the others."""
    tokens = [token for _, token in vocab]
    shortest = (found for n in range(1, SHORT) for found in product(tokens, repeat=n))
    random = Random(0)
    long = [tuple(random.choices(tokens, k=random.randint(4, LONGEST))) for _ in range(LONG)]
    return [*sorted(long, key=len, reverse=True), *expected(vocab), *islice(shortest, SHORT)]


def expected(vocab):
    """The inputs of the expectations of all programs of a vocabulary."""
    same = (name for name in COMPILED if vocabulary(name) == vocab)
    return [expectation.tokens for name in same for expectation in head(name).expectations]


@cache
def answer(name, vocab, number):
    """The typed values on an input, None where there are none."""
    causal = head(name).causal == "yes"
    try:
        found = loaded(name).evaluate(head(name).output, inputs(vocab)[number], causal=causal)
    except RaspError:
        return None
    return [(type(value), value) for value in found]


def vocabulary(name):
    """Types make 1 and True two tokens; equal sets are one vocabulary."""
    return tuple(sorted((type(token).__name__, token) for token in head(name).vocab))


def same(one, other):
    return all(
        answer(one, vocab, number) == answer(other, vocab, number)
        for vocab in {vocabulary(one), vocabulary(other)}
        for number in range(len(inputs(vocab)))
    )


def origins(name):
    """What a program is a variant of, and what that is a variant of."""
    found = []
    while name is not None and name not in found:
        found.append(name)
        name = head(name).variant_of
    return found


def test_programs_that_compute_the_same_say_so():
    pairs = combinations(COMPILED, 2)
    silent = ((a, b) for a, b in pairs if a not in origins(b) and b not in origins(a))
    assert [pair for pair in silent if same(*pair)] == []


def test_the_same_function_in_other_words_is_found(tmp_path, monkeypatch):
    text = "y = aggregate(select(indices + 1, length - indices, ==), tokens);"
    file = tmp_path / "other.rasp"
    file.write_text(f"# vocab: x,y\n# output: y\n{text}", encoding="utf-8")
    monkeypatch.setitem(PROGRAMS, "other", ShippedProgram("other", "tests", file))
    assert [name for name in COMPILED if same(name, "other")] == ["reverse"]
