"""The library files: functions and selectors that several shipped programs load."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from itertools import pairwise

import pytest

from rasp_lang.library_files import ShippedProgram, shipped_programs
from rasp_lang.program import load_shipped

LIBRARY = {program.path: program for program in shipped_programs() if program.head.library}
each_file = pytest.mark.parametrize("path", LIBRARY)


def _loaded_by(program: ShippedProgram) -> set[str]:
    """The paths of the files that a program loads; its own text is the first of its sources."""
    return {path for path, _ in load_shipped(program).sources[1:]}


@cache
def _loads_of_files() -> Counter[str]:
    """How many programs load each file."""
    programs = [program for program in shipped_programs() if not program.head.library]
    return Counter(path for program in programs for path in _loaded_by(program))


def test_the_library_is_a_chapter_of_its_own() -> None:
    assert LIBRARY
    in_chapter = {program.path for program in shipped_programs() if program.chapter == "library"}
    assert in_chapter == set(LIBRARY)


@each_file
def test_a_library_file_says_what_it_gives_and_compiles_nothing(path: str) -> None:
    head = LIBRARY[path].head
    assert head.diagnostics == ()
    assert re.fullmatch(r"[A-Z0-9].*\.", head.summary)
    assert len(head.description) > len(head.summary), "nothing is said of who loads it"
    assert (head.vocab, head.max_len, head.output, head.layers) == (None, None, None, None)
    assert head.expectations == ()


@each_file
def test_a_library_file_loads_without_warnings(path: str) -> None:
    loaded = load_shipped(LIBRARY[path])
    assert loaded.warnings == ()
    assert loaded.names


@each_file
def test_every_function_of_a_library_file_is_described(path: str) -> None:
    lines = LIBRARY[path].text.splitlines()
    for above, line in pairwise(lines):
        if line.startswith("def "):
            assert above.startswith("# "), line


@each_file
def test_a_library_file_is_loaded_by_two_programs_or_more(path: str) -> None:
    assert _loads_of_files()[path] >= 2


@each_file
def test_every_name_of_a_library_file_is_used_by_another_file(path: str) -> None:
    others = [program.text for program in shipped_programs() if program.path != path]
    for name in load_shipped(LIBRARY[path]).names:
        assert any(re.search(rf"^[^#]*\b{name}\b", text, re.MULTILINE) for text in others), name


def test_programs_load_nothing_but_library_files() -> None:
    assert set(_loads_of_files()) <= set(LIBRARY)
