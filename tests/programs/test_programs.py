from functools import cache
from itertools import islice, product
from random import Random

import pytest
from program_meanings import MEANINGS

from rasp_lang.depth import depths
from rasp_lang.diagnostics import RaspError
from rasp_lang.library_files import shipped_programs
from rasp_lang.program import Program, load_shipped

PROGRAMS = {program.path: program for program in shipped_programs() if not program.head.library}
READINGS = {"no": [False], "yes": [True], "both": [False, True]}
each_program = pytest.mark.parametrize("path", PROGRAMS)


@cache
def loaded(path) -> Program:
    return load_shipped(PROGRAMS[path])


def typed(values):
    return [(type(value), value) for value in values]


def inputs(name, vocab):
    """The shortest 150 inputs, and 50 random ones of up to 12 tokens."""
    random = Random(name)
    lengths = range(1, 150)
    shortest = (tokens for n in lengths for tokens in product(vocab, repeat=n))
    yield from islice(shortest, 150)
    for _ in range(50):
        yield tuple(random.choices(vocab, k=random.randint(1, 12)))


@each_program
def test_a_program_computes_what_its_head_expects(path):
    head = PROGRAMS[path].head
    for expectation in head.expectations:
        for causal in READINGS[head.causal]:
            found = loaded(path).evaluate(head.output, expectation.tokens, causal=causal)
            assert typed(found) == typed(expectation.values), expectation.tokens


@each_program
def test_a_program_computes_what_it_means(path):
    program = PROGRAMS[path]
    head = program.head
    for tokens in inputs(program.name, head.vocab):
        if program.name == "sort_unique" and len(set(tokens)) < len(tokens):
            continue
        expected = MEANINGS[program.name](list(tokens))
        for causal in READINGS[head.causal]:
            found = loaded(path).evaluate(head.output, tokens, causal=causal)
            assert typed(found) == typed(expected), (tokens, causal)


@each_program
def test_a_program_is_as_deep_as_its_head_says(path):
    head = PROGRAMS[path].head
    node = loaded(path).output_node(head.output)
    assert depths(loaded(path).graph)[node] == head.layers


@each_program
def test_a_program_has_no_warnings_and_compiles_its_output_by_default(path):
    assert loaded(path).warnings == ()
    assert loaded(path).output == PROGRAMS[path].head.output


def differs_when_read_causally(path, tokens):
    output = PROGRAMS[path].head.output
    whole = loaded(path).evaluate(output, tokens)
    try:
        return loaded(path).evaluate(output, tokens, causal=True) != whole
    except RaspError:
        return True


@pytest.mark.parametrize(
    "path", [path for path, program in PROGRAMS.items() if program.head.causal == "no"]
)
def test_a_program_that_is_not_marked_causal_reads_what_follows(path):
    program = PROGRAMS[path]
    some = inputs(program.name, program.head.vocab)
    assert any(differs_when_read_causally(path, tokens) for tokens in some)
