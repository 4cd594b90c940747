"""Copies of programs that load others."""

from __future__ import annotations

from pathlib import Path

import pytest

import rasp_lang
from rasp_lang import library_copy, library_files
from rasp_lang.library_copy import copy_library, copy_program
from rasp_lang.library_files import ShippedProgram, shipped_programs

TEXTS = {
    "sorting/order.rasp": 'load "ranks";\norder = rank(tokens);\n',
    "library/ranks.rasp": 'load "library/before";\ndef rank(s) { return width(s, s); }\n',
    "library/before.rasp": "def width(a, b) { return selector_width(select(a, b, <)); }\n",
}


@pytest.fixture
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, ShippedProgram]:
    """Three programs that load each other, as if they were all there are."""
    found = {}
    for path, text in TEXTS.items():
        file = tmp_path / "shipped" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        found[file.stem] = ShippedProgram(file.stem, file.parent.name, file)
    for module in (library_files, library_copy):
        monkeypatch.setattr(module, "shipped_programs", lambda: tuple(found.values()))
    return found


def runs_alone(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It runs where nothing is shipped."""
    monkeypatch.setattr(library_files, "shipped_programs", lambda: ())
    assert rasp_lang.load(path).evaluate("order", [3, 1, 2]) == [2, 0, 1]


def test_a_program_is_copied_with_all_that_it_loads(library, tmp_path, monkeypatch):
    target = tmp_path / "copy"
    written = copy_program(library["order"], target)
    assert written == tuple(target / f"{name}.rasp" for name in ("order", "ranks", "before"))
    assert (target / "order.rasp").read_text() == TEXTS["sorting/order.rasp"]
    assert 'load "before";' in (target / "ranks.rasp").read_text()
    runs_alone(target / "order.rasp", monkeypatch)


def test_copies_in_chapters_load_each_other(library, tmp_path, monkeypatch):
    copy_library(tmp_path / "copy")
    order = tmp_path / "copy" / "sorting" / "order.rasp"
    assert order.read_text() == 'load "../library/ranks";\norder = rank(tokens);\n'
    runs_alone(order, monkeypatch)


def test_a_loop_of_loads_is_copied_once(library, tmp_path):
    text = 'load "order";\n'
    (tmp_path / "shipped" / "library" / "before.rasp").write_text(text)
    assert len(copy_program(library["order"], tmp_path / "copy")) == 3


def test_the_shipped_programs_are_copied_so_that_they_run_alone(tmp_path, monkeypatch):
    programs = shipped_programs()
    copy_library(tmp_path)
    monkeypatch.setattr(library_files, "shipped_programs", lambda: ())
    for program in programs:
        copied = rasp_lang.load(tmp_path / program.path)
        for expectation in program.head.expectations[:1]:
            found = copied.evaluate(program.head.output, expectation.tokens,
                                    causal=program.head.causal == "yes")  # fmt: skip
            assert found == list(expectation.values)
