import re
from pathlib import Path

import pytest
from program_meanings import MEANINGS

from rasp_lang.library_files import shipped_programs

PROGRAMS = {program.path: program for program in shipped_programs() if not program.head.library}
each_program = pytest.mark.parametrize("path", PROGRAMS)


def test_names_are_unique_across_chapters():
    names = [program.name for program in shipped_programs()]
    assert sorted(set(names)) == sorted(names)


def test_every_file_of_the_folder_is_shipped():
    folder = Path(__file__).parents[2] / "programs"
    files = {path.relative_to(folder).as_posix() for path in folder.rglob("*.rasp")}
    assert files == {program.path for program in shipped_programs()}


def test_every_program_has_an_independent_meaning():
    assert {program.name for program in PROGRAMS.values()} == set(MEANINGS)


@each_program
def test_a_program_says_what_it_computes_and_on_what(path):
    head = PROGRAMS[path].head
    assert head.diagnostics == ()
    assert re.fullmatch(r"[A-Z0-9].*\.", head.summary)
    assert len(head.description) > len(head.summary), "nothing is said of how it works"
    assert head.vocab
    assert head.max_len
    assert head.output
    assert head.layers is not None


@each_program
def test_a_program_expects_something_of_one_token_and_of_the_full_length(path):
    head = PROGRAMS[path].head
    lengths = {len(expectation.tokens) for expectation in head.expectations}
    assert len(head.expectations) >= 4
    assert {1, head.max_len} <= lengths
    assert max(lengths) == head.max_len
    for expectation in head.expectations:
        assert set(expectation.tokens) <= set(head.vocab)
        assert len(expectation.values) == len(expectation.tokens)


@each_program
def test_a_variant_names_another_program(path):
    program = PROGRAMS[path]
    names = {other.name for other in PROGRAMS.values()} - {program.name}
    assert program.head.variant_of is None or program.head.variant_of in names
